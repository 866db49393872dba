"""Where the noise of `mtjlab sample` comes from: a file, a live bench, software for the initial noise."""

import argparse
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.cli.bit_source import NONE, USUAL, usual_extractor
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis import ImagesFromBits
    from mtjlab.analysis.noise import BitsInFile, BitSupply, NoiseSource
    from mtjlab.analysis.noise_budget import NoiseBudget
    from mtjlab.cli.output import Output
    from mtjlab.instruments import Bench
    from mtjlab.procedures import RandomBitstream

__all__ = ["SampleNoise", "add_noise_arguments", "open_noise"]

log = logging.getLogger(__name__)

SOFTWARE = "software"
LOOKED_AT = 2**26
"""Bits that are judged before they are spent, at most: they tell P(1) to 6e-5."""


@dataclass(frozen=True)
class SampleNoise:
    """Noise, and what is to be said about it."""

    start: "NoiseSource"
    """Source of the initial noise."""
    steps: "NoiseSource"
    """Source of the noise of the steps."""
    format: str
    """Format of the bits; ``bench`` for a live one."""
    extractor: str
    """Word for the extractor."""
    available: int | None
    """Bits that there are; None where no end is known."""
    found: "NoiseBudget | None"
    """What they are good for; None before they are made."""

    @property
    def bits_used(self) -> int:
        """Bits that noise was made of so far."""
        shared = getattr(self.start, "supply", self.start) is getattr(self.steps, "supply", self.steps)
        return self.steps.bits_used if shared else self.start.bits_used + self.steps.bits_used

    @property
    def repeated(self) -> int:
        """How often the bits have begun again; 0 where each was taken once."""
        return int(getattr(self.steps, "repeated", 0))

    @property
    def raw_bits(self) -> int | None:
        """Bits that a live bench has made so far, before the extractor; None without one."""
        return getattr(getattr(self.steps, "supply", None), "raw_bits", None)


