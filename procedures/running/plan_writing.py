"""A plan as text: what the form holds, so that the command runs it, too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mtjlab.procedures.running.sweep import Range

__all__ = ["plan_text"]


def plan_text(
    procedure: str,
    parameters: Mapping[str, Any],
    sweeps: Sequence[Mapping[str, Sequence[Any] | Range]] = (),
    *,
    names: str = "",
    repeats: int = 1,
    sample: Mapping[str, str] | None = None,
    stop: Mapping[str, float] | None = None,
    **head: str | int | None,
) -> str:
    """Write a plan of one procedure.

    Parameters
    ----------
    procedure
        Its name, or ``FILE.py:Class``.
    parameters
        Values of its parameters, by name.
    sweeps
        Parameters that go through values: those of one together, those of several each with each.
    names
        Names of the recordings, such as ``{procedure}-{amplitude:.3f}V``; those of `Plan` unless given.
    repeats
        How often all of it is gone through.
    sample
        What is on the table.
    stop
        Conditions that end one run.
    **head
        Keys of the plan itself, such as ``bench``, ``folder`` and ``seed``; those without a value are left out.

    Returns
    -------
    str
        TOML that `Plan.parse` takes.

    Examples
    --------
    >>> print(plan_text("random-bitstream", {"bits": 1000}, [{"amplitude": [1.2, 1.25]}], bench="simulated"))
    bench = "simulated"
    <BLANKLINE>
    [[runs]]
    procedure = "random-bitstream"
    <BLANKLINE>
    [runs.parameters]
    bits = 1000
    <BLANKLINE>
    [[runs.sweep]]
    amplitude = [1.2, 1.25]
    <BLANKLINE>
    """
    lines = _pairs({name: value for name, value in head.items() if value not in (None, "")})
    if told := {name: text for name, text in (sample or {}).items() if text}:
        lines += ["", "[sample]", *_pairs(told)]
    run: dict[str, Any] = {"procedure": procedure} | ({"name": names} if names else {})
    lines += ["", "[[runs]]", *_pairs(run | ({"repeats": repeats} if repeats != 1 else {}))]
    if parameters:
        lines += ["", "[runs.parameters]", *_pairs(parameters)]
    if stop:
        lines += ["", "[runs.stop]", *_pairs(stop)]
    for sweep in sweeps:
        lines += ["", "[[runs.sweep]]", *_pairs(sweep)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_toml(value)}" for name, value in values.items()]


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Range):
        told = value.model_dump(by_alias=True, exclude_defaults=True)
        return f"{{ {', '.join(_pairs(told))} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
