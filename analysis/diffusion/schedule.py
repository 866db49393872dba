"""The cosine schedule: how much image and how much noise there is at a time.

    x_t = alpha(t) x_0 + sigma(t) eps,    alpha = cos(pi t / 2),  sigma = sin(pi t / 2),  0 <= t <= 1

so that alpha^2 + sigma^2 = 1 (variance preserving), x_0 is the image and x_1 pure noise.  Solvers of higher order
count in the logarithm of the ratio of the two, half the log-SNR,

    lambda(t) = log(alpha / sigma) = -log tan(pi t / 2),    -inf at t = 1 and +inf at t = 0.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["CosineSchedule"]


class CosineSchedule:
    """The variance-preserving cosine schedule.

    Parameters
    ----------
    spacing
        How samplers space their steps: "time" in equal steps of t, "log-snr" in equal steps of lambda from -log K to
        log K for K steps, of which the first leads there from pure noise and the last from there to the image.
    first
        Time of a sampler's start, above 0 and at most 1.  Below 1 lambda is finite everywhere but at the image; the
        noise that a sampler starts from lacks then the trace alpha(first) x_0 of an image.

    Raises
    ------
    InputError
        If `spacing` is neither, or `first` is outside (0, 1].

    Notes
    -----
    Nichol and Dhariwal, arXiv:2102.09672, eq. 17, with the offset s = 0: predicting v (Salimans and Ho,
    arXiv:2202.00512, appendix D) has no singularity at either end, so the offset is not needed.
    """

    def __init__(self, spacing: Literal["time", "log-snr"] = "time", *, first: float = 1.0) -> None:
        if spacing not in ("time", "log-snr"):
            raise InputError(f"spacing = {spacing!r}: expected 'time' or 'log-snr'")
        if not 0.0 < first <= 1.0:
            raise InputError(f"first = {first}: expected a time above 0, and at most 1 (pure noise)")
        self.spacing = spacing
        """How samplers space their steps."""
        self.first = first
        """Time of a sampler's start."""

    def alpha(self, time: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Weight of the image at `time` in [0, 1].

        Parameters
        ----------
        time
            0 (image) to 1 (noise), of any shape.

        Returns
        -------
        NDArray
            The weight, 0 to 1, shape of `time`.
        """
        return np.cos(np.pi / 2 * np.asarray(time, dtype=np.float64))

    def sigma(self, time: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Weight of the noise at `time` in [0, 1].

        Parameters
        ----------
        time
            0 (image) to 1 (noise), of any shape.

        Returns
        -------
        NDArray
            The weight, 0 to 1, shape of `time`.
        """
        return np.sin(np.pi / 2 * np.asarray(time, dtype=np.float64))

    def log_ratio(self, time: float) -> float:
        """Lambda, the natural logarithm of alpha / sigma.

        Parameters
        ----------
        time
            0 (image) to 1 (noise).

        Returns
        -------
        float
            From inf at 0 through 0 at 1/2 to -inf at 1.
        """
        if time in (0.0, 1.0):  # where floating point leaves 6e-17 of the image at time 1
            return math.inf if time == 0.0 else -math.inf
        return -math.log(math.tan(math.pi / 2 * time))

    def times(self, steps: int) -> NDArray[np.float64]:
        """List the times of a sampler from pure noise to the image.

        Parameters
        ----------
        steps
            Number of denoising steps, at least 1.

        Returns
        -------
        NDArray
            Shape (steps + 1,), falling from `first`, usually 1, to 0.

        Raises
        ------
        ValueError
            If `steps` is below 1.
        """
        if steps < 1:
            raise InputError(f"steps = {steps}: a sampler needs at least 1 step")
        if self.spacing == "time":
            return np.linspace(self.first, 0.0, steps + 1)
        ends = math.log(steps)
        lowest = max(-ends, self.log_ratio(self.first) + 2 * ends / steps)
        between = np.linspace(lowest, ends, steps - 1) if steps > 2 else np.zeros(steps - 1)
        return np.concatenate([[self.first], 2 / np.pi * np.arctan(np.exp(-between)), [0.0]])
