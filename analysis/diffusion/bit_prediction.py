"""What the sampler of flipped bits asks of a denoiser: P(x_0 = 1) of each bit."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["BitPrediction", "ConditionalBitPrediction"]


class BitPrediction(Protocol):
    """Anything that predicts the bits of an image from flipped ones: a network, or Bayes' rule for known data."""

    @property
    def planes_shape(self) -> tuple[int, ...]:
        """Shape of an image as bit planes: (4, 28, 28)."""
        ...

    def ones(self, x: NDArray[np.uint8], t: float) -> NDArray[np.float64]:
        """Predict P(x_0 = 1) of each bit, given all bits of the flipped image.

        Parameters
        ----------
        x
            Flipped images, 0 and 1, shape (N,) followed by `planes_shape`.
        t
            Their time, 0 (image) to 1 (fair bits).

        Returns
        -------
        NDArray
            Probabilities, shape of `x`.
        """
        ...


@runtime_checkable
class ConditionalBitPrediction(BitPrediction, Protocol):
    """What predicts the bits of images of a class that is asked for."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of their numbers; empty where there is no choice."""
        ...

    def of_classes(self, labels: NDArray[np.int64]) -> BitPrediction:
        """Return what predicts images of these classes.

        Parameters
        ----------
        labels
            Number of the class of each image, shape (N,); the number of classes stands for any.

        Returns
        -------
        BitPrediction
            For batches of N images.
        """
        ...
