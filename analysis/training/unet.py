"""The denoiser: a small U-Net that predicts v from a noisy image, its time and perhaps its class.

The image is folded to half its side and four times its channels (pixel unshuffle), so that no convolution runs at full
resolution; two resolutions follow, 14 x 14 and 7 x 7 for 28 x 28 pixels, with self-attention over the positions of
the lower one.  Time and class enter every residual block as a scale and a shift of its channels.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["UNet"]

TIME_FREQUENCIES = 32


class TimeEmbedding(nn.Module):
    """Sines and cosines of the time in (0, 1), through two layers."""

    frequencies: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        # From one quarter turn to 1,000 radians over the unit interval, so that neighbouring steps of
        # a 1,000 step schedule still differ.
        exponents = torch.linspace(math.log(math.pi / 2), math.log(1000.0), TIME_FREQUENCIES)
        self.register_buffer("frequencies", torch.exp(exponents))
        self.layers = nn.Sequential(
            nn.Linear(2 * TIME_FREQUENCIES, channels), nn.SiLU(), nn.Linear(channels, channels), nn.SiLU()
        )

    def forward(self, time: Tensor) -> Tensor:
        angles = time[:, None] * self.frequencies[None, :]
        embedding: Tensor = self.layers(torch.cat([angles.sin(), angles.cos()], dim=1))
        return embedding


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions; the time scales and shifts what passes between them."""

    def __init__(self, inputs: int, outputs: int, time_channels: int) -> None:
        super().__init__()
        self.norm_in = nn.GroupNorm(8, inputs)
        self.convolution_in = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.modulation = nn.Linear(time_channels, 2 * outputs)
        self.norm_out = nn.GroupNorm(8, outputs)
        self.convolution_out = nn.Conv2d(outputs, outputs, 3, padding=1)
        # A block that starts as the identity trains faster (zero-initialised residual branch).
        nn.init.zeros_(self.convolution_out.weight)
        assert self.convolution_out.bias is not None
        nn.init.zeros_(self.convolution_out.bias)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, image: Tensor, embedding: Tensor) -> Tensor:
        hidden = self.convolution_in(functional.silu(self.norm_in(image)))
        scale, shift = self.modulation(embedding)[:, :, None, None].chunk(2, dim=1)
        hidden = functional.silu(self.norm_out(hidden) * (1 + scale) + shift)
        result: Tensor = self.skip(image) + self.convolution_out(hidden)
        return result


class Attention(nn.Module):
    """Self-attention over the positions of an image, four heads."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(8, channels)
        self.project_in = nn.Conv2d(channels, 3 * channels, 1)
        self.project_out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.project_out.weight)

    def forward(self, image: Tensor) -> Tensor:
        batch, channels, height, width = image.shape
        parts = self.project_in(self.norm(image)).reshape(batch, 3, self.heads, channels // self.heads, height * width)
        query, key, value = parts.transpose(3, 4).unbind(dim=1)
        weights = (query @ key.transpose(2, 3) / math.sqrt(channels // self.heads)).softmax(dim=3)
        mixed = (weights @ value).transpose(2, 3).reshape(batch, channels, height, width)
        result: Tensor = image + self.project_out(mixed)
        return result


class UNet(nn.Module):
    """Predict v = alpha * noise - sigma * image.

    Parameters
    ----------
    width
        Channels at half the image's side, a multiple of 8.
    deep_width
        Channels at a quarter of the image's side, a multiple of 8; None takes twice `width`.
    channels
        Channels of the image: 1 (grey) or 3 (colour).
    classes
        Number of classes K that it can be asked for; 0 for none. Label K then stands for "any".
    """

    def __init__(self, width: int = 32, deep_width: int | None = None, *, channels: int = 1, classes: int = 0) -> None:
        super().__init__()
        deep = 2 * width if deep_width is None else deep_width
        time_channels = 4 * width
        self.embedding = TimeEmbedding(time_channels)
        self.class_embedding = nn.Embedding(classes + 1, time_channels) if classes else None
        self.stem = nn.Conv2d(4 * channels, width, 3, padding=1)
        self.down = nn.ModuleList([ResidualBlock(width, width, time_channels) for _ in range(2)])
        self.shrink = nn.Conv2d(width, deep, 3, stride=2, padding=1)
        self.middle_in = ResidualBlock(deep, deep, time_channels)
        self.attention = Attention(deep)
        self.middle_out = ResidualBlock(deep, deep, time_channels)
        self.grow = nn.Conv2d(deep, 4 * width, 1)
        self.up = nn.ModuleList([ResidualBlock(2 * width, width, time_channels) for _ in range(2)])
        self.norm = nn.GroupNorm(8, width)
        self.head = nn.Conv2d(width, 4 * channels, 3, padding=1)
        nn.init.zeros_(self.head.weight)

    def forward(self, image: Tensor, time: Tensor, label: Tensor | None = None) -> Tensor:
        """Predict v.

        Parameters
        ----------
        image
            Noisy images, shape (N, channels, side, side), the side a multiple of 4.
        time
            Times in (0, 1), shape (N,).
        label
            Classes, whole numbers 0 to K (any), shape (N,); None where the network knows none.

        Returns
        -------
        Tensor
            v, shape of `image`.
        """
        embedding = self.embedding(time)
        if self.class_embedding is not None:
            embedding = embedding + self.class_embedding(label)
        hidden = self.stem(functional.pixel_unshuffle(image, 2))
        skips = []
        for block in self.down:
            hidden = block(hidden, embedding)
            skips.append(hidden)
        hidden = self.middle_in(self.shrink(hidden), embedding)
        hidden = self.middle_out(self.attention(hidden), embedding)
        hidden = functional.pixel_shuffle(self.grow(hidden), 2)
        for block in self.up:
            hidden = block(torch.cat([hidden, skips.pop()], dim=1), embedding)
        hidden = self.head(functional.silu(self.norm(hidden)))
        return functional.pixel_shuffle(hidden, 2)
