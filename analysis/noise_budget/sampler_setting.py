"""How images will be made of bits, and what one unit of each flaw of the bits does to them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Sampler
from mtjlab.analysis.noise import BitConverter
from mtjlab.analysis.noise_budget.bit_response import BitResponse
from mtjlab.analysis.noise_budget.brightness_weights import brightness_weights

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
    (0.404, 0.27)
    """

    sampler: Sampler
    """The rule of the steps."""
    start: BitConverter
    """What turns bits into the initial noise."""
    renewal: BitConverter
    """What turns bits into the noise of the steps."""
    pixels: int = 784
    """Numbers in an image, D: height × width × colours."""

    @property
    def normals(self) -> int:
        """Normals an image takes."""
        return self.pixels * (1 + self.sampler.renewals)

    @property
    def bits_per_image(self) -> int:
        """Bits an image takes; a mean for converters that reject."""
        bits = self.start.bits_per_normal + self.renewal.bits_per_normal * self.sampler.renewals
        return math.ceil(self.pixels * bits)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Weights of the initial noise and of each step's in the brightness: `brightness_weights`."""
        return brightness_weights(self.sampler, self.pixels)

    @cached_property
    def _shifts(self) -> NDArray[np.float64]:
        return np.array([self.start.shift] + [self.renewal.shift] * self.sampler.renewals)

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

    def excess_weights(self, lags: int) -> NDArray[np.float64]:
        """Growth of the variance of the brightness for each unit of correlation of the bits, lag by lag.

        Parameters
        ----------
        lags
            Largest lag.

        Returns
        -------
        NDArray
            Σ_k a_k² W of the converter of each draw, shape (lags,); see `BitResponse`.
        """
        first = float(self.weights[0] ** 2)
        start, renewal = (BitResponse.of(each).excess_weights(lags) for each in (self.start, self.renewal))
        return np.asarray(first * start + (1.0 - first) * renewal)
