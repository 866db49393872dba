"""Precision and recall of a set of images: how many are like real ones, and how many real ones are reached.

Around each real image lies a ball that reaches to its k-th nearest real neighbour, by distance of the features; all
balls together stand for what is real. Precision is the share of made images in a ball of the real ones; recall, with
the parts exchanged, the share of real images in a ball of the made ones. Noise that ruins images lowers the precision;
noise that makes them all alike lowers the recall.

Kynkäänniemi et al., arXiv:1904.06991, eq. 1 to 3.
"""

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["NEIGHBOURS", "ball_radii", "share_inside"]

NEIGHBOURS = 3
"""k, as the paper has it."""
ROWS = 1000


def ball_radii(features: NDArray[np.float32], neighbours: int = NEIGHBOURS) -> NDArray[np.float32]:
    """Give the squared radius of the ball around each image.

    Parameters
    ----------
    features
        Shape (N, D), more images than `neighbours`.
    neighbours
        k: which neighbour the ball reaches to.

    Returns
    -------
    NDArray
        Squared distance to the k-th nearest other image, float32, shape (N,).

    Raises
    ------
    InputError
        If there are not more images than neighbours.
    """
    if len(features) <= neighbours:
        raise InputError(f"{len(features)} images have no {neighbours} neighbours: give at least {neighbours + 1}")
    radii = np.empty(len(features), np.float32)
    for first in range(0, len(features), ROWS):
        squared = _squared_distances(features[first : first + ROWS], features)
        # The nearest of all is the image itself.
        radii[first : first + ROWS] = np.partition(squared, neighbours, axis=1)[:, neighbours]
    return radii


def share_inside(images: NDArray[np.float32], balls: NDArray[np.float32], squared_radii: NDArray[np.float32]) -> float:
    """Give the share of images that lie in at least one ball.

    Parameters
    ----------
    images
        Features of the images, shape (N, D).
    balls
        Features of the images in the middle of the balls, shape (M, D).
    squared_radii
        Of the balls, shape (M,).

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> real = np.array([[0.0], [1.0], [2.0], [3.0]], np.float32)
    >>> share_inside(np.array([[1.4], [9.0]], np.float32), real, ball_radii(real, 1))
    0.5
    """
    inside = 0
    for first in range(0, len(images), ROWS):
        squared = _squared_distances(images[first : first + ROWS], balls)
        inside += int(np.count_nonzero((squared <= squared_radii).any(axis=1)))
    return inside / len(images)


def _squared_distances(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    # In double precision, as the difference of large numbers is a small one where images are alike.
    a, b = x.astype(np.float64), y.astype(np.float64)
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * a @ b.T
    clipped: NDArray[np.float32] = np.clip(squared, 0.0, None).astype(np.float32)
    return clipped
