"""What really happened to P(switch): the truth that no instrument sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core.errors import InputError

__all__ = ["SwitchingLog"]

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
