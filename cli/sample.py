"""`mtjlab sample`: images from bits."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.bit_source import add_bit_arguments, load_bits
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.cli.sampler_arguments import add_sampler_arguments
from mtjlab.core import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HELP = "make images of bits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_bit_arguments(parser, extract="von-neumann for the raw bits of a recording, none for a file of bits")
    parser.add_argument("--images", type=integer(1, 100_000), default=64, help="number of images (default: 64)")
    add_sampler_arguments(parser)
    parser.add_argument("--output", metavar="DIR", type=Path, required=True, help="folder for images.png, images.npz")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the images and write them."""
    from mtjlab.analysis import ImagesFromBits
    from mtjlab.analysis.diffusion import Denoiser, write_image_grid
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    source = load_bits(arguments, output, condition_recordings=True)
    recipe = ImagesFromBits(
        SAMPLERS.load(arguments.sampler)(arguments.steps, arguments.eta),
        NOISE_CONVERTERS.load(arguments.converter),
        NOISE_CONVERTERS.load(arguments.step_converter),
    )
    recipe.refuse_too_few(len(source.bits), arguments.images)
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"--output {arguments.output} cannot be written ({error.strerror}): give another folder"
        ) from None
    with output.progress() as stage:
        pictures = recipe.make(Denoiser.shipped(), source.bits, arguments.images, stage("sample"))
    write_image_grid(arguments.output / "images.png", pictures)
    _write_images(arguments.output / "images.npz", pictures)
    used, found = arguments.images * recipe.bits_per_image, recipe.judge(source.bits)
    output.table(
        "Images",
        {
            "images": f"{arguments.images}",
            "steps, eta": f"{arguments.steps}, {arguments.eta:g}",
            "bits used per image": f"{recipe.bits_per_image:,}",
            "bits used": f"{used:,} of {len(source.bits):,}",
            "P(1), shift of the noise": f"{found.probability:.5f}, {found.shift:.2g} standard deviations",
            "grid": str(arguments.output / "images.png"),
            "arrays": str(arguments.output / "images.npz"),
        },
    )
    output.json(
        {
            "images": str(arguments.output / "images.npz"),
            "grid": str(arguments.output / "images.png"),
            "count": arguments.images,
            "steps": arguments.steps,
            "eta": arguments.eta,
            "sampler": arguments.sampler,
            "converter": arguments.converter,
            "step_converter": arguments.step_converter,
            "format": source.format,
            "extractor": source.extractor,
            "bits_per_image": recipe.bits_per_image,
            "bits_used": used,
            "share_of_ones": found.probability,
            "noise_shift": found.shift,
            "warnings": found.words,
        }
    )
    return 0


def _write_images(path: Path, images: "NDArray[np.uint8]") -> None:
    """Write ``images`` (uint8, N x 28 x 28) to an npz file, whole or not at all."""
    import numpy as np

    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, images=images)
    partial.replace(path)
