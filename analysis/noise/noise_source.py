"""What noise is, and software's, the reference."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["NoiseSource", "PseudoRandomNoise"]


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


class PseudoRandomNoise:
    """A noise source of numpy's generator (PCG64, ziggurat), for comparison with that of hardware.

    Parameters
    ----------
    seed
        Seed; the same gives the same noise. None takes one from the operating system.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._generator = np.random.default_rng(seed)

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return normals of `shape`, float32.

        Parameters
        ----------
        shape
            Shape of the array.
        """
        return self._generator.standard_normal(shape, dtype=np.float32)

    @property
    def bits_used(self) -> int:
        """Always 0: no random bit is used, the noise follows from the seed."""
        return 0
