"""What a switching table says between its points: among sixteen pulses, and among the sheets of the fields around."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import FreeLayer
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.junction.pulse_lattice import PulseLattice
from mtjlab.instruments.simulated.junction.switching_node import LEVELS, SCALE, UNKNOWN, NodeKey, SwitchingNode
from mtjlab.instruments.simulated.rates.rates import Rates

__all__ = ["SEEN", "Switching", "SwitchingPatch", "TableSheet", "sheets_around", "tilted_resistances"]

_RARE = 0.01
"""Probability of the rarer outcome below which logits are interpolated instead of probabilities."""
SEEN = 10
"""Rare outcomes at the four points around a pulse from which on their rate counts as seen."""

Pair = tuple[float, float]


@dataclass(frozen=True)
class Switching:
    """Probabilities that a pulse switches, from P and from AP."""

    probability: Pair
    """From P, and from AP."""
    error: Pair
    """Their standard errors, of the table's counting."""
    extrapolates: tuple[bool, bool]
    """Whether less than ten of the rarer outcomes were counted around the pulse: the table has not seen that tail."""

    @classmethod
    def mean(cls, parts: Sequence[tuple[float, Switching]]) -> Switching:
        """Average with weights that add up to one."""
        if len(parts) == 1:
            return parts[0][1]
        return cls(
            _pair([sum(w * part.probability[s] for w, part in parts) for s in (0, 1)]),
            _pair([math.sqrt(sum((w * part.error[s]) ** 2 for w, part in parts)) for s in (0, 1)]),
            (any(part.extrapolates[0] for _, part in parts), any(part.extrapolates[1] for _, part in parts)),
        )


class SwitchingPatch:
    """The points around a pulse, and what lies between them.

    Between the points of the lattice the probability itself is a cubic polynomial of both coordinates (Lagrange, four
    points each): it is smooth where precession makes it swing between 0 and 1, which a logit is not.  Where one
    outcome is rare, logits are interpolated linearly instead, which keeps the value between those of the neighbours
    and above zero.  From one to the other the weight changes with the rarer outcome's probability up to a hundredth.

    Parameters
    ----------
    nodes
        What was counted at four by four points, amplitude by amplitude. Where they are smoothed, that takes the place
        of the counts, but not in the tail: a rare outcome is as rare as it was counted.
    """

    def __init__(self, nodes: Sequence[Sequence[SwitchingNode]]) -> None:
        shots = np.array([[node.shots for node in row] for row in nodes], float)[..., None]
        counts = np.array([[node.switched for node in row] for row in nodes], float)
        safe = (counts + 0.5) / (shots + 1)
        self._rare, self._counts = np.minimum(counts, shots - counts), counts
        self._logit = np.log(safe / (1 - safe))
        self._share = (counts / shots).reshape(16, 2)
        self._error = np.sqrt(safe * (1 - safe) / shots).reshape(16, 2)
        # Errors of points that were smoothed together go together; those of counts do not.
        self._together = np.zeros(16, bool)
        for number, node in enumerate(node for row in nodes for node in row):
            if node.smoothed is not None:
                self._share[number], self._error[number] = node.smoothed
                self._together[number] = True

    def at(self, x: float, y: float, rates: Callable[[], Pair]) -> Switching:
        """Interpolate.

        Parameters
        ----------
        x, y
            Where, in steps from the first amplitude and the first width.
        rates
            Gives the probabilities of thermally activated switching, which stand in where none was counted at all.

        Returns
        -------
        Switching
            There.
        """
        i, j = min(int(x), 2), min(int(y), 2)
        weights = np.outer(_lagrange(x), _lagrange(y)).ravel()
        linear = np.outer((1 - (x - i), x - i), (1 - (y - j), y - j)).ravel()
        logits = linear @ self._logit[i : i + 2, j : j + 2].reshape(4, 2)
        rare = self._rare[i : i + 2, j : j + 2].sum(axis=(0, 1))
        counted = self._counts[i : i + 2, j : j + 2].sum(axis=(0, 1))
        body = weights @ self._share
        found = []
        for state in (0, 1):
            tail = 1 / (1 + math.exp(-float(logits[state])))
            trust = min(min(tail, 1 - tail) / _RARE, 1.0)
            value = trust * min(max(float(body[state]), 0.0), 1.0) + (1 - trust) * tail
            found.append(value if counted[state] else min(value, rates()[state]))
        parts = np.abs(weights)[:, None] * self._error
        errors = np.hypot(parts[self._together].sum(axis=0), np.sqrt((parts[~self._together] ** 2).sum(axis=0)))
        return Switching(_pair(found), _pair(errors), (bool(rare[0] < SEEN), bool(rare[1] < SEEN)))


def _pair(values: Any) -> Pair:
    return float(values[0]), float(values[1])


def _lagrange(x: float) -> tuple[float, float, float, float]:
    """Give the weights of points 0, 1, 2 and 3 at x."""
    a, b, c = x - 1, x - 2, x - 3
    return -a * b * c / 6, x * b * c / 2, -x * a * c / 2, x * a * b / 6


_FIELD_STEP = 250_000  # nT
_TEMPERATURE_STEP = 5_000  # mK

SheetPlace = tuple[int, int, int]


