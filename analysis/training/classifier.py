"""A small classifier of Fashion-MNIST, whose 64 features measure how far images are apart.

The image is folded to 14 x 14 x 4 as in the denoiser; three convolutions with pooling bring it to
64 channels at 3 x 3, a layer to 64 features, another to 10 logits.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mtjlab.core import InputError

__all__ = ["Classifier", "train_classifier"]

FEATURES = 64
CLASSES = 10


class Classifier(nn.Module):
    """Features and logits of images in [-1, 1], shape (N, 1, 28, 28)."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            *_convolution(4, 32, nn.MaxPool2d(2)),
            *_convolution(32, 64),
            *_convolution(64, 64, nn.MaxPool2d(2)),
            nn.Flatten(),
            nn.Linear(64 * 3 * 3, FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(FEATURES, CLASSES)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Compute features (N, 64) and logits (N, 10)."""
        features: Tensor = self.body(image)
        return features, self.head(features)


def train_classifier(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
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
    images, labels
        uint8, shapes (N, 28, 28) and (N,).
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
    ValueError
        If there are fewer images than one batch takes, or not one label for each.
    """
    if len(images) < batch_size or len(images) != len(labels):
        raise InputError(
            f"{len(images)} images, {len(labels)} labels: expected a label an image, at least {batch_size}"
        )
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    net = Classifier()
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    data, target = to_tensor(images), torch.from_numpy(labels.astype(np.int64))
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


def to_tensor(images: NDArray[np.uint8]) -> Tensor:
    """Turn grey levels into [-1, 1], shape (N, 1, 28, 28)."""
    return torch.from_numpy(images.astype(np.float32) / 127.5 - 1.0)[:, None]


def _convolution(inputs: int, outputs: int, *pooling: nn.Module) -> tuple[nn.Module, ...]:
    # Pooling comes first, so that norm and activation have a quarter of the work.
    return nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), *pooling, nn.BatchNorm2d(outputs), nn.ReLU()


def _mirror_half(batch: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror every other image: a shoe that points left is a shoe."""
    mirrored = torch.rand(len(batch), 1, 1, 1, generator=generator) < 0.5
    return torch.where(mirrored, batch.flip(3), batch).contiguous(memory_format=torch.channels_last)
