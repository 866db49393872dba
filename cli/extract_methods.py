"""The methods of `mtjlab extract`: extractors that are installed, and those that take values of their own."""

import argparse
import math
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.analysis.extraction import EXTRACTORS, Extractor, conditioned, stretch
from mtjlab.cli.bit_source import NONE, USUAL
from mtjlab.cli.numbers import integer, real
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.core import Bits

__all__ = ["Method", "add_method_arguments", "chosen_method"]

TOEPLITZ, SHA_256, XOR_DISTANCE, XOR_STREAMS = "toeplitz", "sha-256", "xor-distance", "xor-streams"
LOOKED_AT = 2**24
"""Bits whose bias and correlation decide the distance of an exclusive-or, at most."""
SURE = 4.0
"""Standard errors that are added to what was measured."""
OPTIONS = {
    "min_entropy": (TOEPLITZ, SHA_256),
    "epsilon": (TOEPLITZ,),
    "seed": (TOEPLITZ,),
    "block": (TOEPLITZ, SHA_256),
    "distance": (XOR_DISTANCE,),
    "others": (XOR_STREAMS,),
}
"""Methods that take an option, by its name among the arguments."""


@dataclass(frozen=True)
class Method:
    """A method with its values."""

    word: str
    """Its name, with its number where it has one: ``xor-5``."""
    extractor: Extractor | None
    """None for the exclusive-or of several files."""
    others: tuple["SequenceFile", ...] = ()
    """The other files."""
    values: dict[str, Any] = field(default_factory=dict)
    """Those of the lineage: claim, min-entropy in and out, block, seed."""
    epsilon: float | None = None
    """Distance from uniform of a block."""
    output_block: int = 1
    """Bits that come of a block."""
    words: tuple[str, ...] = ()
    """What else is to be said of it."""

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        return "exclusive-or of the files" if self.extractor is None else self.extractor.name

    def conditioned(self, parts: "Iterable[Bits]", first: int, count: int) -> "Iterator[Bits]":
        """Give conditioned bits.

        Parameters
        ----------
        parts
            Raw bits of the first file.
        first, count
            Which raw bits to take, of each file.
        """
        if self.extractor is not None:
            return conditioned(stretch(parts, first, count), self.extractor)
        streams = [parts, *(other.parts() for other in self.others)]
        return _joined([stretch(stream, first, count) for stream in streams])

    def lineage(self, bits: int) -> dict[str, Any]:
        """Return what a recording of so many conditioned bits says of the method.

        Parameters
        ----------
        bits
            How many came out.
        """
        summed = {} if self.epsilon is None else {"epsilon": min(1.0, self.epsilon * (bits // self.output_block))}
        return {"method": self.word, **self.values, **summed}


def add_method_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the method and its values."""
    names = EXTRACTORS.names()
    if NONE in names:
        names.remove(NONE)
    names.extend((TOEPLITZ, SHA_256, XOR_DISTANCE, XOR_STREAMS))
    parser.add_argument(
        "--method", "--extractor", dest="extract", choices=names, default=USUAL, help=f"extractor (default: {USUAL})"
    )
    parser.add_argument(
        "--min-entropy",
        metavar="BITS",
        type=real(1e-6, 1.0),
        help="toeplitz, sha-256: min-entropy of a raw bit, given all before it; an estimate is not a proven bound",
    )
    parser.add_argument(
        "--epsilon",
        type=real(1e-300, 0.5),
        help="toeplitz: statistical distance from uniform of a block (default: 2^-64)",
    )
    parser.add_argument(
        "--seed", metavar="FILE", type=Path, help="toeplitz: packed bits of the seed (default: from the system)"
    )
    parser.add_argument(
        "--block",
        type=integer(8, 2**24),
        help="raw bits taken together (default: 4096 of toeplitz; of sha-256 as many as have 320 bits of entropy)",
    )
    parser.add_argument(
        "--distance",
        type=integer(1, 2**24),
        help="xor-distance: distance of the bits of a pair (default: by their bias and correlation)",
    )
    parser.add_argument(
        "--with",
        dest="others",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="xor-streams: bits of another, independent source; may be repeated",
    )


def chosen_method(arguments: argparse.Namespace, source: "SequenceFile") -> Method:
    """Return the method that the arguments name.

    Parameters
    ----------
    arguments
        Parsed arguments of `add_method_arguments`.
    source
        The raw bits.

    Raises
    ------
    InputError
        If a value does not belong to the method, is missing or out of range.
    """
    word = str(arguments.extract)
    for name, methods in OPTIONS.items():
        if getattr(arguments, name) and word not in methods:
            option = "--with" if name == "others" else f"--{name.replace('_', '-')}"
            raise InputError(f"{option} is a value of {' and '.join(methods)}, not of {word}: leave it out")
    if word in (TOEPLITZ, SHA_256) and arguments.min_entropy is None:
        raise InputError(
            f"{word} needs --min-entropy, that of a raw bit: what is known of the source, or an estimate from below"
        )
    if word == TOEPLITZ:
        return _toeplitz(arguments)
    if word == SHA_256:
        return _sha_256(arguments)
    if word == XOR_STREAMS:
        return _xor_streams(arguments)
    words: tuple[str, ...] = ()
    if word == XOR_DISTANCE:
        distance, words = _distance(arguments, source)
        word = f"xor-{distance}"
    extractor = EXTRACTORS.load(word)
    fair = 1.0 if word in ("von-neumann", "peres") else None
    values = {"claim": extractor.claim, "min_entropy_out": fair, "block": extractor.block or None}
    return Method(word, extractor, values=values, words=words)


def _toeplitz(arguments: argparse.Namespace) -> Method:
    from mtjlab.analysis.extraction import Toeplitz
    from mtjlab.core import Bits

    given = {"epsilon": arguments.epsilon, "block": arguments.block}
    options = {name: value for name, value in given.items() if value is not None}
    length = Toeplitz.output_length(arguments.min_entropy, **options)
    needed = (arguments.block or Toeplitz.BLOCK) + length - 1
    if arguments.seed is None:
        content, origin = secrets.token_bytes((needed + 7) // 8), "random bits of the operating system"
    else:
        content, origin = _seed(arguments.seed), f"file {arguments.seed.name}"
    hashing = Toeplitz(Bits.packed(content), arguments.min_entropy, **options)
    extractor = hashing.extractor()
    values = {
        "claim": extractor.claim,
        "min_entropy_in": arguments.min_entropy,
        "min_entropy_out": 1.0,
        "block": hashing.block,
        "seed": hashing.seed.packed_bytes.tobytes().hex(),
        "seed_source": origin,
    }
    return Method(TOEPLITZ, extractor, values=values, epsilon=hashing.epsilon, output_block=hashing.length)


def _seed(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"--seed {path}: cannot be read ({error.strerror}): name a file of random bytes") from None


def _sha_256(arguments: argparse.Namespace) -> Method:
    from mtjlab.analysis.extraction import Sha256Conditioning

    hashing = Sha256Conditioning(arguments.min_entropy, arguments.block)
    extractor = hashing.extractor()
    values = {
        "claim": extractor.claim,
        "min_entropy_in": arguments.min_entropy,
        "min_entropy_out": hashing.entropy / 256,
        "block": hashing.block,
    }
    return Method(SHA_256, extractor, values=values)


def _xor_streams(arguments: argparse.Namespace) -> Method:
    from mtjlab.analysis.randomness import SequenceFile

    if not arguments.others:
        raise InputError("xor-streams joins the bits of several files: name the others, each as --with FILE")
    paths = [path.resolve() for path in (arguments.file, *arguments.others)]
    if len(set(paths)) < len(paths):
        raise InputError("xor-streams: a file comes twice, and its bits would cancel each other: name different files")
    others = tuple(SequenceFile.open(path, arguments.format, arguments.bits_per_symbol) for path in arguments.others)
    claim = "2P - 1 is the product of those of the files, if their sources are independent"
    return Method(XOR_STREAMS, None, others, {"claim": claim})


def _distance(arguments: argparse.Namespace, source: "SequenceFile") -> tuple[int, tuple[str, ...]]:
    """Return the distance that is asked for, or that bias and correlation ask for, and what is to be said of it."""
    from mtjlab.analysis.extraction import bias_and_correlation, excess_after_xor, pieces, xor_distance

    bits = next(pieces(source.parts(), LOOKED_AT))
    found, error = bias_and_correlation(bits), 1 / math.sqrt(len(bits))
    excess, neighbours = (min(abs(value) + SURE * error, 0.999) for value in found)
    distance = arguments.distance or xor_distance(excess, neighbours)
    left = excess_after_xor(excess, neighbours**distance)
    return distance, (
        f"|2P - 1| is {excess:.2g} and the correlation of neighbours {neighbours:.2g} at most in the first "
        f"{len(bits):,} bits; at distance {distance:,}, |2P - 1| is {left:.2g} at most if they are a chain.",
    )


def _joined(streams: "list[Iterable[Bits]]") -> "Iterator[Bits]":
    """Give the exclusive-or of streams, as long as all of them have bits."""
    from mtjlab.analysis.extraction import pieces, xor_streams

    yield from map(xor_streams, zip(*(pieces(stream, LOOKED_AT) for stream in streams), strict=False))
