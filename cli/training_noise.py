"""Bits of a file as the noise of a training: opened, counted, and refused where they are too few."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.cli.bit_source import NONE, USUAL, extractor_choices, usual_extractor
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.noise import BitNoise

__all__ = ["SOFTWARE", "add_noise_arguments", "open_noise"]

SOFTWARE = "software"
"""Word for the generator of the training itself."""


def add_noise_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the noise of the forward process comes from."""
    parser.add_argument(
        "--noise",
        default=SOFTWARE,
        metavar="software|FILE",
        help="where the noise that is put on the images comes from: software's generator (default), or the bits of a "
        "recording or file, 16 a pixel, each used once",
    )
    parser.add_argument(
        "--format", choices=("recording", "packed", "symbols", "ascii"), help="what the file of --noise holds"
    )
    parser.add_argument(
        "--extract",
        choices=extractor_choices(),
        help=f"extractor to apply to it (default: {USUAL} for a recording, {NONE} for a file of bits)",
    )
    parser.add_argument(
        "--repeat-bits", action="store_true", help="begin again at the first bit when they run out; the card says it"
    )


def open_noise(arguments: argparse.Namespace, images: int, pixels: int) -> "BitNoise | None":
    """Open the noise.

    Parameters
    ----------
    arguments
        Parsed arguments of `add_noise_arguments`.
    images
        Images that the training takes, over all epochs.
    pixels
        Values of an image.

    Returns
    -------
    BitNoise or None
        None where the training's own generator makes the noise.

    Raises
    ------
    InputError
        If the file cannot be read, or holds too few bits and may not be repeated.
    """
    if arguments.noise == SOFTWARE:
        return None
    from mtjlab.analysis.noise import INVERSE_CDF16, BitNoise, BitsInFile

    bits = BitsInFile.open(Path(arguments.noise), arguments.format)
    chosen = arguments.extract or usual_extractor(bits.file.path, bits.format)
    if chosen != NONE:
        bits = BitsInFile(bits.file, EXTRACTORS.load(chosen))
    needed = images * pixels * INVERSE_CDF16.bits_per_normal
    if not arguments.repeat_bits and bits.count < needed:
        epochs = math.floor(arguments.epochs * bits.count / needed)
        raise InputError(
            f"--noise {arguments.noise}: {arguments.epochs} epochs take {needed:,} bits and there are {bits.count:,}, "
            f"enough for {epochs}: bring more bits, ask for fewer epochs, or say --repeat-bits"
        )
    return BitNoise(bits.supply(repeat=arguments.repeat_bits), INVERSE_CDF16)
