"""A small classifier, whose 64 features measure how far images are apart.

The image is folded to half its side and four times its channels as in the denoiser; three convolutions with pooling
bring it to 64 channels at an eighth of its side, a layer to 64 features, another to the logits.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mtjlab.analysis.training.image_tensor import image_tensor
from mtjlab.analysis.training.training_images import TrainingImages
from mtjlab.core import InputError

__all__ = ["Classifier", "train_classifier"]

FEATURES = 64


class Classifier(nn.Module):
    """Features and logits of images in [-1, 1], shape (N, channels, side, side).

    Parameters
    ----------
    side
        Pixels of an image's side.
    channels
        Channels of an image: 1 or 3.
    classes
        Number of classes.
    """

    def __init__(self, side: int = 28, channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.image = (channels, side, side)
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            *_convolution(4 * channels, 32, nn.MaxPool2d(2)),
            *_convolution(32, 64),
            *_convolution(64, 64, nn.MaxPool2d(2)),
            nn.Flatten(),
            nn.Linear(64 * (side // 8) ** 2, FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(FEATURES, classes)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Compute features (N, 64) and logits (N, classes)."""
        features: Tensor = self.body(image)
        return features, self.head(features)


def train_classifier(
    images: TrainingImages,
    *,
    epochs: int = 4,
    batch_size: int = 250,
    learning_rate: float = 4e-3,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda step, steps: None,
) -> Classifier:
    """Train the classifier.

    Parameters
    ----------
    images
        Images with labels.
    epochs
        Passes over the images.
    batch_size
        Images a step.
    learning_rate
        Peak learning rate; it rises over the first fifth of the steps and falls to zero (one cycle).
    seed
        Seed of the weights, the order of the images and the mirrorings.
    progress
        Called after every step with the steps done and the steps in all.

    Returns
    -------
    Classifier
        The trained classifier, ready to evaluate.

    Raises
    ------
    InputError
        If there are fewer images than one batch takes, or they have no labels.
    """
    if len(images) < batch_size or not images.labels.size:
        raise InputError(
            f"{len(images)} images, {images.labels.size} labels: expected a label an image, at least {batch_size}"
        )
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    net = Classifier(images.image_shape[-1], images.channels, int(images.labels.max()) + 1)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    data, target = image_tensor(images), torch.from_numpy(images.labels.astype(np.int64))
    steps = epochs * (len(images) // batch_size)
    optimizer = torch.optim.AdamW(net.parameters(), learning_rate, weight_decay=1e-2)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps, pct_start=0.2)
    step = 0
    for _ in range(epochs):
        order = torch.randperm(len(images), generator=generator)
        for chosen in torch.split(order[: steps // epochs * batch_size], batch_size):
            _, logits = net(_mirror_half(data[chosen], generator))
            loss = functional.cross_entropy(logits, target[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            cycle.step()
            step += 1
            progress(step, steps)
    return net.eval()


def _convolution(inputs: int, outputs: int, *pooling: nn.Module) -> tuple[nn.Module, ...]:
    # Pooling comes first, so that norm and activation have a quarter of the work.
    return nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), *pooling, nn.BatchNorm2d(outputs), nn.ReLU()


def _mirror_half(batch: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror every other image: a shoe that points left is a shoe."""
    mirrored = torch.rand(len(batch), 1, 1, 1, generator=generator) < 0.5
    return torch.where(mirrored, batch.flip(3), batch).contiguous(memory_format=torch.channels_last)
