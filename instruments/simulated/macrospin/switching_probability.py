"""How often a pulse switches a junction, counted on the macrospin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mtjlab.core.errors import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.macrospin.estimate import Estimate
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shot_randomness import ShotRandomness

__all__ = ["switching_probability"]

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
) -> Estimate:
    """Estimate the probability that one pulse switches the junction.

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
    Estimate
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
    return Estimate.of(switched, shots)
