"""The cosine schedule: how much image and how much noise there is at a time.

    x_t = alpha(t) x_0 + sigma(t) eps,    alpha = cos(pi t / 2),  sigma = sin(pi t / 2),  0 <= t <= 1

so that alpha^2 + sigma^2 = 1 (variance preserving), x_0 is the image and x_1 pure noise.
"""

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["CosineSchedule"]


class CosineSchedule:
    """The variance-preserving cosine schedule.

    Notes
    -----
    Nichol and Dhariwal, arXiv:2102.09672, eq. 17, with the offset s = 0: predicting v (Salimans and Ho,
    arXiv:2202.00512, appendix D) has no singularity at either end, so the offset is not needed.
    """

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

    def times(self, steps: int) -> NDArray[np.float64]:
        """List the times of a sampler from pure noise to the image.

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
        ValueError
            If `steps` is below 1.
        """
        if steps < 1:
            raise InputError(f"steps = {steps}: a sampler needs at least 1 step")
        return np.linspace(1.0, 0.0, steps + 1)
