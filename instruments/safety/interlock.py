"""The interlock: what is asked for is checked before any output changes.

It stands between a procedure and the instruments, in the guarded roles: a procedure cannot reach an instrument
past it.  It looks at the request itself, never at what a driver makes of it (drivers truncate), and at what the
request does at the device together with all other present settings.  A verdict depends on nothing else: not on the
order in which the settings were made, nor on what was refused before.
"""

import contextlib
import math
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mtjlab.instruments.instrument_error import InstrumentError, missing_role
from mtjlab.instruments.safety.current_check import CurrentCheck
from mtjlab.instruments.safety.joint_settings import SHORTEST, JointSettings
from mtjlab.instruments.safety.known_settings import SET_UP, KnownSettings
from mtjlab.instruments.safety.limit_check import (
    carried,
    carried_inwards,
    check_limit,
    checked_number,
    sent_value,
)
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.safety.signal_path import SignalPath

if TYPE_CHECKING:  # the bench file knows the roles, whose guards ask the interlock
    from mtjlab.instruments.bench.file import BenchFile, Limits

__all__ = ["Interlock"]


class Interlock:
    """The limits of a bench.

    Parameters
    ----------
    file
        Bench file with limits, wiring and device.

    Examples
    --------
    >>> from mtjlab.instruments.bench.file import BenchFile
    >>> interlock = Interlock(BenchFile.load("simulated"))
    >>> interlock.check_pulse(5.0, 10e-9)
    Traceback (most recent call last):
    ...
    mtjlab.instruments.safety.limits.LimitError: pulse amplitude at the device, with bias, = 5.00025 V is refused: ...
    """

    def __init__(self, file: "BenchFile") -> None:
        self.limits = file.limits
        """What the device stands."""
        self._stated = file.limits
        self._file = file
        self._roles = file.roles.table
        self._driving = {name for name, role in self._roles.items() if role.drives_device}
        self._line = SignalPath(file.wiring, file.device, file.limits.duty_cycle)
        # The last resort may come in the thread that holds it, at any line.
        self._lock = threading.RLock()
        # More than one where an instrument failed in between: it may have taken the new setting or kept the old.
        self._possible = {JointSettings()}
        self._stale: set[str] = set()
        self.known = KnownSettings(self._roles)
        """Settings that were made and confirmed."""
        self.currents = CurrentCheck(self, file)
        """The checks of what sources of current would send."""
        self.on: set[str] = set()
        """Roles whose output may be on."""
        self.biased = False
        """Whether the source-meter's bias certainly is at the device."""
        self.withdrawn: set[str] = set()
        """Roles whose output was switched off by itself, in the middle of something, and not switched on since."""
        self.safe_states = 0
        """How often the bench was made safe: what was under way meanwhile must leave no output on."""
        self.closed = False
        """Whether the bench is closed: nothing is done with its instruments any more but switching off."""
        self.given_back = False
        """Whether the instruments of a closed bench belong to others: they are not even switched off."""
        self.halted = False
        """Whether a run is being stopped at once: nothing may be switched on until its procedure has ended."""

    @property
    def backstop(self) -> float:
        """Amplitude [V] that a generator's own limit is set to: the limit at the device, in its own volts."""
        return self._line.programmed(self.limits.pulse_amplitude)

    @contextlib.contextmanager
    def within(self, limits: "Limits") -> Iterator[None]:
        """Allow, for as long as a `with` lasts, only what these limits allow too, such as those of a recording."""
        self.limits = self._stated.stricter(limits)
        try:
            yield
        finally:
            self.limits = self._stated

    def pulse(self, amplitude: float, width: float) -> contextlib.AbstractContextManager[dict[str, float]]:
        """Allow a pulse of programmed amplitude [V] and width [s], which the body of the `with` sets as it gets them.

        The body gets the numbers that are to be sent: those of the request, as a command carries them.

        Raises
        ------
        InputError
            If one of them is no number.
        LimitError
            Naming the limit, the value and the allowed range.
        """
        limits = self.limits
        return self._change(
            amplitude=checked_number("pulse amplitude", amplitude, -self.backstop, self.backstop, "V"),
            width=checked_number("pulse width", width, 0.0, limits.pulse_width, "s"),
        )

    def bias(self, voltage: float, compliance: float) -> contextlib.AbstractContextManager[dict[str, float]]:
        """Allow a bias [V], which the body of the `with` sets, with a compliance [A]; raises as `pulse` does."""
        limits = self.limits
        voltage = sent_value("read bias", voltage, -limits.read_bias, limits.read_bias, "V")
        self.compliance(compliance)
        return self._change(bias=voltage)

    def compliance(self, compliance: float) -> float:
        """Allow a compliance [A] of the source-meter and give what is to be sent; raises as `pulse` does."""
        return sent_value("compliance", compliance, 0.0, self.limits.compliance, "A")

    def train(self, settle: float) -> contextlib.AbstractContextManager[dict[str, float]]:
        """Allow a train of pulses, each with a settle time [s] and a read after it; raises as `pulse` does."""
        return self._change(settle=check_limit("settle time", settle, 0.0, math.inf, "s"))

    def integration(self, seconds: float) -> contextlib.AbstractContextManager[dict[str, float]]:
        """Allow an integration time [s], which the train's period depends on; raises as `pulse`."""
        return self._change(integration=check_limit("integration", seconds, 0.0, math.inf, "s"))

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

    def check_field(self, field: float) -> float:
        """Refuse a field [T] beyond the limit, or where there is no coil; give what is to be sent."""
        return self.limited("field", field)

    def check_current(self, current: float, compliance: float) -> tuple[float, float]:
        """Refuse a current [A] or a compliance [V] of the current source beyond the limits; give what is to be sent."""
        return self.currents.steady(current, compliance)

    def check_current_pulse(self, current: float, width: float, compliance: float) -> tuple[float, float, float]:
        """Refuse a pulse of current [A] and width [s] beyond the limits; give what is to be sent."""
        return self.currents.pulse(current, width, compliance)

    def check_temperature(self, temperature: float) -> float:
        """Refuse a temperature [K] beyond the limit; give what is to be sent."""
        return self.limited("temperature", temperature)

    def limited(self, limit: str, value: float) -> float:
        """Refuse a setting beyond a limit that one of the roles declares; give what is to be sent.

        Parameters
        ----------
        limit
            Name of the limit in the bench file, and of the setting.
        value
            Setting, in the limit's unit. Only the sign that the limit allows passes, and none where the bench does
            not state it.

        Raises
        ------
        InputError
            If it is no number.
        LimitError
            Naming the limit, the value and the allowed range.
        InstrumentError
            If no instrument of this bench is held to the limit, which says more than that it is zero.
        """
        declaring = next(role for role in self._roles.values() if limit in role.limit_facts)
        if not any(self._roles[name].is_held_to(limit) for name, _ in self._file.roles):
            raise missing_role(self._file, declaring.name)
        facts = declaring.limit_facts[limit]
        largest = getattr(self.limits, limit) or 0.0
        return sent_value(
            limit.replace("_", " "), value, -largest if facts.either_polarity else 0.0, largest, facts.unit
        )

    def check_switching_on(self, role: str) -> None:
        """Refuse to switch on an output of which it is not known what it would send.

        Raises
        ------
        InstrumentError
            If so, or if the bench is closed.
        LimitError
            If pulses are within the limits only with a bias under them that is not there.
        """
        self.refuse_if_closed(role, "switch_on")
        if self.halted:
            raise InstrumentError(f"{role} is not switched on: the run was stopped; wait for its procedure to end")
        needed = (each.name for each in self._roles[role].guarded if each.before_on)
        self.known.require(role, (SET_UP, *needed), f"{role} is not switched on")
        if role in self._driving:
            self.known.require("multiplexer", ("junction",), f"{role} is not switched on: a junction may be connected")
        if role == "pulse_generator" and not self.biased:
            with self._lock:
                self._check_without_bias(self._possible)

    def refuse_if_closed(self, role: str, method: str) -> None:
        """Refuse anything on a closed bench.

        Raises
        ------
        InstrumentError
            If it is closed.
        """
        if self.closed:
            what = "is not switched on" if method == "switch_on" else f"refuses {method}"
            raise InstrumentError(f"{role} {what}: the bench is closed; open it again")

    def refuse_if_withdrawn(self, role: str) -> None:
        """Refuse what would be done with an output that is on, where a setting has failed and it was switched off.

        Raises
        ------
        InstrumentError
            If so.
        """
        if role in self.withdrawn:
            raise InstrumentError(f"{role} was switched off because a setting failed: make it again, and switch it on")

    @property
    def needs_bias(self) -> bool:
        """Whether pulses may be on that are within the limits only with the bias under them."""
        try:
            self._check_without_bias(self._possible)
        except LimitError:
            return "pulse_generator" in self.on
        return False

    def forget(self, role: str) -> None:
        """Take nothing of a role as known: it was lost, has restarted, or is set up again."""
        self.known.forget(role)
        self._stale.add(role)
        if role == "source_meter":
            self.biased = False

    def begin_run(self) -> None:
        """Let what an earlier run has set count no more where the output is off: it is made again before it goes on."""
        with self._lock:
            if "pulse_generator" not in self.on:
                self.known.forget("pulse_generator", "pulse")
                self._possible = {settings._replace(amplitude=0.0, width=0.0) for settings in self._possible}
            if "source_meter" not in self.on:
                self.known.forget("source_meter", "train")
                if any(settings.bias for settings in self._possible):
                    self.known.forget("source_meter", "bias")
                self._possible = {settings._replace(bias=0.0, settle=math.inf) for settings in self._possible}

    def check_connecting(self) -> None:
        """Refuse to connect another junction while an output is on: the switch would send it a spike.

        Raises
        ------
        InstrumentError
            Naming the outputs.
        """
        hot = sorted(self.on & self._driving)
        if hot:
            raise InstrumentError(
                f"no junction is connected while {' and '.join(hot)} may be on: switch the outputs off first"
            )

    def check_stress(self, so_far: float, more: float) -> None:
        """Refuse pulses of `more` seconds in all on a device that has stood `so_far` seconds of them."""
        if self.limits.stress_time is not None:
            check_limit("stress time of the device", so_far + more, 0.0, self.limits.stress_time, "s")

    @property
    def width(self) -> float:
        """Longest pulse width [s] that the generator may be set to now."""
        return max(settings.width for settings in self._possible)

    @property
    def pause(self) -> float:
        """Least time [s] from one pulse to the next."""
        return self.width / self.limits.duty_cycle

    @contextlib.contextmanager
    def _change(self, **changes: float) -> Iterator[dict[str, float]]:
        with self._lock:
            self._start_over()
            sent = self._allowed(changes)
            wanted = {settings._replace(**sent) for settings in self._possible}
            before = self._possible
            # Until the instrument has answered, it may be at either.
            self._possible = before | wanted
            yield sent
            self._possible = wanted

    def _start_over(self) -> None:
        """Take into account that instruments were set up again: their outputs are off, and what they had is gone."""
        while self._stale:
            role = self._stale.pop()
            if role == "pulse_generator":
                self._possible |= {settings._replace(amplitude=0.0, width=0.0) for settings in self._possible}
            elif role == "source_meter":
                # No train is prepared, and the shortest integration is the worst.
                blank = {settings._replace(settle=math.inf, integration=SHORTEST) for settings in self._possible}
                self._possible = blank | {settings._replace(bias=0.0) for settings in blank}

    def _allowed(self, changes: dict[str, float]) -> dict[str, float]:
        """Judge changes as they were asked for, then as a command carries them; round inwards where that matters."""
        self._judge(changes)
        nearest = {name: carried(name, value) for name, value in changes.items()}
        if nearest == changes:
            return nearest
        try:
            self._judge(nearest)
        except LimitError:
            nearest = {name: carried_inwards(name, value) for name, value in changes.items()}
            self._judge(nearest)
        return nearest

    def _judge(self, changes: dict[str, float]) -> None:
        wanted = {settings._replace(**changes) for settings in self._possible}
        for settings in wanted:
            settings.check(self.limits, self._line)
        if "pulse_generator" in self.on and not self.biased:
            self._check_without_bias(wanted)

    def _check_without_bias(self, possible: set[JointSettings]) -> None:
        """Judge pulses as they are while the source-meter is off: a bias against them takes nothing away then."""
        for settings in possible:
            settings._replace(bias=0.0).check(self.limits, self._line)
