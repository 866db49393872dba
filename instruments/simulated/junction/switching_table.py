"""P(switch | state, amplitude, width, field, temperature), counted on the macrospin where it is asked for, and kept."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError, cache_folder
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import DeliveredPulse, Pulse
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.device.state import as_states
from mtjlab.instruments.simulated.junction.smoothing import smoothed_grids
from mtjlab.instruments.simulated.junction.switching_node import (
    NodeFile,
    NodeKey,
    SwitchingNode,
    better,
    shipped_nodes,
)
from mtjlab.instruments.simulated.junction.table_counting import PointCounter, Progress
from mtjlab.instruments.simulated.junction.table_interpolation import (
    SEEN,
    Switching,
    SwitchingPatch,
    TableSheet,
    sheets_around,
    tilted_resistances,
)

__all__ = ["CODE_VERSION", "SwitchingTable"]

CODE_VERSION = 1
"""Goes up when the macrospin or the lattice changes such that probabilities do: older tables are counted again."""
SHOTS = 4096
"""Pulses from each state at a point."""
_SPREAD = 0.2


class SwitchingTable:
    """Switching probabilities of a device, made on demand from the macrospin with the effects that are on.

    What was counted is kept in a file of the user's cache folder (`MTJLAB_CACHE` names another), under a hash of
    device, effects and `CODE_VERSION`; points of the reference device with all effects come with mtjlab.  The points
    of a pulse do not depend on what was asked before, so a run's bits do not depend on the cache.

    Parameters
    ----------
    device
        The device in its own fields and at its own temperature.
    effects
        Those that act; of them the dynamic ones matter. All of them unless given.
    shots
        Pulses from each state at a point that is not there yet.
    threads
        How many threads count; as many as there are cores unless given.
    folder
        Where the file is kept; in the cache folder unless given.

    Raises
    ------
    InputError
        If `shots` is below 1.

    Examples
    --------
    >>> table = SwitchingTable(Device())
    >>> at = table.switching(Pulse(1.3, 10e-9, 1e-9, 1e-9))
    >>> [round(probability, 1) for probability in at.probability], at.extrapolates
    ([0.5, 0.5], (False, False))
    """

    def __init__(
        self,
        device: Device,
        effects: Effects | None = None,
        *,
        shots: int = SHOTS,
        threads: int | None = None,
        folder: Path | None = None,
    ) -> None:
        if shots < 1:
            raise InputError(f"{shots} shots give no probability: make at least 1")
        self.device = device
        self.effects = (Effects.full() if effects is None else effects).dynamic
        # The generator's rounding is done exactly when a pulse is looked up; between the points it must not act.
        self._counted = self.effects.without("resolution")
        self._shots = shots
        content = [device.switching_fingerprint(self._counted), CODE_VERSION]
        self.fingerprint = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        """Hash of all that the table depends on."""
        name = "".join(c if c.isalnum() else "-" for c in device.name)[:40]
        where = cache_folder() / "switching" if folder is None else folder
        self.file = NodeFile(where / f"{name}-{self.fingerprint[:16]}.npz", self.fingerprint)
        """Where the points are kept."""
        self._nodes = better(shipped_nodes(self.fingerprint), self.file.read())
        threads = threads or os.cpu_count() or 1
        self._counter = PointCounter(self._nodes, device.name, self._counted, shots=shots, threads=threads)
        # By their first point and the next, which together tell the window.
        self._patches: dict[tuple[NodeKey, int, int], SwitchingPatch] = {}
        self._last: tuple[object, list[tuple[float, TableSheet]]] = (None, [])
        self._sheet = lru_cache(64)(self._make_sheet)

    def __len__(self) -> int:
        """Give the number of points that are there."""
        return len(self._nodes)

    @property
    def seen(self) -> float:
        """Smallest probability of the rarer outcome that the points of this table can tell: below, it extrapolates."""
        return SEEN / (4 * self._shots)

    def require(self, device: Device, effects: Effects) -> None:
        """Refuse a device or effects that the table is not for.

        A resistance-area product up to a fifth away, as that of another junction of the wafer, is let pass: it changes
        the torque by as much, and P(switch) by thousandths.

        Parameters
        ----------
        device
            The device by itself.
        effects
            Those that act.

        Raises
        ------
        ValueError
            If what decides P(switch) is different from the table's.
        """
        ours, areal = self.device.switching_fingerprint(self.effects), self.device.resistance_area
        if abs(device.resistance_area / areal - 1) <= _SPREAD:
            device = device.model_copy(update={"resistance_area": areal})
        theirs = device.switching_fingerprint(effects)
        if ours != theirs:
            raise InputError(
                f"the switching table is for other parameters or effects ({ours[:8]}) than device '{device.name}' has "
                f"({theirs[:8]}): make one with SwitchingTable(device, effects)"
            )

    def as_made(self, pulse: Pulse) -> Pulse:
        """Give a pulse as the generator makes it: with `resolution` on, rounded to its steps.

        Parameters
        ----------
        pulse
            Pulse as it is asked for: amplitude [V], width and edges [s].
        """
        return DeliveredPulse(pulse, self.device, self.effects).pulse

    def switching(self, pulse: Pulse, surrounded: Device | None = None) -> Switching:
        """Give the probabilities that a pulse switches the junction.

        Parameters
        ----------
        pulse
            The pulse, as the generator makes it.
        surrounded
            The device in the fields and at the temperature that act on it; as it is by itself unless given.

        Returns
        -------
        Switching
            Probabilities from both states, their errors, and whether they are extrapolated.

        Raises
        ------
        ValueError
            If the pulse is too short or longer than 100 ns, or points are missing that would take more than
            `LONGEST_WAIT`; the message says how to make them.
        """
        found = []
        for weight, sheet in self._around(surrounded):
            amplitude = sheet.amplitude(pulse.amplitude, surrounded)
            window = sheet.lattice(pulse).window(amplitude, pulse.width)
            corner = sheet.key(pulse, window.amplitudes[0], window.widths[0]), window.amplitudes[1], window.widths[1]
            if corner not in self._patches:
                self._provide(pulse, surrounded)
                self._patches[corner] = SwitchingPatch(
                    [[self._nodes[sheet.key(pulse, a, w)] for w in window.widths] for a in window.amplitudes]
                )
            rates = partial(sheet.rates.flips, pulse.width, pulse.amplitude)
            found.append((weight, self._patches[corner].at(*window.at, rates)))
        return Switching.mean(found)

    def prepare(
        self,
        amplitudes: tuple[float, float],
        widths: tuple[float, float],
        edges: tuple[float, float],
        surrounded: Device | None = None,
        progress: Progress | None = None,
        file: NodeFile | None = None,
    ) -> int:
        """Make the points that the pulses of a region need.

        Parameters
        ----------
        amplitudes
            Lowest and highest amplitude [V].
        widths
            Shortest and longest width [s].
        edges
            Rise and fall time [s].
        surrounded
            The device in the fields and at the temperature that act on it; as it is by itself unless given.
        progress
            Called with (points done, points to do).
        file
            Where to write them; to the table's own unless given.

        Returns
        -------
        int
            How many points were counted; those that are there with as many shots are not counted again.

        Raises
        ------
        ValueError
            If the region is empty, or its longest pulses too long.
        """
        if not (amplitudes[0] <= amplitudes[1] and widths[0] <= widths[1]):
            raise InputError(f"no pulse has {amplitudes[0]} to {amplitudes[1]} V, {widths[0]} to {widths[1]} s")
        needed, pulse = [], Pulse(amplitudes[0], widths[0], *edges)
        for _, sheet in self._around(surrounded):
            for width in widths:
                sheet.lattice(pulse).window(amplitudes[0], width)  # refuses what no table has
            low, high = (sheet.amplitude(volts, surrounded) for volts in amplitudes)
            for levels, times in sheet.lattice(pulse).points((low, high), widths):
                needed += [(sheet, sheet.key(pulse, a, w)) for a in levels.tolist() for w in times.tolist()]
        return self._counter.count(self._counter.missing(needed, self._shots), progress, file or self.file)

    def smooth(
        self,
        edges: tuple[float, float],
        surrounded: Device | None = None,
        progress: Progress | None = None,
        file: NodeFile | None = None,
    ) -> list[float]:
        """Smooth all points of one pair of edges, and write them.

        Parameters
        ----------
        edges
            Rise and fall time [s].
        surrounded
            The device in the fields and at the temperature that act on it; as it is by itself unless given.
        progress
            Called with (grids done, grids to do).
        file
            Where to write them; to the table's own unless given.

        Returns
        -------
        list of float
            Chi-square over degrees of freedom of each grid, 1 where the counts bear it. Grids of few points stay as
            they were counted, and those whose counts do not bear it.

        Raises
        ------
        ValueError
            If a grid has too many points for one fit.
        """
        misfits: list[float] = []
        made: dict[NodeKey, SwitchingNode] = {}
        for _, sheet in self._around(surrounded):
            origin = Pulse(0.0, 1e-9, *edges)
            lattice, here = sheet.lattice(origin), sheet.key(origin, 0, 0)[:5]
            nodes = {key: node for key, node in self._nodes.items() if key[:5] == here}
            for found in smoothed_grids(lattice, nodes, progress):
                misfits.append(found.misfit)
                made = better(made, found.nodes)
        (file or self.file).add(made)
        self._nodes.update(made)
        self._patches.clear()
        return misfits

    def resistances(
        self, pulse: Pulse, before: int, after: ArrayLike, voltage: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Draw resistances at the instant of the look, 5 ns after a pulse.

        Heat and what is left of the precession tilt the layer then, differently if the pulse has switched it. A read
        that averages over more than some nanoseconds sees nothing of that; see `Readout.resistances`.

        Parameters
        ----------
        pulse
            The pulse.
        before
            State before it, 0 (P) or 1 (AP).
        after
            State after it in each shot, any shape.
        voltage
            Read voltage [V].
        rng
            Where the tilts come from.

        Returns
        -------
        ndarray of float64
            Resistances [Ω], same shape.

        Raises
        ------
        ValueError
            As `switching` does.
        """
        self.switching(pulse)
        (_, sheet), *_ = self._around(None)
        window = sheet.lattice(pulse).window(pulse.amplitude, pulse.width)
        (i, x), (j, y) = ((min(int(at), 2), at - min(int(at), 2)) for at in window.at)
        corners = [
            (
                (x if a else 1 - x) * (y if b else 1 - y),
                sheet.key(pulse, window.amplitudes[i + a], window.widths[j + b]),
            )
            for a in (0, 1)
            for b in (0, 1)
        ]
        tilts = [(weight, self._nodes[key].tilts[before]) for weight, key in corners if weight > 0]
        return tilted_resistances(Readout(self.device), tilts, as_states(after), voltage, rng)

    def _around(self, surrounded: Device | None) -> list[tuple[float, TableSheet]]:
        if surrounded is None:
            surrounded = self.device
        # Looked up for every stretch of pulses, while fields seldom change.
        place = surrounded.in_plane_field, surrounded.stray_field, surrounded.temperature
        if place != self._last[0]:
            around = [(weight, self._sheet(*at)) for weight, at in sheets_around(self.device, surrounded)]
            self._last = place, around
        return self._last[1]

    def _make_sheet(self, in_plane_field: int, perpendicular_field: int, temperature: int) -> TableSheet:
        return TableSheet(self.device, self._counted, in_plane_field, perpendicular_field, temperature)

    def _provide(self, pulse: Pulse, surrounded: Device | None) -> None:
        """Make the points around a pulse, those of all fields."""
        needed = []
        for _, sheet in self._around(surrounded):
            window = sheet.lattice(pulse).window(sheet.amplitude(pulse.amplitude, surrounded), pulse.width)
            needed += [(sheet, sheet.key(pulse, a, w)) for a in window.amplitudes for w in window.widths]
        self._counter.provide(pulse, needed, self.file)
