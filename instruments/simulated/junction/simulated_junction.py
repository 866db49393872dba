"""What the junctions of every fidelity have in common: surroundings, hold intervals, reads, wear, drift, their log."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import DeliveredPulse, HoldInterval, Pulse
from mtjlab.instruments.simulated.device.state import State, as_states
from mtjlab.instruments.simulated.electrics.joule_heat import average_rise, dc_rise
from mtjlab.instruments.simulated.electrics.noisy_readout import NoisyReadout
from mtjlab.instruments.simulated.electrics.telegraph import shares_of_upper_level
from mtjlab.instruments.simulated.electrics.wear_and_drift import Barrier, SlowDrift
from mtjlab.instruments.simulated.junction.conditions import PulseConditions, Surroundings
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.rates.rates import Bias, Rates

__all__ = ["SwitchingLog", "SLOW", "SimulatedJunction"]

_ROWS = 1 << 20  # kept at most, 40 MB; the older half is dropped then


class SwitchingLog:
    """P(switch) from both states of every pulse, in stretches in which it was constant.

    Examples
    --------
    >>> log = SwitchingLog()
    >>> log.add(1000, 0.49, 0.51)
    >>> log.add(500, 0.48, 0.52)
    >>> log.at([0, 999, 1000]).tolist()
    [[0.49, 0.51], [0.49, 0.51], [0.48, 0.52]]
    """

    def __init__(self) -> None:
        self.pulses = 0
        """Pulses so far."""
        self._rows: list[tuple[int, float, float]] = []

    def add(self, count: int, from_p: float, from_ap: float) -> None:
        """Note a stretch of pulses.

        Parameters
        ----------
        count
            How many.
        from_p, from_ap
            Their P(switch) from either state; not a number where the fidelity does not know it.
        """
        if count and (not self._rows or self._rows[-1][1:] != (from_p, from_ap)):
            self._rows.append((self.pulses, from_p, from_ap))
            if len(self._rows) > _ROWS:
                del self._rows[: _ROWS // 2]
        self.pulses += count

    @property
    def stretches(self) -> NDArray[np.float64]:
        """Number of the first pulse, P(switch) from P and from AP of every stretch; shape (stretches, 3)."""
        return np.array(self._rows, float).reshape(-1, 3)

    def at(self, pulses: ArrayLike) -> NDArray[np.float64]:
        """Give P(switch) of pulses by their number.

        Parameters
        ----------
        pulses
            Numbers, 0 is the first since the junction was made; shape (count,).

        Returns
        -------
        ndarray of float64, shape (count, 2)
            P(switch) from P and from AP.

        Raises
        ------
        ValueError
            If a pulse was not yet applied, or is no longer remembered.
        """
        numbers, rows = np.asarray(pulses), self.stretches
        first = rows[0, 0] if len(rows) else self.pulses
        if numbers.size and not (numbers.min() >= first and numbers.max() < self.pulses):
            raise InputError(
                f"pulses {int(first)} to {self.pulses - 1} are known, not {numbers.min()} to {numbers.max()}"
            )
        return np.asarray(rows[np.searchsorted(rows[:, 0], numbers, side="right") - 1, 1:])


SLOW = 100e-9
"""Pulses below this [s] are the macrospin's: heat has no time to find the barrier, precession decides."""

HOTTEST = 0.9
"""Share of the Bloch temperature up to which heat is followed: a layer without magnetisation has no states to tell."""
_SETTLE = 5e-9  # s, between pulses without a hold
_REMEMBERED = 4096
_STUCK = {"stuck-P": State.P, "stuck-AP": State.AP}


