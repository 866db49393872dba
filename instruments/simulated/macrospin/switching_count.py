"""Counting how often pulses switch a device, over a whole grid of amplitudes and widths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shot_randomness import ShotRandomness

__all__ = ["switching_count"]

_CHUNK = 1 << 14  # shots held in memory at once


def switching_count(
    device: Device,
    amplitudes: NDArray[np.float64],
    widths: NDArray[np.float64],
    edges: tuple[float, float],
    shots: int,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    effects: Effects | None = None,
    threads: int = 1,
) -> NDArray[np.float64]:
    """Estimate the switching probability from both states at every point of a grid.

    Parameters
    ----------
    device
        Macrospin parameters.
    amplitudes
        Pulse amplitudes [V], shape (amplitudes,).
    widths
        Pulse widths at half maximum [s], increasing, shape (widths,).
    edges
        Rise and fall time of the pulses [s].
    shots
        Pulses from each state at each point.
    seed
        Seed of the thermal noise.
    progress
        Called with (amplitudes done, amplitudes in all) after each amplitude.
    effects
        Those that act; `Effects.ideal()` unless given.
    threads
        How many threads share the shots.

    Returns
    -------
    ndarray of float64, shape (2, amplitudes, widths)
        Fraction of the pulses that switched, from P and from AP.

    Raises
    ------
    ValueError
        If there is no shot, the widths do not increase, or one is too short for the edges.

    Notes
    -----
    Without a stray field along z and without torque, half a turn about x exchanges the two states and leaves the
    equation of motion as it is: both probabilities are the same number, and the shots from both states are pooled.
    """
    if shots < 1:
        raise ValueError(f"{shots} shots give no probability: make at least 1")
    macrospin = Macrospin(device, effects=effects, threads=threads)
    before = np.arange(2 * shots, dtype=np.uint8) % 2
    switched = np.zeros((2, amplitudes.size, widths.size))
    for i, child in enumerate(np.random.SeedSequence(seed).spawn(amplitudes.size)):
        pulse = Pulse(float(amplitudes[i]), float(widths[0]), *edges)
        randomness = ShotRandomness(child)
        for first in range(0, before.size, _CHUNK):
            part = before[first : first + _CHUNK]
            flipped = macrospin.switch_by_width(pulse, widths, part, seed=randomness) != part
            switched[:, i] += [flipped[:, part == state].sum(axis=1) for state in (0, 1)]
        if progress is not None:
            progress(i + 1, amplitudes.size)
    if device.stray_field == 0 and "stt" not in macrospin.effects:
        switched[:] = switched.mean(axis=0)
    return switched / shots
