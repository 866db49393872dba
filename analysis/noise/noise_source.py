"""Where normals come from."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["NoiseSource"]


class NoiseSource(Protocol):
    """Anything that gives noise of zero mean and unit variance, and can say how many bits it used."""

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return independent normals.

        Parameters
        ----------
        shape
            Shape of the array.

        Returns
        -------
        NDArray
            float32, as ``array([[0.3186, -1.0101], [0.6745, 0.0478]], dtype=float32)`` for shape (2, 2).
        """
        ...

    @property
    def bits_used(self) -> int:
        """Random bits used so far; 0 for a source that uses none, as a pseudo-random one."""
        ...
