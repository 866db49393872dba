"""The settings of a bench that P(switch) follows, each behind the same four methods."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from mtjlab.core import InputError
from mtjlab.instruments import Bench, GuardedCoil, GuardedPulseGenerator

ACTUATORS = ("amplitude", "width", "field", "perpendicular-field")
"""Names of the actuators."""

__all__ = [
    "ACTUATORS",
    "Actuator",
    "AmplitudeActuator",
    "FieldActuator",
    "OperatingPoint",
    "WidthActuator",
    "actuator_of",
]


class OperatingPoint(NamedTuple):
    """What a bit is made with."""

    amplitude: float
    """Pulse amplitude [V]."""
    width: float
    """Pulse width [s]."""
    field: float = math.nan
    """Field of the coil [T]; NaN where no coil is set."""


class Actuator(Protocol):
    """A setting of the bench that P(switch) follows.

    Examples
    --------
    >>> actuator = WidthActuator(bench.pulse_generator, OperatingPoint(1.22, 5.65e-9))  # doctest: +SKIP
    >>> actuator.set(5.7e-9)                                                            # doctest: +SKIP
    >>> actuator.point                                                                  # doctest: +SKIP
    OperatingPoint(amplitude=1.22, width=5.7e-09, field=nan)
    """

    name: str
    """Its name in the parameter ``actuator``."""
    unit: str
    resolution: float
    """Step of usual instruments, in the unit."""
    span: float
    """How far it may be moved from its start unless the user says otherwise, in the unit."""
    point: OperatingPoint
    """What bits are made with now."""

    def value_in(self, point: OperatingPoint) -> float:
        """Give the setting that belongs to an operating point, in the unit; NaN where the point does not say."""

    def set(self, value: float) -> None:
        """Make the setting, in the unit.

        Raises
        ------
        LimitError
            If the bench does not allow it.
        InstrumentError
            If the instrument does not take it.
        """

    def switch_on(self, value: float) -> None:
        """Switch on the instrument and make the setting; nothing where it is the pulse generator, which is on."""


class _PulseActuator:
    """One of the two settings of the pulse.

    Parameters
    ----------
    generator
        Sends the pulses.
    point
        Pulse at the start; its field is left alone.
    """

    name: str
    span: float

    def __init__(self, generator: GuardedPulseGenerator, point: OperatingPoint) -> None:
        self._generator = generator
        self.point = point._replace(field=math.nan)
        self.span = 0.1 * self.value_in(point)

    def value_in(self, point: OperatingPoint) -> float:
        """Give the setting that belongs to an operating point."""
        value: float = getattr(point, self.name)
        return value

    def set(self, value: float) -> None:
        """Set it, with the other one as it is."""
        point = self.point._replace(**{self.name: value})
        self._generator.set_pulse(point.amplitude, point.width)
        self.point = point

    def switch_on(self, value: float) -> None:
        """Do nothing: the pulse generator is on already."""


class AmplitudeActuator(_PulseActuator):
    """The pulse amplitude; its usual range is a tenth of it to either side."""

    name, unit = "amplitude", "V"
    resolution = 1e-3
    """Of a Keysight 81160A."""


class WidthActuator(_PulseActuator):
    """The pulse width; its usual range is a tenth of it to either side."""

    name, unit = "width", "s"
    resolution = 1e-11
    """Of a Keysight 81160A."""


class FieldActuator:
    """The field of a coil.

    Parameters
    ----------
    coil
        Makes the field.
    point
        Pulse, and field at the start.
    name
        ``field`` for the coil in the plane of the junction, ``perpendicular-field`` for that along the film normal.
    """

    unit = "T"
    resolution = 1e-6
    """Of a coil of 10 mT/A at a Yokogawa GS200."""
    span = 5e-3

    def __init__(self, coil: GuardedCoil, point: OperatingPoint, name: str = "field") -> None:
        self._coil, self.point, self.name = coil, point, name

    def value_in(self, point: OperatingPoint) -> float:
        """Give the field [T]; NaN where the point has none."""
        return point.field

    def set(self, value: float) -> None:
        """Ramp to the field [T]."""
        self._coil.set_field(value)
        self.point = self.point._replace(field=value)

    def switch_on(self, value: float) -> None:
        """Switch the coil on, at zero, and ramp to the field [T]."""
        self._coil.switch_on()
        self.set(value)


def actuator_of(bench: Bench, name: str, point: OperatingPoint) -> Actuator:
    """Give the actuator of a name.

    Parameters
    ----------
    bench
        Bench with the instrument that makes the setting.
    name
        One of `ACTUATORS`.
    point
        Pulse at the start; and field, where a coil is the actuator.

    Raises
    ------
    InstrumentError
        If the bench has no such instrument.
    InputError
        If there is no such actuator.
    """
    match name:
        case "amplitude":
            return AmplitudeActuator(bench.pulse_generator, point)
        case "width":
            return WidthActuator(bench.pulse_generator, point)
        case "field":
            return FieldActuator(bench.coil, point, name)
        case "perpendicular-field":
            return FieldActuator(bench.perpendicular_coil, point, name)
    raise InputError(f"actuator = {name!r}: give one of {', '.join(ACTUATORS)}")
