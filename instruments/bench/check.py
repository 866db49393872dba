"""What a bench has to say for itself: identities, settings, error queues, and settings beyond the limits."""

import dataclasses
from collections.abc import Mapping

from mtjlab.core.errors import MtjlabError
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
    limits = bench.file.limits
    # The backstop is rounded up to a microvolt.
    pulse = bench.interlock.backstop + 1e-6
    allowed: dict[str, tuple[tuple[str, float, str], ...]] = {
        "pulse_generator": tuple((name, pulse, "V") for name in ("limit_high", "limit_low", "limit")),
        "source_meter": (("source_voltage", limits.read_bias, "V"), ("compliance_current", limits.compliance, "A")),
        "current_source": (
            ("source_current", limits.current, "A"),
            ("source_compliance", limits.compliance_voltage, "V"),
        ),
        "temperature_controller": (("setpoint", limits.temperature, "K"),),
    }
    found = []
    for name, largest, unit in allowed.get(role, ()):
        value = settings.get(name, 0.0)
        if not abs(float(value)) <= largest * (1 + 1e-6):
            found.append(f"{name} = {float(value):g} {unit}, and the bench allows {largest:g} {unit}")
    if "coil" in role:
        field = float(settings.get("source_level", 0.0)) * float(settings.get("coil_constant", 0.0))
        if not abs(field) <= limits.field:
            found.append(f"field = {field:g} T, and the bench allows {limits.field:g} T")
    if settings.get("output") == "True":
        found.append("its output is on")
    return found
