"""A bench file to begin with: every key there is, with what it means."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pydantic

from mtjlab.instruments.bench.file import DeviceUnderTest, Simulation
from mtjlab.instruments.bench.sections import Limits
from mtjlab.instruments.roles.role_table import ROLES
from mtjlab.instruments.safety.limits import limits_of
from mtjlab.instruments.settings.role_settings import SERIAL_KEYS
from mtjlab.instruments.settings.wiring import WiringSettings

__all__ = ["bench_template"]

WIDTH = 100

LIMITS = limits_of(Limits)

DEVICE = {"name": "W12 D3", "resistance": 40e3}
"""What the section of the device says where the model has no default."""
OPTIONAL = {
    "highest_resistance": 80e3,
    "seed": 1,
    "width": 5e-6,
    "thickness": 6e-9,
    "series_resistance": 10e3,
    "bar": {"misalignment": 0.0349},
}
"""What is shown, commented out, for keys without a default that a first bench does not need."""


def bench_template(*, simulated: bool = False, schema: str = "") -> str:
    """Write a bench file with a pulse generator and a source-meter; all else stands there as comments.

    Parameters
    ----------
    simulated
        Whether it describes a simulated bench: no resources, and a section for the simulation.
    schema
        Path of the JSON schema, for editors; empty for none.

    Returns
    -------
    str
        The file.
    """
    lines = [f"#:schema {schema}", ""] if schema else []
    lines += [
        "# A bench file of mtjlab. A key that is commented out is not set: it shows its default, or an example.",
        "# SI units. mtjlab bench check --bench THIS FILE reads it, asks the instruments and switches nothing on.",
        "",
        "# Name of the bench.",
        f"name = {_value('simulated lab' if simulated else 'lab')}",
        "",
    ]
    for role in ROLES.values():
        off = not role.in_first_bench
        name = f"roles.{role.name}"
        lines += _section(name, role.settings, role.about, role.example, commented=off, simulated=simulated)
    lines += _section("wiring", WiringSettings, "What joins the instruments and the device.")
    lines += _section(
        "limits",
        Limits,
        "What the device stands: the interlock refuses whatever is beyond. A limit that is left out allows nothing.",
        {name: LIMITS[name].example for role in ROLES.values() if role.in_first_bench for name in role.stated_limits},
    )
    lines += _section("device", DeviceUnderTest, "What is on the table.", DEVICE)
    lines += [
        *_comment(
            "Parameters of procedures that have another default on this bench, by the name of the procedure; plans and "
            "--set go before them."
        ),
        "# [defaults.random-bitstream]",
        "# amplitude = 1.1",
        "",
    ]
    about = "A bench without instruments: software stands in for them."
    lines += _section("simulation", Simulation, about, commented=not simulated)
    return "\n".join(lines).rstrip() + "\n"


def _section(
    name: str,
    model: type[pydantic.BaseModel],
    about: str,
    examples: Mapping[str, Any] = MappingProxyType({}),
    *,
    commented: bool = False,
    simulated: bool = False,
) -> Iterator[str]:
    """Write a section: what it is, its header, its keys with what they mean."""
    yield from _comment(about)
    off = "# " if commented else ""
    yield f"{off}[{name}]"
    serial = examples.get("resource", "").startswith("ASRL")
    for key, field in model.model_fields.items():
        if key in SERIAL_KEYS and not serial:
            continue
        yield from _comment(field.description or "", indent="  ")
        left_out = key not in examples or (simulated and (key == "resource" or key in SERIAL_KEYS))
        value = examples.get(key, _shown(key, field.get_default()))
        yield f"{'# ' if left_out or commented else ''}{key} = {_value(value)}"
    yield ""


def _shown(key: str, default: Any) -> Any:
    """Give what a commented key shows: its default, or an example where it has none."""
    example = LIMITS[key].example if key in LIMITS else OPTIONAL.get(key)
    return default if example is None else example


def _comment(text: str, indent: str = "") -> list[str]:
    words = " ".join(text.replace("``", "").split())
    return [f"# {indent}{line}" for line in textwrap.wrap(words, WIDTH)]


def _value(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, float):
        text = f"{value:g}"
        return text if any(letter in text for letter in ".e") else f"{text}.0"
    return json.dumps(value, ensure_ascii=False)
