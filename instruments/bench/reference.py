"""The tables of the bench file's reference page, written from the models that read the file.

    python -m mtjlab.instruments.bench.reference docs/reference/bench-file.md

puts them into the page again.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.roles.role_table import ROLES

__all__ = ["bench_reference"]

SECTIONS = {
    "WiringSettings": "`[wiring]`",
    "PathElement": "`[[wiring.elements]]`, and `[[elements]]` of a calibration file",
    "Limits": "`[limits]`",
    "DeviceUnderTest": "`[device]`",
    "Simulation": "`[simulation]`: makes the bench a simulated one",
    "ArrayImperfections": "`[simulation.array]`: how the cells of a simulated array differ",
    "BarMounting": "`[simulation.bar]`: how a simulated bar is mounted",
    "FaultSettings": "`[[simulation.faults]]`, and `[[faults]]` of a faults file",
}
"""Title of each section that belongs to no role, by the name of its model."""

DEFAULTS = """\
### `[defaults.PROCEDURE]`: other defaults on this bench

Any parameter of the procedure, by its name, in SI units: the operating point of this bench's device, what its
generator can make. `PROCEDURE` is an installed one such as `random-bitstream`, or the class's name of one of your own.
The command, plans and the window take them instead of the procedure's own, and `mtjlab procedures PROCEDURE
--bench FILE` lists them; parameters of a plan and `--set` go before them, and a recording keeps what held. In Python:
`RandomBitstream.for_bench(bench.file)`.
"""
BEGIN, END = "<!-- written by mtjlab.instruments.bench.reference -->\n", "<!-- end -->\n"
HEAD = "| key | unit | allowed | default | means |\n|---|---|---|---|---|\n"


def bench_reference() -> str:
    """Describe every key of a bench file, section by section, as Markdown."""
    definitions = BenchFile.model_json_schema()["$defs"]
    common = definitions["RoleSettings"]["properties"]
    parts = ["### `[roles]`\n\n| role | means |\n|---|---|\n"]
    parts[0] += "".join(
        f"| {role} | {_about(about)[0]} |\n" for role, about in definitions["Roles"]["properties"].items()
    )
    for name, title in {**_role_sections(), **SECTIONS}.items():
        section = definitions.get(name)
        if section is None:
            continue
        shared = (
            common if name.endswith("Settings") and name != "RoleSettings" and "driver" in section["properties"] else {}
        )
        rows = [
            _row(key, about, key in section.get("required", []))
            for key, about in section["properties"].items()
            if key not in shared
        ]
        parts.append(f"### {title}\n\n{HEAD}{''.join(rows)}")
        if name == "DeviceUnderTest":
            parts.append(DEFAULTS)
    return "\n".join(parts)


def _role_sections() -> dict[str, str]:
    """Give the title of each section of roles, by the name of its model."""
    titles: dict[str, list[str]] = {}
    for role in ROLES.values():
        titles.setdefault(role.settings.__name__, []).append(f"`[roles.{role.name}]`")
    titles.pop("RoleSettings", None)
    return {
        "RoleSettings": "`[roles.ROLE]`: all of them",
        **{name: f"{', '.join(roles)}, besides" for name, roles in titles.items()},
    }


def _row(key: str, about: dict[str, Any], required: bool) -> str:
    means, unit = _about(about)
    default = "required" if required else _default(about.get("default"))
    return f"| {key} | {unit} | {_allowed(about)} | {default} | {means} |\n"


def _about(about: dict[str, Any]) -> tuple[str, str]:
    """Give description and unit, which stands in brackets in it."""
    text = " ".join(str(about.get("description", "")).split()).replace("``", "`").replace("|", "\\|")
    found = re.search(r" \[([^\]]+)\]", text)
    return (text.replace(found[0], "", 1), found[1]) if found else (text, "")


def _default(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, float):
        return f"{default:g}"
    return _word(default) if default not in (None, "", []) else "none"


def _word(value: Any) -> str:
    """Write a value; one of control characters as TOML has it."""
    return f"`{json.dumps(value)}`" if isinstance(value, str) and (value.isspace() or not value) else str(value)


def _allowed(about: dict[str, Any]) -> str:
    found = [_allowed_one(option) for option in (about, *about.get("anyOf", []))]
    return "; ".join(dict.fromkeys(filter(None, found)))


def _allowed_one(option: dict[str, Any]) -> str:
    if "enum" in option:
        words = [_word(word) for word in option["enum"]]
        return ", ".join(word if word.startswith("`") else f"`{word}`" for word in words)
    above, least = option.get("exclusiveMinimum"), option.get("minimum")
    most = option.get("maximum")
    if above is not None:
        return f"above {above:g}" + (f", to {most:g}" if most is not None else "")
    if least is not None:
        return f"{least:g} to {most:g}" if most is not None else f"{least:g} or more"
    return {"boolean": "`true`, `false`", "string": "text", "object": "table", "array": "list"}.get(
        option.get("type", ""), ""
    )


def main(page: Path) -> None:
    """Put the tables into a page, between their marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + BEGIN + "\n" + bench_reference() + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
