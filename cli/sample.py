"""`mtjlab sample`: images from bits."""

import argparse
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.bit_source import add_bit_arguments
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer, real
from mtjlab.cli.sample_noise import SampleNoise, add_noise_arguments, open_noise
from mtjlab.cli.sampler_arguments import add_sampler_arguments, chosen_sampler
from mtjlab.core import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.analysis import ImagesFromBits
    from mtjlab.analysis.diffusion import Trajectory

HELP = "make images of bits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    extract = "von-neumann for the raw bits of a recording or bench, none for a file of bits"
    add_bit_arguments(parser, extract=extract, optional=True)
    parser.add_argument("--images", type=integer(1, 100_000), default=64, help="number of images (default: 64)")
    add_sampler_arguments(parser)
    add_noise_arguments(parser)
    parser.add_argument(
        "--class",
        dest="classes",
        metavar="NAME|NUMBER",
        help="class of the images, or several with commas, which take turns; any leaves the choice to the denoiser "
        "(default: all in turn)",
    )
    parser.add_argument(
        "--guidance",
        type=real(0.0, 20.0),
        default=1.0,
        help="weight of the class: above 1, images are more typical of it and less varied (default: 1)",
    )
    parser.add_argument("--model", metavar="FILE.onnx", type=Path, help="denoiser of your own (default: mtjlab's)")
    parser.add_argument(
        "--trajectory", choices=("gif", "apng"), help="write the way from noise to the first images, animated, too"
    )
    parser.add_argument("--output", metavar="DIR", type=Path, required=True, help="folder for images.png, images.npz")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the images and write them."""
    from mtjlab.analysis import ImagesFromBits
    from mtjlab.analysis.diffusion import Denoiser, Trajectory
    from mtjlab.cli.class_choice import class_labels
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    denoiser = Denoiser.shipped(threads=1) if arguments.model is None else Denoiser(arguments.model, threads=1)
    labels = class_labels(arguments.classes, denoiser.classes, arguments.images, arguments.guidance)
    recipe = ImagesFromBits(
        chosen_sampler(arguments),
        NOISE_CONVERTERS.load(arguments.converter),
        NOISE_CONVERTERS.load(arguments.step_converter),
        denoiser.image_shape,
    )
    trajectory = Trajectory(len(recipe.sampler.times) - 1)
    with open_noise(arguments, recipe, output) as noise, output.progress() as stage:
        _make_folder(arguments.output)
        began = time.perf_counter()
        pictures = recipe.make_of_noise(
            denoiser,
            noise.start,
            arguments.images,
            step_noise=noise.steps,
            progress=stage("sample"),
            labels=labels,
            guidance=arguments.guidance,
            watch=trajectory,
            workers=os.cpu_count() or 1,
        )
        seconds = time.perf_counter() - began
    files = _write(arguments, pictures, labels, trajectory, noise)
    _tell(output, arguments, recipe, noise, files, seconds)
    return 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--output {folder} cannot be written ({error.strerror}): give another folder") from None


def _write(
    arguments: argparse.Namespace,
    images: "NDArray[np.uint8]",
    labels: "NDArray[np.int64] | None",
    trajectory: "Trajectory",
    noise: SampleNoise,
) -> dict[str, str]:
    """Write the grid, the arrays and the trajectory; return their paths."""
    from mtjlab.analysis.diffusion import write_image_grid

    files = {"grid": arguments.output / "images.png", "images": arguments.output / "images.npz"}
    comment = repeated_words(noise.repeated)
    write_image_grid(files["grid"], images, comment=comment)
    _write_images(files["images"], images, labels, noise.repeated)
    if arguments.trajectory is not None:
        files["trajectory"] = arguments.output / f"trajectory.{'gif' if arguments.trajectory == 'gif' else 'png'}"
        trajectory.write(files["trajectory"], comment=comment)
    return {name: str(path) for name, path in files.items()}


def repeated_words(times: int) -> str:
    """Say that bits were repeated; nothing where they were not."""
    return f"the bits began again {times} time{'s' * (times > 1)}: the images are not independent" if times else ""


def _write_images(path: Path, images: "NDArray[np.uint8]", labels: "NDArray[np.int64] | None", repeated: int) -> None:
    """Write ``images`` to an npz file, whole or not at all; the classes asked for, and how often bits were repeated."""
    import numpy as np

    partial = path.with_suffix(".partial.npz")
    more = {} if labels is None else {"labels": labels}
    if repeated:
        more["times_bits_repeated"] = np.array(repeated)
    np.savez_compressed(partial, images=images, allow_pickle=False, **more)
    partial.replace(path)


def _tell(
    output: Any,
    arguments: argparse.Namespace,
    recipe: "ImagesFromBits",
    noise: SampleNoise,
    files: Mapping[str, str],
    seconds: float,
) -> None:
    eta, used = getattr(recipe.sampler, "eta", arguments.eta), noise.bits_used
    of_all = "" if noise.available is None else f" of {noise.available:,}"
    rows = {
        "images": f"{arguments.images}" + (f" of {arguments.classes}" if arguments.classes else ""),
        "sampler, steps, eta": f"{arguments.sampler}, {arguments.steps}" + ("" if eta is None else f", {eta:g}"),
        "noise": f"{arguments.converter}, of the steps {arguments.step_converter}",
        "bits used per image": f"{used / arguments.images:,.0f}",
        "bits used": f"{used:,}{of_all}",
    }
    if arguments.seed_noise is not None:
        rows["initial noise"] = arguments.seed_noise
    if noise.found is not None:
        share, z = 0.5 + noise.found.stream.excess.value / 2, noise.found.z.value
        rows["P(1), shift of the noise"] = f"{share:.5f}, {z:.2g} standard deviations"
        rows["good for such images"] = str(noise.found.answer)
    if noise.raw_bits is not None:
        rows["raw bits of the bench"] = f"{noise.raw_bits:,}"
    if noise.repeated:
        rows["bits repeated"] = repeated_words(noise.repeated)
    rows["time"] = f"{seconds:.1f} s, {arguments.images / seconds:.1f} images/s"
    rows |= {"grid": files["grid"], "arrays": files["images"]}
    rows |= {"trajectory": files["trajectory"]} if "trajectory" in files else {}
    output.table("Images", rows)
    output.json(
        {
            **files,
            "count": arguments.images,
            "steps": arguments.steps,
            "eta": eta,
            "sampler": arguments.sampler,
            "converter": arguments.converter,
            "step_converter": arguments.step_converter,
            "seed_noise": arguments.seed_noise,
            "classes": arguments.classes,
            "guidance": arguments.guidance,
            "model": None if arguments.model is None else str(arguments.model),
            "format": noise.format,
            "extractor": noise.extractor,
            "bits_per_image": used // arguments.images,
            "bits_used": used,
            "times_bits_repeated": noise.repeated,
            "raw_bits": noise.raw_bits,
            "seconds": seconds,
            "share_of_ones": None if noise.found is None else 0.5 + noise.found.stream.excess.value / 2,
            "noise_shift": None if noise.found is None else noise.found.z.value,
            "good_for_images": None if noise.found is None else str(noise.found.answer),
            "warnings": [] if noise.found is None else noise.found.warnings,
        }
    )
