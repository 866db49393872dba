"""Images to learn from, with their classes where they have any."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["TrainingImages"]

SIDES = (28, 32)


@dataclass(frozen=True)
class TrainingImages:
    """Square images of one size, grey or in colour.

    Raises
    ------
    InputError
        If the images are not 28 or 32 pixels wide and high, not uint8, or the labels do not fit them.
    """

    images: NDArray[np.uint8]
    """uint8, shape (N, side, side) for grey ones or (N, side, side, 3)."""
    labels: NDArray[np.integer] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    """Number of the class of each, shape (N,); empty if they have none."""
    classes: tuple[str, ...] = ()
    """Names of the classes."""
    name: str = "images"
    """What they are called in the card of a denoiser."""

    def __post_init__(self) -> None:
        shape = self.images.shape
        square = self.images.ndim in (3, 4) and shape[1] == shape[2] and shape[1] in SIDES and shape[3:] in ((), (3,))
        if self.images.dtype != np.uint8 or not square:
            raise InputError(
                f"{self.images.dtype} images of shape {shape}: expected uint8 of 28 or 32 pixels a side, grey "
                "(N, side, side) or in colour (N, side, side, 3)"
            )
        if self.labels.size and self.labels.shape != (len(self.images),):
            raise InputError(f"{self.labels.size} labels for {len(self.images)} images: expected one for each")
        if self.classes and not (self.labels.size and int(self.labels.max()) < len(self.classes)):
            raise InputError(
                f"{len(self.classes)} classes for labels to {self.labels.max(initial=0)}: give each a name"
            )

    def __len__(self) -> int:
        return len(self.images)

    @property
    def channels(self) -> int:
        """Channels of an image: 1 or 3."""
        return 1 if self.images.ndim == 3 else 3

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of an image as a network has it: (side, side) or (3, side, side)."""
        side = self.images.shape[1]
        return (side, side) if self.channels == 1 else (3, side, side)
