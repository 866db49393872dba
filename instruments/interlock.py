"""The interlock: what is asked for is checked before any output changes.

It stands between a procedure and the instruments, in the guarded roles: a procedure can not reach an instrument
past it.  It looks at the request itself, never at what a driver makes of it (drivers truncate), and at what the
request does at the device together with all other present settings.  A verdict depends on nothing else: not on the
order in which the settings were made, nor on what was refused before.
"""

import contextlib
import math
import threading
from collections.abc import Iterator
from typing import NamedTuple

from mtjlab.instruments.bench_file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.limit_error import LimitError
from mtjlab.instruments.limits import Limits
from mtjlab.instruments.line import Line
from mtjlab.instruments.mains import shortest_integration

__all__ = ["Interlock"]


class _Settings(NamedTuple):
    """What the instruments are set to, as far as one limit spans several of them."""

    amplitude: float = 0.0
    width: float = 0.0
    bias: float = 0.0
    settle: float = math.inf
    integration: float = shortest_integration(0.01)

    @property
    def period(self) -> float:
        """Shortest time between the pulses of a block [s]: settling, then reading."""
        return self.settle + self.integration


NEEDS_SETTING = {  # the others are at zero after their reset
    "pulse_generator": "call set_pulse first",
    "temperature_controller": "call set_temperature first",
}
HOT = {"pulse_generator", "source_meter", "current_source"}


