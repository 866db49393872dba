"""The sections of a bench file that its roles make: ``[roles]`` and ``[limits]``."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import pydantic

from mtjlab.instruments.roles.coil import CoilSettings, FieldLimits
from mtjlab.instruments.roles.current_source import CurrentLimits
from mtjlab.instruments.roles.junction_array import ArrayLimits, JunctionArraySettings
from mtjlab.instruments.roles.lock_in import LockInSettings
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.roles.oscilloscope import OscilloscopeSettings
from mtjlab.instruments.roles.pulse_generator import PulseLimits
from mtjlab.instruments.roles.role import Role
from mtjlab.instruments.roles.role_table import ROLES
from mtjlab.instruments.roles.source_meter import ReadLimits, SourceMeterSettings
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings, TemperatureLimits
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.section import Section

__all__ = ["Limits", "Roles", "UNITS"]


class _RoleSections(Section):
    """The instruments on the table, in the order in which they are made safe."""

    table: ClassVar[Mapping[str, Role[Any]]] = ROLES
    """The roles that there are."""

    def __iter__(self) -> Iterator[tuple[str, RoleSettings]]:  # type: ignore[override]
        """Go through the roles that this bench has: name and settings."""
        for name in type(self).model_fields:
            settings = getattr(self, name)
            if settings is not None:
                yield name, settings


if TYPE_CHECKING:

    class Roles(_RoleSections):
        """The instruments on the table; those of roles that ship, by their names."""

        pulse_generator: RoleSettings | None = None
        junction_array: JunctionArraySettings | None = None
        current_source: RoleSettings | None = None
        source_meter: SourceMeterSettings | None = None
        nanovoltmeter: RoleSettings | None = None
        oscilloscope: OscilloscopeSettings | None = None
        multiplexer: MultiplexerSettings | None = None
        lock_in: LockInSettings | None = None
        coil: CoilSettings | None = None
        coil_y: CoilSettings | None = None
        perpendicular_coil: CoilSettings | None = None
        temperature_controller: TemperatureControllerSettings | None = None

    class Limits(PulseLimits, ArrayLimits, ReadLimits, CurrentLimits, FieldLimits, TemperatureLimits):
        """What the device stands; those of roles that ship, by their names."""

else:
    Roles = pydantic.create_model(
        "Roles",
        __base__=_RoleSections,
        __module__=__name__,
        __doc__=_RoleSections.__doc__,
        **{role.name: (role.settings | None, pydantic.Field(None, description=role.about)) for role in ROLES.values()},
    )
    Limits = pydantic.create_model(
        "Limits",
        # Pydantic lists the keys of the last base first.
        __base__=tuple(dict.fromkeys(role.limits for role in reversed(ROLES.values()) if role.limits is not None)),
        __module__=__name__,
        __doc__="What the device stands; the interlock refuses whatever is beyond. A limit that is left out allows "
        "nothing.",
    )

UNITS = {name: limit.unit for role in ROLES.values() for name, limit in role.limit_facts.items()}
"""Unit of each limit."""
