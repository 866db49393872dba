"""Whether an answer is text at all."""

from mtjlab.instruments.instrument_error import OutOfStepError

__all__ = ["printable"]

BLANK = str.maketrans("\t\r", "  ")
"""Control characters that may stand in an answer."""


def printable(answer: str) -> str:
    """Give back an answer that is text.

    Raises
    ------
    OutOfStepError
        If it holds anything but printable ASCII.
    """
    if not (answer.isascii() and (answer.isprintable() or answer.translate(BLANK).isprintable())):
        raise OutOfStepError(f"{answer[:40]!r} is no text")
    return answer
