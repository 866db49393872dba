"""The free layer as one magnetic moment in its thermal bath: the ground truth of the simulated table."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO, FreeLayer
from mtjlab.instruments.simulated.device.pulse import DeliveredPulse, Pulse
from mtjlab.instruments.simulated.device.state import State, as_states
from mtjlab.instruments.simulated.kernels.lane_layout import LANES
from mtjlab.instruments.simulated.macrospin.equilibrium import Equilibrium
from mtjlab.instruments.simulated.macrospin.integration import (
    DriveWaveform,
    integrate,
    validate_durations,
    validate_increasing_widths,
)
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness, ShotRange, jitter

__all__ = ["Macrospin"]

Vectors = NDArray[np.float32]
_PARTS = 4  # that a thread takes one after the other: a core that is busy with something else takes fewer
_FEWEST_GROUPS = (
    8  # in a part, unless there are fewer for each thread: some milliseconds, so that Python's share is small
)
Seed = int | np.random.SeedSequence | ShotRandomness | None


class Macrospin:
    """Stochastic Landau-Lifshitz-Gilbert dynamics of a device.

    A shot's bits follow from seed, device, effects, pulse and the number of the shot, whatever the size of the
    batch, the number of threads and the processor.

    Parameters
    ----------
    device
        Whose free layer.
    effects
        Those that act; of them the dynamic ones matter here.
    threads
        How many threads share the shots.

    Raises
    ------
    ValueError
        If there is less than one thread, or the device is too hot.

    Notes
    -----
    Heun integration of the Landau-Lifshitz-Gilbert equation with Brown's thermal field, W. F. Brown, Phys. Rev.
    130, 1677 (1963): each of its components has the variance 2αkT/(γ Ms Vol dt) in a step dt.

    Examples
    --------
    Half a precession period switches with certainty:

    >>> half_turn = Pulse(amplitude=1.5, width=0.7e-9, rise=50e-12, fall=50e-12)
    >>> Macrospin(Device()).switch(half_turn, [0, 1, 0, 1], seed=1).tolist()
    [1, 0, 1, 0]
    """

    def __init__(self, device: Device, *, effects: Effects | None = None, threads: int = 1) -> None:
        if threads < 1:
            raise InputError(f"{threads} threads do no work: give at least 1")
        self.device = device
        self.effects = Effects.ideal() if effects is None else effects.dynamic
        self.threads = threads
        self.layer = FreeLayer(device, self.effects)
        self._equilibria = {0.0: Equilibrium(self.layer)}
        # The surroundings are no part of the hash: a device that warms up by a millikelvin keeps its shots.
        bare = device.model_copy(update={"temperature": 1.0, "in_plane_field": 0.0, "stray_field": 0.0})
        self._purpose = bare.switching_fingerprint(self.effects)

    def switch(
        self,
        pulse: Pulse,
        states: ArrayLike,
        *,
        settle: float = 5e-9,
        seed: Seed = None,
        dt: float = 2e-12,
    ) -> NDArray[np.uint8]:
        """Apply one pulse to each of many junctions in thermal equilibrium.

        Parameters
        ----------
        pulse
            Amplitude [V], width [s] and edges [s], as set at the generator.
        states
            State of each junction before the pulse, 0 (P) or 1 (AP), shape (count,).
        settle
            Time between the end of the pulse and the look at the state [s]; less than 2 ns looks too soon.
        seed
            Seed of all that is random. A shot depends on the seed and its place in `states`, not on how many
            there are.
        dt
            Time step [s].

        Returns
        -------
        ndarray of uint8, shape (count,)
            State of each junction after the pulse.

        Raises
        ------
        ValueError
            If a state is neither 0 nor 1, the pulse shorter than two time steps or longer than a microsecond, `settle`
            negative, or the time step too long for the fields.
        """
        return _read(self.pulsed(pulse, states, settle=settle, seed=seed, dt=dt))

    def pulsed(
        self,
        pulse: Pulse,
        states: ArrayLike,
        *,
        settle: float = 5e-9,
        seed: Seed = None,
        dt: float = 2e-12,
    ) -> Vectors:
        """Apply one pulse to each of many junctions, and give where their magnetisations point afterwards.

        Parameters
        ----------
        pulse, states, settle, seed, dt
            As in `switch`, which tells the states of these very shots.

        Returns
        -------
        ndarray of float32, shape (count, 3)
            Unit vectors `settle` after the pulse.

        Raises
        ------
        ValueError
            As `switch` does.
        """
        validate_durations(pulse.width, settle, dt)
        before = np.atleast_1d(as_states(states))
        shots = ShotRandomness.of(seed).take(before.size)
        delivered = DeliveredPulse(pulse, self.device, self.effects)
        waveform = DriveWaveform.of_pulse(self.layer, delivered, (0.0, delivered.pulse.duration + settle), dt)

        def work(part: slice) -> Vectors:
            mine = shots.part(part.start, part.stop)
            start = self._start(before[part], mine, pulse)
            return self._run(start, waveform, mine, pulse, "pulse")

        return np.concatenate(self._shared(before.size, work))

    def switch_by_width(
        self,
        pulse: Pulse,
        widths: ArrayLike,
        states: ArrayLike,
        *,
        settle: float = 5e-9,
        seed: Seed = None,
        dt: float = 2e-12,
    ) -> NDArray[np.uint8]:
        """Apply pulses that differ in width alone, each shot branching off at the end of every width.

        The flat top is integrated once for all widths, the fall and the settling once a width. Each row has the
        probabilities that `switch` has; rows share their flat top, so their statistical errors go together.

        Parameters
        ----------
        pulse
            Amplitude [V] and edges [s]; its width is not used.
        widths
            Widths at half maximum [s], increasing, shape (widths,).
        states, settle, seed, dt
            As in `switch`.

        Returns
        -------
        ndarray of uint8, shape (widths, count)
            State of each junction after each width.

        Raises
        ------
        ValueError
            As `switch` does, and if the widths do not increase, also after the generator's rounding.
        """
        pulses = [replace(pulse, width=float(width)) for width in np.atleast_1d(np.asarray(widths, float))]
        for one in pulses:
            validate_durations(one.width, settle, dt)
        delivered = [DeliveredPulse(each, self.device, self.effects) for each in pulses]
        validate_increasing_widths([each.pulse.width for each in delivered], self.device, self.effects)
        before = np.atleast_1d(as_states(states))
        stages, reached, warmth = [], 0.0, 0.0
        for each in delivered:
            top = DriveWaveform.of_pulse(self.layer, each, (reached, each.top_end), dt, warmth)
            rest = (each.top_end, each.pulse.duration + settle)
            stages.append((top, DriveWaveform.of_pulse(self.layer, each, rest, dt, top.warmth)))
            reached, warmth = each.top_end, top.warmth
        shots = ShotRandomness.of(seed).take(before.size)

        def work(part: slice) -> NDArray[np.uint8]:
            mine = shots.part(part.start, part.stop)
            trunk, after = self._start(before[part], mine, pulses[0]), []
            for each, (top, rest) in zip(pulses, stages, strict=True):
                trunk = self._run(trunk, top, mine, each, "top")
                after.append(_read(self._run(trunk, rest, mine, each, "rest")))
            return np.stack(after)

        return np.concatenate(self._shared(before.size, work), axis=1)

    def equilibrium(
        self,
        count: int,
        *,
        state: State = State.P,
        duration: float | None = None,
        seed: Seed = None,
        dt: float = 2e-12,
    ) -> Vectors:
        """Let junctions that start exactly at a pole come to thermal equilibrium without voltage.

        Parameters
        ----------
        count
            How many junctions.
        state
            At which pole they start.
        duration
            For how long [s]; eight times the relaxation time 1/(αγBk) unless given.
        seed
            Seed of the thermal noise.
        dt
            Time step [s].

        Returns
        -------
        ndarray of float32, shape (count, 3)
            Unit vectors along the magnetisation.

        Raises
        ------
        ValueError
            If the time step is too long for the fields.
        """
        if duration is None:
            rest = float(self.layer.anisotropy_field(0.0, self.device.temperature))
            duration = 8 / (self.device.damping * GYROMAGNETIC_RATIO * rest)
        poles = np.zeros((count, 3), np.float32)
        poles[:, 2] = 1 - 2 * state
        return self.wait(poles, duration, seed=seed, dt=dt)

    def wait(
        self, m: Vectors, duration: float, *, voltage: float = 0.0, seed: Seed = None, dt: float = 2e-12
    ) -> Vectors:
        """Let time pass at a constant voltage.

        Parameters
        ----------
        m
            Unit vectors at the start, shape (count, 3).
        duration
            For how long [s].
        voltage
            Across the junction [V]; it does not heat it here.
        seed
            Seed of the thermal noise.
        dt
            Time step [s].

        Returns
        -------
        ndarray of float32, shape (count, 3)
            Unit vectors at the end.

        Raises
        ------
        ValueError
            If the time step is too long for the fields.
        """
        waveform = DriveWaveform.at_rest(self.layer, duration, dt, voltage)
        shots = ShotRandomness.of(seed).take(len(m))

        def work(part: slice) -> Vectors:
            words = shots.part(part.start, part.stop).words(self._purpose, duration, voltage, dt)
            return integrate(m[part], words, waveform.rows, damping=self.device.damping)

        return np.concatenate(self._shared(len(m), work))

    def draw(self, states: ArrayLike, *, seed: Seed = None) -> Vectors:
        """Draw magnetisations in thermal equilibrium without voltage, each in the half sphere of its state.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), shape (count,).
        seed
            Seed of the draws.

        Returns
        -------
        ndarray of float32, shape (count, 3)
            Unit vectors.
        """
        given = np.atleast_1d(as_states(states))
        return self._equilibria[0.0].draw(given, ShotRandomness.of(seed).take(given.size).words(self._purpose, "draw"))

    def _start(self, before: NDArray[np.uint8], shots: ShotRange, pulse: Pulse) -> Vectors:
        if pulse.base not in self._equilibria:
            self._equilibria = {0.0: self._equilibria[0.0], pulse.base: Equilibrium(self.layer, pulse.base)}
        return self._equilibria[pulse.base].draw(before, shots.words(self._purpose, pulse, "start"))

    def _run(self, m: Vectors, waveform: DriveWaveform, shots: ShotRange, pulse: Pulse, stage: str) -> Vectors:
        gain = delay = None
        if "jitter" in self.effects:
            # Amplitude and edges name the jitter, the width does not: a shot that branches keeps its own.
            words = shots.words(self._purpose, pulse.amplitude, pulse.rise, pulse.fall, "jitter")
            gain, delay = jitter(self.device.drive, words)
        return integrate(
            m,
            shots.words(self._purpose, pulse, stage),
            waveform.rows,
            damping=self.device.damping,
            gain=gain,
            delay=delay,
        )

    def _shared(self, count: int, work: Callable[[slice], NDArray[Any]]) -> list[NDArray[Any]]:
        """Share the shots among the threads, in whole groups of lanes, and so that none waits long for the last."""
        groups = math.ceil(count / LANES)
        share = groups if self.threads == 1 else max(_FEWEST_GROUPS, groups / self.threads / _PARTS)
        size = LANES * max(1, math.ceil(min(share, groups / self.threads)))
        parts = [slice(first, min(first + size, count)) for first in range(0, max(count, 1), size)]
        if len(parts) == 1:
            return [work(parts[0])]
        with ThreadPoolExecutor(min(self.threads, len(parts))) as pool:
            return list(pool.map(work, parts))


def _read(m: Vectors) -> NDArray[np.uint8]:
    return (m[:, 2] < 0).astype(np.uint8)
