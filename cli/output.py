"""Where a command's words go: a table for people, JSON for programs, progress on a terminal only."""

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mtjlab.cli.streams import discard
from mtjlab.cli.text_table import text_table
from mtjlab.core import InputError

__all__ = ["Output"]

Callback = Callable[[float, float], None]


def _refuse_unwritable(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"--json {path} is a folder: give the path of a file, or - for standard output")
    if not path.resolve().parent.is_dir():
        raise InputError(f"--json {path}: the folder does not exist; create it or give another path")
    if not os.access(path if path.exists() else path.resolve().parent, os.W_OK):
        raise InputError(f"--json {path} cannot be written: give another path")


class Output:
    """The output of one command.

    Parameters
    ----------
    json_path
        File for the JSON, ``-`` for standard output (tables then go to standard error), or None.
    to_stderr
        Whether tables go to standard error in any case, as standard output takes something else.

    Raises
    ------
    ValueError
        If the JSON file cannot be written: better now than after the work.
    """

    def __init__(self, json_path: str | None, *, to_stderr: bool = False) -> None:
        self._json_path = json_path
        if json_path not in (None, "-"):
            _refuse_unwritable(Path(str(json_path)))
        self._stream = sys.stderr if to_stderr or json_path == "-" else sys.stdout

    def say(self, text: str) -> None:
        """Print text; a reader that has gone, or a full disk behind the stream, does not stop the work."""
        try:
            print(text, file=self._stream)
        except OSError:
            discard(self._stream)

    def table(self, title: str, rows: Mapping[str, str]) -> None:
        """Print names and values."""
        self.say(text_table(title, None, [[name, value] for name, value in rows.items()], self._stream))

    def grid(self, title: str, heads: list[str], rows: list[list[str]], red: Collection[int] = ()) -> None:
        """Print a table with heads; the rows with the numbers in `red`, from 0, stand out."""
        self.say(text_table(title, heads, rows, self._stream, red))

    def json(self, result: Mapping[str, Any], *, one_line: bool = False) -> None:
        """Write the result as JSON, where it was asked for; on one line for a program that waits for it."""
        if self._json_path is None:
            return
        import json

        text = json.dumps(result, indent=None if one_line else 1, default=str, allow_nan=False)
        if self._json_path == "-":
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        else:
            Path(self._json_path).write_text(text + "\n", encoding="utf-8")

    @contextmanager
    def progress(self) -> Iterator[Callable[[str], Callback]]:
        """Show bars with the time left, on a terminal; nothing on a pipe. See `show_progress`."""
        from mtjlab.core import show_progress

        with show_progress() as stage:
            yield stage
