"""What a sampler asks of a denoiser: v.

    v = alpha(t) eps - sigma(t) x_0    so that    x_0 = alpha x_t - sigma v,   eps = sigma x_t + alpha v

Of the three equivalent things a denoiser can say (x_0, eps, v), v alone says something at both ends of
the schedule: at pure noise it is -x_0, at the image it is eps.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["VPrediction"]


class VPrediction(Protocol):
    """Anything that predicts v: a network, or a closed form where the data has one.

    Notes
    -----
    Salimans and Ho, arXiv:2202.00512, appendix D.
    """

    def predict_v(self, x: NDArray[np.float32], t: float) -> NDArray[np.float32]:
        """Predict v of noisy images.

        Parameters
        ----------
        x
            Noisy images, shape (N, 28, 28); a clean image is within [-1, 1].
        t
            Their time, 0 (image) to 1 (noise).

        Returns
        -------
        NDArray
            v, shape of `x`.
        """
        ...
