"""The reverse of the bit-flip process: images out of fair bits, by biased draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.bernoulli_source import BernoulliSource
from mtjlab.analysis.diffusion.bit_prediction import BitPrediction
from mtjlab.analysis.diffusion.flip_schedule import FlipSchedule

__all__ = ["BitFlipSampler", "flip_posterior"]


class BitFlipSampler:
    """Ancestral sampling of the binomial process.

    Time falls from 1 (fair bits) to 0 (image) through t_0 = 1 > t_1 > ... > t_K = 0.  With kept(t) and
    beta = (1 - kept_t / kept_s) / 2 of the schedule, one step from t to s < t draws each bit x_s from

        P(x_s = 1 | x_t)      = sum over b = 0, 1 of  P(x_0 = b | x_t)  P(x_s = 1 | x_t, x_0 = b)
        P(x_s = 1 | x_t, b)   = L_1 K_b / (L_1 K_b + L_0 (1 - K_b))
        L_i = P(x_t | x_s = i) = 1 - beta where x_t = i, else beta
        K_b = P(x_s = 1 | x_0 = b) = (1 + kept_s) / 2 where b = 1, else (1 - kept_s) / 2

    with P(x_0 = 1 | x_t) of the denoiser.  The first state is one draw at P = 1/2 a bit.  At the last step kept_s = 1,
    so that P(x_s = 1 | x_t) is the denoiser's own: it is drawn, or the likelier bit is taken.

    Sohl-Dickstein et al., arXiv:1503.03585, eq. 3 and table App.1; Austin et al., arXiv:2107.03006, eq. 3 and 4.

    Parameters
    ----------
    steps
        Number of denoising steps K, at least 1.
    schedule
        What is left of a bit at a time; None is the cosine schedule.
    draw_last
        Whether the last step draws, too; else it takes the likelier bit, which removes speckles and needs no noise.

    Raises
    ------
    InputError
        If `steps` is below 1.
    """

    def __init__(self, steps: int = 50, schedule: FlipSchedule | None = None, *, draw_last: bool = False) -> None:
        self.schedule = schedule or FlipSchedule()
        """What is left of a bit at a time."""
        self.times = self.schedule.times(steps)
        """Times of the steps, shape (steps + 1,), from 1 to 0."""
        self.draw_last = draw_last
        """Whether the last step draws."""

    @property
    def draws(self) -> int:
        """Biased draws that a bit of an image takes, the fair one at the start included."""
        return len(self.times) - 1 + self.draw_last

    def start(self, shape: tuple[int, ...], source: BernoulliSource) -> NDArray[np.uint8]:
        """Draw the fair bits that an image begins from.

        Parameters
        ----------
        shape
            Shape of the bits.
        source
            Where draws come from.

        Returns
        -------
        NDArray
            0 and 1, uint8.
        """
        return source.draw(np.full(shape, 0.5))

    def chance(
        self, denoiser: BitPrediction, x: NDArray[np.uint8], time: float, next_time: float
    ) -> NDArray[np.float64]:
        """Give P(x_s = 1 | x_t) of each bit: what a step writes by its draw.

        Parameters
        ----------
        denoiser
            What predicts the bits of the image.
        x
            Flipped images, 0 and 1, shape (N, planes, height, width).
        time, next_time
            Where the step starts and ends, 1 >= time > next_time >= 0.

        Returns
        -------
        NDArray
            Probabilities, shape of `x`; 0 and 1 where the last step takes the likelier bit.
        """
        ones = denoiser.ones(x, time)
        if next_time == 0.0:
            return ones if self.draw_last else (ones > 0.5).astype(np.float64)
        return flip_posterior(ones, x, float(self.schedule.kept(next_time)), self.schedule.beta(next_time, time))

    def step(
        self,
        denoiser: BitPrediction,
        x: NDArray[np.uint8],
        time: float,
        next_time: float,
        source: BernoulliSource,
    ) -> NDArray[np.uint8]:
        """Take one step.

        Parameters
        ----------
        denoiser
            What predicts the bits of the image.
        x
            Flipped images, 0 and 1, shape (N, planes, height, width).
        time, next_time
            Where the step starts and ends, 1 >= time > next_time >= 0.
        source
            Where draws come from.

        Returns
        -------
        NDArray
            The less flipped images, shape of `x`.
        """
        chance = self.chance(denoiser, x, time, next_time)
        if next_time == 0.0 and not self.draw_last:
            return chance.astype(np.uint8)
        return source.draw(chance)


def flip_posterior(ones: NDArray[np.float64], x: NDArray[np.uint8], kept: float, beta: float) -> NDArray[np.float64]:
    """Give P(x_s = 1 | x_t) from P(x_0 = 1 | x_t).

    Parameters
    ----------
    ones
        P(x_0 = 1 | x_t), of any shape.
    x
        x_t, 0 and 1, the same shape.
    kept
        Correlation of x_s with x_0, 0 to 1.
    beta
        Probability that a bit flips from s to t, 0 to 1/2.

    Returns
    -------
    NDArray
        Probabilities, shape of `x`.

    Notes
    -----
    The formula of `BitFlipSampler`.
    """
    is_one = x == 1
    like_one, like_zero = np.where(is_one, 1 - beta, beta), np.where(is_one, beta, 1 - beta)

    def given(share: float) -> NDArray[np.float64]:
        one, zero = like_one * share, like_zero * (1 - share)
        return np.divide(one, one + zero, out=np.zeros(x.shape), where=one + zero > 0)

    mixed: NDArray[np.float64] = ones * given((1 + kept) / 2) + (1 - ones) * given((1 - kept) / 2)
    return mixed
