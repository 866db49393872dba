"""Heun's method on the probability flow."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.image_guess import image_guess
from mtjlab.analysis.diffusion.schedule import CosineSchedule
from mtjlab.analysis.diffusion.v_prediction import VPrediction
from mtjlab.core import InputError

__all__ = ["Heun"]


class Heun:
    """Heun's method, of second order, with two evaluations of the denoiser a step.

    In the variables y = x / alpha and u = sigma / alpha the probability flow is dy/du = eps, the noise that goes with
    the predicted image.  A step of Euler's method to u_s, and then the mean of the slopes at its two ends:

        y'  = y_t + (u_s - u_t) eps(y_t, u_t)                                    Euler, which is DDIM
        y_s = y_t + (u_s - u_t) (eps(y_t, u_t) + eps(y', u_s)) / 2

    Karras et al., arXiv:2206.00364, algorithm 1, with their sigma our u; in x, and with x' = alpha_s y',

        x_s = x' + (sigma_s - sigma_t alpha_s / alpha_t) (eps(x', s) - eps(x_t, t)) / 2.

    Where u_t is infinite (the first step, from pure noise at t = 1) and where s is the image (the last step, as in
    algorithm 1) the step is Euler's, which is exact in x there.  All randomness is in x_1.

    Parameters
    ----------
    steps
        Number of denoising steps K, at least 1; they take 2 K - 2 evaluations (2 K - 1 with a start below time 1).
    eta
        None or 0: no noise is renewed.
    schedule
        Weights of image and noise, and the spacing of the steps; None is the cosine schedule with equal steps
        of lambda.
    clip
        Whether the predicted image is kept within [-1, 1].

    Raises
    ------
    InputError
        If `steps` is below 1 or `eta` is another.
    """

    def __init__(
        self, steps: int = 10, eta: float | None = None, schedule: CosineSchedule | None = None, *, clip: bool = True
    ) -> None:
        if eta not in (None, 0.0):
            raise InputError(f"eta = {eta}: Heun's method renews no noise (eta = 0); DDIM takes another eta")
        self.schedule = schedule or CosineSchedule("log-snr")
        """Weights of image and noise."""
        self.times = self.schedule.times(steps)
        """Times of the steps, shape (steps + 1,), from 1 to 0."""
        self.eta = 0.0
        """Share of the noise that each step renews."""
        self.renewals = 0
        """Steps that take noise: none."""
        self._clip = clip

    def step(
        self,
        denoiser: VPrediction,
        x: NDArray[np.float32],
        time: float,
        next_time: float,
        z: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Take one step.

        Parameters
        ----------
        denoiser
            What predicts v.
        x
            Noisy images, of any shape.
        time, next_time
            Where the step starts and ends, 1 >= time > next_time >= 0.
        z
            Not used: no step takes noise.

        Returns
        -------
        NDArray
            The less noisy images.
        """
        alpha, sigma = float(self.schedule.alpha(time)), float(self.schedule.sigma(time))
        next_alpha, next_sigma = float(self.schedule.alpha(next_time)), float(self.schedule.sigma(next_time))
        image = image_guess(self.schedule, denoiser, x, time, clip=self._clip)
        eps: NDArray[np.float32] = np.divide(x - alpha * image, sigma)
        euler: NDArray[np.float32] = next_alpha * image + next_sigma * eps
        if time == 1.0 or next_time == 0.0:
            return euler
        next_image = image_guess(self.schedule, denoiser, euler, next_time, clip=self._clip)
        next_eps: NDArray[np.float32] = np.divide(euler - next_alpha * next_image, next_sigma)
        moved: NDArray[np.float32] = euler + (next_sigma - sigma * next_alpha / alpha) / 2 * (next_eps - eps)
        return moved
