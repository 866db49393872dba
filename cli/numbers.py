"""Numbers on the command line, with their ranges."""

import argparse
import math
from collections.abc import Callable

from mtjlab.core import InputError, exact_number

__all__ = ["integer", "number_list", "real"]

_MOST = 100_000


def integer(low: int, high: int) -> Callable[[str], int]:
    """Make a type for an argument that is an integer between `low` and `high`."""

    def parse(word: str) -> int:
        try:
            value = exact_number(word)
        except InputError as error:
            raise argparse.ArgumentTypeError(f"{error}; allowed: {low} to {high}") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{word} is out of range; allowed: {low} to {high}")
        if value != int(value):
            raise argparse.ArgumentTypeError(f"{word!r} is not an integer; allowed: {low} to {high}")
        return int(value)

    return parse


def real(low: float, high: float) -> Callable[[str], float]:
    """Make a type for an argument that is a number between `low` and `high`."""

    def parse(word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{word!r} is out of range; allowed: {low:g} to {high:g}")
        return value

    return parse


def number_list(word: str) -> list[float]:
    """Read `1e-9,2e-9` or `START:STOP:STEP`, whose stop is in the list where a step reaches it.

    Parameters
    ----------
    word
        The argument.

    Returns
    -------
    list of float
        The numbers, as they stand there.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is neither, a number is not finite, or the step does not lead from start to stop.

    Examples
    --------
    >>> number_list("0.2e-9:0.6e-9:0.2e-9")
    [2e-10, 4e-10, 6e-10]
    """
    parts = word.split(":")
    try:
        values = [float(part) for part in (parts if len(parts) > 1 else word.split(","))]
    except ValueError:
        values = [math.nan]
    if len(parts) not in (1, 3) or not all(map(math.isfinite, values)):
        raise argparse.ArgumentTypeError(f"{word!r} is no list: give numbers with commas, or START:STOP:STEP")
    if len(parts) == 1:
        return values
    start, stop, step = values
    count = (stop - start) / step if step else -1.0
    if not 0 <= count < _MOST:
        raise argparse.ArgumentTypeError(
            f"{word!r}: a step of {step:g} does not lead from {start:g} to {stop:g} in less than {_MOST:,} steps"
        )
    # Twelve digits, so that 0.2e-9 + 2·0.2e-9 reads 6e-10.
    return [float(f"{start + index * step:.12g}") for index in range(int(count + 1e-9) + 1)]
