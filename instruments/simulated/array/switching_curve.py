"""P(switch) against amplitude at one width, for very many cells at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable

__all__ = ["SwitchingCurve"]

STEP = 0.01
"""Distance of the amplitudes that are looked up in the table [V]; what lies between them is interpolated linearly."""


class SwitchingCurve:
    """Probabilities of a pulse of one width from both states, against amplitude.

    The table of the device is asked at multiples of 10 mV, as they are needed; between them the curve is straight.
    Below zero volt nothing switches: the anisotropy is raised.

    Parameters
    ----------
    table
        Table of the device.
    width
        Width at half maximum [s].
    edge
        Time of rise and of fall [s].
    """

    def __init__(self, table: SwitchingTable, width: float, edge: float) -> None:
        self._table, self._width, self._edge = table, width, edge
        self._known: dict[int, tuple[float, float]] = {0: (0.0, 0.0)}

    def at(self, amplitudes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the probabilities of cells.

        Parameters
        ----------
        amplitudes
            Amplitude that each cell sees [V], of any shape.

        Returns
        -------
        tuple of NDArray
            P(switch) from 0 and from 1, shape of `amplitudes`.

        Raises
        ------
        InputError
            If an amplitude is no number, or above what the table's device is described for.
        """
        if amplitudes.size == 0:
            return np.empty(amplitudes.shape), np.empty(amplitudes.shape)
        if not np.all(np.isfinite(amplitudes)):
            raise InputError("an amplitude is no finite number: give volts")
        low = max(0, int(np.floor(amplitudes.min() / STEP)))
        high = max(low + 1, int(np.ceil(amplitudes.max() / STEP)))
        for number in range(low, high + 1):
            if number not in self._known:
                pulse = Pulse(number * STEP, self._width, self._edge, self._edge)
                self._known[number] = self._table.switching(pulse).probability
        grid = STEP * np.arange(low, high + 1)
        points = np.array([self._known[number] for number in range(low, high + 1)])
        from_zero, from_one = (np.interp(amplitudes, grid, points[:, state]) for state in (0, 1))
        return from_zero, from_one
