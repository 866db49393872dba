"""What a training is told, and the learning rate that follows from it."""

import dataclasses
from pathlib import Path
from typing import Any, Literal

from mtjlab.analysis.training.training_images import TrainingImages
from mtjlab.core import InputError

__all__ = ["TrainingSettings"]


@dataclasses.dataclass(frozen=True)
class TrainingSettings:
    """What a training is told."""

    epochs: int = 60
    """Passes over the images. May be changed while a training is not in its cool-down."""
    batch_size: int = 128
    """Images a step."""
    learning_rate: float = 2e-3
    """Learning rate of AdamW; it warms up over 500 steps, stays, and cools down to zero at the end."""
    cooldown: float = 0.3
    """Share of the steps over which the rate falls linearly to zero."""
    ema_decay: float = 0.9995
    """Decay a step of the exponential moving average of the weights, which is what is kept."""
    width: int = 32
    """Channels of the U-Net at half the image's side."""
    deep_width: int | None = None
    """Channels at a quarter of it; None takes twice `width`."""
    conditional: bool = False
    """Whether the network learns the classes too."""
    label_dropout: float = 0.1
    """Share of the images whose class it is not told, so that it can do without and be guided."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """What the network is computed in while it learns; weights are float32 always."""
    process: Literal["gaussian", "bit-flip"] = "gaussian"
    """What is added to the images: normals, or flips of the bits of their planes."""
    planes: int = 4
    """Bit planes of an image, where bits are flipped."""
    seed: int = 1
    """Seed of the weights, the order of the images, the times and the noise."""

    def __post_init__(self) -> None:
        checks = (
            (self.epochs >= 1, "epochs", "at least 1"),
            (self.batch_size >= 1, "batch_size", "at least 1"),
            (0 < self.learning_rate <= 1, "learning_rate", "above 0, at most 1"),
            (0 <= self.cooldown <= 1, "cooldown", "0 to 1"),
            (0 <= self.ema_decay < 1, "ema_decay", "0 to below 1"),
            (self.width >= 8 and self.width % 8 == 0, "width", "a multiple of 8"),
            (self.deep_width is None or (self.deep_width >= 8 and self.deep_width % 8 == 0), "deep_width", "the same"),
            (0 <= self.label_dropout <= 1, "label_dropout", "0 to 1"),
            (self.process in ("gaussian", "bit-flip"), "process", "gaussian or bit-flip"),
            (1 <= self.planes <= 8, "planes", "1 to 8"),
            (self.precision in ("float32", "bfloat16"), "precision", "float32 or bfloat16"),
        )
        for holds, name, expected in checks:
            if not holds:
                raise InputError(f"{name} = {getattr(self, name)}: expected {expected}", argument=name)

    def rate_at(self, step: int, steps: int, warm_up: int) -> float:
        """Give the learning rate of a step.

        Parameters
        ----------
        step, steps
            Number of the step from 0, and steps of the whole training.
        warm_up
            Steps over which the rate rises.

        Returns
        -------
        float
            The rate.
        """
        left = 1.0 - step / steps
        falling = min(1.0, left / self.cooldown) if self.cooldown else 1.0
        return self.learning_rate * min(1.0, (step + 1) / warm_up) * falling

    def refuse_unfit(self, images: TrainingImages) -> None:
        """Make sure that the images suit the settings.

        Parameters
        ----------
        images
            What is learned from.

        Raises
        ------
        InputError
            If there are fewer images than one batch takes, or no classes where they are to be learned.
        """
        if len(images) < self.batch_size:
            raise InputError(f"{len(images)} images are fewer than one batch of {self.batch_size}")
        if self.conditional and len(images.classes) < 2:
            raise InputError("these images have no classes: train without them, or give labels", argument="conditional")

    def refuse_other(self, made_with: dict[str, Any], checkpoint: Path) -> None:
        """Make sure that a checkpoint was made with these settings; the number of epochs may differ.

        Parameters
        ----------
        made_with
            Settings that stand in the checkpoint.
        checkpoint
            The file, for the message.

        Raises
        ------
        InputError
            If they differ; the message names where.
        """
        ours = dataclasses.asdict(self)
        before = {"process": "gaussian", "planes": 4} | made_with  # what settings of older checkpoints stood for
        other = {name: before.get(name) for name in ours if name != "epochs" and before.get(name) != ours[name]}
        if other:
            told = ", ".join(f"{name} = {value} (now {ours[name]})" for name, value in other.items())
            raise InputError(f"{checkpoint} was made with {told}: remove it, or train with the same settings")
