"""A field in the film plane, of two coils at right angles."""

import math
from typing import NamedTuple

from mtjlab.core import InputError
from mtjlab.instruments.bench.bench import Bench
from mtjlab.instruments.instrument_error import missing_role
from mtjlab.instruments.roles.coil import GuardedCoil

__all__ = ["FieldVector", "InPlaneField"]


class FieldVector(NamedTuple):
    """A field in the film plane; x lies along the bar and its current, y across it."""

    x: float
    """Component along x [T]."""
    y: float
    """Component along y [T]."""

    @property
    def magnitude(self) -> float:
        """Magnitude [T]."""
        return math.hypot(self.x, self.y)

    @property
    def angle(self) -> float:
        """Angle from x towards y [rad]."""
        return math.atan2(self.y, self.x)

    @classmethod
    def at_angle(cls, magnitude: float, angle: float) -> "FieldVector":
        """Make a field of a magnitude [T] at an angle from x towards y [rad].

        Parameters
        ----------
        magnitude
            Magnitude [T]; a negative one points the other way.
        angle
            Angle [rad].

        Examples
        --------
        >>> import math
        >>> round(FieldVector.at_angle(0.05, math.pi / 6).x, 4)
        0.0433
        """
        return cls(magnitude * math.cos(angle), magnitude * math.sin(angle))


class InPlaneField:
    """The coils ``coil`` (x) and ``coil_y`` (y) of a bench as one field; with one of them, a field along its axis.

    Parameters
    ----------
    bench
        Opened bench. Each component passes the interlock by itself: the limit is that of a coil.

    Raises
    ------
    InstrumentError
        If the bench has neither coil.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._coils: dict[str, GuardedCoil] = {}
        for axis, role in (("x", "coil"), ("y", "coil_y")):
            if role in bench.roles:
                coil = bench.role(role)
                assert isinstance(coil, GuardedCoil)
                self._coils[axis] = coil
        if not self._coils:
            raise missing_role(bench.file, "coil_y")

    @property
    def axes(self) -> tuple[str, ...]:
        """Axes that there is a coil for, of ``x`` and ``y``."""
        return tuple(self._coils)

    def switch_on(self) -> None:
        """Connect the coils, at zero field."""
        for coil in self._coils.values():
            coil.switch_on()

    def switch_off(self) -> None:
        """Ramp both coils to zero field, then disconnect them."""
        for coil in self._coils.values():
            coil.switch_off()

    def set(self, x: float = 0.0, y: float = 0.0) -> FieldVector:
        """Ramp to a field; come back when it is there.

        Both limits are asked before either coil ramps. Coils ramp one after the other, so that the field on the way
        lies in the rectangle between where it was and where it is to be.

        Parameters
        ----------
        x, y
            Components [T].

        Returns
        -------
        FieldVector
            The field as the supplies say that it is.

        Raises
        ------
        InputError
            If there is no coil for a component that is not zero.
        LimitError
            If a component is beyond the limit of a coil.
        """
        wanted = {"x": x, "y": y}
        for axis, component in wanted.items():
            if axis not in self._coils and component:
                role = "coil" if axis == "x" else "coil_y"
                raise InputError(
                    f"field along {axis} = {component:g} T: this bench has no coil for it; add [roles.{role}] to "
                    f"the bench file of {self._bench.file.name}, or ask for 0 T"
                )
            if axis in self._coils:
                self._bench.interlock.check_field(component)
        for axis, coil in self._coils.items():
            coil.set_field(wanted[axis])
        return self.read()

    def set_angle(self, magnitude: float, angle: float) -> FieldVector:
        """Ramp to a field of a magnitude [T] at an angle from x towards y [rad]; see `set`.

        Parameters
        ----------
        magnitude
            Magnitude [T].
        angle
            Angle [rad].

        Returns
        -------
        FieldVector
            The field as the supplies say that it is.
        """
        # Of a component that is zero but for the arithmetic, a bench without that coil is not asked.
        vector = FieldVector.at_angle(magnitude, angle)
        return self.set(*(0.0 if abs(each) < 1e-12 * abs(magnitude) else each for each in vector))

    def read(self) -> FieldVector:
        """Give the field that the supplies' present levels make."""
        parts = {axis: coil.field() for axis, coil in self._coils.items()}
        return FieldVector(parts.get("x", 0.0), parts.get("y", 0.0))
