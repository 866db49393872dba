"""How much unfair noise harms images: what the study found, in one place.

Made by ``python benchmarks/noise_budget.py --output points.json``, which prints the constants below; see
docs/explanations/noise-budget.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["DAMAGE", "Damage", "Flaws"]


class Flaws(NamedTuple):
    """What the flaws of bits do to the noise, in units of the brightness of images."""

    brightness: float = 0.0
    """μ: mean shift of the brightness, by bias; above 0 for lighter images."""
    inside: float = 0.0
    """v: growth of the variance of a normal, by correlation of the bits inside it; at least -1."""
    between: float = 0.0
    """u: growth of the variance of the brightness by correlation between normals."""
    wander: float = 0.0
    """w: standard deviation of the brightness from image to image, by drift."""


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Harm to images by the flaws of their noise.

        mean pixel:  A |μ|^p                                           grey levels, 0 to 255
        FD:          B |μ|^q + V |v|^r + U |u|^r + W (√(1 + w²) - 1)²

    For normal distributions p = 1 and q = 2. The constants of FD are those of the shipped network with its classes in
    turn; a denoiser that makes the classes as it likes makes more of the light or dark ones where the noise is shifted,
    and its FD grows by about nine times as much (the study's exact denoiser). Correlation does more harm than a drift
    of equal growth: it acts on every pattern of an image, not on its brightness alone; and most inside normals, where
    it makes noise of a level that the network was not trained on.
    """

    pixel_scale: float
    """A [grey levels]."""
    pixel_exponent: float
    """p."""
    shift_scale: float
    """B [FD]."""
    shift_exponent: float
    """q."""
    inside_scale: float
    """V [FD]."""
    between_scale: float
    """U [FD]."""
    correlation_exponent: float
    """r."""
    wander_scale: float
    """W [FD]."""
    pixel_error: float
    """Standard deviation of the logarithm of a mean pixel about the fit."""
    distance_error: float
    """The same of an FD."""

    seen_pixel: float = 5.0
    """Shift of the mean pixel from which images are lighter or darker: 2 % of the range [grey levels]."""
    seen_distance: float = 0.35
    """FD from which the harm counts: what 1,000 real test images are from all of them."""
    ruined_distance: float = 20.0
    """FD from which images are ruined."""

    def mean_pixel(self, brightness: float) -> float:
        """Shift of the mean grey level.

        Parameters
        ----------
        brightness
            μ; above 0 for lighter images.

        Returns
        -------
        float
            Grey levels, with the sign of `brightness`.
        """
        return math.copysign(self.pixel_scale * abs(brightness) ** self.pixel_exponent, brightness)

    def distance(self, flaws: Flaws) -> float:
        """FD to images of fair noise.

        Parameters
        ----------
        flaws
            Of the noise.

        Returns
        -------
        float
            FD, of images without number.
        """
        r = self.correlation_exponent
        return float(
            self.shift_scale * abs(flaws.brightness) ** self.shift_exponent
            + self.inside_scale * abs(flaws.inside) ** r
            + self.between_scale * abs(flaws.between) ** r
            + self.wander_scale * (math.hypot(1.0, flaws.wander) - 1.0) ** 2
        )

    def severity(self, flaws: Flaws) -> float:
        """Harm as a share of what is just seen, by mean pixel or FD, whichever is worse.

        Parameters
        ----------
        flaws
            Of the noise.

        Returns
        -------
        float
            Above 1 where images are harmed.
        """
        pixel = abs(self.mean_pixel(flaws.brightness))
        return max(pixel / self.seen_pixel, self.distance(flaws) / self.seen_distance)


DAMAGE = Damage(
    pixel_scale=18.8,
    pixel_exponent=1,
    shift_scale=0.417,
    shift_exponent=1.92,
    inside_scale=39.8,
    between_scale=4.91,
    correlation_exponent=1.97,
    wander_scale=0.0762,
    pixel_error=0.2,
    distance_error=0.17,
)
"""The constants fitted by the study."""
