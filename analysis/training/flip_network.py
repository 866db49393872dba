"""The denoiser of flipped bits: the U-Net over bit planes, which predicts each bit of the image."""

import math

import torch
from torch import Tensor, nn

from mtjlab.analysis.training.unet import UNet

__all__ = ["FlipNetwork"]

MOST_KEPT = 0.998
"""Correlation at most that a bit is trusted to have with the image: the log-odds stay finite at time 0."""


class FlipNetwork(nn.Module):
    """Predict the log-odds of each bit of the image, log P(x_0 = 1) / P(x_0 = 0), from flipped bits.

        log-odds = U-Net(x, t) + x log((1 + kept) / (1 - kept)),    x = -1 or 1,    kept = cos(pi t / 2)

    The second part is what the bit itself says of x_0 by Bayes' rule at even odds; the U-Net learns what its
    neighbours and the other planes add to it, which hardly depends on the time where few bits are flipped.

    Parameters
    ----------
    width, deep_width, classes
        As of `UNet`.
    planes
        Bit planes of an image.
    """

    def __init__(self, width: int = 32, deep_width: int | None = None, *, planes: int = 4, classes: int = 0) -> None:
        super().__init__()
        self.unet = UNet(width, deep_width, channels=planes, classes=classes)

    @property
    def class_embedding(self) -> nn.Embedding | None:
        """Where classes enter; None if it knows none."""
        return self.unet.class_embedding

    @property
    def stem(self) -> nn.Conv2d:
        """The first layer."""
        return self.unet.stem

    def forward(self, bits: Tensor, time: Tensor, label: Tensor | None = None) -> Tensor:
        """Predict log-odds.

        Parameters
        ----------
        bits
            -1 and 1, shape (N, planes, side, side), the side a multiple of 4.
        time
            Times in [0, 1], shape (N,).
        label
            Classes, whole numbers 0 to K (any), shape (N,); None where the network knows none.

        Returns
        -------
        Tensor
            Natural logarithms of odds, shape of `bits`.
        """
        kept = torch.cos(time * (math.pi / 2)).clamp(0.0, MOST_KEPT)
        own = torch.log((1 + kept) / (1 - kept))[:, None, None, None]
        neighbours: Tensor = self.unet(bits, time, label).float()
        return neighbours + bits * own
