"""Images whose every random number comes from given bits."""

import dataclasses
import logging
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Sampler, VPrediction
from mtjlab.analysis.noise import SHIFT_OF_TABLE, BitNoise, BitSum, InverseCdf16, UnfairBits
from mtjlab.core import InputError

__all__ = ["ImagesFromBits"]

log = logging.getLogger(__name__)

PIXELS = 28 * 28
BITS_PER_START = 16
"""Bits for each normal of the initial noise, by the inverse-CDF table."""
BITS_PER_RENEWAL = 1
"""Bits for each normal of a step's noise: ±1 is enough there (arXiv:2506.08337)."""


@dataclasses.dataclass(frozen=True)
class ImagesFromBits:
    """How images are made of bits.

    The initial noise takes 16 bits a pixel through the inverse normal distribution; each later step, where
    `eta` is above zero, takes one bit a pixel as ±1.
    """

    steps: int = 50
    """Denoising steps."""
    eta: float = 0.0
    """Share of the noise that each step renews: 0 (DDIM) to 1 (DDPM)."""

    @property
    def bits_per_image(self) -> int:
        """Bits that one image takes."""
        renewals = self.steps - 1 if self.eta > 0 else 0
        return PIXELS * (BITS_PER_START + BITS_PER_RENEWAL * renewals)

    def judge(self, bits: NDArray[np.uint8]) -> UnfairBits:
        """Say whether bits, 0 or 1, shape (N,), are fair enough for such images."""
        renewals = self.steps - 1 if self.eta > 0 else 0
        return UnfairBits.of(bits, [(PIXELS, SHIFT_OF_TABLE), (PIXELS * renewals, math.sqrt(BITS_PER_RENEWAL))])

    def refuse_too_few(self, available: int, count: int) -> None:
        """Make sure that there are enough bits.

        Raises
        ------
        ValueError
            If `available` bits are too few for `count` images; the message says how many are needed.
        """
        needed = count * self.bits_per_image
        if available < needed:
            raise InputError(
                f"{count} images need {needed:,} bits ({self.bits_per_image:,} each) and there are {available:,}: "
                f"that is enough for {available // self.bits_per_image}; ask for fewer images or bring more bits"
            )

    def make(
        self,
        denoiser: VPrediction,
        bits: NDArray[np.uint8],
        count: int,
        progress: Callable[[float, float], None] = lambda done, total: None,
    ) -> NDArray[np.uint8]:
        """Make images; each bit is used once, and image k comes from bits k·b to (k + 1)·b, b = `bits_per_image`.

        Bits too unfair for images are warned of in the log.

        Parameters
        ----------
        denoiser
            What predicts v.
        bits
            Conditioned bits, 0 or 1, shape (N,).
        count
            Number of images.
        progress
            Called with the steps done and the steps in all.

        Returns
        -------
        NDArray
            uint8, shape (count, 28, 28).

        Raises
        ------
        ValueError
            If there are too few bits.
        """
        self.refuse_too_few(len(bits), count)
        for words in self.judge(bits).words:
            log.warning("%s", words)
        start = BitNoise(bits[: count * self.bits_per_image], InverseCdf16())
        renewal = start.sharing(BitSum(BITS_PER_RENEWAL))
        sampler = Sampler(denoiser, steps=self.steps, eta=self.eta)
        return sampler.sample(count, start, step_noise=renewal, progress=progress)
