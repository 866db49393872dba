"""How far two sets of images are apart, by what a small classifier sees in them.

    FD = |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))

is the Fréchet distance between two normal distributions with means m and covariances C.  Of Inception
features it is called FID; ours are 64 features of a small classifier of Fashion-MNIST, so the numbers cannot
be compared with any FID, and it is called FD.  It falls with the number of images n even for perfect ones
(the sample's own scatter adds to it): compare at equal n.
"""

from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.onnx_session import open_session
from mtjlab.core import InputError

__all__ = ["Features", "frechet_distance", "kernel_distance"]

Matrix = NDArray[np.floating]


class Features:
    """What a classifier of Fashion-MNIST sees in images: 64 numbers for each.

    Parameters
    ----------
    path
        ONNX file with the input x (N, channels, height, width), float32 in [-1, 1], and the outputs features (N, 64)
        and logits (N, classes). That of the shipped one is (N, 1, 28, 28), and it knows 10 classes.
    threads
        Threads to run on; None takes every core.

    Raises
    ------
    ValueError
        If the file is missing or is no such network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._session = open_session(path, ["x"], ["features", "logits"], threads)

    @classmethod
    def shipped(cls, *, threads: int | None = None) -> "Features":
        """Open the classifier that comes with mtjlab.

        Parameters
        ----------
        threads
            Threads to run on; None takes every core.

        Returns
        -------
        Features
            The shipped classifier.
        """
        file = resources.files("mtjlab.data") / "denoiser" / "features.onnx"
        with resources.as_file(file) as path:
            return cls(path, threads=threads)

    def features(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Compute the features of images.

        Parameters
        ----------
        images
            uint8, shape (N, height, width), and 3 at the end for colour; (N, 28, 28) for the shipped one.

        Returns
        -------
        NDArray
            float32, shape (N, 64).

        Raises
        ------
        ValueError
            If `images` are no uint8 images of the size that the classifier knows.
        """
        return self._run("features", images)

    def labels(self, images: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Say which class each image shows.

        Parameters
        ----------
        images
            uint8, shape (N, height, width), and 3 at the end for colour; (N, 28, 28) for the shipped one.

        Returns
        -------
        NDArray
            Numbers of classes, shape (N,); of the shipped one 0 (T-shirt) to 9 (ankle boot).

        Raises
        ------
        ValueError
            If `images` are no uint8 images of the size that the classifier knows.
        """
        labels: NDArray[np.int64] = np.argmax(self._run("logits", images), axis=1)
        return labels

    def _run(self, output: str, images: NDArray[np.uint8], batch: int = 500) -> NDArray[np.float32]:
        channels, height, width = next(port.shape[1:] for port in self._session.get_inputs())
        shape = (height, width) if channels == 1 else (height, width, channels)
        if images.dtype != np.uint8 or images.shape[1:] != shape or len(images) == 0:
            raise InputError(
                f"{images.dtype} array of shape {images.shape}: expected uint8 images (N, {', '.join(map(str, shape))})"
            )
        planes = images[:, None] if channels == 1 else np.moveaxis(images, 3, 1)
        parts = (planes[first : first + batch] for first in range(0, len(planes), batch))
        feeds = (part.astype(np.float32) / np.float32(127.5) - np.float32(1.0) for part in parts)
        return np.concatenate([self._session.run([output], {"x": feed})[0] for feed in feeds])


def frechet_distance(mean1: Matrix, cov1: Matrix, mean2: Matrix, cov2: Matrix) -> float:
    """Fréchet distance (FD) of two normal distributions.

    Parameters
    ----------
    mean1, mean2
        Means, shape (D,).
    cov1, cov2
        Covariances, shape (D, D), symmetric and positive semidefinite.

    Returns
    -------
    float
        The squared distance, as FID is quoted; 0 for equal distributions.

    Raises
    ------
    ValueError
        If the shapes do not fit or a value is not finite.

    Notes
    -----
    Dowson and Landau, J. Multivariate Anal. 12, 450 (1982), eq. 4. The trace of (C1 C2)^(1/2) is taken from the
    eigenvalues of C1^(1/2) C2 C1^(1/2), which is symmetric: no complex square root, no failure where a feature
    never varies.
    """
    arrays = [np.asarray(array, dtype=np.float64) for array in (mean1, cov1, mean2, cov2)]
    m1, c1, m2, c2 = arrays
    if m1.ndim != 1 or m2.shape != m1.shape or c1.shape != (m1.size, m1.size) or c2.shape != c1.shape:
        raise InputError(f"shapes {[array.shape for array in arrays]}: expected (D,), (D, D), (D,), (D, D)")
    if not all(np.isfinite(array).all() for array in arrays):
        raise InputError("a mean or covariance is not finite: compute it from at least 2 finite feature vectors")
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T
    product = np.linalg.eigvalsh(root @ c2 @ root)
    overlap = np.sqrt(np.clip(product, 0.0, None)).sum()
    return float(np.sum((m1 - m2) ** 2) + np.trace(c1) + np.trace(c2) - 2.0 * overlap)


def kernel_distance(features1: Matrix, features2: Matrix) -> float:
    """Kernel distance of two sets of features; its estimate is unbiased at every n, unlike the FD's.

    Parameters
    ----------
    features1, features2
        Shapes (N1, D) and (N2, D), at least two of each.

    Returns
    -------
    float
        Squared maximum mean discrepancy; about 0, and of either sign, for equal distributions.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Bińkowski et al., arXiv:1801.01401, eq. 4 with the kernel (x·y / D + 1)^3; of Inception features it is
    called KID.
    """
    x, y = (np.asarray(features, dtype=np.float64) for features in (features1, features2))
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1] or min(len(x), len(y)) < 2:
        raise InputError(f"features of shapes {x.shape} and {y.shape}: expected (N1, D), (N2, D), N at least 2")
    within = sum((k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (_kernel(x, x), _kernel(y, y)))
    return float(within - 2.0 * _kernel(x, y).mean())


def _kernel(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((x @ y.T / x.shape[1] + 1.0) ** 3)
