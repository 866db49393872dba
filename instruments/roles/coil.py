"""The role of the supply that makes a magnetic field at the device."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Protocol

import pydantic

from mtjlab.instruments.roles.role import GuardedSetting, OutputRole, Role
from mtjlab.instruments.safety.guard import Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings
from mtjlab.instruments.settings.role_settings import RoleSettings

__all__ = ["COIL", "COIL_Y", "PERPENDICULAR_COIL", "Coil", "GuardedCoil", "CoilSettings", "FieldLimits"]

Positive = pydantic.PositiveFloat


class Coil(OutputRole, Protocol):
    """What a procedure may ask of a coil and its supply.

    A bench may have three: ``coil`` in the film plane, along the axis about which a junction's magnetisation precesses
    or along a bar (x), ``coil_y`` in the plane across the bar, and ``perpendicular_coil`` along the film normal.
    `InPlaneField` makes an angle of the first two.

    Examples
    --------
    >>> coil.switch_on()                        # doctest: +SKIP
    >>> coil.set_field(25.5e-3)                 # doctest: +SKIP
    >>> coil.field()                            # doctest: +SKIP
    0.0255
    """

    def set_field(self, field: float) -> None:
        """Ramp to a field [T], come back when it is there, and read the supply's level back.

        Parameters
        ----------
        field
            Field at the device [T], of either sign.
        """

    def field(self) -> float:
        """Field [T] that the supply's present level makes; 0 with the output off.

        Returns
        -------
        float
            The field [T].
        """

    def set_limit(self, field: float) -> None:
        """Set the supply's own limit as a backstop [T], where it has one.

        Parameters
        ----------
        field
            Largest field [T], of either sign.
        """

    def switch_on(self) -> None:
        """Connect the output, at zero field."""

    def switch_off(self) -> None:
        """Ramp to zero field, then disconnect the output."""


class CoilSettings(RoleSettings):
    """A coil and its supply."""

    constant: float = pydantic.Field(default=..., gt=0)
    """Field that one ampere makes at the device [T/A]."""
    ramp: Positive = 0.1
    """Fastest change of the field [T/s]; a coil answers a faster one with a voltage."""


class FieldLimits(LimitSettings):
    """What the device and the coils stand of field."""

    field: Annotated[Positive, BenchLimit("T", 0.1, either_polarity=True)] = 0.0
    """Largest field of a coil, of either polarity [T]."""


class GuardedCoil(Switched):
    """A coil behind the interlock; see `Coil` for the methods."""

    plays = Coil
    field: Callable[[], float]

    def set_field(self, field: float) -> None:
        """Check the field, then ramp to it.

        Parameters
        ----------
        field
            Field at the device [T], of either sign.
        """
        field = self._interlock.check_field(field)
        with self._making("field"):
            self._instrument.set_field(field)

    def set_backstop(self) -> None:
        """Set the supply's own limit to the bench's."""
        self._instrument.set_limit(self._interlock.limits.field)

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give the field that the supply's level makes.

        Parameters
        ----------
        settings
            The supply's settings as read back: `source_level` [A] and `coil_constant` [T/A].
        """
        field = float(settings.get("source_level", 0.0)) * float(settings.get("coil_constant", 0.0))
        yield "field", field, self._interlock.limits.field, "T"

    def switch_on(self) -> None:
        """Connect the output, at zero field."""
        if not self._interlock.known.knows(self._role, "field"):
            with self._making("field"):
                self._instrument.set_field(0.0)
        super().switch_on()


COIL = Role(
    name="coil",
    about="Makes the field in the film plane: along x, the axis of a bar.",
    guard=GuardedCoil,
    safe_order=70,
    settings=CoilSettings,
    limits=FieldLimits,
    guarded=(GuardedSetting("field", "set_field", known_when_opened=True, before_on=True),),
    drives_device=False,
    kind="coil",
    example={"driver": "yokogawags200", "resource": "GPIB0::1::INSTR", "constant": 0.5},
)
COIL_Y = dataclasses.replace(
    COIL,
    name="coil_y",
    about="Makes the field in the film plane along y, across a bar.",
    safe_order=75,
    example={"driver": "yokogawags200", "resource": "GPIB0::3::INSTR", "constant": 0.5},
)
PERPENDICULAR_COIL = dataclasses.replace(
    COIL,
    name="perpendicular_coil",
    about="Makes the field along the film normal.",
    safe_order=80,
    example={"driver": "yokogawags200", "resource": "GPIB0::2::INSTR", "constant": 0.5},
)
