"""The JSON of a suite, written sequence by sequence: it can be far larger than memory should be."""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mtjlab.analysis.randomness import SequenceResult

__all__ = ["SuiteJson"]


class Stream(Protocol):
    """What takes text."""

    def write(self, text: str, /) -> object:
        """Take text."""


class SuiteJson:
    """A JSON object with a list of sequences, between what is said before them and after them.

    Parameters
    ----------
    stream
        Where the text goes.
    head
        What stands before the sequences.
    """

    def __init__(self, stream: Stream, head: dict[str, Any]) -> None:
        self._stream = stream
        self._separator = ""
        self._stream.write(json.dumps(head)[:-1] + ', "sequences": [')

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: str, head: dict[str, Any]) -> "Iterator[SuiteJson]":
        """Write to a file, which appears when it is whole, or to standard output (``-``)."""
        if path == "-":
            yield cls(sys.stdout, head)
            return
        partial = Path(f"{path}.partial")
        try:
            with partial.open("w", encoding="utf-8") as stream:
                yield cls(stream, head)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def add(self, result: "SequenceResult") -> None:
        """Write one sequence."""
        self._stream.write(self._separator + "\n" + json.dumps(result.as_dict(), allow_nan=False))
        self._separator = ","

    def close(self, **tail: Any) -> None:
        """Write what stands after the sequences, and the end."""
        self._stream.write("\n], " + json.dumps(tail, allow_nan=False)[1:] + "\n")
