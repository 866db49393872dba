"""The bits that a command works on: read from any format, conditioned where asked."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mtjlab.cli.numbers import integer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.cli.output import Output

__all__ = ["EXTRACTORS", "BitSource", "add_bit_arguments", "add_file_arguments", "load_bits"]

EXTRACTORS = ("none", "von-neumann")


class BitSource(NamedTuple):
    """Bits with their origin."""

    bits: "NDArray[np.uint8]"
    """0 or 1, shape (N,), after extraction."""
    symbols: "NDArray[np.uint8] | None"
    """Symbols as they stand in a file of symbols, where nothing was extracted from it."""
    bits_per_symbol: int
    format: str
    extractor: str


def add_bit_arguments(parser: argparse.ArgumentParser, *, extract: str) -> None:
    """Add file, format and extractor; `extract` says in words what is the default."""
    add_file_arguments(parser)
    parser.add_argument("--extract", choices=EXTRACTORS, help=f"extractor to apply first (default: {extract})")


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file and how its bits lie in it."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording or file of bits")
    parser.add_argument(
        "--format",
        choices=("recording", "packed", "symbols", "ascii"),
        help="recording (HDF5), packed (8 bits a byte, first bit most significant), symbols (one symbol a byte), "
        "ascii (the characters 0 and 1); guessed from the content where that is safe",
    )
    parser.add_argument(
        "--bits-per-symbol", type=integer(1, 8), help="bits of each symbol, most significant first (with symbols)"
    )


def load_bits(arguments: argparse.Namespace, output: "Output", *, condition_recordings: bool) -> BitSource:
    """Read the bits, say what was read, and condition them.

    Parameters
    ----------
    arguments
        Parsed arguments of `add_bit_arguments`.
    output
        Where to say it.
    condition_recordings
        Whether the raw bits of a recording go through von Neumann's extractor unless told otherwise.
    """
    from mtjlab.data.bit_files.bit_file import read_bits

    read = read_bits(arguments.file, arguments.format, arguments.bits_per_symbol)
    output.say(f"{arguments.file}, format {read.format}: {read.remark}.")
    default = "von-neumann" if condition_recordings and read.format == "recording" else "none"
    extractor = arguments.extract or default
    if extractor == "none":
        return BitSource(read.bits, read.symbols, read.bits_per_symbol, read.format, extractor)
    from mtjlab.analysis.extraction.von_neumann import von_neumann

    bits = von_neumann(read.bits)
    output.say(f"von Neumann's extractor keeps {len(bits):,} of them.")
    return BitSource(bits, None, 1, read.format, extractor)
