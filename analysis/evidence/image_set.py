"""A set of images as the comparison sees it, and how it stands to real ones."""

import zipfile
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Features, FeatureStatistics
from mtjlab.analysis.evidence.kernel_moments import KernelMoments
from mtjlab.analysis.evidence.precision_recall import ball_radii, share_inside
from mtjlab.core import InputError, new_file

__all__ = ["ImageScores", "ImageSet", "RealImages"]

CLASSES = 10
REAL = 5000
"""Real images whose features are kept."""


@dataclass(frozen=True)
class ImageSet:
    """What is kept of a set of images: what the classifier sees in them, and how bright they are."""

    features: NDArray[np.float32]
    """float32, shape (N, 64)."""
    class_shares: NDArray[np.float64]
    """Share of each garment, as the classifier names it, shape (10,)."""
    mean_pixel: float
    """Mean grey level, 0 to 255."""

    @classmethod
    def of(cls, images: NDArray[np.uint8], features: Features) -> "ImageSet":
        """Look at images.

        Parameters
        ----------
        images
            uint8, shape (N, 28, 28), at least two.
        features
            The classifier that looks at them.

        Returns
        -------
        ImageSet
            What is kept of them.

        Raises
        ------
        InputError
            If `images` are no such images.
        """
        if len(images) < 2:
            raise InputError(f"{len(images)} images are no set: give at least 2")
        counts = np.bincount(features.labels(images), minlength=CLASSES)
        return cls(features.features(images), counts / len(images), float(images.mean()))

    @cached_property
    def statistics(self) -> FeatureStatistics:
        """Mean and covariance of the features."""
        values = self.features.astype(np.float64)
        return FeatureStatistics(values.mean(axis=0), np.cov(values, rowvar=False), self.mean_pixel, len(self.features))

    @cached_property
    def moments(self) -> KernelMoments:
        """What the kernel distance needs."""
        return KernelMoments.of(self.features)


@dataclass(frozen=True)
class ImageScores:
    """How a set of images stands to real ones."""

    fd: float
    """Fréchet distance on our features; it falls with the number of images."""
    kid: float
    """Kernel distance on our features."""
    precision: float
    """Share of the images that are like real ones."""
    recall: float
    """Share of the real images that are reached."""
    mean_pixel: float
    """Mean grey level, 0 to 255."""


@dataclass(frozen=True)
class RealImages:
    """What images are held against: the test images of Fashion-MNIST."""

    statistics: FeatureStatistics
    """Mean and covariance of the features of all 10,000."""
    features: NDArray[np.float32]
    """Features of the first 5,000, rounded to half precision."""

    @classmethod
    def shipped(cls) -> "RealImages":
        """Read what comes with mtjlab."""
        file = resources.files("mtjlab.data") / "denoiser" / "reference_features.npz"
        with resources.as_file(file) as path:
            return cls(FeatureStatistics.shipped(), _read(path))

    @classmethod
    def of(cls, images: NDArray[np.uint8], features: Features) -> "RealImages":
        """Make of real images what images are held against.

        Parameters
        ----------
        images
            uint8, shape (N, 28, 28).
        features
            The classifier that looks at them.
        """
        kept = features.features(images[:REAL]).astype(np.float16).astype(np.float32)
        return cls(FeatureStatistics.of(images, features), kept)

    def save_features(self, path: Path) -> None:
        """Write the features as ``reference_features.npz`` has them.

        Parameters
        ----------
        path
            The file; one of that name is replaced.
        """
        with new_file(path, overwrite=True) as partial, partial.open("wb") as file:
            np.savez_compressed(file, features=self.features.astype(np.float16))

    def scores(self, images: ImageSet) -> ImageScores:
        """Give the scores of images beside the real ones.

        Parameters
        ----------
        images
            The set, of at least four.
        """
        precision = share_inside(images.features, self.features, self._radii)
        recall = share_inside(self.features, images.features, ball_radii(images.features))
        return ImageScores(
            self.statistics.distance(images.statistics),
            self._moments.distance(images.moments),
            precision,
            recall,
            images.mean_pixel,
        )

    @cached_property
    def _radii(self) -> NDArray[np.float32]:
        return ball_radii(self.features)

    @cached_property
    def _moments(self) -> KernelMoments:
        return KernelMoments.of(self.features)


def _read(path: Path) -> NDArray[np.float32]:
    try:
        with np.load(path, allow_pickle=False) as file:
            features: NDArray[np.float32] = file["features"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} holds no features of real images: install mtjlab again") from error
    return features
