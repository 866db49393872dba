"""An array of voltage-controlled junctions that are written, pulsed and read as a memory is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments import ArrayImperfections
from mtjlab.instruments.simulated.array.switching_curve import SwitchingCurve
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable

__all__ = ["SimulatedArray"]

EDGE = 1e-9
"""Time of rise and of fall of a pulse in the array [s]."""
MOST_CELLS = 1 << 24


class SimulatedArray:
    """Rows by columns of junctions.

    A pulse of amplitude V switches cell i, whatever its state, with the device's P(switch) at the amplitude

        V_i = V (1 - drop c / (C - 1)) (1 + d_i) - V_c e_i,    V_c = K t_b / xi,

    where c of C is its column, d_i and e_i are the relative deviations of its voltage-controlled anisotropy xi and of
    its stability, and V_c (barrier thickness t_b, anisotropy energy per area K) is the voltage that cancels the
    anisotropy: the layer sees K - xi V / t_b during the pulse, so that more xi is more amplitude and more K is less.
    P is the macrospin's, from the table of the device.  That a cell's Δ also decides how it waits between the pulses is
    left out. A fault in the device file is one of all cells: they are stuck, or read as if they were.

    Parameters
    ----------
    rows, columns
        Size, 1 or more each, 2^24 cells at most.
    device
        The device that all cells are made as; by default the reference device.
    imperfections
        How cells differ.
    seed
        Of the cells' spread and of all that happens.
    table
        Table of the device; None makes one.

    Raises
    ------
    InputError
        If the size is out of its range.

    Notes
    -----
    Bits are 0 for the parallel state and 1 for the antiparallel one. VCMA: Amiri et al., IEEE Trans. Magn. 51, 3401507
    (2015). Half-select: cells on the word line or the bit line of a pulsed cell see half of its amplitude.
    """

    def __init__(
        self,
        rows: int,
        columns: int,
        device: Device | None = None,
        imperfections: ArrayImperfections | None = None,
        seed: int = 1,
        *,
        table: SwitchingTable | None = None,
    ) -> None:
        if rows < 1 or columns < 1 or rows * columns > MOST_CELLS:
            raise InputError(f"array of {rows:,} x {columns:,} cells: expected 1 to {MOST_CELLS:,} cells")
        self.shape = (rows, columns)
        """Rows and columns."""
        self.device = device or Device()
        self._table = table or SwitchingTable(self.device)
        self._flaws = imperfections or ArrayImperfections()
        self._generator = np.random.Generator(np.random.PCG64DXSM(seed))
        self._curves: dict[float, SwitchingCurve] = {}
        normal = self._generator.standard_normal
        far = np.linspace(0, 1, columns) if columns > 1 else np.zeros(1)
        self._gain = (1 + self._flaws.vcma_spread * normal(self.shape)) * (1 - self._flaws.line_drop * far)
        cancelling = self.device.anisotropy_energy * self.device.thickness * self.device.barrier_thickness
        self._offset = cancelling / self.device.vcma_coefficient * self._flaws.stability_spread * normal(self.shape)
        which = self._generator.random(self.shape)
        self._stuck = which < (self._flaws.stuck if self.device.fault.kind == "none" else 1.0)
        self._weak = ~self._stuck & (which < self._flaws.stuck + self._flaws.weak)
        self._states = np.zeros(self.shape, np.uint8)
        self._stuck_at = self._generator.integers(0, 2, self.shape, dtype=np.uint8)
        if self.device.fault.kind != "none":
            # A cell that conducts nothing is read as antiparallel, a short as parallel.
            self._stuck_at[:] = self.device.fault.kind in ("stuck-AP", "open")
        self._settle()
        self.pulses = np.zeros(self.shape, np.int64)
        """Pulses that each cell has stood, half-selected ones not counted; shape (rows, columns)."""

    @property
    def stuck(self) -> NDArray[np.bool_]:
        """Which cells never switch, shape (rows, columns)."""
        return self._stuck.copy()

    def write(self, pattern: NDArray[np.uint8]) -> None:
        """Set every cell, as by a field and a current that leave it no choice.

        Parameters
        ----------
        pattern
            0 and 1, shape (rows, columns).

        Raises
        ------
        InputError
            If it is no such pattern.
        """
        self._states = self._checked(pattern).copy()
        self._settle()

    def pulse(self, amplitude: float, width: float, cells: NDArray[np.bool_] | None = None) -> None:
        """Send one pulse to cells.

        Parameters
        ----------
        amplitude
            Amplitude at the near end of a word line [V].
        width
            Width at half maximum [s], at least that of an edge.
        cells
            Which cells, shape (rows, columns); None for all.

        Raises
        ------
        InputError
            If the pulse cannot be, or `cells` has another shape.
        """
        chosen = np.ones(self.shape, bool) if cells is None else self._mask(cells)
        if not chosen.any():
            return
        curve = self._curves.setdefault(width, SwitchingCurve(self._table, width, EDGE))
        seen = np.maximum(amplitude * self._gain[chosen] - self._offset[chosen], 0.0)
        self._flip(chosen, curve.at(seen))
        self.pulses += chosen
        if self._flaws.half_select and not chosen.all():
            self._disturb(chosen, amplitude / 2, curve)
        self._settle()

    def pulse_levels(self, levels: NDArray[np.integer], amplitudes: Sequence[float], width: float) -> None:
        """Send each cell a pulse at an amplitude of its own, out of a few: one train of pulses a level.

        Parameters
        ----------
        levels
            Number of the amplitude of each cell, from 0, shape (rows, columns); -1 leaves a cell out.
        amplitudes
            The levels [V].
        width
            Width at half maximum [s].

        Raises
        ------
        InputError
            If a level has no amplitude, or the shape is another.
        """
        if levels.shape != self.shape or not (levels.min() >= -1 and levels.max() < len(amplitudes)):
            raise InputError(f"levels of shape {levels.shape}: expected {self.shape}, -1 to {len(amplitudes) - 1}")
        for number, amplitude in enumerate(amplitudes):
            self.pulse(amplitude, width, levels == number)

    def read(self) -> NDArray[np.uint8]:
        """Read every cell.

        Returns
        -------
        NDArray
            0 and 1, shape (rows, columns).
        """
        if not self._flaws.read_error:
            return self._states.copy()
        wrong = self._generator.random(self.shape) < self._flaws.read_error
        return self._states ^ wrong.astype(np.uint8)

    def _flip(self, chosen: NDArray[np.bool_], chances: tuple[NDArray[np.float64], NDArray[np.float64]]) -> None:
        states = self._states[chosen]
        chance = np.where(states == 0, *chances)
        self._states[chosen] = states ^ (self._generator.random(states.size) < chance)

    def _disturb(self, chosen: NDArray[np.bool_], amplitude: float, curve: SwitchingCurve) -> None:
        """Let cells on the lines of pulsed ones see half of the amplitude, once for each row that is pulsed."""
        in_row = chosen.any(axis=1, keepdims=True)
        times = in_row + (chosen.sum(axis=0)[None, :] - chosen)
        others = ~chosen & (times > 0)
        seen = np.maximum(amplitude * self._gain[others] - self._offset[others], 0.0)
        # Exposures that flip a cell back are so rare that they are left out.
        chances = (1 - (1 - each) ** times[others] for each in curve.at(seen))
        self._flip(others, (next(chances), next(chances)))

    def _settle(self) -> None:
        """Let cells that are stuck or weak be what they are."""
        self._states[self._stuck] = self._stuck_at[self._stuck]
        if self._flaws.weak:
            self._states[self._weak] = self._generator.integers(0, 2, int(self._weak.sum()), dtype=np.uint8)

    def _checked(self, pattern: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if pattern.shape != self.shape or pattern.dtype != np.uint8 or pattern.max() > 1:
            raise InputError(f"pattern of {pattern.dtype}, shape {pattern.shape}: expected uint8 0 and 1, {self.shape}")
        return pattern

    def _mask(self, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if cells.shape != self.shape or cells.dtype != np.bool_:
            raise InputError(f"cells of {cells.dtype}, shape {cells.shape}: expected bool, {self.shape}")
        return cells
