"""A bench file to begin with: every key there is, with what it means."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import pydantic

from mtjlab.instruments.bench.file import DeviceUnderTest, Simulation
from mtjlab.instruments.bench.line_keys import SERIAL_KEYS
from mtjlab.instruments.bench.role_settings import Roles
from mtjlab.instruments.bench.wiring import WiringSettings
from mtjlab.instruments.safety.limits import Limits

__all__ = ["bench_template"]

WIDTH = 100

EXAMPLES: dict[str, dict[str, Any]] = {
    "roles.pulse_generator": {"driver": "keysight81160a", "resource": "GPIB0::10::INSTR"},
    "roles.current_source": {"driver": "keithley6221", "resource": "GPIB0::12::INSTR"},
    "roles.source_meter": {"driver": "keithley2400", "resource": "GPIB0::24::INSTR"},
    "roles.nanovoltmeter": {"driver": "keithley2182", "resource": "GPIB0::7::INSTR"},
    "roles.oscilloscope": {"driver": "siglentsds1000xhd", "resource": "TCPIP0::192.168.1.20::INSTR"},
    "roles.multiplexer": {
        "driver": "keithley2700",
        "resource": "GPIB0::16::INSTR",
        "junctions": {"A1": 101, "A2": 102},
    },
    "roles.coil": {"driver": "yokogawags200", "resource": "GPIB0::1::INSTR", "constant": 0.5},
    "roles.perpendicular_coil": {"driver": "yokogawags200", "resource": "GPIB0::2::INSTR", "constant": 0.5},
    "roles.temperature_controller": {
        "driver": "lakeshore3xx",
        "resource": "ASRL/dev/ttyUSB0::INSTR",
        "baud_rate": 57600,
        "data_bits": 7,
        "parity": "odd",
        "stop_bits": 1.0,
        "flow_control": "none",
    },
    "limits": {
        "pulse_amplitude": 1.6,
        "pulse_width": 1e-7,
        "pulse_energy": 1e-12,
        "read_bias": 0.1,
        "compliance": 1e-5,
    },
    "device": {"name": "W12 D3", "resistance": 40e3},
}
"""What a section says where the model has no default."""

OPTIONAL = {"current": 1e-2, "current_pulse_width": 1e-3, "compliance_voltage": 10.0, "field": 0.1}
OPTIONAL |= {"temperature": 400.0, "stress_time": 3600.0, "highest_resistance": 80e3, "seed": 1}
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
    for role, field in Roles.model_fields.items():
        model = next(kind for kind in field.annotation.__args__ if kind is not type(None))  # type: ignore[union-attr]
        needed = role in ("pulse_generator", "source_meter")
        lines += _section(f"roles.{role}", model, field.description or "", commented=not needed, simulated=simulated)
    lines += _section("wiring", WiringSettings, "What joins the instruments and the device.")
    lines += _section(
        "limits",
        Limits,
        "What the device stands: the interlock refuses whatever is beyond. A limit that is left out allows nothing.",
    )
    lines += _section("device", DeviceUnderTest, "What is on the table.")
    about = "A bench without instruments: software stands in for them."
    lines += _section("simulation", Simulation, about, commented=not simulated)
    return "\n".join(lines).rstrip() + "\n"


def _section(
    name: str, model: type[pydantic.BaseModel], about: str, *, commented: bool = False, simulated: bool = False
) -> Iterator[str]:
    """Write a section: what it is, its header, its keys with what they mean."""
    yield from _comment(about)
    off = "# " if commented else ""
    yield f"{off}[{name}]"
    examples = EXAMPLES.get(name, {})
    serial = examples.get("resource", "").startswith("ASRL")
    for key, field in model.model_fields.items():
        if key in SERIAL_KEYS and not serial:
            continue
        yield from _comment(field.description or "", indent="  ")
        left_out = key not in examples or (simulated and (key == "resource" or key in SERIAL_KEYS))
        value = examples.get(key, OPTIONAL.get(key, field.get_default()))
        yield f"{'# ' if left_out or commented else ''}{key} = {_value(value)}"
    yield ""


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
