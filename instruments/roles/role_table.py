"""All roles that a bench may have: those that ship, and those that other packages bring by entry point."""

import logging
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mtjlab.core import InputError, Registry
from mtjlab.instruments.roles.coil import COIL, COIL_Y, PERPENDICULAR_COIL
from mtjlab.instruments.roles.current_source import CURRENT_SOURCE
from mtjlab.instruments.roles.junction_array import JUNCTION_ARRAY
from mtjlab.instruments.roles.lock_in import LOCK_IN
from mtjlab.instruments.roles.multiplexer import MULTIPLEXER
from mtjlab.instruments.roles.nanovoltmeter import NANOVOLTMETER
from mtjlab.instruments.roles.oscilloscope import OSCILLOSCOPE
from mtjlab.instruments.roles.pulse_generator import PULSE_GENERATOR
from mtjlab.instruments.roles.role import Role
from mtjlab.instruments.roles.source_meter import SOURCE_METER
from mtjlab.instruments.roles.temperature_controller import TEMPERATURE_CONTROLLER
from mtjlab.instruments.safety.protocol_members import protocol_members

__all__ = ["GROUP", "ROLES", "SHIPPED", "with_roles_of_others"]

log = logging.getLogger(__name__)

GROUP = "mtjlab.roles"
"""Entry points of roles that other packages bring; each is a `Role`, by its name."""

SHIPPED: tuple[Role[Any], ...] = (
    PULSE_GENERATOR,
    JUNCTION_ARRAY,
    CURRENT_SOURCE,
    SOURCE_METER,
    LOCK_IN,
    NANOVOLTMETER,
    OSCILLOSCOPE,
    MULTIPLEXER,
    COIL,
    COIL_Y,
    PERPENDICULAR_COIL,
    TEMPERATURE_CONTROLLER,
)


def with_roles_of_others(shipped: Iterable[Role[Any]], others: Mapping[str, Role[Any]]) -> Mapping[str, Role[Any]]:
    """Join the roles that ship and those that other packages bring.

    Parameters
    ----------
    shipped
        Roles that nobody can replace.
    others
        Roles of other packages, by the name of the entry point. One that would get round the interlock is left out and
        logged: a bench file that asks for it is then refused, and any other works.

    Returns
    -------
    Mapping
        The roles by name, in the order in which a bench is made safe.
    """
    roles = {role.name: role for role in shipped}
    for name, role in others.items():
        try:
            _refuse_unsafe(name, role, roles)
        except InputError as error:
            log.warning("role %s is left out: %s", name, error)
        else:
            roles[role.name] = role
    return MappingProxyType({role.name: role for role in sorted(roles.values(), key=lambda role: role.safe_order)})


def _refuse_unsafe(name: str, role: Role[Any], others: Mapping[str, Role[Any]]) -> None:
    """Refuse what takes another one's place or limit, or hands settings on unguarded."""
    if role.name != name or not re.fullmatch("[a-z][a-z0-9_]*", role.name):
        raise InputError(f"its name is {role.name!r}: give the entry point's, small letters and underscores")
    if role.name in others:
        raise InputError("there is a role of this name already")
    members = protocol_members(role.protocol)
    if "switch_on" in members and not role.has_output:
        raise InputError(f"it can be switched on, and {role.guard.__name__} is not derived from Switched")
    # The instrument's own limit is set by the guard's `set_backstop`.
    setters = {name for name in members if name.startswith(("set_", "send_"))} - {"set_limit"}
    unguarded = sorted(name for name in setters if not hasattr(role.guard, name))
    if unguarded:
        raise InputError(f"{role.guard.__name__} does not guard {', '.join(unguarded)}")
    for limited, limit in role.limit_facts.items():
        for other in others.values():
            if other.limit_facts.get(limited, limit) != limit:
                raise InputError(f"its limit {limited} differs from that of {other.name}")


ROLES = with_roles_of_others(SHIPPED, Registry[Role[Any]](GROUP, "role", Role).all())
"""The roles by name, in the order in which a bench is made safe."""
