"""The schedule of the bit-flip process: how much of a bit is left at a time.

    P(x_t = x_0) = (1 + kept(t)) / 2,    kept = cos(pi t / 2),    0 <= t <= 1

so that x_0 is the image and x_1 is fair bits.  A step from s to t > s flips each bit, whatever its state, with

    beta = (1 - kept(t) / kept(s)) / 2,

since flips with beta_1, beta_2, ... leave the product of (1 - 2 beta) of a bit's correlation with itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["FlipSchedule"]


class FlipSchedule:
    """The cosine schedule of flips.

    Notes
    -----
    The binomial diffusion of Sohl-Dickstein et al., arXiv:1503.03585 (table App.1), which is D3PM's uniform kernel for
    two states (Austin et al., arXiv:2107.03006, appendix A.2.1). The cosine is our choice: the image is lost at a
    steady pace in equal steps of t.
    """

    def kept(self, time: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give the correlation of a bit at `time` with itself at time 0.

        Parameters
        ----------
        time
            0 (image) to 1 (fair bits), of any shape.

        Returns
        -------
        NDArray
            1 to 0, shape of `time`.
        """
        at = np.asarray(time, dtype=np.float64)
        return np.where(at == 1.0, 0.0, np.cos(np.pi / 2 * at))  # floating point leaves 6e-17 of the image at 1

    def flipped(self, time: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give the probability that a bit at `time` differs from that of the image.

        Parameters
        ----------
        time
            0 (image) to 1 (fair bits), of any shape.

        Returns
        -------
        NDArray
            0 to 1/2, shape of `time`.
        """
        return (1 - self.kept(time)) / 2

    def beta(self, time: float, next_time: float) -> float:
        """Give the flip probability of one step.

        Parameters
        ----------
        time, next_time
            Where the step starts and ends, 0 <= time < next_time <= 1.

        Returns
        -------
        float
            0 to 1/2.

        Raises
        ------
        InputError
            If the times are none such.
        """
        if not 0 <= time < next_time <= 1:
            raise InputError(f"times {time} and {next_time}: a step leads from 0 or later to a later time, 1 at most")
        return float(1 - self.kept(next_time) / self.kept(time)) / 2

    def times(self, steps: int) -> NDArray[np.float64]:
        """List the times of a sampler, from fair bits to the image.

        Parameters
        ----------
        steps
            Number of denoising steps, at least 1.

        Returns
        -------
        NDArray
            Shape (steps + 1,), falling from 1 to 0.

        Raises
        ------
        InputError
            If `steps` is below 1.
        """
        if steps < 1:
            raise InputError(f"steps = {steps}: a sampler needs at least 1 step")
        return np.linspace(1.0, 0.0, steps + 1)
