"""The bits that a command works on: read from any format, conditioned where asked."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.cli.numbers import integer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.cli.output import Output
    from mtjlab.core import Bits

__all__ = [
    "NONE",
    "USUAL",
    "BitSource",
    "add_bit_arguments",
    "add_file_arguments",
    "extractor_choices",
    "is_large",
    "load_bits",
    "load_first_bits",
    "usual_extractor",
]

NONE, USUAL = "none", "von-neumann"
"""Words for no extractor, and for the one that raw bits of recordings go through before images are made of them."""


LARGE = 12_500_000
"""Size of a file [bytes] above which a command takes its bits part by part, where it can."""


class BitSource(NamedTuple):
    """Bits with their origin."""

    bits: "Bits"
    """After extraction."""
    symbols: "NDArray[np.uint8] | None"
    """Symbols as they stand in a file of symbols, where nothing was extracted from it."""
    bits_per_symbol: int
    format: str
    extractor: str
    """Word for it; ``none`` where there was none."""


def add_bit_arguments(parser: argparse.ArgumentParser, *, extract: str, optional: bool = False) -> None:
    """Add file, which may be left out if `optional`, format and extractor; `extract` says in words its default."""
    add_file_arguments(parser, optional=optional)
    parser.add_argument("--extract", choices=extractor_choices(), help=f"extractor to apply first (default: {extract})")


def extractor_choices() -> list[str]:
    """Return the words for an extractor, and for none; of a family, all members are in it."""
    names = EXTRACTORS.names()
    if NONE not in names:
        names.insert(0, NONE)
    return names


def usual_extractor(path: Path, format: str) -> str:  # noqa: A002 - as a user calls it
    """Return the word for what bits go through where nothing is chosen: raw bits of a recording, and only these.

    Parameters
    ----------
    path
        The file.
    format
        Its format.
    """
    if format != "recording":
        return NONE
    from mtjlab.analysis.extraction import is_conditioned
    from mtjlab.data import Recording

    return NONE if is_conditioned(Recording(path)) else USUAL


def add_file_arguments(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Add the file and how its bits lie in it."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, nargs="?" if optional else None, help="recording or file of bits"
    )
    parser.add_argument(
        "--format",
        choices=("recording", "packed", "symbols", "ascii"),
        help="recording (HDF5), packed (8 bits a byte, first bit most significant), symbols (one symbol a byte), "
        "ascii (the characters 0 and 1); guessed from the content where that is safe",
    )
    parser.add_argument(
        "--bits-per-symbol", type=integer(1, 8), help="bits of each symbol, most significant first (with symbols)"
    )


def is_large(path: Path) -> bool:
    """Say whether a file has so many bits that a command should not hold them all, if it can do without.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bool
        Whether it is above 12.5 MB, packed bits of 100 million.
    """
    return path.is_file() and path.stat().st_size > LARGE


def load_first_bits(arguments: argparse.Namespace, output: "Output", most: int | None) -> BitSource:
    """Read the first bits of a large file, all of a smaller one, for what looks at no more.

    Parameters
    ----------
    arguments
        Parsed arguments of `add_bit_arguments`.
    output
        Where to say what was read.
    most
        Bits that are needed, at most; None where all are.

    Returns
    -------
    BitSource
        The bits, without extraction unless the user asks for one.
    """
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.core import Bits

    if most is None or arguments.extract not in (None, NONE) or not is_large(arguments.file):
        return load_bits(arguments, output, condition_recordings=False)
    file = SequenceFile.open(arguments.file, arguments.format, arguments.bits_per_symbol)
    if file.format == "symbols":
        return load_bits(arguments, output, condition_recordings=False)
    parts, count = [], 0
    for part in file.parts():
        parts.append(part)
        count += len(part)
        if count >= most:
            break
    bits = Bits.joined(parts)[:most]
    output.say(f"{arguments.file}, format {file.format}: {file.bits:,} bits, the first {len(bits):,} are looked at.")
    return BitSource(bits, None, 1, str(file.format), NONE)


def load_bits(arguments: argparse.Namespace, output: "Output", *, condition_recordings: bool) -> BitSource:
    """Read the bits, say what was read, and condition them.

    Parameters
    ----------
    arguments
        Parsed arguments of `add_bit_arguments`.
    output
        Where to say it.
    condition_recordings
        Whether the raw bits of a recording go through von Neumann's extractor unless the user says otherwise.
    """
    from mtjlab.data import read_bits

    read = read_bits(arguments.file, arguments.format, arguments.bits_per_symbol)
    output.say(f"{arguments.file}, format {read.format}: {read.remark}.")
    default = usual_extractor(arguments.file, read.format) if condition_recordings else NONE
    chosen = arguments.extract or default
    if chosen == NONE:
        return BitSource(read.packed, read.symbols, read.bits_per_symbol, read.format, chosen)
    extractor = EXTRACTORS.load(chosen)
    bits = extractor.condition(read.packed)
    output.say(f"{extractor.name} keeps {len(bits):,} of them.")
    return BitSource(bits, None, 1, read.format, chosen)