def add_noise_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--bench``, ``--set``, ``--repeat-bits``, ``--allow-alarms``, ``--seed-noise`` and ``--seed``."""
    parser.add_argument(
        "--bench",
        metavar="FILE",
        help="instead of a file of bits: a bench file or shipped bench; images wait for its pulses, no file between",
    )
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="with --bench: a parameter of random-bitstream, for example feedback=output; may be repeated",
    )
    parser.add_argument(
        "--repeat-bits",
        action="store_true",
        help="let the bits begin again at their end, which makes images that are not independent",
    )
    parser.add_argument(
        "--allow-alarms", action="store_true", help="take a recording's bits although its health tests raised alarms"
    )
    parser.add_argument(
        "--seed-noise",
        metavar="software|FILE",
        help="make the initial noise of software or of another file, and only that of the steps of the bits",
    )
    parser.add_argument(
        "--seed", type=integer(0, 2**31 - 1), help="seed of software's noise (default: 1) and of a simulated bench"
    )


@contextlib.contextmanager
def open_noise(arguments: argparse.Namespace, recipe: "ImagesFromBits", output: "Output") -> Iterator[SampleNoise]:
    """Open what the arguments name, make sure that it has enough bits, and warn of unfair ones.

    Yields
    ------
    SampleNoise
        The noise; a bench is safe at the end of the ``with``.

    Raises
    ------
    InputError
        If there are too few bits, or the arguments contradict each other.
    """
    _refuse_contradictions(arguments, recipe)
    if arguments.bench is not None:
        with _live(arguments, output) as (live, extractor):
            yield _noise(arguments, recipe, output, live, "bench", extractor, None)
        return
    source = _opened(arguments.file, arguments, output, arguments.format, arguments.bits_per_symbol)
    if source.format == "recording" and not arguments.allow_alarms:
        _refuse_alarms(arguments.file)
    if not arguments.repeat_bits:
        recipe.refuse_too_few(source.count, arguments.images, start=arguments.seed_noise is None)
    supply = source.supply(repeat=arguments.repeat_bits)
    yield _noise(arguments, recipe, output, supply, str(source.format), _chosen(arguments, source), source)


def _noise(
    arguments: argparse.Namespace,
    recipe: "ImagesFromBits",
    output: "Output",
    supply: "BitSupply",
    format: str,  # noqa: A002 - as a user calls it
    extractor: str,
    source: "BitsInFile | None",
) -> SampleNoise:
    from mtjlab.analysis.noise import BitNoise, PseudoRandomNoise

    steps: BitNoise = BitNoise(supply, recipe.renewal)
    start: NoiseSource = steps.sharing(recipe.start)
    if arguments.seed_noise == SOFTWARE:
        start = PseudoRandomNoise(1 if arguments.seed is None else arguments.seed)
    elif arguments.seed_noise is not None:
        seeds = _opened(Path(arguments.seed_noise), arguments, output)
        recipe.refuse_too_few(seeds.count, arguments.images, renewal=False)
        start = BitNoise(seeds.supply(), recipe.start)
    found = None
    if source is not None:
        found = recipe.judge(source.supply().take(min(source.count, LOOKED_AT)), start=arguments.seed_noise is None)
    for words in found.warnings if found else ():
        log.warning("%s", words)
    return SampleNoise(start, steps, format, extractor, None if source is None else source.count, found)


def _opened(
    path: Path,
    arguments: argparse.Namespace,
    output: "Output",
    format: str | None = None,  # noqa: A002 - as a user calls it
    bits_per_symbol: int | None = None,
) -> "BitsInFile":
    """Open a file of any size, which is read while images are made of it, and say what it is."""
    from mtjlab.analysis.noise import BitsInFile

    raw = BitsInFile.open(path, format, bits_per_symbol)
    guessed = "" if format else ", told by the content: name the format to overrule it"
    output.say(f"{path}, format {raw.format}{guessed}: {raw.count:,} bits.")
    chosen = _chosen(arguments, raw)
    if chosen == NONE:
        return raw
    extractor = EXTRACTORS.load(chosen)
    bits = replace(raw, extractor=extractor)
    output.say(f"{extractor.name} keeps {bits.count:,} of them.")
    return bits


def _chosen(arguments: argparse.Namespace, source: "BitsInFile") -> str:
    """Return the word for the extractor: raw bits of a recording have one even where none is chosen."""
    return str(arguments.extract or usual_extractor(source.file.path, source.format))


@contextlib.contextmanager
def _live(arguments: argparse.Namespace, output: "Output") -> "Iterator[tuple[BitSupply, str]]":
    from mtjlab.instruments import open_bench
    from mtjlab.procedures import LiveBits

    chosen = arguments.extract or USUAL
    extractor = None if chosen == NONE else EXTRACTORS.load(chosen)
    with (
        open_bench(arguments.bench, seed=arguments.seed) as bench,
        LiveBits(bench, _bitstream(arguments, bench), extractor=extractor, most_alarms=1) as bits,
    ):
        output.say(f"Bench {arguments.bench}: images wait for its pulses (extractor: {chosen}).")
        yield bits, chosen


def _bitstream(arguments: argparse.Namespace, bench: "Bench") -> "RandomBitstream":
    from mtjlab.cli.run import split_assignments
    from mtjlab.procedures import ENDLESS, RandomBitstream

    return RandomBitstream.for_bench(bench.file, **{"bits": ENDLESS, **split_assignments("--set", arguments.set)})


def _refuse_alarms(path: Path) -> None:
    from mtjlab.data import Recording

    alarms = Recording(path).summary().alarms
    if alarms:
        raise InputError(
            f"{path}: its health tests raised {alarms:,} alarms (none is needed), so that its bits are not random; "
            "record again, or take them all the same with --allow-alarms"
        )


def _refuse_contradictions(arguments: argparse.Namespace, recipe: "ImagesFromBits") -> None:
    if (arguments.file is None) == (arguments.bench is None):
        raise InputError("bits come from a FILE or from a --bench: give one of the two")
    if arguments.bench is None and arguments.set:
        raise InputError(f"--set {arguments.set[0]}: a file has no such parameter; it is one of a --bench")
    if arguments.bench is not None and arguments.repeat_bits:
        raise InputError("--repeat-bits: a bench makes new bits as long as it runs; leave it out")
    if arguments.seed_noise is not None and not recipe.sampler.renewals:
        raise InputError(
            f"--seed-noise {arguments.seed_noise}: no step of this sampler takes noise, so that no bit would be used; "
            "take --sampler ddpm or sde-dpm-solver++, or --eta above 0"
        )
