"""The bench file: which driver plays which role, how things are wired, what the device stands."""

import os
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pydantic

from mtjlab.core import InputError, Registry, TomlDocument
from mtjlab.instruments.bench.calibration_file import with_calibration
from mtjlab.instruments.bench.fault_settings import FaultSettings
from mtjlab.instruments.bench.sections import Limits, Roles
from mtjlab.instruments.settings.array_imperfections import ArrayImperfections
from mtjlab.instruments.settings.bar_mounting import BarMounting
from mtjlab.instruments.settings.role_settings import BACKENDS, RoleSettings, names_a_file, refuse_keys_of_other_lines
from mtjlab.instruments.settings.section import Section
from mtjlab.instruments.settings.wiring import DeviceUnderTest, WiringSettings

__all__ = ["BenchFile", "DRIVERS", "DeviceUnderTest", "Limits", "RoleSettings", "Roles", "Simulation", "WiringSettings"]

DRIVERS: Registry[Any] = Registry("mtjlab.drivers", "driver")
"""Drivers that are installed; each makes the instrument of a role, of the role's settings and the wiring."""

PREFIX = "MTJLAB_RESOURCE_"


class Simulation(Section):
    """The simulated bench that stands in for the instruments."""

    device: str = "reference"
    """Name of a shipped device, or path of a device file, seen from the bench file."""
    model: Literal["tabulated", "macrospin", "rates"] = "tabulated"
    """Fidelity of the device in pulses; what takes longer, `rates` decides in all of them."""
    effects: str = "full"
    """Which effects act, as for ``mtjlab simulate --effects``: ``full``, ``ideal``, or ``full,-drift,-breakdown``."""
    seed: int | None = pydantic.Field(default=None, ge=0)
    """Seed of the device and of the noise; without one, every run differs."""
    host: str = "127.0.0.1"
    """Address that the instruments listen on; anybody who reaches another one can talk to them."""
    port: int = pydantic.Field(default=0, ge=0, le=65000)
    """TCP port of the first instrument, the next ones follow; 0 lets the system choose."""
    line_frequency: Literal[50, 60] = 50
    """Frequency of the mains [Hz], which the instruments count integration times by."""
    real_time: bool = False
    """Whether integration and settle times take as long as on real instruments."""
    bar: BarMounting | None = None
    """How a bar stands between the coils and is contacted, where the device is one."""
    array: ArrayImperfections | None = None
    """How the cells of an array differ, where the bench has one; left out, as `ArrayImperfections` has it."""
    faults: tuple[FaultSettings, ...] = ()
    """What goes wrong, and when."""


