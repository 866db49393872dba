"""The interlock: what is asked for is checked before any output changes.

It stands between a procedure and the instruments, as two guarded roles: a procedure can not reach an
instrument past it.  It looks at the request itself, never at what a driver makes of it (drivers truncate).
"""

from mtjlab.instruments.bench_file import BenchFile
from mtjlab.instruments.limit_error import LimitError

__all__ = ["Interlock"]

GENERATOR_RESISTANCE = 50.0
"""Output resistance of a pulse generator [Ω]."""


class Interlock:
    """The limits of a bench.

    Parameters
    ----------
    file
        Bench file with limits, wiring and device.
    """

    def __init__(self, file: BenchFile) -> None:
        self._limits = file.limits
        self._resistance = file.device.resistance
        load = file.wiring.load
        # A generator told of 50 Ω doubles its own voltage; all of it reaches a device of high resistance.
        self._gain = (load + GENERATOR_RESISTANCE) / load
        self._bias = 0.0
        self._amplitude = 0.0
        self._width = 0.0

    def check_pulse(self, amplitude: float, width: float) -> None:
        """Refuse a pulse beyond the limits.

        Parameters
        ----------
        amplitude
            Programmed amplitude [V].
        width
            Width [s].

        Raises
        ------
        LimitError
            Naming the limit, the value and the allowed range.
        """
        limits = self._limits
        device = abs(amplitude) * self._gain
        self._check_voltage(device, abs(self._bias))
        _check("pulse width", width, 0.0, limits.pulse_width, "s")
        energy = device**2 / self._resistance * width
        _check("pulse energy", energy, 0.0, limits.pulse_energy, "J")
        self._amplitude, self._width = device, width

    def check_train(self, settle: float) -> None:
        """Refuse a train of the present pulse whose pulses follow each other after `settle` [s] too soon.

        Raises
        ------
        LimitError
            If the pulses would be on for more than the allowed share of the time.
        """
        if self._width:
            duty = self._width / (self._width + settle)
            _check("duty cycle", duty, 0.0, self._limits.duty_cycle, "")

    def check_bias(self, voltage: float, compliance: float) -> None:
        """Refuse a bias [V] or a compliance [A] beyond the limits.

        Raises
        ------
        LimitError
            Naming the limit, the value and the allowed range.
        """
        limits = self._limits
        _check("read bias", voltage, -limits.read_bias, limits.read_bias, "V")
        _check("compliance", compliance, 0.0, limits.compliance, "A")
        self._check_voltage(self._amplitude, abs(voltage))
        self._bias = voltage

    def _check_voltage(self, pulse: float, bias: float) -> None:
        _check("pulse amplitude at the device, with bias,", pulse + bias, 0.0, self._limits.pulse_amplitude, "V")


def _check(quantity: str, value: float, low: float, high: float, unit: str) -> None:
    # Written so that NaN is refused too.
    if not low <= value <= high:
        raise LimitError(quantity, value, low, high, unit)
