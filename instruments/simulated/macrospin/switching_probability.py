"""How often a pulse switches a junction, counted on the macrospin."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness

__all__ = ["CountedProbability", "switching_probability"]

_NORMAL_QUANTILE = 1.959963984540054  # of 0.975


@dataclass(frozen=True)
class CountedProbability:
    """A probability with its 95 % Wilson interval.

    Examples
    --------
    >>> estimate = CountedProbability.of(497, 1000)
    >>> estimate.probability, round(estimate.low, 3), round(estimate.high, 3)
    (0.497, 0.466, 0.528)
    """

    probability: float
    """Fraction of the trials that came out."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    trials: int
    """Number of independent trials."""

    @classmethod
    def of(cls, successes: int, trials: int) -> CountedProbability:
        """CountedProbability from a count.

        Parameters
        ----------
        successes
            How many trials came out.
        trials
            How many there were.

        Returns
        -------
        CountedProbability
            Fraction and interval, Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

        Raises
        ------
        ValueError
            If there was no trial, or more successes than trials.
        """
        if trials < 1:
            raise InputError(f"{trials} trials give no estimate: make at least 1")
        if not 0 <= successes <= trials:
            raise InputError(f"{successes} of {trials} trials cannot have succeeded: give 0 to {trials}")
        share, spread = successes / trials, _NORMAL_QUANTILE**2 / trials
        middle = (share + spread / 2) / (1 + spread)
        half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
        return cls(share, max(0.0, middle - half), min(1.0, middle + half), trials)

    @property
    def standard_error(self) -> float:
        """Standard error of the fraction."""
        return math.sqrt(self.probability * (1 - self.probability) / self.trials)


_CHUNK = 1 << 16  # shots held in memory at once, a few megabytes


def switching_probability(
    device: Device,
    pulse: Pulse,
    shots: int,
    *,
    state: State = State.P,
    effects: Effects | None = None,
    threads: int = 1,
    seed: int | np.random.SeedSequence | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CountedProbability:
    """CountedProbability the probability that one pulse switches the junction.

    Parameters
    ----------
    device
        Macrospin parameters.
    pulse
        Amplitude [V], width at half maximum [s], rise and fall time [s].
    shots
        Number of independent pulses.
    state
        State before each pulse.
    effects
        Those that act; `Effects.ideal()` unless given.
    threads
        How many threads share the shots.
    seed
        Seed of all that is random.
    progress
        Called with (shots done, shots in all).

    Returns
    -------
    CountedProbability
        Probability with its 95 % Wilson interval.

    Raises
    ------
    ValueError
        If there is less than one shot, or the pulse is shorter than two time steps.

    Notes
    -----
    Stochastic Heun integration of the Landau-Lifshitz-Gilbert equation, Brown, Phys. Rev. 130, 1677 (1963);
    each shot starts in thermal equilibrium and is looked at 5 ns after the pulse.
    """
    if shots < 1:
        raise InputError(f"{shots} shots give no probability: make at least 1")
    macrospin, randomness = Macrospin(device, effects=effects, threads=threads), ShotRandomness(seed)
    switched = 0
    for first in range(0, shots, _CHUNK):
        before = np.full(min(_CHUNK, shots - first), state, np.uint8)
        switched += int((macrospin.switch(pulse, before, seed=randomness) != before).sum())
        if progress is not None:
            progress(first + before.size, shots)
    return CountedProbability.of(switched, shots)