class BenchFile(Section):
    """A bench file, validated.

    Examples
    --------
    >>> file = BenchFile.load("simulated")
    >>> file.roles.source_meter.driver
    'keithley2400'
    """

    name: str
    """Name of the bench."""
    roles: Roles
    wiring: WiringSettings = WiringSettings()
    limits: Limits
    device: DeviceUnderTest
    defaults: dict[str, dict[str, bool | int | float | str]] = pydantic.Field(default={})
    """Parameters of procedures that have another default on this bench, by the name of the procedure."""
    simulation: Simulation | None = None
    """Present on a simulated bench only."""
    text: str = pydantic.Field(default="", exclude=True)
    """The file as it was read."""
    source: str = pydantic.Field(default="", exclude=True)
    """Name of the shipped bench, or absolute path of the file; empty for a text that was not read from one."""

    @classmethod
    def load(cls, name_or_path: str | Path) -> "BenchFile":
        """Read a bench file.

        Parameters
        ----------
        name_or_path
            Name of a shipped bench (``simulated``) or path of a TOML file.

        Raises
        ------
        ValueError
            If there is no such bench, or if the file or the calibration file that it names is wrong; the message names
            file, line and what is allowed.
        """
        folder = Path(name_or_path).parent
        shipped = str(name_or_path) in shipped_benches()
        source = str(name_or_path) if shipped else str(Path(name_or_path).resolve())
        file = cls._taken(with_calibration(read_bench_file(name_or_path), folder), source)
        if file.simulation is None or not file.simulation.device.endswith(".toml"):
            return file
        beside = folder / file.simulation.device
        return file.model_copy(update={"simulation": file.simulation.model_copy(update={"device": str(beside)})})

    @classmethod
    def parse(cls, document: TomlDocument) -> "BenchFile":
        """Take a text that was not read from a bench file, such as one that a script makes.

        Parameters
        ----------
        document
            TOML, with the name that messages give it.

        Returns
        -------
        BenchFile
            What it says, validated.

        Raises
        ------
        ValueError
            If it is wrong, as for `load`, or if it names a file: a VISA library or a calibration file.
        """
        file = cls._taken(document, "")
        for role, settings in file.roles:
            if names_a_file(settings.visa_library):
                raise document.error(
                    ("roles", role, "visa_library"),
                    f"only a bench file may name a library to load: this text was not read from one; give "
                    f"{', '.join(BACKENDS)} or leave it out",
                )
        return file

    @classmethod
    def recorded(cls, document: TomlDocument) -> "BenchFile":
        """Take the text that a recording keeps, for its wiring, device and limits alone: no bench is opened by it.

        Parameters
        ----------
        document
            TOML that a recording keeps.

        Returns
        -------
        BenchFile
            What it says, validated.

        Raises
        ------
        ValueError
            If it is no bench file.
        """
        return document.validate(cls, text=document.text, source="")

    def error(self, place: Sequence[str | int], message: str) -> ValueError:
        """Make the error that says what is wrong at a place of the file: names of sections, and of a key.

        Parameters
        ----------
        place
            Keys and indices that lead there, from the top of the file.
        message
            What is wrong, and what to do about it.
        """
        name = self.source if self.source.endswith(".toml") else f"bench {self.source or self.name}"
        return TomlDocument(name, self.text).error(place, message)

    @classmethod
    def _taken(cls, document: TomlDocument, source: str) -> "BenchFile":
        file = document.validate(cls, text=document.text, source=source)
        if file.wiring.calibration:
            raise document.error(
                ("wiring", "calibration"), "only a bench file that was read from disk may name another file"
            )
        _check_roles(document, file)
        if file.simulation is not None:
            return file
        file = file.model_copy(update={"roles": override_resources(file.roles, os.environ)})
        for role, settings in file.roles:
            if not settings.resource:
                raise document.error(
                    ("roles", role),
                    f'names no resource; add resource = "GPIB0::24::INSTR" or the like (or set {variable(role)}), '
                    "or a [simulation] section for a bench without instruments",
                )
            refuse_keys_of_other_lines(document, role, settings)
        return file


def _check_roles(document: TomlDocument, file: BenchFile) -> None:
    """Refuse unknown drivers, and roles whose limits are not stated."""
    if not list(file.roles):
        raise document.error(("roles",), f"no role is filled; allowed here: {', '.join(Roles.model_fields)}")
    installed = DRIVERS.names()
    for role, settings in file.roles:
        if settings.driver not in installed:
            raise document.error(
                ("roles", role, "driver"), f"{settings.driver!r} is not known; installed: {', '.join(installed)}"
            )
        for limit in file.roles.table[role].stated_limits:
            if limit not in file.limits.model_fields_set:
                raise document.error(("limits", limit), f"is missing; [roles.{role}] needs it")
    if file.limits.current_density is not None and file.device.cross_section is None:
        raise document.error(
            ("limits", "current_density"),
            "only a cross-section makes a density of a current: give width and thickness of the device in [device]",
        )


def shipped_benches() -> dict[str, str]:
    """Text of each shipped bench, by its name.

    Returns
    -------
    dict
        Text by name.
    """
    folder = resources.files("mtjlab.instruments.simulated") / "benches"
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def read_bench_file(name_or_path: str | Path) -> TomlDocument:
    """Find a bench file: a shipped one by its name, or a TOML file by its path.

    Raises
    ------
    ValueError
        If there is none, or if it cannot be read.
    """
    shipped = shipped_benches()
    if str(name_or_path) in shipped:
        return TomlDocument(f"bench {name_or_path}", shipped[str(name_or_path)])
    return TomlDocument.read(
        Path(name_or_path),
        f"give the path of a bench file (mtjlab bench init writes one) or a shipped bench ({', '.join(shipped)})",
    )


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