class SimulatedJunction(ABC):
    """A junction but for its pulses, which each fidelity adds; see `Junction` for its methods.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    effects
        Which effects act; all of them unless given.
    """

    def __init__(self, device: Device, seed: int | None = None, effects: Effects | None = None) -> None:
        # A stream for each kind of chance, so that reading or resting leaves the pulses as they are.
        self._pulse_seed, *streams = np.random.SeedSequence(seed).spawn(6)
        self._slow_chain = StateChain(streams.pop())
        reading, resting, wearing, drifting = (np.random.default_rng(stream) for stream in streams)
        self.device = device
        self.effects = Effects.full() if effects is None else effects
        self.surroundings = Surroundings()
        """What the bench adds to the device."""
        self.log = SwitchingLog()
        """P(switch) of every pulse so far: the truth that no instrument sees."""
        self.barrier = Barrier(device, wearing)
        """What stress the barrier has taken."""
        self.drift = SlowDrift(device.drift, drifting)
        """The slow variables now."""
        self._resting = resting
        self._reading = NoisyReadout(device, self.effects, reading)
        self._applied = device
        # A loop passes the same fields again and again, and a train its pulse: what they do is worked out once.
        self._in_surroundings = lru_cache(_REMEMBERED)(self._meet)
        self._average_rise = lru_cache(_REMEMBERED)(average_rise)
        self._steady_rise = lru_cache(_REMEMBERED)(self._dc_rise)
        self._state = _STUCK.get(device.fault.kind, State.P)
        self._strain = 0.0

    @property
    def state(self) -> State:
        """Its state now."""
        return self._state

    def set_state(self, state: int) -> None:
        """Put it into a state; a stuck device stays in its own."""
        self._state = _STUCK.get(self.device.fault.kind, State(int(as_states(state))))

    def set_surroundings(
        self,
        *,
        in_plane_field: float = 0.0,
        perpendicular_field: float = 0.0,
        temperature: float | None = None,
    ) -> None:
        """Set the fields of the coils and the temperature of the stage."""
        surroundings = Surroundings(in_plane_field, perpendicular_field, temperature)
        if surroundings != self.surroundings:
            self.surroundings = surroundings
            self._applied, _ = self._in_surroundings(surroundings)
            if self.device.fault.kind not in _STUCK:  # a pinned layer does not tilt in a field either
                self._reading.surround(self._applied)

    @property
    def attributes(self) -> dict[str, float | int | str]:
        """What a recording should hold of its model beside its name."""
        return {}

    @property
    def broken(self) -> bool:
        """Whether the device is a short, from the beginning or by breakdown."""
        return self.device.fault.kind == "short" or ("breakdown" in self.effects and self.barrier.broken)

    @property
    def _switches(self) -> bool:
        return self.device.fault.kind == "none" and not self.broken

    def pulse_train(self, pulse: Pulse, count: int, hold: HoldInterval | None = None) -> NDArray[np.uint8]:
        """Apply pulses one after the other."""
        if count < 0:
            raise InputError(f"a train of {count} pulses is not possible: give 0 or more")
        self._give_way()
        whole = self._endured(pulse, count, hold) if self._switches else 0
        states = np.empty(count, np.uint8)
        done = 0
        while done < whole:
            part = states[done : done + (self.drift.constant_for if "drift" in self.effects else count)][: whole - done]
            probabilities = self._apply(self._conditions(pulse, hold), part)
            self._state = State(int(part[-1]))
            self.log.add(part.size, *probabilities)
            self.drift.advance(part.size)
            done += part.size
        states[whole:] = self._state
        self.log.add(count - whole, 0.0, 0.0)
        self._reading.pulsed(count, whole, pulse.duration + (_SETTLE if hold is None else hold.duration))
        return states

    @abstractmethod
    def _apply(self, conditions: PulseConditions, states: NDArray[np.uint8]) -> tuple[float, float]:
        """Apply a pulse and a hold for each of `states` and fill in the state after each.

        Returns P(switch) of these pulses from P and from AP, or `math.nan` where the fidelity does not know it.
        """

    @staticmethod
    def _is_slow(pulse: Pulse) -> bool:
        """Say whether thermal activation decides what a pulse does."""
        return pulse.width >= SLOW

    def _apply_slowly(self, conditions: PulseConditions, states: NDArray[np.uint8]) -> tuple[float, float]:
        """Apply pulses that heat decides, as `_apply` does: edges and ringing are over long before anything happens."""
        delivered = DeliveredPulse(conditions.acting_pulse, conditions.device, self.effects)
        pulse = delivered.pulse
        voltage = float(delivered.voltage(delivered.top_end))
        rise = dc_rise(conditions.device, (voltage, voltage)) if "heating" in self.effects else 0.0
        warm = conditions.device.in_surroundings(temperature=self._bounded(conditions.device.temperature + rise))
        flips = Rates(warm, self.effects).flips(pulse.width, voltage)
        switched = conditions.shifted(flips[0]), conditions.shifted(flips[1])
        self._slow_chain.walk_into(states, self.state, *conditions.rested(*switched))
        return switched

    def _endured(self, pulse: Pulse, count: int, hold: HoldInterval | None) -> int:
        """Wear the barrier and say after how many pulses it is still whole."""
        if "breakdown" not in self.effects:
            return count
        exposure = self.barrier.exposure_of_pulse(pulse)
        if hold is not None:
            exposure += self.barrier.exposure_of(hold.voltage, hold.duration)
        return self.barrier.endure(exposure, count)

    def _conditions(self, pulse: Pulse, hold: HoldInterval | None) -> PulseConditions:
        drifts = "drift" in self.effects
        rise = 0.0
        if "heating" in self.effects and hold is not None:
            rise = self._average_rise(self._applied, pulse, hold)
        device, rates = self._warmer(rise)
        return PulseConditions(
            pulse,
            device,
            amplitude=self.drift.amplitude if drifts else 1.0,
            shift=self.drift.probability if drifts else 0.0,
            bias=0.0 if hold is None else hold.voltage,
            flips=(0.0, 0.0) if hold is None else rates.flips(hold.duration, hold.voltage),
        )

    def _warmer(self, rise: float) -> tuple[Device, Rates]:
        """Give the device as it is now, warmer by a rise and by its drift [K], and its rates."""
        if "drift" in self.effects:
            rise += self.drift.temperature
        if rise == 0:
            return self._in_surroundings(self.surroundings)
        temperature = self._bounded(self._applied.temperature + rise)
        return self._in_surroundings(replace(self.surroundings, temperature=temperature))

    def _bounded(self, temperature: float) -> float:
        """Give a temperature [K] that Joule heat takes the layer to, up to where it is followed."""
        if "temperature" not in self.effects:
            return temperature
        return min(temperature, max(HOTTEST * self.device.thermal.bloch_temperature, self._applied.temperature))

    def _meet(self, surroundings: Surroundings) -> tuple[Device, Rates]:
        device = surroundings.applied(self.device)
        return device, Rates(device, self.effects)

    def _dc_rise(self, surroundings: Surroundings, steady: tuple[float, float]) -> float:
        # To a millikelvin: a bias that changes by its noise needs no new rates.
        return round(dc_rise(surroundings.applied(self.device), steady), 3)

    def hold(self, duration: float, voltage: Bias) -> State:
        """Let time pass at a bias, with nobody looking."""
        self._give_way()
        # One draw, however long: the two-state process has its probabilities in closed form.
        if self._switches:
            chance = self._biased(duration, voltage).flips(duration, voltage)[self._state]
            if self._resting.random() < chance:
                self._state = State(1 - self._state)
            self._strain = self._exposure(duration, voltage)
            self._give_way()
        self._reading.pass_time(duration)
        return self._state

    def observe(self, count: int, gap: float, window: float, voltage: Bias) -> NDArray[np.float64]:
        """Let time pass at a bias while a meter looks on."""
        if not 0 < window < math.inf:
            raise InputError(f"an integration of {window} s is not possible: give more than 0 s")
        self._give_way()
        if self._switches:
            rates = self._biased(gap, voltage).leaving(voltage)
            upper = self._state is State.AP
            shares, upper = shares_of_upper_level(self._resting, upper, *rates, gap, window, count)
            self._state = State(int(upper))
            # The meter sees the barrier whole; what it does to it shows afterwards.
            self._strain = self._exposure(count * (gap + window), voltage)
        else:
            shares = np.full(count, float(self._state))
        self._reading.spaced(count, gap + window)
        return shares

    def _biased(self, duration: float, voltage: Bias) -> Rates:
        """Give the rates at a dc bias, which warms the junction."""
        steady = voltage if isinstance(voltage, tuple) else (voltage, voltage)
        for level in steady:
            HoldInterval(duration, level)  # refuses what is not possible
        if not ("heating" in self.effects and any(steady)):
            return self._warmer(0.0)[1]
        return self._warmer(self._steady_rise(self.surroundings, steady))[1]

    def _exposure(self, duration: float, voltage: Bias) -> float:
        """Give the part of the barrier's lifetime that a time [s] at a bias [V] takes."""
        highest = max(map(abs, voltage)) if isinstance(voltage, tuple) else voltage
        return self.barrier.exposure_of(highest, duration) if "breakdown" in self.effects else 0.0

    def _give_way(self) -> None:
        """Let the barrier take the stress of the last series of readings, now that they have been taken."""
        if self._strain:
            self.barrier.endure(self._strain, 1)
            self._strain = 0.0

    def read(self, states: ArrayLike, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each of a series of states, or of shares of AP."""
        drift = self.drift.resistance if "drift" in self.effects else 0.0
        shares = np.asarray(states)
        whole = np.rint(shares)
        currents = self._reading.currents(as_states(whole), voltage, bandwidth, drift, self.broken)
        beside = shares - whole
        if beside.any():
            both = np.array([0, 1], np.uint8)
            parallel, antiparallel = self._reading.currents(both, voltage, 0.0, drift, self.broken)
            currents += beside * (antiparallel - parallel)
        return currents
