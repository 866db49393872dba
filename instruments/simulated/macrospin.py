"""The free layer as one magnetic moment in its thermal bath: the ground truth of the simulated table."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import Boltzmann

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.equilibrium import Equilibrium
from mtjlab.instruments.simulated.lanes import integrate
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.shot_randomness import ShotRandomness
from mtjlab.instruments.simulated.state import State, as_states

__all__ = ["Macrospin"]

_GYROMAGNETIC_RATIO = 1.76e11  # rad/(s·T), the electron's
_LARGEST_TURN = 0.35  # rad a step; beyond it |m| is no longer restored by one Newton iterate


class Macrospin:
    """Stochastic Landau-Lifshitz-Gilbert dynamics of a device.

    Parameters
    ----------
    device
        Whose free layer.

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

    def __init__(self, device: Device) -> None:
        self.device = device
        self._equilibrium = Equilibrium(device)

    def switch(
        self,
        pulse: Pulse,
        states: ArrayLike,
        *,
        settle: float = 5e-9,
        seed: int | np.random.SeedSequence | ShotRandomness | None = None,
        dt: float = 2e-12,
    ) -> NDArray[np.uint8]:
        """Apply one pulse to each of many junctions in thermal equilibrium.

        Parameters
        ----------
        pulse
            Amplitude [V], width [s] and edges [s].
        states
            State of each junction before the pulse, 0 (P) or 1 (AP), shape (count,).
        settle
            Time between the end of the pulse and the look at the state [s]; less than 2 ns looks too soon.
        seed
            Seed of the thermal noise. A shot depends on the seed and its place in `states`, not on how many
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
            If a state is neither 0 nor 1, the pulse shorter than two time steps, `settle` negative, or the time
            step too long for the fields.
        """
        before = _checked(states, pulse.width, settle, dt)
        randomness = ShotRandomness.of(seed)
        start = self._equilibrium.draw(before, randomness)
        return _read(self._span(start, pulse, (0.0, pulse.duration + settle), randomness, dt))

    def switch_by_width(
        self,
        pulse: Pulse,
        widths: ArrayLike,
        states: ArrayLike,
        *,
        settle: float = 5e-9,
        seed: int | np.random.SeedSequence | ShotRandomness | None = None,
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
            As `switch` does, and if the widths do not increase.
        """
        pulses = [replace(pulse, width=float(width)) for width in np.atleast_1d(np.asarray(widths, float))]
        before = _checked(states, pulses[0].width, settle, dt)
        if any(later.width <= earlier.width for earlier, later in pairwise(pulses)):
            raise ValueError(f"pulse widths {[each.width for each in pulses]} s do not increase: sort them")
        randomness = ShotRandomness.of(seed)
        trunk = self._equilibrium.draw(before, randomness)
        reached, after = 0.0, []
        for each in pulses:
            top_end = each.duration - each.fall
            trunk = self._span(trunk, each, (reached, top_end), randomness, dt)
            after.append(_read(self._span(trunk, each, (top_end, each.duration + settle), randomness, dt)))
            reached = top_end
        return np.stack(after)

    def equilibrium(
        self,
        count: int,
        *,
        state: State = State.P,
        duration: float | None = None,
        seed: int | np.random.SeedSequence | ShotRandomness | None = None,
        dt: float = 2e-12,
    ) -> NDArray[np.float32]:
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
        rest = self.device.anisotropy_field(0.0)
        if duration is None:
            duration = 8 / (self.device.damping * _GYROMAGNETIC_RATIO * rest)
        poles = np.zeros((count, 3), np.float32)
        poles[:, 2] = 1 - 2 * state
        steps = math.ceil(duration / dt)
        return self._run(poles, np.zeros(steps + 1), ShotRandomness.of(seed), dt)

    def _span(
        self,
        m: NDArray[np.float32],
        pulse: Pulse,
        span: tuple[float, float],
        randomness: ShotRandomness,
        dt: float,
    ) -> NDArray[np.float32]:
        # A whole number of steps no longer than dt; the slack keeps rounding from adding one more.
        steps = max(1, math.ceil((span[1] - span[0]) / dt - 1e-6))
        times = np.linspace(span[0], span[1], steps + 1)
        return self._run(m, pulse.voltage(times), randomness, (span[1] - span[0]) / steps)

    def _run(
        self, m: NDArray[np.float32], voltage: NDArray[np.float64], randomness: ShotRandomness, dt: float
    ) -> NDArray[np.float32]:
        device = self.device
        anisotropy = np.interp(  # Bk is linear in the voltage, so two of its values give all
            voltage, [-1e3, 1e3], [device.anisotropy_field(-1e3), device.anisotropy_field(1e3)]
        )
        turn = _GYROMAGNETIC_RATIO * dt / (1 + device.damping**2)
        thermal = math.sqrt(
            2
            * device.damping
            * Boltzmann
            * device.temperature
            / (_GYROMAGNETIC_RATIO * device.saturation_magnetisation * device.volume * dt)
        )
        largest = np.abs(anisotropy).max() + abs(device.in_plane_field) + abs(device.stray_field) + 4 * thermal
        if turn * largest > _LARGEST_TURN:
            raise ValueError(
                f"time step {dt} s is too long for fields of {largest:.3g} T: give at most "
                f"{dt * _LARGEST_TURN / (turn * largest):.2g} s"
            )
        words = randomness.words.integers(0, 2**64, len(m), dtype=np.uint64)
        return integrate(
            m,
            words,
            anisotropy,
            field=(device.in_plane_field, device.stray_field),
            thermal=thermal,
            damping=device.damping,
            turn=turn,
        )


def _checked(states: ArrayLike, width: float, settle: float, dt: float) -> NDArray[np.uint8]:
    if not dt > 0:
        raise ValueError(f"time step {dt} s is not positive")
    if width < 2 * dt:
        raise ValueError(f"pulse width {width} s is shorter than two time steps of {dt} s: shorten dt")
    if not 0 <= settle < math.inf:
        raise ValueError(f"settle time {settle} s is not allowed: give 0 or more")
    return np.atleast_1d(as_states(states))


def _read(m: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (m[:, 2] < 0).astype(np.uint8)