class Interlock:
    """The limits of a bench.

    Parameters
    ----------
    file
        Bench file with limits, wiring and device.

    Examples
    --------
    >>> interlock = Interlock(BenchFile.load("simulated"))
    >>> interlock.check_pulse(5.0, 10e-9)
    Traceback (most recent call last):
    ...
    mtjlab.instruments.limit_error.LimitError: pulse amplitude at the device, with bias, = 5.00025 V is refused: ...
    """

    def __init__(self, file: BenchFile) -> None:
        self.limits = file.limits
        """What the device stands."""
        self._stated = file.limits
        self._line = Line(file.wiring, file.device, file.limits.duty_cycle)
        self._lock = threading.Lock()
        # More than one where an instrument failed in between: it may have taken the new setting or kept the old.
        self._possible = {_Settings()}
        self._known: set[str] = set()
        self.on: set[str] = set()
        """Roles whose output may be on."""
        self.closed = False
        """Whether the bench is closed: nothing may be switched on any more."""
        self.halted = False
        """Whether a run is being stopped at once: nothing may be switched on until its procedure has ended."""

    @property
    def backstop(self) -> float:
        """Amplitude [V] that a generator's own limit is set to: the limit at the device, in its own volts."""
        return self._line.programmed(self.limits.pulse_amplitude)

    @contextlib.contextmanager
    def within(self, limits: Limits) -> Iterator[None]:
        """Allow, for as long as a `with` lasts, only what these limits allow too, such as those of a recording."""
        self.limits = self._stated.stricter(limits)
        try:
            yield
        finally:
            self.limits = self._stated

    def pulse(self, amplitude: float, width: float) -> contextlib.AbstractContextManager[None]:
        """Allow a pulse of programmed amplitude [V] and width [s], which the body of the `with` sets.

        Raises
        ------
        LimitError
            Naming the limit, the value and the allowed range.
        """
        return self._change("pulse_generator", amplitude=amplitude, width=width)

    def bias(self, voltage: float, compliance: float) -> contextlib.AbstractContextManager[None]:
        """Allow a bias [V] and a compliance [A], which the body of the `with` sets; raises as `pulse` does."""
        limits = self.limits
        _check("read bias", voltage, -limits.read_bias, limits.read_bias, "V")
        _check("compliance", compliance, 0.0, limits.compliance, "A")
        return self._change("source_meter", bias=voltage)

    def train(self, settle: float) -> contextlib.AbstractContextManager[None]:
        """Allow a train of pulses, each with a settle time [s] and a read after it; raises as `pulse` does."""
        _check("settle time", settle, 0.0, math.inf, "s")
        return self._change(settle=settle)

    def integration(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """Allow an integration time [s], which the train's period depends on; raises as `pulse`."""
        return self._change(integration=seconds)

    def check_pulse(self, amplitude: float, width: float) -> None:
        """Do as `pulse` where nothing is to be set, as in a dry run; what passes counts as set from here on."""
        with self.pulse(amplitude, width):
            pass

    def check_bias(self, voltage: float, compliance: float) -> None:
        """Do as `bias` where nothing is to be set, as in a dry run."""
        with self.bias(voltage, compliance):
            pass

    def check_train(self, settle: float) -> None:
        """Do as `train` where nothing is to be set, as in a dry run."""
        with self.train(settle):
            pass

    def check_field(self, field: float) -> None:
        """Refuse a field [T] beyond the limit."""
        _check("field", field, -self.limits.field, self.limits.field, "T")

    def check_current(self, current: float, compliance: float) -> None:
        """Refuse a current [A] or a compliance [V] of the current source beyond the limits."""
        limits = self.limits
        _check("current", current, -limits.current, limits.current, "A")
        _check("compliance voltage", compliance, 0.0, limits.compliance_voltage, "V")

    def check_current_pulse(self, current: float, width: float, compliance: float) -> None:
        """Refuse a pulse of current [A] and width [s] beyond the limits."""
        self.check_current(current, compliance)
        _check("current pulse width", width, 0.0, self.limits.current_pulse_width, "s")

    def check_temperature(self, temperature: float) -> None:
        """Refuse a temperature [K] beyond the limit."""
        _check("temperature", temperature, 0.0, self.limits.temperature, "K")

    def check_switching_on(self, role: str) -> None:
        """Refuse to switch on an output whose setting was never made through the interlock.

        Raises
        ------
        InstrumentError
            If so, or if the bench is closed.
        """
        if self.closed:
            raise InstrumentError(f"{role} is not switched on: the bench is closed; open it again")
        if self.halted:
            raise InstrumentError(f"{role} is not switched on: the run was stopped; wait for its procedure to end")
        if role in NEEDS_SETTING and role not in self._known:
            raise InstrumentError(
                f"{role} is not switched on: nothing was set, so what it would send is not known; {NEEDS_SETTING[role]}"
            )

    def check_connecting(self) -> None:
        """Refuse to connect another junction while an output is on: the switch would send it a spike.

        Raises
        ------
        InstrumentError
            Naming the outputs.
        """
        hot = sorted(self.on & HOT)
        if hot:
            raise InstrumentError(
                f"no junction is connected while {' and '.join(hot)} may be on: switch the outputs off first"
            )

    def check_stress(self, so_far: float, more: float) -> None:
        """Refuse pulses of `more` seconds in all on a device that has stood `so_far` seconds of them."""
        if self.limits.stress_time is not None:
            _check("stress time of the device", so_far + more, 0.0, self.limits.stress_time, "s")

    @property
    def width(self) -> float:
        """Longest pulse width [s] that the generator may be set to now."""
        return max(settings.width for settings in self._possible)

    @property
    def pause(self) -> float:
        """Least time [s] from one pulse to the next."""
        return self.width / self.limits.duty_cycle

    @contextlib.contextmanager
    def _change(self, known: str = "", **changes: float) -> Iterator[None]:
        with self._lock:
            wanted = {settings._replace(**changes) for settings in self._possible}
            for settings in wanted:
                self._check_together(settings)
            before = self._possible
            # Until the instrument has answered, it may be at either.
            self._possible = before | wanted
            yield
            self._possible = wanted
            self._known.add(known)

    def know(self, role: str) -> None:
        """Take note that a role's setting was made."""
        self._known.add(role)

    def _check_together(self, settings: _Settings) -> None:
        limits = self.limits
        if settings.width or settings.amplitude:
            _check("pulse width", settings.width, 0.0, limits.pulse_width, "s")
        reach = self._line.reach(settings.amplitude, settings.width, settings.bias)
        if settings.amplitude:
            _check("pulse amplitude at the device, with bias,", reach.voltage, 0.0, limits.pulse_amplitude, "V")
            _check("pulse energy", reach.energy, 0.0, limits.pulse_energy, "J")
        if settings.width:
            _check("duty cycle", settings.width / settings.period, 0.0, limits.duty_cycle, "")


def _check(quantity: str, value: float, low: float, high: float, unit: str) -> None:
    # Written so that NaN is refused too.
    if not low <= value <= high:
        raise LimitError(quantity, value, low, high, unit)
