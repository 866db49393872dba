"""What the window shows of a bitstream: a ring of recent blocks in memory, filled by the worker, read by the window."""

import collections
import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.procedures import Block

__all__ = ["LiveBits", "Snapshot"]

POINTS = 400
"""Points of each plot."""


class Snapshot(NamedTuple):
    """What there is to draw now."""

    bits: NDArray[np.float64]
    """Bits recorded at each point, shape (N,)."""
    p_one: NDArray[np.float64]
    """Share of ones of the blocks of each point, shape (N,)."""
    resistances: NDArray[np.float64]
    """The latest resistances read [Ω], shape (M,)."""
    total: int
    """Bits recorded."""
    ones: int
    """Ones among them."""


class LiveBits:
    """Recent blocks, halved in detail whenever they get too many for a plot.

    Parameters
    ----------
    bias
        Read bias [V], to turn currents into resistances.
    """

    def __init__(self, bias: float) -> None:
        self._bias = bias
        self._lock = threading.Lock()
        self._points: list[tuple[int, int]] = []  # bits and ones of each point
        self._size = 0  # bits a point holds before the next one is begun
        self._resistances: collections.deque[float] = collections.deque(maxlen=POINTS)
        self._total = self._ones = 0

    def add(self, block: Block) -> None:
        """Take a block; called in the worker's thread."""
        with np.errstate(divide="ignore"):
            resistances = self._bias / block.currents[:POINTS]
        with self._lock:
            self._resistances.extend(resistances)
            self._count(len(block.bits), block.ones)

    def go_on_after(self, counts: Sequence[int], ones: Sequence[int]) -> None:
        """Take the blocks that a recording holds already: bits of each, and ones among them."""
        with self._lock:
            for bits, among_them in zip(counts, ones, strict=True):
                self._count(bits, among_them)

    def snapshot(self) -> Snapshot:
        """Copy what there is to draw; called in the window's thread."""
        with self._lock:
            points = np.array(self._points, dtype=float).reshape(-1, 2)
            resistances = np.array(self._resistances)
            total, ones = self._total, self._ones
        return Snapshot(np.cumsum(points[:, 0]), points[:, 1] / points[:, 0], resistances, total, ones)

    def _count(self, bits: int, ones: int) -> None:
        self._total += bits
        self._ones += ones
        self._size = self._size or bits
        if self._points and self._points[-1][0] < self._size:
            before, among_them = self._points.pop()
            self._points.append((before + bits, among_them + ones))
        else:
            self._points.append((bits, ones))
        if len(self._points) > POINTS:
            self._halve()

    def _halve(self) -> None:
        """Join neighbouring points: the plot covers the whole run in bounded memory."""
        pairs = zip(self._points[::2], self._points[1::2], strict=False)
        joined = [(a[0] + b[0], a[1] + b[1]) for a, b in pairs]
        self._points = joined + self._points[2 * len(joined) :]
        self._size *= 2
