"""Mean and covariance of the features of a set of images: all that the Fréchet distance needs of it."""

import zipfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.feature_distance import Features, frechet_distance
from mtjlab.core import InputError

__all__ = ["FeatureStatistics"]


@dataclass(frozen=True)
class FeatureStatistics:
    """What is kept of a set of images."""

    mean: NDArray[np.float64]
    """Mean of the features, shape (64,)."""
    covariance: NDArray[np.float64]
    """Covariance of the features, shape (64, 64)."""
    mean_pixel: float
    """Mean grey level, 0 to 255: the first thing that biased noise changes."""
    count: int
    """Number of images."""

    @classmethod
    def of(cls, images: NDArray[np.uint8], features: Features) -> "FeatureStatistics":
        """Compute the statistics of images.

        Parameters
        ----------
        images
            uint8, shape (N, 28, 28), at least two.
        features
            The classifier that looks at them.

        Returns
        -------
        FeatureStatistics
            Mean, covariance and mean pixel.

        Raises
        ------
        ValueError
            If there are fewer than two images.
        """
        if len(images) < 2:
            raise InputError(f"{len(images)} images have no covariance: give at least 2 (1,000 for a useful FD)")
        values = features.features(images).astype(np.float64)
        return cls(values.mean(axis=0), np.cov(values, rowvar=False), float(images.mean()), len(images))

    @classmethod
    def load(cls, path: Path) -> "FeatureStatistics":
        """Read statistics that `save` wrote.

        Parameters
        ----------
        path
            The ``.npz`` file.

        Returns
        -------
        FeatureStatistics
            What the file holds.

        Raises
        ------
        ValueError
            If the file is missing or holds no such statistics.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls(file["mean"], file["covariance"], float(file["mean_pixel"]), int(file["count"]))
        except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
            raise InputError(f"{path} holds no feature statistics: write them with FeatureStatistics.save") from error

    @classmethod
    def shipped(cls) -> "FeatureStatistics":
        """Read the statistics of the 10,000 test images of Fashion-MNIST that come with mtjlab.

        Returns
        -------
        FeatureStatistics
            The reference to measure FD against.
        """
        file = resources.files("mtjlab.data") / "denoiser" / "reference_statistics.npz"
        with resources.as_file(file) as path:
            return cls.load(path)

    def save(self, path: Path) -> None:
        """Write to a ``.npz`` file.

        Parameters
        ----------
        path
            File to write, ending in ``.npz``.
        """
        np.savez_compressed(
            path, mean=self.mean, covariance=self.covariance, mean_pixel=self.mean_pixel, count=self.count
        )

    def distance(self, other: "FeatureStatistics") -> float:
        """Fréchet distance (FD) to other statistics by the same classifier.

        Parameters
        ----------
        other
            Statistics of the other images.

        Returns
        -------
        float
            FD; compare it only with FD of as many images.
        """
        return frechet_distance(self.mean, self.covariance, other.mean, other.covariance)
