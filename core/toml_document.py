"""A TOML text that a person wrote: validated by a model, with every complaint at its line."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pydantic

from mtjlab.core.errors import InputError
from mtjlab.core.files import refuse_irregular
from mtjlab.core.text_encoding import decoded

__all__ = ["TomlDocument"]

Model = TypeVar("Model", bound=pydantic.BaseModel)
Place = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_LINE_AND_COLUMN = re.compile(r"line (\d+), column (\d+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BACKSLASH = "a backslash in double quotes begins an escape: write a path in single quotes, or with /"
_SECTION = re.compile(r"must be a valid dictionary( or instance of \w+)?")
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|' + r"'[^']*'|#.*")


class TomlDocument:
    r"""A TOML text and where it came from.

    Parameters
    ----------
    source
        Its name in messages, a path or ``bench simulated``.
    text
        The text.

    Examples
    --------
    >>> TomlDocument("lab.toml", "[limits]\npulse_width = 1e-7").line_of(("limits", "pulse_width"))
    2
    """

    def __init__(self, source: str, text: str) -> None:
        self.source = source
        self.text = text

    @classmethod
    def read(cls, path: Path, remedy: str) -> TomlDocument:
        """Read a file.

        Parameters
        ----------
        path
            The file.
        remedy
            What to do where it cannot be read.

        Raises
        ------
        ValueError
            If there is no such file, or if it is no text.
        """
        refuse_irregular(path)
        try:
            return cls(str(path), decoded(path.read_bytes()))
        except (OSError, UnicodeDecodeError) as error:
            reason = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
            if isinstance(error, UnicodeDecodeError):
                reason += " (it is no UTF-8 text)"
            elif reason != "does not exist":
                reason += f" ({error.strerror})"
            raise InputError(f"{path} {reason}: {remedy}") from None

    def validate(self, model: type[Model], **extra: Any) -> Model:
        """Make a model of the text.

        Parameters
        ----------
        model
            The model.
        **extra
            Fields that do not come from the text, and so are no keys of it.

        Raises
        ------
        ValueError
            If the text is not TOML or the model refuses it; the message names source, line, key and what is allowed.
        """
        try:
            data = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._syntax(str(error)) from None
        except (ValueError, RecursionError):  # a number of thousands of digits, brackets within brackets
            raise InputError(
                f"{self.source}: not TOML that can be read: a number or a nesting in it is too long"
            ) from None
        self._refuse_escaped_paths(data, ())
        for name in extra:
            if name in data:
                raise self.error((name,), "unknown key; remove it")
        try:
            return model(**data, **extra)
        except pydantic.ValidationError as error:
            raise InputError("; ".join(self._explain(model, detail) for detail in error.errors())) from None

    def error(self, place: Sequence[str | int], message: str) -> ValueError:
        """Make the error that says what is wrong at a place.

        Parameters
        ----------
        place
            Keys and indices that lead there, from the top of the document.
        message
            What is wrong, and what to do about it.
        """
        where = _words(place)
        return InputError(f"{self.source}, line {self.line_of(place)}: {where}{': ' if where else ''}{message}")

    def line_of(self, place: Sequence[str | int]) -> int:
        """Find the line of a key, or of what holds the place it is missing from.

        Parameters
        ----------
        place
            Keys and positions in arrays, from the top, such as ``("runs", 0, "parameters", "bits")``.
        """
        best, line = 0, 1
        for number, found in _places(self.text):
            depth = len(found) if tuple(place[: len(found)]) == found else 0
            if depth > best:
                best, line = depth, number
        return line

    def _syntax(self, message: str) -> ValueError:
        """Say what is no TOML, with the line as all other complaints have it."""
        what, _, where = message.partition(" (at ")
        found = _LINE_AND_COLUMN.match(where)
        lines = self.text.splitlines()
        line, column = (int(found[1]), f" (column {found[2]})") if found else (len(lines) or 1, "")
        wrong = lines[line - 1] if 0 < line <= len(lines) else ""
        hint = f"; {_BACKSLASH}" if "\\" in wrong and '"' in wrong else ""
        return InputError(f"{self.source}, line {line}: not TOML: {what[:1].lower()}{what[1:]}{column}{hint}")

    def _refuse_escaped_paths(self, value: Any, place: Place) -> None:
        r"""Refuse ``"D:\temp"``, which TOML reads as D:, a tab and emp.

        A string of control characters alone is meant so (a terminator), and a note may have lines.
        """
        if isinstance(value, dict):
            for key, inner in value.items():
                self._refuse_escaped_paths(inner, (*place, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                self._refuse_escaped_paths(inner, (*place, index))
        elif isinstance(value, str) and place[-1:] != ("note",) and _CONTROL.search(value) and not value.isspace():
            raise self.error(place, f"{value!r:.60} holds a control character; {_BACKSLASH}")

    def _explain(self, model: type[pydantic.BaseModel], detail: Any) -> str:
        place = tuple(part for part in detail["loc"] if not _is_kind(part))
        message = detail["msg"].removeprefix("Value error, ").removesuffix(".")
        if detail["type"] == "extra_forbidden":
            section = _section(model, place[:-1])
            message = f"unknown key; allowed here: {', '.join(_keys(section)) if section else 'none'}"
        elif detail["type"] == "missing":
            message = "is missing"
        elif detail["type"] != "value_error":
            message = f"{_plain(message)} (found {detail['input']!r})"
        return str(self.error(place, message))


def _plain(message: str) -> str:
    """Say in our words what pydantic wants."""
    message, _, _ = message.replace("Input should be ", "must be ").partition(", unable to ")
    return _SECTION.sub("must be a section", message).replace("must be a valid ", "must be a ")


def _words(place: Sequence[str | int]) -> str:
    """Say a place: ``runs 1: parameters.bits``, counted from one as people do."""
    text = ""
    for part in place:
        text += f" {part + 1}" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _is_kind(part: str | int) -> bool:
    """Tell pydantic's name for a member of a union (``list[float]``, ``Range``) from a key."""
    return isinstance(part, str) and (part[:1].isupper() or "[" in part or part in ("float", "int", "str", "bool"))


def _keys(model: type[pydantic.BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]


def _section(model: type[pydantic.BaseModel], place: Sequence[str | int]) -> type[pydantic.BaseModel] | None:
    """Find the model that describes a section."""
    for name in place:
        if isinstance(name, int):
            continue
        fields = {field.alias or key: field for key, field in model.model_fields.items()}
        inner = list(_models(fields[name].annotation)) if name in fields else []
        if not inner:
            return None
        model = inner[0]
    return model


def _models(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)


def _places(text: str) -> Iterator[tuple[int, Place]]:
    """Go through the headers and keys of a TOML text: number of the line, place."""
    table: Place = ()
    counts: dict[Place, int] = {}
    depth = 0  # brackets of a value that continues over lines
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line) if not depth else None
        key = _KEY.match(line) if not depth and not header else None
        if header:
            table = _resolve(_PART.findall(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield number, table
            continue
        if key:
            yield number, table + tuple(part.strip("\"'") for part in _PART.findall(key[1]))
        bare = _STRING_OR_COMMENT.sub("", line)
        depth = max(0, depth + sum(map(bare.count, "[{")) - sum(map(bare.count, "]}")))


def _resolve(parts: Sequence[str], counts: dict[Place, int]) -> Place:
    """Give the place of a table: a name that is an array of tables means its last."""
    place: Place = ()
    for index, part in enumerate(parts):
        place = (*place, part.strip("\"'"))
        if place in counts and index < len(parts) - 1:
            place = (*place, counts[place])
    return place
