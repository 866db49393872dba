"""Images whose every random number comes from given bits."""

import dataclasses
import logging
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.diffusion import Ddim, Sampler, VPrediction, sample
from mtjlab.analysis.noise import (
    BIT_SUM_1,
    INVERSE_CDF16,
    AnyConverter,
    BitNoise,
    NoiseSource,
    NotEnoughBits,
)
from mtjlab.analysis.noise_budget import NoiseBudget, SamplerSetting
from mtjlab.core import Bits, InputError

__all__ = ["ImagesFromBits"]

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class ImagesFromBits:
    """How images are made of bits.

    By default the initial noise takes 16 bits a pixel through the inverse normal distribution; each later step whose
    noise is renewed takes one bit a pixel as ±1, which is enough there (arXiv:2506.08337).
    """

    sampler: Sampler = dataclasses.field(default_factory=Ddim)
    """The rule of the steps, and how many there are."""
    start: AnyConverter = INVERSE_CDF16
    """What turns bits into the initial noise."""
    renewal: AnyConverter = BIT_SUM_1
    """What turns bits into the noise of the steps."""
    image_shape: tuple[int, ...] = (28, 28)
    """Shape of an image: `image_shape` of the denoiser."""

    @property
    def _pixels(self) -> int:
        return math.prod(self.image_shape)

    @property
    def bits_per_image(self) -> int:
        """Bits that one image takes; of a converter that rejects, so many on average."""
        return self._start_bits + self._renewal_bits

    @property
    def _start_bits(self) -> int:
        return math.ceil(self._pixels * self.start.bits_per_normal)

    @property
    def _renewal_bits(self) -> int:
        return math.ceil(self._pixels * self.sampler.renewals * self.renewal.bits_per_normal)

    def judge(self, bits: ArrayLike | Bits, *, start: bool = True) -> NoiseBudget:
        """Predict whether bits are good enough for such images.

        Parameters
        ----------
        bits
            `Bits`, or 0 and 1, shape (N,).
        start
            Whether the initial noise is made of them too, and not of another source.

        Returns
        -------
        NoiseBudget
            What the bits' bias, correlation and drift will do to the images, the answer, and warnings.
        """
        setting = SamplerSetting(self.sampler, self.start if start else None, self.renewal, self._pixels)
        return NoiseBudget.of(bits, setting)

    def refuse_too_few(self, available: int, count: int, *, start: bool = True, renewal: bool = True) -> None:
        """Make sure that there are enough bits.

        Parameters
        ----------
        available
            Bits that there are.
        count
            Images wanted.
        start, renewal
            Whether the initial noise, and that of the steps, is made of them, and not of another source.

        Raises
        ------
        NotEnoughBits
            If `available` bits are too few for `count` images; the message says how many are missing for how many.
        """
        each = self._start_bits * start + self._renewal_bits * renewal
        if available < count * each:
            raise NotEnoughBits.for_images(count, each, available)

    def make(
        self,
        denoiser: VPrediction,
        bits: ArrayLike | Bits,
        count: int,
        progress: Callable[[float, float], None] = lambda done, total: None,
        *,
        labels: NDArray[np.int64] | None = None,
        guidance: float = 1.0,
        workers: int = 1,
    ) -> NDArray[np.uint8]:
        """Make images; each bit is used once, and image k comes from bits k·b to (k + 1)·b, b = `bits_per_image`.

        Bits that will harm the images are warned of in the log.

        Parameters
        ----------
        denoiser
            What predicts v.
        bits
            Conditioned bits: `Bits`, or 0 and 1, shape (N,).
        count
            Number of images.
        progress
            Called with the steps done and the steps in all.
        labels, guidance, workers
            Class of each image and its weight, and batches at a time, as `sample` takes them.

        Returns
        -------
        NDArray
            uint8, shape (count, 28, 28); (count, height, width, 3) in colour.

        Raises
        ------
        ValueError
            If there are too few bits.
        """
        bits = Bits.of(bits)
        self.refuse_too_few(len(bits), count)
        for words in self.judge(bits).warnings:
            log.warning("%s", words)
        start = BitNoise(bits, self.start)
        return self.make_of_noise(
            denoiser,
            start,
            count,
            step_noise=start.sharing(self.renewal),
            progress=progress,
            labels=labels,
            guidance=guidance,
            workers=workers,
        )

    def make_of_noise(
        self,
        denoiser: VPrediction,
        noise: NoiseSource,
        count: int,
        *,
        step_noise: NoiseSource | None = None,
        progress: Callable[[float, float], None] = lambda done, total: None,
        labels: NDArray[np.int64] | None = None,
        guidance: float = 1.0,
        watch: Callable[[int, int, NDArray[np.float32]], None] = lambda first, step, x: None,
        workers: int = 1,
    ) -> NDArray[np.uint8]:
        """Make images of anything that gives normals: bits from elsewhere, a live bench, software.

        Parameters
        ----------
        denoiser
            What predicts v.
        noise
            Source of the initial noise, and of the steps' noise unless `step_noise` is given.
        count
            Number of images.
        step_noise
            Source of the noise of the steps.
        progress
            Called with the steps done and the steps in all.
        labels, guidance, watch, workers
            Class of each image and its weight, what sees every step, and batches at a time, as `sample` takes them.

        Returns
        -------
        NDArray
            uint8, shape (count, 28, 28); (count, height, width, 3) in colour.

        Raises
        ------
        InputError
            If the denoiser's images have another shape than `image_shape` or `count` is below 1; and what the source
            raises, `NotEnoughBits` where its bits run out.
        """
        if denoiser.image_shape != self.image_shape:
            raise InputError(
                f"the denoiser makes images of shape {denoiser.image_shape}; the bits are counted for "
                f"{self.image_shape}: give the recipe the denoiser's image_shape"
            )
        return sample(
            self.sampler,
            denoiser,
            count,
            noise,
            step_noise=step_noise,
            labels=labels,
            guidance=guidance,
            progress=progress,
            watch=watch,
            workers=workers,
        )
