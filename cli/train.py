"""`mtjlab train`: train the denoiser."""

import argparse
import functools
import math
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.cli.training_noise import add_noise_arguments, open_noise
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.training import Training

HELP = "train the denoiser (needs the extra 'train', which brings torch)"
DATASET = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts its files."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments; their defaults made the shipped denoiser."""
    parser.add_argument(
        "--dataset",
        type=Path,
        default=DATASET,
        metavar="DIR",
        help="folder with idx files, or with pictures in train/CLASS and test/CLASS; 28 or 32 pixels, grey or colour "
        "(default: Debian's Fashion-MNIST)",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder for denoiser.onnx and its card"
    )
    parser.add_argument("--epochs", type=integer(1, 10_000), default=60, help="passes over the images (default: 60)")
    parser.add_argument("--seed", type=integer(0, 2**31 - 1), default=1, help="seed (default: 1)")
    parser.add_argument(
        "--width", type=integer(8, 256), default=32, help="channels at half the side, a multiple of 8 (default: 32)"
    )
    parser.add_argument(
        "--deep-width", type=integer(8, 512), default=96, help="channels at a quarter of it, the same (default: 96)"
    )
    parser.add_argument(
        "--process",
        choices=("gaussian", "bit-flip"),
        default="gaussian",
        help="what is undone: normals (default), or flips of the bits of a memory that holds the images",
    )
    parser.add_argument("--planes", type=integer(1, 8), default=4, help="with bit-flip: bits of a pixel (default: 4)")
    parser.add_argument("--unconditional", action="store_true", help="do not learn the classes of the data set")
    add_noise_arguments(parser)
    parser.add_argument("--device", default="cpu", help="where torch computes: cpu (default), cuda")
    parser.add_argument(
        "--precision", choices=("float32", "bfloat16"), default="bfloat16", help="of the network while it learns"
    )
    parser.add_argument(
        "--images", type=integer(10, 100_000), default=1000, help="images to judge it by at the end (default: 1000)"
    )
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train, or continue with a training that was stopped, then export and evaluate."""
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    try:
        from mtjlab.analysis.training import finish
    except ModuleNotFoundError as error:
        raise InputError(
            f"{error.name} is not installed: training needs the extra (in mtjlab's folder: pip install '.[train]')"
        ) from None
    training = _training(arguments)
    if training.step:
        output.say(f"{training.checkpoint}: continuing at step {training.step:,} of {training.steps:,}")
    preview = arguments.output / "preview.png"
    output.say(f"{preview} shows after each epoch what it has learned.")
    with output.progress() as stage, _stops_between_steps() as check:
        show = stage("train")

        def progress(step: int, steps: int, loss: float) -> None:
            show(step, steps)
            check()

        training.run(progress, functools.partial(training.write_preview, preview))
        card = finish(
            training.checkpoint, arguments.dataset, arguments.output, _by_stage(stage), count=arguments.images
        )
    output.table("Trained", _table(training, card))
    output.json({"output": str(arguments.output), "losses": training.losses, "card": card})
    return 0


def _training(arguments: argparse.Namespace) -> "Training":
    from mtjlab.analysis.training import Training, TrainingSettings, load_images

    data = load_images(arguments.dataset)
    conditional = len(data.classes) > 1 and not arguments.unconditional
    settings = TrainingSettings(
        epochs=arguments.epochs,
        width=arguments.width,
        deep_width=arguments.deep_width,
        conditional=conditional,
        precision=arguments.precision,
        process=arguments.process,
        planes=arguments.planes,
        seed=arguments.seed,
    )
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--output {arguments.output} cannot be made ({error.strerror}): give another") from None
    checkpoint = arguments.output / "checkpoint.pt"
    taken = arguments.epochs * (len(data) // settings.batch_size) * settings.batch_size
    noise = open_noise(arguments, taken, math.prod(data.image_shape))
    return Training(data, settings, checkpoint, noise=noise, device=arguments.device)


def _table(training: "Training", card: dict[str, Any]) -> dict[str, str]:
    rows = {"loss of each epoch": ", ".join(f"{loss:.4f}" for loss in training.losses)}
    for one in card.get("evaluation", {}).get("samples", []):
        rows[f"FD, {one['sampler']}, {one['steps']} steps"] = f"{one['FD']:.2f} of {one['images']:,} images"
    if "evaluation" in card:
        rows["FD of as many test images"] = f"{card['evaluation']['real']['FD']:.2f}"
    return rows


@contextmanager
def _stops_between_steps() -> Iterator[Callable[[], None]]:
    """Let Ctrl-C and SIGTERM wait for the end of a step, so that the checkpoint loses none of it."""
    asked: list[int] = []

    def ask(number: int, frame: object) -> None:
        if asked:  # asked twice: now
            raise KeyboardInterrupt
        asked.append(number)

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield check
        check()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _by_stage(stage: Callable[[str], Callable[[float, float], None]]) -> Callable[[str, int, int], None]:
    """Give each thing that is done after the training a bar of its own."""
    bars: dict[str, Callable[[float, float], None]] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = stage(what)
        bars[what](done, total)

    return show
