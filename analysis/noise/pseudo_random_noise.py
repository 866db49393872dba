"""Software noise, the reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PseudoRandomNoise"]


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
        """Return normals of `shape`, float32."""
        return self._generator.standard_normal(shape, dtype=np.float32)

    @property
    def bits_used(self) -> int:
        """Always 0: no random bit is used, the noise follows from the seed."""
        return 0
