"""The bench file: which driver plays which role, how things are wired, what the device stands."""

import tomllib
import typing
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pydantic

__all__ = ["BenchFile"]

Positive = pydantic.PositiveFloat


class _Section(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RoleSettings(_Section):
    """Which driver plays a role, and where its instrument is."""

    driver: str
    """Name of an entry point in the group ``mtjlab.drivers``."""
    resource: str = ""
    """VISA resource name; left out on a simulated bench, which knows its own."""
    visa_library: str = ""
    """VISA library that PyVISA opens it with: empty for the installed one, ``@py`` for pyvisa-py."""
    timeout: Positive = 5.0
    """Longest wait for an answer [s]."""


class Roles(_Section):
    """The instruments on the table."""

    pulse_generator: RoleSettings
    source_meter: RoleSettings


class WiringSettings(_Section):
    """What joins the instruments."""

    trigger_line: int = pydantic.Field(default=2, ge=1, le=4)
    """Line of the source-meter's trigger link that reaches the generator's external arm input."""
    load: Positive = 1e6
    """Load that the generator is told [Ω]: what the device looks like to it. 1e6 is an open end."""


class Limits(_Section):
    """What the device stands; the interlock refuses whatever is beyond."""

    pulse_amplitude: Positive
    """Largest pulse voltage at the device, bias included [V]."""
    pulse_width: Positive
    """Longest pulse [s]."""
    pulse_energy: Positive
    """Largest energy that one pulse may leave in the device [J]."""
    duty_cycle: float = pydantic.Field(default=0.1, gt=0, le=1)
    """Largest share of the time during which pulses are on."""
    read_bias: Positive
    """Largest bias of a read [V]."""
    compliance: Positive
    """Largest current that the source-meter may be allowed [A]."""


class DeviceUnderTest(_Section):
    """What is on the table."""

    name: str
    """Name of the device, written into every recording."""
    resistance: Positive
    """Its lowest resistance [Ω], for the energy of a pulse."""


class Simulation(_Section):
    """The simulated bench that stands in for the instruments."""

    device: str = "reference"
    """Name of a shipped device, or a device file."""
    model: Literal["tabulated", "macrospin"] = "tabulated"
    """Fidelity of the device."""
    seed: int | None = pydantic.Field(default=None, ge=0)
    """Seed of the device and of the noise; without one, every run differs."""
    port: int = pydantic.Field(default=0, ge=0, le=65000)
    """TCP port of the first instrument, the next ones follow; 0 lets the system choose."""


class BenchFile(_Section):
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
    simulation: Simulation | None = None
    """Present on a simulated bench only."""
    text: str = pydantic.Field(default="", exclude=True)
    """The file as it was read."""

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
            If there is no such bench, or if the file is wrong; the message names file, line and what is allowed.
        """
        source, text = _read(name_or_path)
        try:
            data = tomllib.loads(text)
            file = cls(**data, text=text)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{source} is not TOML: {error}") from None
        except pydantic.ValidationError as error:
            raise ValueError("; ".join(_explain(source, text, detail) for detail in error.errors())) from None
        except TypeError:
            raise ValueError(f"{source}: 'text' is not a key of a bench file; remove it") from None
        for role, settings in file.roles:
            if file.simulation is None and not settings.resource:
                raise ValueError(
                    f'{source}: [roles.{role}] names no resource; add resource = "GPIB0::24::INSTR" or the like, '
                    "or a [simulation] section for a bench without instruments"
                )
        return file


def _shipped() -> dict[str, str]:
    folder = resources.files("mtjlab.instruments.simulated") / "benches"
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def _read(name_or_path: str | Path) -> tuple[str, str]:
    path = Path(name_or_path)
    shipped = _shipped()
    if str(name_or_path) in shipped:
        return f"bench {name_or_path}", shipped[str(name_or_path)]
    try:
        return str(path), path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"can not be read ({error})"
        raise ValueError(
            f"bench file {path} {reason}: give the path of a TOML file or a shipped bench ({', '.join(shipped)})"
        ) from None


def _explain(source: str, text: str, detail: Any) -> str:
    """Say one validation error with the line it is in."""
    place = [str(part) for part in detail["loc"]]
    line = _line_of(text, place)
    message = detail["msg"].removesuffix(".")
    if detail["type"] == "extra_forbidden":
        section = _section(place[:-1])
        message = f"unknown key; allowed here: {', '.join(section.model_fields) if section else 'none'}"
    elif detail["type"] == "missing":
        message = "is missing"
    else:
        message = f"{message} (found {detail['input']!r})"
    return f"{source}, line {line}: {'.'.join(place)}: {message}"


def _section(place: list[str]) -> type[pydantic.BaseModel] | None:
    """Find the model that describes a section."""
    model: type[pydantic.BaseModel] = BenchFile
    for name in place:
        field = model.model_fields.get(name)
        kinds = typing.get_args(field.annotation) or (field.annotation,) if field else ()
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)]
        if not inner:
            return None
        model = inner[0]
    return model


def _line_of(text: str, place: list[str]) -> int:
    """Find the line of a key, or of the section it is missing from."""
    section, best = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped.strip("[] ")
            if section == ".".join(place) or section == ".".join(place[:-1]):
                best = number
        elif stripped.split("=")[0].strip() == place[-1] and section == ".".join(place[:-1]):
            return number
    return best
