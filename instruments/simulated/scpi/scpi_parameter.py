"""The parameters of a command: numbers with units, words, switches, strings, channel lists and blocks."""

import math
import re
from collections.abc import Mapping

from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["parse_block", "parse_channels", "parse_number", "parse_switch", "parse_text", "parse_word"]

MULTIPLIERS = {
    "EX": 1e18, "PE": 1e15, "T": 1e12, "G": 1e9, "MA": 1e6, "K": 1e3,
    "M": 1e-3, "U": 1e-6, "N": 1e-9, "P": 1e-12, "F": 1e-15, "A": 1e-18,
}  # fmt: skip
"""IEEE 488.2-1992, table 7-2."""
RADICES = {"H": 16, "Q": 8, "B": 2}
NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:\s*[eE]\s*[+-]?\d+)?)\s*([A-Za-z%/]*)")
PLAIN_ENDS = frozenset("0123456789.")
LARGEST_EXPONENT = 32000
"""IEEE 488.2-1992, section 7.7.2.4.1."""


def parse_number(word: str, unit: str = "", named: Mapping[str, float] | None = None) -> float:
    """Read a number.

    Parameters
    ----------
    word
        Such as ``-1.5E-3``, ``10 NS``, ``#H1F``, ``MAXimum`` or ``INF``.
    unit
        Unit that may follow, with or without a multiplier; none may where it is empty.
    named
        Values of the words that stand for one, in capitals.

    Raises
    ------
    ScpiError
        -104 for something else, -123 for an exponent out of bounds, -131 for a wrong unit, -138 for a unit where
        none may be.

    Notes
    -----
    M means milli but for hertz and ohms, where it means mega (IEEE 488.2-1992, section 7.7.3).
    """
    # The plain number is what comes a million times; Python takes more for one than SCPI does: nan, 1_000.
    if word[-1:] in PLAIN_ENDS and "_" not in word:
        try:
            value = float(word)
        except ValueError:
            value = math.inf
        if math.isfinite(value):
            return value
    return _parse_rare(word, unit, named or {})


def _parse_rare(word: str, unit: str, named: Mapping[str, float]) -> float:
    upper = word.upper()
    if upper in named:
        return named[upper]
    if upper in ("INF", "INFINITY", "NINF", "NINFINITY"):
        return -9.9e37 if upper.startswith("N") else 9.9e37
    if word.startswith("#") and len(word) > 2 and word[1].upper() in RADICES:
        try:
            return float(int(word[2:66], RADICES[word[1].upper()]))
        except ValueError:
            raise ScpiError(-120) from None
    match = NUMBER.fullmatch(word)
    if match is None:
        raise ScpiError(-104)
    digits, suffix = re.sub(r"\s", "", match[1]), match[2].upper()
    exponent = digits.upper().partition("E")[2]
    if exponent and (len(exponent) > 6 or abs(int(exponent)) > LARGEST_EXPONENT):
        raise ScpiError(-123)
    return float(digits) * (_multiplier(suffix, unit.upper()) if suffix else 1.0)


def _multiplier(suffix: str, unit: str) -> float:
    if not unit:
        raise ScpiError(-138)
    prefix = suffix.removesuffix(unit)
    if prefix == suffix:
        raise ScpiError(-131)
    if prefix == "M" and unit in ("HZ", "OHM"):
        return 1e6
    if prefix and prefix not in MULTIPLIERS:
        raise ScpiError(-131)
    return MULTIPLIERS.get(prefix, 1.0)


def parse_switch(word: str) -> bool:
    """Read ``ON``, ``OFF`` or a number, which is on unless it rounds to zero."""
    upper = word.upper()
    if upper in ("ON", "OFF"):
        return upper == "ON"
    value = parse_number(word)
    if not math.isfinite(value):
        raise ScpiError(-222)
    return round(value) != 0


def parse_word(word: str, known: Mapping[str, str]) -> str:
    """Read one of some words, in quotes or without.

    Raises
    ------
    ScpiError
        -224 where it is none of them, -128 where it is a number and no word begins with a digit.
    """
    text = word[1:-1] if word[:1] in "\"'" and word[-1:] == word[:1] and len(word) > 1 else word
    try:
        return known[text.upper()]
    except KeyError:
        raise ScpiError(-224) from None


def parse_text(word: str) -> str:
    """Read a string in single or double quotes, in which the quote itself stands doubled.

    Raises
    ------
    ScpiError
        -151 where it is none.
    """
    quote = word[:1]
    if quote not in ('"', "'") or len(word) < 2 or word[-1] != quote:
        raise ScpiError(-151)
    return word[1:-1].replace(quote * 2, quote)


def parse_channels(words: list[str]) -> list[int]:
    """Read a channel list such as ``(@101,103:105)``.

    Raises
    ------
    ScpiError
        -109 where there is none, -171 where it is malformed.
    """
    if not words:
        raise ScpiError(-109)
    text = ",".join(words)
    match = re.fullmatch(r"\(\s*@\s*([\d,:\s]*)\)", text)
    if match is None:
        raise ScpiError(-171)
    channels: list[int] = []
    for part in filter(None, (item.strip() for item in match[1].split(","))):
        first, _, last = (item.strip() for item in part.partition(":"))
        if not (first.isdigit() and len(first) <= 4 and ((last.isdigit() and len(last) <= 4) or ":" not in part)):
            raise ScpiError(-171)
        channels += range(int(first), int(last or first) + 1)
    return channels


def parse_block(word: str) -> bytes:
    """Read the bytes of a block, ``#<digits><length><bytes>`` or ``#0<bytes>`` up to the end of the message.

    Raises
    ------
    ScpiError
        -161 where it is none, or shorter or longer than it says.
    """
    if not word.startswith("#") or not word[1:2].isdigit():
        raise ScpiError(-161)
    digits = int(word[1])
    if digits == 0:
        return word[2:].encode("latin-1")
    length, body = word[2 : 2 + digits], word[2 + digits :]
    if not length.isdigit() or len(length) != digits or int(length) != len(body):
        raise ScpiError(-161)
    return body.encode("latin-1")