class TableSheet:
    """The device at one place of the lattice of fields and temperatures.

    Parameters
    ----------
    device
        The device by itself.
    effects
        Those with which the table is counted.
    in_plane_field, perpendicular_field
        Fields beyond the device's own [nT].
    temperature
        Temperature beyond the device's own [mK].
    """

    def __init__(
        self, device: Device, effects: Effects, in_plane_field: int, perpendicular_field: int, temperature: int
    ) -> None:
        self._place = (in_plane_field, perpendicular_field, temperature)
        self._effects = effects
        self.device = device
        """In its surroundings."""
        if any(self._place):
            self.device = device.in_surroundings(
                in_plane_field=in_plane_field * 1e-9,
                perpendicular_field=perpendicular_field * 1e-9,
                temperature=device.temperature + temperature * 1e-3,
            )
        self._layer = FreeLayer(self.device, effects)
        self._field_at = lru_cache(64)(self._anisotropy)
        self._field = self._anisotropy(self.device.temperature)
        self._lattice = lru_cache(8)(lambda rise, fall: PulseLattice(self.device, effects, rise, fall))

    @cached_property
    def rates(self) -> Rates:
        """Thermally activated switching here."""
        return Rates(self.device, Effects([*self._effects, "disturb"]))

    def lattice(self, pulse: Pulse) -> PulseLattice:
        """Give the lattice of pulses with such edges."""
        lattice: PulseLattice = self._lattice(pulse.rise, pulse.fall)
        return lattice

    def key(self, pulse: Pulse, amplitude: int, width: int) -> NodeKey:
        """Name a point [µV], [fs] of the lattice of pulses with such edges."""
        return NodeKey(round(pulse.rise * 1e15), round(pulse.fall * 1e15), *self._place, amplitude, width)

    def amplitude(self, amplitude: float, surrounded: Device | None) -> float:
        """Give the amplitude that leaves the same anisotropy field here as one does at another temperature.

        Parameters
        ----------
        amplitude
            Of the pulse [V].
        surrounded
            The device at the temperature that acts on it.

        Returns
        -------
        float
            Amplitude [V]. A degree moves Bk by a part in a thousand, which is most of what it does to a pulse.
        """
        if surrounded is None or surrounded.temperature == self.device.temperature:
            return amplitude
        (rest, slope), (rest_there, slope_there) = self._field, self._field_at(surrounded.temperature)
        return (rest - rest_there + slope_there * amplitude) / slope if slope > 0 else amplitude

    def _anisotropy(self, temperature: float) -> tuple[float, float]:
        """Give Bk without voltage [T], and by how much a volt lowers it [T]."""
        rest, at_one = (float(self._layer.anisotropy_field(v, temperature)) for v in (0.0, 1.0))
        return rest, rest - at_one


def sheets_around(device: Device, surrounded: Device) -> list[tuple[float, SheetPlace]]:
    """Find the sheets around some surroundings.

    Parameters
    ----------
    device
        The device by itself.
    surrounded
        The same in the fields and at the temperature that act on it.

    Returns
    -------
    list of (float, tuple)
        Weight, and fields [nT] and temperature [mK] beyond the device's own: the fields between which theirs lie, for
        linear interpolation, and the nearest temperature.
    """
    kelvin = surrounded.temperature - device.temperature
    temperature = round(kelvin * 1e3 / _TEMPERATURE_STEP) * _TEMPERATURE_STEP
    along_x, along_z = (
        _neighbours((there - here) * 1e9)
        for there, here in (
            (surrounded.in_plane_field, device.in_plane_field),
            (surrounded.stray_field, device.stray_field),
        )
    )
    return [(u * v, (x, z, temperature)) for x, u in along_x for z, v in along_z]


def _neighbours(offset: float) -> list[tuple[int, float]]:
    steps = offset / _FIELD_STEP
    if abs(steps - round(steps)) < 1e-3:
        return [(round(steps) * _FIELD_STEP, 1.0)]
    low = math.floor(steps)
    return [(low * _FIELD_STEP, 1 - (steps - low)), ((low + 1) * _FIELD_STEP, steps - low)]


def tilted_resistances(
    readout: Readout,
    tilts: Sequence[tuple[float, NDArray[np.uint16]]],
    states: NDArray[np.uint8],
    voltage: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw resistances at the instant of the look after a pulse, when its precession still tilts the layer.

    Parameters
    ----------
    readout
        Resistance of the device.
    tilts
        Weight of each point around the pulse, above 0, and the quantiles of the tilt there by the state after it.
    states
        State after the pulse in each shot, any shape.
    voltage
        Read voltage [V].
    rng
        Where the tilts come from.

    Returns
    -------
    ndarray of float64
        Resistances [Ω], same shape.
    """
    uniform = rng.random(states.shape)
    found = readout.resistances(states, voltage, math.inf, rng)
    for state in (0, 1):
        # The phase at the end of the pulse decides how far the layer still is from rest: quantiles of the four points
        # around are averaged, those that are known.
        kept = [(weight, both[state]) for weight, both in tilts if both[state][0] != UNKNOWN]
        if kept:
            quantiles = sum(w * q.astype(float) for w, q in kept) / sum(w for w, _ in kept)
            tilt = np.interp(uniform, LEVELS, quantiles / SCALE)
            angle = np.arccos(1 - tilt)
            drawn = readout.resistance(math.pi - angle if state else angle, voltage)
            found = np.where(states == state, drawn, found)
    return np.asarray(found)
