"""The FID of every cell, kept beside the cells: Inception looks at one image a tenth of a second."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import FeatureStatistics
from mtjlab.analysis.evidence.comparison import Comparison
from mtjlab.analysis.evidence.inception import InceptionFeatures
from mtjlab.core import InputError, Stage

__all__ = ["inception_distances"]


def inception_distances(
    comparison: Comparison, folder: Path, weights: Path, real: NDArray[np.uint8], stage: Stage
) -> Mapping[str, Sequence[float]]:
    """Give the FID to real images of each seed of each arm.

    Parameters
    ----------
    comparison
        Arms and settings; its cells are made, and their images are kept.
    folder
        Where they are. What Inception sees in them is kept in ``inception/``.
    weights
        ONNX file, as `InceptionFeatures` takes it.
    real
        Real images, uint8, shape (N, 28, 28).
    stage
        Shows progress.

    Returns
    -------
    Mapping
        FID of each seed, by the name of the arm. It falls with the number of images.

    Raises
    ------
    InputError
        If `weights` is no Inception network, or the images of a cell were not kept.
    """
    features = InceptionFeatures(weights)
    digest = hashlib.sha256(weights.read_bytes())
    kept = folder / "inception"
    kept.mkdir(parents=True, exist_ok=True)
    show = stage("Inception")
    jobs = comparison.jobs()
    total = len(jobs) * comparison.settings.images + len(real)
    done = 0

    def statistics(images: NDArray[np.uint8], name: str) -> FeatureStatistics:
        content = digest.copy()
        content.update(images.tobytes())
        path = kept / f"{name}-{content.hexdigest()[:16]}.npz"
        if path.is_file():
            return FeatureStatistics.load(path)
        found = features.statistics(images, lambda part, _: show(done + part, total))
        partial = path.with_suffix(".part.npz")
        found.save(partial)
        partial.replace(path)
        return found

    reference = statistics(real, "real")
    done += len(real)
    distances: dict[str, list[float]] = {arm.name: [] for arm in comparison.arms}
    for job in jobs:
        distances[job.arm.name].append(statistics(_images(folder, job.stem), job.stem).distance(reference))
        done += comparison.settings.images
        show(done, total)
    return distances


def _images(folder: Path, stem: str) -> NDArray[np.uint8]:
    path = folder / "images" / f"{stem}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            images: NDArray[np.uint8] = file["images"]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path} holds no images: make the comparison with images kept") from error
    return images
