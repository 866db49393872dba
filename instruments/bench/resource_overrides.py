"""VISA resources from the environment: one bench file on every machine, whatever an instrument is called there."""

from collections.abc import Mapping

from mtjlab.core import InputError
from mtjlab.instruments.bench.sections import Roles

__all__ = ["override_resources", "variable"]

PREFIX = "MTJLAB_RESOURCE_"


def variable(role: str) -> str:
    """Name of the environment variable that overrides a role's resource: ``MTJLAB_RESOURCE_SOURCE_METER``."""
    return PREFIX + role.upper()


def override_resources(roles: Roles, environment: Mapping[str, str]) -> Roles:
    """Replace the resources that the environment names.

    Raises
    ------
    ValueError
        If a variable names no role; the message says which there are. A role that this bench leaves empty is no
        mistake: the variables are for all benches of a machine.
    """
    known = {variable(role): role for role in Roles.model_fields}
    changed = {}
    for name, resource in environment.items():
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise InputError(f"environment variable {name} names no role; there are: {', '.join(known)}")
        settings = getattr(roles, known[name])
        if settings is not None and resource:
            changed[known[name]] = settings.model_copy(update={"resource": resource})
    return roles.model_copy(update=changed)
