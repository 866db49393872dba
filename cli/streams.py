"""Standard input, output and error that may be missing, closed or unable to hold a sign: none of it stops the work."""

import codecs
import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TextIO

__all__ = ["discard", "finish_streams", "prepare_streams"]

_SPELLED = {
    "Δ": "Delta",
    "Ω": "ohm",
    "µ": "u",
    "μ": "u",
    "α": "alpha",
    "ξ": "xi",
    "σ": "sigma",
    "χ": "chi",
    "√": "sqrt",
    "±": "+-",
    "−": "-",
    "–": "-",
    "×": "x",
    "·": "*",
    "²": "^2",
    "³": "^3",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "→": "->",
    "…": "...",
    "′": "'",
}
"""What stands for a sign that a stream cannot hold; any other becomes a question mark."""


def prepare_streams() -> None:
    """Give the process three streams that take every sign.

    A service, ``cron``, ``pythonw`` and ``>&-`` leave descriptors closed.  The next file opened would get such a
    number, and a message of a library would then be written into a recording.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one
    codecs.register_error("mtjlab.spelled", _spelled)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None or stream.closed:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
            setattr(sys, name, nowhere)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="mtjlab.spelled")


def finish_streams() -> None:
    """Write what is left in the streams; a reader that has gone does not change the exit code of the work."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            discard(stream)


def discard(stream: TextIO) -> None:
    """Let a stream that cannot be written lead nowhere, or the interpreter complains about it at its exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wanted = error.object[error.start : error.end]
    spelled = "".join(_SPELLED.get(sign, "?") for sign in wanted)
    return spelled, error.end
