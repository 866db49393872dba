"""What a sampler asks of a denoiser: v.

    v = alpha(t) eps - sigma(t) x_0    so that    x_0 = alpha x_t - sigma v,   eps = sigma x_t + alpha v

Of the three equivalent things a denoiser can say (x_0, eps, v), v alone says something at both ends of
the schedule: at pure noise it is -x_0, at the image it is eps.
"""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["ConditionalVPrediction", "VPrediction"]


class VPrediction(Protocol):
    """Anything that predicts v: a network, or a closed form where the data has one.

    Notes
    -----
    Salimans and Ho, arXiv:2202.00512, appendix D.
    """

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of an image: (28, 28) for grey, (3, 32, 32) for colour."""
        ...

    def predict_v(self, x: NDArray[np.float32], t: float) -> NDArray[np.float32]:
        """Predict v of noisy images.

        Parameters
        ----------
        x
            Noisy images, shape (N,) followed by `image_shape`; a clean image is within [-1, 1].
        t
            Their time, 0 (image) to 1 (noise).

        Returns
        -------
        NDArray
            v, shape of `x`.
        """
        ...


@runtime_checkable
class ConditionalVPrediction(VPrediction, Protocol):
    """What predicts v of images of a class that is asked for."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of their numbers; empty where there is no choice."""
        ...

    def conditioned(self, labels: NDArray[np.int64], guidance: float) -> VPrediction:
        """Return what predicts v for images of these classes.

        Parameters
        ----------
        labels
            Class number of each image, shape (N,); ``len(classes)`` is any class.
        guidance
            Weight w of the class: v = v_no class + w (v_class - v_no class), Ho and Salimans, arXiv:2207.12598.

        Returns
        -------
        VPrediction
            For N images, in the order of `labels`.
        """
        ...
