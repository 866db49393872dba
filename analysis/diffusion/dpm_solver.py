"""DPM-Solver++(2M) and its stochastic form: two steps back are remembered, and the image's drift is carried on.

Both take the image x_0 predicted at the time t of a step and one step before, and extrapolate it along
lambda = log(alpha / sigma) to the middle of the step from t to s:

    h   = lambda_s - lambda_t,   h' = lambda_t - lambda_t'          t' is the time before t
    D   = x_0(t) + h / (2 h') (x_0(t) - x_0(t'))

Lu et al., arXiv:2211.01095.  Where lambda is infinite there is nothing to extrapolate along, and D = x_0(t), a step of
first order: the first step (nothing before it), the second where the first began at pure noise (h' infinite, and the
weight of the correction h / (2 h') is 0 indeed), and the last, which ends at the image (h infinite).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.image_guess import image_guess
from mtjlab.analysis.diffusion.schedule import CosineSchedule
from mtjlab.analysis.diffusion.v_prediction import VPrediction
from mtjlab.core import InputError

__all__ = ["DpmSolver", "SdeDpmSolver"]


class DpmSolver:
    """DPM-Solver++(2M), a solver of the probability flow of second order, with one evaluation of the denoiser a step.

        x_s = (sigma_s / sigma_t) x_t - alpha_s (e^-h - 1) D

    with h and D as at the head of this module: Lu et al., arXiv:2211.01095, algorithm 2.  All randomness is in x_1.

    Parameters
    ----------
    steps
        Number of denoising steps K, at least 1.
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

    _ETA = 0.0

    def __init__(
        self, steps: int = 20, eta: float | None = None, schedule: CosineSchedule | None = None, *, clip: bool = True
    ) -> None:
        if eta not in (None, self._ETA):
            raise InputError(f"eta = {eta}: this solver has eta = {self._ETA:g} alone; DDIM takes another eta")
        self.schedule = schedule or CosineSchedule("log-snr")
        """Weights of image and noise."""
        self.times = self.schedule.times(steps)
        """Times of the steps, shape (steps + 1,), from 1 to 0."""
        self.eta = self._ETA
        """Share of the noise that each step renews."""
        self.renewals = steps - 1 if self.eta else 0
        """Steps that take noise."""
        self._clip = clip
        self._before: tuple[float, NDArray[np.float32]] | None = None

    def start(self) -> "DpmSolver":
        """Return the same sampler with nothing to remember.

        Returns
        -------
        DpmSolver
            Takes the steps of one batch, each once and in order.
        """
        fresh = type(self).__new__(type(self))
        fresh.__dict__.update(self.__dict__, _before=None)
        return fresh

    def step(
        self,
        denoiser: VPrediction,
        x: NDArray[np.float32],
        time: float,
        next_time: float,
        z: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Take one step, and remember the image as it looked.

        Parameters
        ----------
        denoiser
            What predicts v.
        x
            Noisy images, of any shape.
        time, next_time
            Where the step starts and ends, 1 >= time > next_time >= 0; `time` is where the step before ended.
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
        ahead = self._ahead(image, time, next_time)
        self._before = time, image
        alpha, sigma = float(self.schedule.alpha(time)), float(self.schedule.sigma(time))
        next_alpha, next_sigma = float(self.schedule.alpha(next_time)), float(self.schedule.sigma(next_time))
        shrinks = alpha * next_sigma / (sigma * next_alpha)  # e^-h
        return self._moved(x, ahead, z, next_alpha, next_sigma, next_sigma / sigma, shrinks)

    def _ahead(self, image: NDArray[np.float32], time: float, next_time: float) -> NDArray[np.float32]:
        """Return D: the image predicted for the middle of the step."""
        if self._before is None:
            return image
        before, image_before = self._before
        now = self.schedule.log_ratio(time)
        h, h_before = self.schedule.log_ratio(next_time) - now, now - self.schedule.log_ratio(before)
        if math.isinf(h) or math.isinf(h_before):
            return image
        return image + h / (2 * h_before) * (image - image_before)

    def _moved(
        self,
        x: NDArray[np.float32],
        ahead: NDArray[np.float32],
        z: NDArray[np.float32] | None,
        next_alpha: float,
        next_sigma: float,
        ratio: float,
        shrinks: float,
    ) -> NDArray[np.float32]:
        return ratio * x + next_alpha * (1 - shrinks) * ahead


class SdeDpmSolver(DpmSolver):
    """SDE-DPM-Solver++(2M), a solver of the reverse stochastic equation of second order.

        x_s = (sigma_s / sigma_t) e^-h x_t + alpha_s (1 - e^-2h) D + sigma_s sqrt(1 - e^-2h) z,   z ~ N(0, 1)

    with h and D as at the head of this module: Lu et al., arXiv:2211.01095, section 5.  Every step but the last renews
    the noise.  With D = x_0 it is DDPM.

    Parameters
    ----------
    steps
        Number of denoising steps K, at least 1.
    eta
        None or 1: all of the noise is renewed.
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

    _ETA = 1.0

    def _moved(
        self,
        x: NDArray[np.float32],
        ahead: NDArray[np.float32],
        z: NDArray[np.float32] | None,
        next_alpha: float,
        next_sigma: float,
        ratio: float,
        shrinks: float,
    ) -> NDArray[np.float32]:
        renewed = 1 - shrinks**2
        moved = ratio * shrinks * x + next_alpha * renewed * ahead
        if next_sigma == 0.0:
            return moved
        if z is None:
            raise InputError("a stochastic step needs noise: give z")
        moved += next_sigma * math.sqrt(renewed) * z
        return moved
