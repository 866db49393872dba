"""What all arms of a comparison have in common: images, seeds, sampler, denoiser."""

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis import ImagesFromBits
from mtjlab.analysis.diffusion import SAMPLERS, Denoiser, VPrediction, normals_per_image
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.core import InputError

__all__ = ["FEWEST_IMAGES", "FEWEST_SEEDS", "Settings"]

FEWEST_IMAGES, FEWEST_SEEDS = 5000, 5
"""Images of a seed, and seeds of an arm, below which a comparison is a trial."""


@dataclass(frozen=True)
class Settings:
    """How the images of all arms are made.

    Examples
    --------
    >>> Settings(images=64, seeds=2).bits_per_image(), Settings(images=64, seeds=2).trial
    (50960, True)
    """

    images: int = FEWEST_IMAGES
    """Images of each seed of an arm."""
    seeds: int = FEWEST_SEEDS
    """Seeds of each arm."""
    first_seed: int = 1
    """Number of the first seed; a pilot takes others than the comparison that it is for."""
    sampler: str = "ddim"
    """Name of the sampler."""
    steps: int = 50
    """Denoising steps."""
    eta: float | None = None
    """Share of the noise that each step renews; None is 1 for ``ddim``, and what is usual for another sampler."""
    start: str = "inverse-cdf16"
    """Name of the converter of the initial noise."""
    renewal: str = "bit-sum-1"
    """Name of the converter of the steps' noise."""
    shared_start: bool = False
    """Whether the initial noise is software's, the same for seed s of every arm: seeds are pairs then."""
    denoiser: Path | VPrediction | None = None
    """ONNX file, or anything that predicts v and can be sent to other processes; None is the shipped denoiser."""
    guidance: float = 1.0
    """Weight of the class, for a denoiser that knows classes; each has as many images as any other."""

    def __post_init__(self) -> None:
        if self.images < 8 or self.seeds < 2 or self.first_seed < 0:
            raise InputError(
                f"{self.images} images, {self.seeds} seeds, first seed {self.first_seed}: expected at least 8, 2 and 0"
            )
        if self.shared_start and self.recipe.sampler.renewals == 0:
            raise InputError(
                f"with {self.sampler} and eta = {self.share_renewed} all noise is the initial one, which the arms "
                "would share: renew noise in the steps"
            )

    @property
    def trial(self) -> bool:
        """Whether it is too small to rest a claim on."""
        return self.images < FEWEST_IMAGES or self.seeds < FEWEST_SEEDS

    @property
    def numbers(self) -> range:
        """Numbers of the seeds."""
        return range(self.first_seed, self.first_seed + self.seeds)

    @property
    def share_renewed(self) -> float | None:
        """The eta that the sampler is asked for."""
        return 1.0 if self.eta is None and self.sampler == "ddim" else self.eta

    @cached_property
    def recipe(self) -> ImagesFromBits:
        """How noise becomes images."""
        return ImagesFromBits(
            SAMPLERS.load(self.sampler)(self.steps, self.share_renewed),
            NOISE_CONVERTERS.load(self.start),
            NOISE_CONVERTERS.load(self.renewal),
        )

    def bits_per_image(self) -> int:
        """Give the bits that an image takes of an arm made of bits; with converters that reject, a little more."""
        recipe = self.recipe
        pixels = normals_per_image(recipe.sampler) // (1 + recipe.sampler.renewals)
        each = recipe.renewal.bits_per_normal * recipe.sampler.renewals
        if not self.shared_start:
            each += recipe.start.bits_per_normal
        whole = isinstance(recipe.renewal.bits_per_normal, int) and isinstance(recipe.start.bits_per_normal, int)
        return math.ceil(pixels * each * (1.0 if whole else 1.02))

    def open_denoiser(self) -> VPrediction:
        """Open the denoiser on one thread: the images are then the same on every machine of a kind."""
        if self.denoiser is None or isinstance(self.denoiser, Path):
            return _opened(self.denoiser)
        return self.denoiser

    def labels(self, denoiser: VPrediction) -> NDArray[np.int64] | None:
        """Give the class of each image: as many of each, so that shares of classes add nothing to the scatter.

        Parameters
        ----------
        denoiser
            What may know classes; None comes back where it does not.
        """
        classes = getattr(denoiser, "classes", ())
        return np.arange(self.images) % len(classes) if classes else None

    def identity(self) -> dict[str, str | int | float | None]:
        """Give what the images of a seed depend on beside its noise, for files."""
        return {
            "images": self.images,
            "sampler": self.sampler,
            "steps": self.steps,
            "eta": self.share_renewed,
            "start": "software" if self.shared_start else self.start,
            "renewal": self.renewal,
            "denoiser": self._denoiser_hash,
            "guidance": self.guidance,
        }

    @cached_property
    def _denoiser_hash(self) -> str:
        if isinstance(self.denoiser, Path):
            return hashlib.sha256(self.denoiser.read_bytes()).hexdigest()[:16]
        if self.denoiser is None:
            file = resources.files("mtjlab.data") / "denoiser" / "denoiser.onnx"
            return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        return repr(self.denoiser)


@lru_cache(maxsize=2)
def _opened(path: Path | None) -> Denoiser:
    return Denoiser.shipped(threads=1) if path is None else Denoiser(path, threads=1)
