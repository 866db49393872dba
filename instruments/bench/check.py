"""What a bench has to say for itself: identities, settings, error queues, and settings beyond the limits."""

import dataclasses
from collections.abc import Mapping

from mtjlab.core import MtjlabError
from mtjlab.instruments.bench import Bench

__all__ = ["RoleReport", "check_bench"]


@dataclasses.dataclass(frozen=True)
class RoleReport:
    """What one instrument says."""

    driver: str
    """Name of its driver."""
    resource: str
    """VISA resource that it is reached by."""
    idn: str
    """Its answer to ``*IDN?``."""
    settings: dict[str, float | str]
    """Its settings as read back."""
    errors: list[str]
    """What was in its error queue."""
    beyond: list[str]
    """Settings that the limits of the bench do not allow, each in words."""
    trouble: str = ""
    """Why it does not open or does not answer; empty where it does."""


def check_bench(bench: Bench, missing: Mapping[str, MtjlabError] | None = None) -> dict[str, RoleReport]:
    """Ask every instrument of an opened bench; nothing is switched on.

    What is looked at are the settings that stand without anybody setting them first: outputs, levels, and the
    instruments' own limits.  An instrument that does not answer stops no other.

    Parameters
    ----------
    bench
        Opened bench.
    missing
        Errors of the instruments that did not open, by role.

    Returns
    -------
    dict
        Report of each role of the bench file.
    """
    missing = missing or {}
    reports = {}
    for role, settings in bench.file.roles:
        resource = bench.resources[role]
        if role in missing:
            reports[role] = RoleReport(settings.driver, resource, "", {}, [], [], str(missing[role]))
            continue
        try:
            reports[role] = _report(bench, role, settings.driver)
        except MtjlabError as error:
            reports[role] = RoleReport(settings.driver, resource, "", {}, [], [], str(error))
    return reports


def _report(bench: Bench, role: str, driver: str) -> RoleReport:
    instrument = bench.roles[role]
    errors = instrument.errors()
    idn, settings = instrument.identify(), dict(instrument.settings())
    return RoleReport(driver, bench.resources[role], idn, settings, errors, _beyond(bench, role, settings))


def _beyond(bench: Bench, role: str, settings: dict[str, float | str]) -> list[str]:
    found = [
        f"{name} = {value:g} {unit}, and the bench allows {largest:g} {unit}"
        for name, value, largest, unit in bench.roles[role].levels(settings)
        if not abs(value) <= largest * (1 + 1e-6)
    ]
    if settings.get("output") == "True":
        found.append("its output is on")
    return found
