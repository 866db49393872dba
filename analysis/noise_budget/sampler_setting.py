"""How images will be made of bits, and what one unit of each flaw of the bits does to them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Sampler
from mtjlab.analysis.noise import AnyConverter
from mtjlab.analysis.noise_budget.bit_response import BitResponse
from mtjlab.analysis.noise_budget.brightness import brightness_weights

__all__ = ["SamplerSetting"]


@dataclass(frozen=True)
class SamplerSetting:
    """A sampler, what turns bits into its noise, and the size of the images.

    Examples
    --------
    >>> from mtjlab.analysis.diffusion import Ddim
    >>> from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16
    >>> setting = SamplerSetting(Ddim(50, 1.0), INVERSE_CDF16, BIT_SUM_1)
    >>> setting.normals, setting.bits_per_image
    (39200, 50960)
    >>> round(setting.z(2 * 0.501 - 1), 3), round(setting.brightness(2 * 0.501 - 1), 3)
    (0.406, 0.27)
    """

    sampler: Sampler
    """The rule of the steps."""
    start: AnyConverter | None
    """What turns bits into the initial noise; None where that is fair noise of another source."""
    renewal: AnyConverter | None
    """What turns bits into the noise of the steps; None likewise."""
    pixels: int = 784
    """Numbers in an image, D: height × width × colours."""

    @property
    def normals(self) -> int:
        """Normals an image takes."""
        return self.pixels * (1 + self.sampler.renewals)

    @property
    def bits_per_image(self) -> int:
        """Bits an image takes; a mean for converters that reject."""
        first, later = (0.0 if each is None else each.bits_per_normal for each in (self.start, self.renewal))
        return math.ceil(self.pixels * (first + later * self.sampler.renewals))

    @property
    def words(self) -> str:
        """What is made, as ``50-step images at 16 bits a normal and 1 in the steps``."""
        images = f"{len(self.sampler.times) - 1}-step images"
        bits = [] if self.start is None else [f"{self.start.bits_per_normal:g} bits a normal"]
        if self.renewal is not None and self.sampler.renewals:
            bits.append(f"{self.renewal.bits_per_normal:g} in the steps")
        return f"{images} at {' and '.join(bits)}" if bits else images

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Weights of the initial noise and of each step's in the brightness: `brightness_weights`."""
        return brightness_weights(self.sampler, self.pixels)

    @cached_property
    def _shifts(self) -> NDArray[np.float64]:
        first, later = (0.0 if each is None else each.shift for each in (self.start, self.renewal))
        return np.array([first] + [later] * self.sampler.renewals)

    def z(self, excess: float) -> float:
        """Shift of the noise of an image along itself, in its standard deviations: √(D Σ m_k²).

        For normals alike it is the size of a normal's mean times the root of their number.

        Parameters
        ----------
        excess
            2P - 1 of the bits.

        Returns
        -------
        float
            z, at least 0.
        """
        return abs(excess) * math.sqrt(self.pixels * float(np.sum(self._shifts**2)))

    def brightness(self, excess: float) -> float:
        """Shift of the brightness of images, in standard deviations of the brightness of images: √D Σ a_k m_k.

        Parameters
        ----------
        excess
            2P - 1 of the bits.

        Returns
        -------
        float
            Above 0 for lighter images; at most `z` in size.
        """
        return excess * math.sqrt(self.pixels) * abs(float(np.sum(self.weights * self._shifts)))

    def correlation_weights(self, lags: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Growth of the variance of normals, and of the brightness by that between normals, for each unit of ρ_k.

        Parameters
        ----------
        lags
            Largest lag of the correlations of the bits.

        Returns
        -------
        tuple
            Inside and between normals, shape (lags,) each: Σ_k a_k² times the weights of the converter of each draw,
            see `BitResponse`.
        """
        first = float(self.weights[0] ** 2)
        inside, between = np.zeros(lags), np.zeros(lags)
        for converter, share in ((self.start, first), (self.renewal, 1.0 - first)):
            if share > 0.0 and converter is not None:
                response = BitResponse.of(converter)
                inside += share * response.inside_weights(lags)
                between += share * response.between_weights(lags)
        return inside, between
