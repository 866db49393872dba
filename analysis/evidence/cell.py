"""One cell of a comparison: the images of one seed of one arm, and what is kept of them."""

import hashlib
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Features
from mtjlab.analysis.evidence.arm import Arm, stream_seed
from mtjlab.analysis.evidence.image_set import ImageScores, ImageSet, RealImages
from mtjlab.analysis.evidence.settings import Settings
from mtjlab.analysis.noise import BitNoise, NoiseSource, PseudoRandomNoise
from mtjlab.core import new_file, one_blas_thread

__all__ = ["Cell", "CellJob", "make_cell"]

SHOWN = 36
"""Images that a cell keeps for the report."""


@dataclass(frozen=True)
class CellJob:
    """What a worker is asked for: it can be sent to another process, and its answer back."""

    arm: Arm
    """The arm."""
    seed: int
    """Number of the seed."""
    settings: Settings
    """What all arms have in common."""

    @property
    def stem(self) -> str:
        """Name of its files, without ending."""
        return f"{self.arm.name}-{self.seed}"

    def fingerprint(self) -> str:
        """Give the hash of all that its images depend on."""
        origin = "software" if self.arm.origin is None else self.arm.origin.identity
        place = [self.arm.name, self.seed, self.seed - self.settings.first_seed, origin, self.settings.identity()]
        return hashlib.sha256(json.dumps(place).encode()).hexdigest()


@dataclass(frozen=True)
class Cell:
    """The images of one seed of one arm, as far as they are kept."""

    images: ImageSet
    """What the classifier sees in them."""
    scores: ImageScores
    """How they stand to real ones."""
    shown: NDArray[np.uint8]
    """The first of them, uint8, shape (36, 28, 28)."""
    bits_used: int
    """Bits that they took."""
    seconds: float
    """Time that the cell took [s]."""
    sampling: float
    """Time of it that the sampler took [s]."""
    every: NDArray[np.uint8] | None = None
    """All of them, where they are asked for; not kept in the cell's file."""

    def save(self, path: Path, fingerprint: str) -> None:
        """Write the file of a cell, whole or not at all.

        Parameters
        ----------
        path
            The file; one of that name is replaced.
        fingerprint
            What the images depend on.
        """
        head = {"fingerprint": fingerprint, "scores": asdict(self.scores), "bits_used": self.bits_used}
        head |= {"seconds": self.seconds, "sampling": self.sampling, "mean_pixel": self.images.mean_pixel}
        with new_file(path, overwrite=True) as partial, partial.open("wb") as file:
            np.savez_compressed(
                file,
                head=np.array(json.dumps(head)),
                features=self.images.features,
                class_shares=self.images.class_shares,
                shown=self.shown,
            )

    @classmethod
    def load(cls, path: Path, fingerprint: str) -> "Cell | None":
        """Read the file of a cell; None where there is none, or it is of other images.

        Parameters
        ----------
        path
            The file.
        fingerprint
            What the images depend on.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                head = json.loads(str(file["head"]))
                if head["fingerprint"] != fingerprint:
                    return None
                images = ImageSet(file["features"], file["class_shares"], float(head["mean_pixel"]))
                return cls(
                    images,
                    ImageScores(**head["scores"]),
                    file["shown"],
                    int(head["bits_used"]),
                    float(head["seconds"]),
                    float(head["sampling"]),
                )
        except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile):
            return None


@one_blas_thread
def make_cell(
    job: CellJob, keep: bool = False, progress: Callable[[float, float], None] = lambda done, total: None
) -> Cell:
    """Make the images of a cell and look at them.

    Parameters
    ----------
    job
        The arm, the seed and the settings.
    keep
        Whether all images are wanted back.
    progress
        Called with the image steps done and those in all.

    Returns
    -------
    Cell
        What is kept.

    Raises
    ------
    InputError
        What the arm's bits raise, `NotEnoughBits` where they run out.
    """
    began = time.perf_counter()
    settings = job.settings
    denoiser = settings.open_denoiser()
    with _noise(job) as (start, steps):
        sampling = time.perf_counter()
        images = settings.recipe.make_of_noise(
            denoiser,
            start,
            settings.images,
            step_noise=steps,
            labels=settings.labels(denoiser),
            guidance=settings.guidance,
            progress=progress,
        )
        sampled = time.perf_counter() - sampling
    found = ImageSet.of(images, _features())
    scores = _real().scores(found)
    took = time.perf_counter() - began
    return Cell(found, scores, images[:SHOWN].copy(), steps.bits_used, took, sampled, images if keep else None)


@contextmanager
def _noise(job: CellJob) -> Iterator[tuple[NoiseSource, NoiseSource]]:
    """Give the sources of the initial noise and of the steps' noise; close what the bits come from."""
    arm, settings = job.arm, job.settings
    own = stream_seed(arm.name, job.seed)
    common = PseudoRandomNoise(stream_seed("", job.seed)) if settings.shared_start else None
    if arm.origin is None:
        software = PseudoRandomNoise(own)
        yield common or software, software
        return
    count = settings.images * settings.bits_per_image()
    bits = arm.origin.supply(own, job.seed - settings.first_seed, count)
    steps = BitNoise(bits, settings.recipe.renewal)
    with closing(bits) if isinstance(bits, Closes) else nullcontext():
        yield common or steps.sharing(settings.recipe.start), steps


@runtime_checkable
class Closes(Protocol):
    """A supply with something to close, as a bench, whose outputs go off."""

    def close(self) -> None:
        """Close it."""
        ...


@lru_cache(maxsize=1)
def _features() -> Features:
    return Features.shipped(threads=1)


@lru_cache(maxsize=1)
def _real() -> RealImages:
    return RealImages.shipped()
