"""What a training adds to images, what the network is to predict from that, and how its error counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from mtjlab.analysis.diffusion import CosineSchedule, FlipSchedule, bit_planes
from mtjlab.analysis.training.flip_network import FlipNetwork
from mtjlab.analysis.training.image_tensor import image_tensor
from mtjlab.analysis.training.training_images import TrainingImages
from mtjlab.analysis.training.training_settings import TrainingSettings
from mtjlab.analysis.training.unet import UNet
from mtjlab.core import InputError

__all__ = ["FlipProcess", "ForwardProcess", "GaussianProcess", "forward_process"]

Draw = Callable[[torch.Size], Tensor]
"""Draws normals of a shape."""


class ForwardProcess(Protocol):
    """What a training adds to images."""

    def tensor(self, images: TrainingImages) -> Tensor:
        """Give the images as the network takes them, shape (N, channels, side, side)."""

    def network(self, settings: TrainingSettings, channels: int, classes: int) -> nn.Module:
        """Make a network for images with so many channels, as `tensor` has them."""

    def disturb(self, batch: Tensor, moment: Tensor, draw: Draw, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Give the disturbed batch at its times, shape (B,), and what the network is to predict from it."""

    def loss(self, answer: Tensor, target: Tensor) -> Tensor:
        """Give the mean error of what the network says."""


class GaussianProcess:
    """Normals are added and v is predicted.

    x_t = alpha x_0 + sigma eps,    v = alpha eps - sigma x_0,    loss = mean (net(x_t, t) - v)^2
    """

    def __init__(self) -> None:
        self._schedule = CosineSchedule()

    def tensor(self, images: TrainingImages) -> Tensor:
        """Grey levels within [-1, 1]."""
        return image_tensor(images)

    def network(self, settings: TrainingSettings, channels: int, classes: int) -> nn.Module:
        """Make a U-Net."""
        return UNet(settings.width, settings.deep_width, channels=channels, classes=classes)

    def disturb(self, batch: Tensor, moment: Tensor, draw: Draw, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Add normals."""
        alpha, sigma = (
            torch.from_numpy(weight(moment.numpy()).astype(np.float32))[:, None, None, None]
            for weight in (self._schedule.alpha, self._schedule.sigma)
        )
        noise = draw(batch.shape)
        return alpha * batch + sigma * noise, alpha * noise - sigma * batch

    def loss(self, answer: Tensor, target: Tensor) -> Tensor:
        """Mean square."""
        return nn.functional.mse_loss(answer.float(), target)


class FlipProcess:
    """Bits are flipped and each bit of the image is predicted.

    x_t = x_0 flipped with P = (1 - kept(t)) / 2,    loss = mean -log P(x_0), the cross-entropy of the predicted bits

    Parameters
    ----------
    planes
        Bit planes of an image.
    """

    def __init__(self, planes: int) -> None:
        self._planes = planes
        self._schedule = FlipSchedule()

    def tensor(self, images: TrainingImages) -> Tensor:
        """Bit planes, -1 and 1."""
        if images.channels != 1:
            raise InputError("images in colour: bit planes are made of grey ones; give a data set of those")
        return torch.from_numpy(bit_planes(images.images, self._planes).astype(np.float32) * 2 - 1)

    def network(self, settings: TrainingSettings, channels: int, classes: int) -> nn.Module:
        """Make a network of log-odds."""
        return FlipNetwork(settings.width, settings.deep_width, planes=channels, classes=classes)

    def disturb(self, batch: Tensor, moment: Tensor, draw: Draw, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Flip bits."""
        chance = torch.from_numpy(self._schedule.flipped(moment.numpy()).astype(np.float32))[:, None, None, None]
        flipped = torch.rand(batch.shape, generator=generator) < chance
        return torch.where(flipped, -batch, batch), (batch > 0).float()

    def loss(self, answer: Tensor, target: Tensor) -> Tensor:
        """Mean cross-entropy."""
        return nn.functional.binary_cross_entropy_with_logits(answer.float(), target)


def forward_process(settings: TrainingSettings) -> ForwardProcess:
    """Give the process that the settings name.

    Parameters
    ----------
    settings
        What a training is told.

    Returns
    -------
    ForwardProcess
        Adds normals, or flips bits.
    """
    return FlipProcess(settings.planes) if settings.process == "bit-flip" else GaussianProcess()
