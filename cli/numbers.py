"""Numbers on the command line, with their ranges."""

import argparse
import math
from collections.abc import Callable

from mtjlab.core import InputError, exact_number

__all__ = ["integer", "real"]


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
