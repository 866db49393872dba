"""The calibration file: the attenuators and cables of a bench, in a file of their own."""

import json
import tomllib
from pathlib import Path

import pydantic

from mtjlab.core import TomlDocument
from mtjlab.instruments.settings.section import Section
from mtjlab.instruments.settings.wiring import PathElement

__all__ = ["CalibrationFile", "with_calibration"]


class CalibrationFile(Section):
    """A calibration file, validated."""

    elements: tuple[PathElement, ...] = pydantic.Field(default=..., min_length=1)
    """Pieces of the line, in any order."""


def with_calibration(document: TomlDocument, folder: Path) -> TomlDocument:
    """Put the elements of the calibration file that a bench file names into its text.

    A recording holds the text of the bench file; so it holds the losses that were reckoned with, too.

    Parameters
    ----------
    document
        Bench file.
    folder
        Where it is: the calibration file's path is seen from there.

    Returns
    -------
    TomlDocument
        The bench file itself where it names none. Else its text, with the line that names the file made a comment and
        one table ``[[wiring.elements]]`` for each element at the end.

    Raises
    ------
    ValueError
        If the calibration file is missing or wrong; the message names file, line and key.
    """
    name = _named_by(document)
    if not name:
        return document
    lines = document.text.splitlines()
    named = document.line_of(("wiring", "calibration")) - 1
    remedy = "[wiring] calibration names it, seen from the bench file; give the path of a TOML file with [[elements]]"
    calibration = TomlDocument.read(folder / name, remedy)
    lines[named] = f"# {lines[named]}"
    elements = calibration.validate(CalibrationFile).elements
    for element in elements:
        lines += ["", "[[wiring.elements]]", *(f"{key} = {_toml(value)}" for key, value in element)]
    merged = TomlDocument(document.source, "\n".join(lines) + "\n")
    if not _says_the_same(merged, document, elements):
        raise document.error(("wiring", "calibration"), "write it on a line of its own, in a section [wiring]")
    return merged


def _named_by(document: TomlDocument) -> str:
    """Give the calibration file that a bench file names; what is wrong with the bench file is said elsewhere."""
    try:
        wiring = tomllib.loads(document.text).get("wiring", {})
    except (ValueError, RecursionError):
        return ""
    name = wiring.get("calibration", "") if isinstance(wiring, dict) else ""
    return name if isinstance(name, str) else ""


def _says_the_same(merged: TomlDocument, document: TomlDocument, elements: tuple[PathElement, ...]) -> bool:
    """Tell whether the merged text differs by the calibration file alone: its line may have held more, or a part."""
    expected = tomllib.loads(document.text)
    del expected["wiring"]["calibration"]
    expected["wiring"].setdefault("elements", []).extend(dict(element) for element in elements)
    try:
        return tomllib.loads(merged.text) == expected
    except tomllib.TOMLDecodeError:
        return False


def _toml(value: float | str) -> str:
    """Write a number or a string as TOML; its basic strings are JSON's."""
    return json.dumps(value, ensure_ascii=False)
