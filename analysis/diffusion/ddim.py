"""DDIM with eta."""

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.image_guess import image_guess
from mtjlab.analysis.diffusion.schedule import CosineSchedule
from mtjlab.analysis.diffusion.v_prediction import VPrediction
from mtjlab.core import InputError

__all__ = ["Ddim"]


class Ddim:
    """DDIM with eta.

    Time falls from 1 (noise) to 0 (image) through t_0 = 1 > t_1 > ... > t_K = 0.  With the weights alpha and
    sigma of the schedule, one step from t to s < t is

        x_0  = alpha_t x_t - sigma_t v(x_t, t),  clipped to [-1, 1]          the predicted image
        eps  = (x_t - alpha_t x_0) / sigma_t                                 the noise that goes with it
        d    = eta (sigma_s / sigma_t) sqrt(1 - alpha_t^2 / alpha_s^2)       how much noise is renewed (eq. 16)
        x_s  = alpha_s x_0 + sqrt(sigma_s^2 - d^2) eps + d z,   z ~ N(0, 1)  (eq. 12)

    of Song, Meng and Ermon, arXiv:2010.02502, whose alpha_t is our alpha(t)^2.  At eta = 0 all randomness is in x_1,
    one normal a pixel.  At eta = 1, which is DDPM, every step but the last renews the noise, K normals a pixel.  At the
    last step s = 0 and sigma_s = d = 0: nothing is added, nothing drawn.

    Parameters
    ----------
    steps
        Number of denoising steps K, at least 1.
    eta
        Share of the noise that each step renews: 0 (DDIM) to 1 (DDPM); None is 0.
    schedule
        Weights of image and noise, and the spacing of the steps; None is the cosine schedule with equal steps of time.
    clip
        Whether the predicted image is kept within [-1, 1].

    Raises
    ------
    InputError
        If `steps` is below 1 or `eta` outside [0, 1].
    """

    def __init__(
        self, steps: int = 50, eta: float | None = None, schedule: CosineSchedule | None = None, *, clip: bool = True
    ) -> None:
        eta = 0.0 if eta is None else eta
        if not 0.0 <= eta <= 1.0:
            raise InputError(f"eta = {eta}: expected 0 (DDIM, noise at the start only) to 1 (DDPM, at every step)")
        self.schedule = schedule or CosineSchedule()
        """Weights of image and noise."""
        self.times = self.schedule.times(steps)
        """Times of the steps, shape (steps + 1,), from 1 to 0."""
        self.eta = eta
        """Share of the noise that each step renews."""
        self.renewals = steps - 1 if eta > 0 else 0
        """Steps that take noise: none at eta = 0, else all but the last."""
        self._clip = clip

    def step(
        self,
        denoiser: VPrediction,
        x: NDArray[np.float32],
        time: float,
        next_time: float,
        z: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Take one step, by the equations of the class.

        Parameters
        ----------
        denoiser
            What predicts v.
        x
            Noisy images, of any shape.
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
        InputError
            If the step needs noise and `z` is None.
        """
        image = image_guess(self.schedule, denoiser, x, time, clip=self._clip)
        alpha, sigma = float(self.schedule.alpha(time)), float(self.schedule.sigma(time))
        next_alpha, next_sigma = float(self.schedule.alpha(next_time)), float(self.schedule.sigma(next_time))
        eps = (x - alpha * image) / sigma
        renewed = self.eta * next_sigma / sigma * math.sqrt(max(0.0, 1.0 - (alpha / next_alpha) ** 2))
        kept = math.sqrt(max(0.0, next_sigma**2 - renewed**2))
        moved = (next_alpha * image + kept * eps).astype(np.float32, copy=False)
        if renewed == 0.0:
            return moved
        if z is None:
            raise InputError(f"the step from {time} to {next_time} with eta = {self.eta} needs noise: give z")
        return moved + renewed * z
