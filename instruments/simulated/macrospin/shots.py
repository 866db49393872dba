"""The random numbers of independent shots: each has its own, whatever stands before or after it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device_parameters import Drive
from mtjlab.instruments.simulated.kernels.kernel import Kernel

__all__ = ["ShotRandomness", "ShotRange", "jitter"]

_FILL = Kernel("random_words", "fill", "u8 u8 u8* i8")


@dataclass(frozen=True)
class ShotRange:
    """Some consecutive shots."""

    entropy: bytes
    """What they share with all shots of their seed."""
    first: int
    """Number of the first."""
    count: int
    """How many there are."""

    def words(self, *purpose: object) -> NDArray[np.uint64]:
        """Give one 64-bit word a shot.

        Parameters
        ----------
        *purpose
            What the words are for: device, pulse, stage. They are hashed with the seed; words for another purpose
            have nothing to do with these.

        Returns
        -------
        ndarray of uint64, shape (count,)
            A hash of seed, purpose and number of the shot, in that order.
        """
        digest = hashlib.blake2b(repr(purpose).encode(), key=self.entropy, digest_size=8).digest()
        words = np.empty(self.count, np.uint64)
        _FILL(int.from_bytes(digest, "little"), self.first, words, self.count)
        return words

    def part(self, start: int, stop: int) -> ShotRange:
        """Give those from `start` up to `stop`, counted from the first."""
        return ShotRange(self.entropy, self.first + start, min(stop, self.count) - start)


class ShotRandomness:
    """Counts shots off, so that each is used once.

    Parameters
    ----------
    seed
        Seed of all shots; None takes fresh entropy from the system.
    """

    def __init__(self, seed: int | np.random.SeedSequence | None = None) -> None:
        sequence = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
        self._entropy = sequence.generate_state(4, np.uint64).tobytes()
        self.taken = 0
        """How many shots were taken."""

    def take(self, count: int) -> ShotRange:
        """Take the next shots.

        Parameters
        ----------
        count
            How many.

        Returns
        -------
        ShotRange
            Those; the next call gives others.
        """
        shots = ShotRange(self._entropy, self.taken, count)
        self.taken += count
        return shots

    @classmethod
    def of(cls, seed: int | np.random.SeedSequence | ShotRandomness | None) -> ShotRandomness:
        """Take a count that continues where its last use stopped as it is, or begin one from a seed.

        Parameters
        ----------
        seed
            A seed, or a count under way.

        Returns
        -------
        ShotRandomness
            The count.
        """
        return seed if isinstance(seed, ShotRandomness) else cls(seed)


_FILL_NORMALS = Kernel("random_words", "fill_normals", "u8* f8* i8")


def jitter(drive: Drive, words: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw the amplitude and the width of each shot.

    Parameters
    ----------
    drive
        Standard deviations.
    words
        One random word a shot, shape (count,).

    Returns
    -------
    tuple of ndarray of float32, shape (count,)
        Amplitude over its mean, and width less its mean [s].
    """
    normals = np.empty((2, words.size), np.float64)
    _FILL_NORMALS(words, normals, words.size)
    gain, delay = 1 + drive.amplitude_jitter * normals[0], drive.width_jitter * normals[1]
    return gain.astype(np.float32), delay.astype(np.float32)
