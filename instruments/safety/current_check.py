"""What a device stands of current: the interlock's part for sources of current, steady, pulsed or sinusoidal."""

import math
from typing import TYPE_CHECKING

from mtjlab.core import InputError, MtjlabError
from mtjlab.instruments.safety.limit_check import check_limit, sent_value
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.safety.setting_value import finite_number, toward_zero

if TYPE_CHECKING:  # the bench file knows the roles, whose guards ask the interlock
    from mtjlab.instruments.bench.file import BenchFile
    from mtjlab.instruments.safety.interlock import Interlock
    from mtjlab.instruments.settings.wiring import DeviceUnderTest

__all__ = ["CurrentCheck", "largest_current"]

ROUNDING = 1e-5
"""Share by which a duty cycle may be beyond its limit: a command carries six digits."""


def largest_current(device: "DeviceUnderTest", density: float | None) -> float:
    """Give the current [A] that a current density [A/m²] is in the device's cross-section.

    Parameters
    ----------
    device
        Section of the device in the bench file, with width and thickness [m].
    density
        Largest current density [A/m²]; None for no limit.

    Examples
    --------
    >>> from mtjlab.instruments.settings.wiring import DeviceUnderTest
    >>> bar = DeviceUnderTest(name="bar", resistance=1e3, width=5e-6, thickness=8e-9)
    >>> f"{largest_current(bar, 2e11):.3g}"
    '0.008'
    """
    if density is None or device.cross_section is None:
        return math.inf
    return density * device.cross_section


class CurrentCheck:
    """Refuse currents that the device does not stand: amperes, density, volts, width and duty cycle of pulses.

    Parameters
    ----------
    interlock
        Interlock, whose limits count as they are at the time of the question.
    file
        Bench file, whose device and lock-in count.

    Notes
    -----
    The density is the current over width × thickness, as if all layers shared it alike; a limit for the spin Hall
    metal alone must be stated for the share that it carries.
    """

    def __init__(self, interlock: "Interlock", file: "BenchFile") -> None:
        self._interlock, self._device, self._roles = interlock, file.device, file.roles

    def steady(self, current: float, compliance: float) -> tuple[float, float]:
        """Refuse a current [A] or a voltage limit of its source [V] beyond the limits; give what is to be sent.

        Parameters
        ----------
        current
            Current [A], of either sign; the peak of a sine.
        compliance
            Largest voltage [V].

        Raises
        ------
        InputError
            If one is no number.
        LimitError
            Naming the limit, the value and the allowed range.
        InstrumentError
            If the bench has no source of current.
        """
        return self.amperes(current), self._interlock.limited("compliance_voltage", compliance)

    def amperes(self, current: float) -> float:
        """Refuse a current [A] beyond the limits, whatever drives it; give what is to be sent; raises as `steady`."""
        sent = self._interlock.limited("current", current)
        largest = largest_current(self._device, self._interlock.limits.current_density)
        if abs(sent) > largest:
            section = self._device.cross_section or math.nan
            if abs(current) > largest:
                raise CurrentDensityError(current, current / section, largest / section, largest)
            sent = toward_zero(current)
        return sent

    def oscillator(self, role: str, voltage: float) -> float:
        """Refuse an amplitude of a lock-in's oscillator [V], rms, by the peak of its current; give what is to be sent.

        Raises
        ------
        InputError
            If it is no number, or if the oscillator is not connected to the device and the amplitude not zero.
        LimitError
            As for `steady`.
        """
        voltage = finite_number("amplitude", voltage, "give volts, rms")
        resistance = self.oscillator_resistance(role)
        if math.isinf(resistance) and voltage:
            raise InputError(
                f"amplitude = {voltage:g} V: the oscillator of {role} is not connected to the device; give "
                f"series_resistance in [roles.{role}] of the bench file, or drive the current by a current source"
            )
        if voltage:
            self.amperes(math.sqrt(2) * voltage / resistance)
        return toward_zero(abs(voltage))

    def oscillator_resistance(self, role: str) -> float:
        """Give the resistance that a lock-in's oscillator drives [Ω], at least; infinite where it drives nothing."""
        series = getattr(getattr(self._roles, role), "series_resistance", None)
        return math.inf if series is None else series + self._device.resistance

    def pulse(self, current: float, width: float, compliance: float) -> tuple[float, float, float]:
        """Refuse a pulse of current [A] and width [s] beyond the limits, as `steady`; give what is to be sent."""
        sent, compliance = self.steady(current, compliance)
        return sent, self._interlock.limited("current_pulse_width", width), compliance

    def train(
        self, current: float, width: float, interval: float, compliance: float
    ) -> tuple[float, float, float, float]:
        """Refuse a train of pulses, one each `interval` [s]; give what is to be sent; raises as `steady`."""
        sent, width, compliance = self.pulse(current, width, compliance)
        interval = sent_value("interval of the pulses", interval, width, math.inf, "s")
        allowed = self._interlock.limits.current_duty_cycle
        if width / interval > allowed * (1 + ROUNDING):
            check_limit("duty cycle of the current pulses", width / interval, 0.0, allowed, "")
        return sent, width, interval, compliance

    def pause(self, width: float) -> float:
        """Give the least time [s] from the beginning of a pulse of a width [s] to that of the next."""
        return width / self._interlock.limits.current_duty_cycle


class CurrentDensityError(LimitError):
    """A current would be more than the cross-section of the device stands.

    Parameters
    ----------
    current
        Current that was asked for [A].
    density
        What it would be in the device [A/m²].
    allowed
        Largest density that the bench allows [A/m²].
    largest
        Current at which that is reached [A].
    """

    def __init__(self, current: float, density: float, allowed: float, largest: float) -> None:
        self.quantity, self.value, self.low, self.high, self.unit = (
            "current density",
            density,
            -allowed,
            allowed,
            "A/m²",
        )
        MtjlabError.__init__(
            self,
            f"current density = {density:g} A/m² at {current:g} A is refused: the bench allows {-allowed:g} to "
            f"{allowed:g} A/m², which is {-largest:g} to {largest:g} A in this device; ask for less, or change "
            "[limits] current_density or the device's width and thickness in the bench file",
        )
