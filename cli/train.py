"""`mtjlab train`: train the denoiser."""

import argparse
from collections.abc import Callable
from pathlib import Path

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

HELP = "train the denoiser (needs the extra 'train', which brings torch)"
DATASET = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts its files."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments; their defaults made the shipped denoiser."""
    parser.add_argument(
        "--dataset", type=Path, default=DATASET, metavar="DIR", help="folder with Fashion-MNIST's idx files"
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder for denoiser.onnx and its card"
    )
    parser.add_argument("--epochs", type=integer(1, 1000), default=24, help="passes over the images (default: 24)")
    parser.add_argument("--seed", type=integer(0, 2**31 - 1), default=1, help="seed (default: 1)")
    parser.add_argument(
        "--width", type=integer(8, 256), default=32, help="channels at 14 x 14, a multiple of 8 (default: 32)"
    )
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train, or continue with a training that was stopped, then export and evaluate."""
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    if arguments.width % 8:
        raise InputError(f"--width {arguments.width}: the network wants a multiple of 8")
    try:
        from mtjlab.analysis.training import Training, TrainingSettings, finish, load_fashion_mnist
    except ModuleNotFoundError as error:
        raise InputError(
            f"{error.name} is not installed: training needs the extra (in mtjlab's folder: pip install '.[train]')"
        ) from None
    images, _ = load_fashion_mnist(arguments.dataset)
    arguments.output.mkdir(parents=True, exist_ok=True)
    checkpoint = arguments.output / "checkpoint.pt"
    settings = TrainingSettings(epochs=arguments.epochs, width=arguments.width, seed=arguments.seed)
    training = Training(images, settings, checkpoint)
    if training.losses:
        output.say(f"{checkpoint}: going on after epoch {len(training.losses)} of {settings.epochs}")
    with output.progress() as stage:
        show = stage("train")
        training.run(lambda step, steps, loss: show(step, steps))
        finish(checkpoint, arguments.dataset, arguments.output, _by_stage(stage))
    output.table("Trained", {"loss of each epoch": ", ".join(f"{loss:.4f}" for loss in training.losses)})
    output.json({"output": str(arguments.output), "losses": training.losses})
    return 0


def _by_stage(stage: Callable[[str], Callable[[float, float], None]]) -> Callable[[str, int, int], None]:
    """Give each thing that is done after the training a bar of its own."""
    bars: dict[str, Callable[[float, float], None]] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = stage(what)
        bars[what](done, total)

    return show
