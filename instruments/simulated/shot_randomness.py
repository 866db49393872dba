"""The random numbers of independent shots, so drawn that a shot does not depend on how many follow it."""

from __future__ import annotations

import numpy as np

__all__ = ["ShotRandomness"]


class ShotRandomness:
    """Three streams that every shot takes its part from, in the order of the shots.

    A draw by rejection uses up a varying amount of its stream, so each kind of draw has a stream of its own;
    then the first hundred of a thousand shots are the same shots as a hundred alone.

    Parameters
    ----------
    seed
        Seed of the streams; a sequence is spawned from, None takes fresh entropy from the system.
    """

    def __init__(self, seed: int | np.random.SeedSequence | None = None) -> None:
        sequence = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
        polar, azimuth, words = sequence.spawn(3)
        self.polar = np.random.default_rng(polar)
        """Draws of the angle to the easy axis at the start."""
        self.azimuth = np.random.default_rng(azimuth)
        """Draws of the angle about the easy axis at the start."""
        self.words = np.random.default_rng(words)
        """One 64-bit word a shot, which seeds its thermal field."""

    @classmethod
    def of(cls, seed: int | np.random.SeedSequence | ShotRandomness | None) -> ShotRandomness:
        """Take streams as they are, or make them from a seed.

        Parameters
        ----------
        seed
            A seed, or streams that go on where their last use stopped.

        Returns
        -------
        ShotRandomness
            The streams.
        """
        return seed if isinstance(seed, ShotRandomness) else cls(seed)
