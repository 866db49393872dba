"""The sampler: noise in, images out.  Randomness is an argument, never drawn here.

Time falls from 1 (noise) to 0 (image) through t_0 = 1 > t_1 > ... > t_K = 0.  With the weights alpha and
sigma of the schedule, one step from t to s < t is

    x_0  = alpha_t x_t - sigma_t v(x_t, t),  clipped to [-1, 1]          the image as it looks from here
    eps  = (x_t - alpha_t x_0) / sigma_t                                 the noise that goes with it
    d    = eta (sigma_s / sigma_t) sqrt(1 - alpha_t^2 / alpha_s^2)       how much noise is renewed (eq. 16)
    x_s  = alpha_s x_0 + sqrt(sigma_s^2 - d^2) eps + d z,   z ~ N(0, 1)  (eq. 12)

of Song, Meng and Ermon, arXiv:2010.02502, whose alpha_t is our alpha(t)^2.  eta = 0 is DDIM: all randomness
is in x_1, 784 normals an image.  eta = 1 is DDPM (ancestral sampling): every step but the last renews the
noise, 784 K normals an image.  At the last step s = 0 and sigma_s = d = 0: nothing is added, nothing drawn.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.schedule import CosineSchedule
from mtjlab.analysis.diffusion.v_prediction import VPrediction
from mtjlab.analysis.noise import NoiseSource
from mtjlab.core import InputError

__all__ = ["Sampler"]

SIDE = 28
"""Pixels of an image's side."""


class Sampler:
    """DDIM with eta, and so DDPM.

    Parameters
    ----------
    denoiser
        What predicts v.
    schedule
        Weights of image and noise; None is the cosine schedule.
    steps
        Number of denoising steps K, at least 1.
    eta
        Share of the noise that each step renews: 0 (DDIM) to 1 (DDPM).

    Raises
    ------
    ValueError
        If `steps` is below 1 or `eta` outside [0, 1].
    """

    def __init__(
        self,
        denoiser: VPrediction,
        schedule: CosineSchedule | None = None,
        steps: int = 50,
        eta: float = 0.0,
    ) -> None:
        if not 0.0 <= eta <= 1.0:
            raise InputError(f"eta = {eta}: expected 0 (DDIM, noise at the start only) to 1 (DDPM, at every step)")
        self.denoiser = denoiser
        self.schedule = schedule or CosineSchedule()
        self.times = self.schedule.times(steps)
        self.steps = steps
        self.eta = eta

    def normals_per_image(self) -> int:
        """Say how many normals an image takes, the initial noise included.

        Returns
        -------
        int
            784 for eta = 0, else 784 * steps.
        """
        return SIDE * SIDE * (1 + self._noisy_steps)

    def sample(
        self,
        count: int,
        noise: NoiseSource,
        *,
        step_noise: NoiseSource | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        batch: int = 64,
    ) -> NDArray[np.uint8]:
        """Make images.

        Parameters
        ----------
        count
            Number of images, at least 1.
        noise
            Source of the initial noise, and of the steps' noise unless `step_noise` is given.
        step_noise
            Source of the noise of the steps; its normals need zero mean and unit variance, no more
            (one bit a normal will do, arXiv:2506.08337).
        progress
            Called after every step with the image steps done and the image steps in all.
        batch
            Images at a time; takes 3 kB x steps of memory for each.

        Returns
        -------
        NDArray
            uint8, shape (count, 28, 28), light garments on black.

        Raises
        ------
        ValueError
            If `count` or `batch` is below 1.

        Notes
        -----
        The order of the draws: image after image, and for each image its initial noise, row by row, then the
        noise of its steps 1 to K - 1.  With one source, or two that share their bits (`BitNoise.sharing`), an
        image is so a function of its own contiguous run of normals, and depends neither on `count` nor on `batch`.
        """
        if count < 1 or batch < 1:
            raise InputError(f"count = {count}, batch = {batch}: expected at least 1 of each")
        images = np.empty((count, SIDE, SIDE), dtype=np.uint8)
        for first in range(0, count, batch):
            part = images[first : first + batch]
            start, renewal = self._draw(len(part), noise, noise if step_noise is None else step_noise)
            done = first * self.steps

            def report(step: int, size: int = len(part), done: int = done) -> None:
                progress(done + size * step, count * self.steps)

            part[...] = to_bytes(self._denoise(start, renewal, report))
        return images

    def step(
        self,
        x: NDArray[np.float32],
        v: NDArray[np.float32],
        time: float,
        next_time: float,
        z: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Take one step, by the equations at the head of this module.

        Parameters
        ----------
        x, v
            Noisy images and their v, of one shape.
        time, next_time
            Where the step starts and ends, 1 >= time > next_time >= 0.
        z
            Normals of the shape of `x`; None where none are needed (eta = 0, or next_time = 0).

        Returns
        -------
        NDArray
            The less noisy images.

        Raises
        ------
        ValueError
            If the step needs noise and `z` is None.
        """
        alpha, sigma = float(self.schedule.alpha(time)), float(self.schedule.sigma(time))
        next_alpha, next_sigma = float(self.schedule.alpha(next_time)), float(self.schedule.sigma(next_time))
        image: NDArray[np.float32] = np.clip(alpha * x - sigma * v, -1.0, 1.0)
        eps = (x - alpha * image) / sigma
        renewed = self.eta * next_sigma / sigma * math.sqrt(max(0.0, 1.0 - (alpha / next_alpha) ** 2))
        kept = math.sqrt(max(0.0, next_sigma**2 - renewed**2))
        moved = (next_alpha * image + kept * eps).astype(np.float32, copy=False)
        if renewed == 0.0:
            return moved
        if z is None:
            raise InputError(f"the step from {time} to {next_time} with eta = {self.eta} needs noise: give z")
        return moved + renewed * z

    @property
    def _noisy_steps(self) -> int:
        return self.steps - 1 if self.eta > 0 else 0

    def _draw(
        self, count: int, noise: NoiseSource, step_noise: NoiseSource
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Draw for `count` images: shapes (count, 28, 28) and (count, noisy steps, 28, 28)."""
        start = np.empty((count, SIDE, SIDE), dtype=np.float32)
        renewal = np.empty((count, self._noisy_steps, SIDE, SIDE), dtype=np.float32)
        for index in range(count):
            start[index] = noise.normal((SIDE, SIDE))
            if self._noisy_steps:
                renewal[index] = step_noise.normal((self._noisy_steps, SIDE, SIDE))
        return start, renewal

    def _denoise(
        self, x: NDArray[np.float32], renewal: NDArray[np.float32], report: Callable[[int], None]
    ) -> NDArray[np.float32]:
        for index in range(self.steps):
            time, next_time = float(self.times[index]), float(self.times[index + 1])
            z = renewal[:, index] if index < renewal.shape[1] else None
            x = self.step(x, self.denoiser.predict_v(x, time), time, next_time, z)
            report(index + 1)
        return x


def to_bytes(x: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn [-1, 1] into grey levels 0 to 255."""
    levels: NDArray[np.float32] = np.clip(np.rint((x + 1.0) * 127.5), 0, 255)
    return levels.astype(np.uint8)
