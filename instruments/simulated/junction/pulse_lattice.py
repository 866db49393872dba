"""At which pulses a switching table is counted: close together where precession leaves its mark, wide apart elsewhere.

The probability swings with the width once in a precession turn, 1.4 ns at exact cancellation in 25.5 mT and two
thirds of that at 1.8 V; with the amplitude it swings the faster the longer the pulse is, because the phase at its end
is a frequency that depends on the amplitude times the width.  So the steps differ from octave to octave of the width.
While the pulse leaves an anisotropy field of about the field in the plane, a long pulse does not precess through the
plane, and both steps may be wide: that is the plateau on which the demo works.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import FreeLayer

__all__ = ["LatticeWindow", "PulseLattice"]

_REFERENCE_FIELD, _REFERENCE_SLOPE = 25.5e-3, 0.117  # T, T/V: of the device on whose pulse map the steps were chosen
_SHORTEST = 4000  # fs: two steps of the integration
LONGEST = 100e-9
"""Longest pulse of a table [s]; what takes longer is the rates' business."""


@dataclass(frozen=True)
class _Band:
    """Steps for pulses from one width up to the next band's."""

    start: float
    """Shortest width [ns]."""
    width: int
    """Step of the width where the pulse makes the layer precess [fs]."""
    amplitude: int
    """Step of the amplitude there [µV]."""
    calm: float = math.inf
    """Bk over the in-plane field above which there is no precession left at the end of the pulse."""
    calm_width: int = 0
    """Step of the width then [fs]."""


_CALM_AMPLITUDE = 12_500  # µV
_BANDS = (
    _Band(0.0, 25_000, 20_000),
    _Band(0.5, 40_000, 20_000),
    _Band(1.0, 50_000, 20_000),
    _Band(2.0, 62_500, 15_000),
    _Band(4.0, 75_000, 10_000, 1.15, 250_000),
    _Band(8.0, 100_000, 6_000, 0.8, 500_000),
    _Band(16.0, 150_000, 4_000, 0.8, 1_000_000),
    _Band(32.0, 250_000, 4_000, 0.8, 2_000_000),
)


@dataclass(frozen=True)
class LatticeWindow:
    """Four by four points of a lattice around a pulse."""

    amplitudes: tuple[int, ...]
    """Their amplitudes [µV]."""
    widths: tuple[int, ...]
    """Their widths [fs]."""
    at: tuple[float, float]
    """Where the pulse lies, in steps from the first amplitude and the first width; 1 to 2, 0 to 2 at the short end."""


class PulseLattice:
    """Points of the amplitude and the width for one device in its surroundings and one pair of edges.

    Parameters
    ----------
    device
        In the fields and at the temperature that act on it.
    effects
        `temperature` counts.
    rise, fall
        Edges of the pulses [s].

    Examples
    --------
    At partial cancellation the points lie wide apart, above it they do not:

    >>> lattice = PulseLattice(Device(), Effects.ideal(), 1e-9, 1e-9)
    >>> lattice.window(1.255, 10.2e-9).amplitudes, lattice.window(1.5, 10.2e-9).amplitudes
    ((1238688, 1251200, 1263712, 1276224), (1489488, 1495494, 1501500, 1507506))
    """

    def __init__(self, device: Device, effects: Effects, rise: float, fall: float) -> None:
        layer = FreeLayer(device, effects)
        self._rest, at_one = (float(layer.anisotropy_field(v, device.temperature)) for v in (0.0, 1.0))
        self._slope = self._rest - at_one
        self._field = abs(device.in_plane_field)
        self._origin = max(round((rise + fall) / 2 * 1e15), _SHORTEST)
        self._stretch = (
            float(np.clip(_REFERENCE_SLOPE / max(self._slope, 1e-6), 0.5, 4.0)),
            float(np.clip(_REFERENCE_FIELD / max(self._field, 1e-6), 0.5, 2.0)),
        )

    def window(self, amplitude: float, width: float) -> LatticeWindow:
        """Give the points around a pulse.

        Parameters
        ----------
        amplitude
            Of the pulse [V].
        width
            Of the pulse [s].

        Returns
        -------
        LatticeWindow
            Two points to either side; at the shortest widths one or none to the left.

        Raises
        ------
        ValueError
            If the pulse is shorter than its edges allow, or longer than 100 ns.
        """
        if not width <= LONGEST:
            raise InputError(
                f"pulse width {width:g} s is too long for a switching table: give at most {LONGEST:g} s, or use the "
                'model "rates"'
            )
        if width * 1e15 < self._origin - 1:
            raise InputError(f"pulse width {width:g} s is too short: give at least {self._origin * 1e-15:g} s")
        step_a, step_w = self._steps(_band_of(width), self._calm(_band_of(width), amplitude))
        # A billionth of a step of slack, so that a pulse on a point has that point to its left.
        x, y = amplitude * 1e6 / step_a + 1e-9, (width * 1e15 - self._origin) / step_w + 1e-9
        i, j = math.floor(x) - 1, max(math.floor(y) - 1, 0)
        return LatticeWindow(
            tuple((i + n) * step_a for n in range(4)),
            tuple(self._origin + (j + n) * step_w for n in range(4)),
            (x - i, max(y - j, 0.0)),
        )

    def points(
        self, amplitudes: tuple[float, float], widths: tuple[float, float]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Give the grids of points that all pulses of a region need.

        Parameters
        ----------
        amplitudes
            Lowest and highest amplitude [V].
        widths
            Shortest and longest width [s].

        Yields
        ------
        tuple of ndarray of int64
            Amplitudes [µV] and widths [fs] of a grid.
        """
        for number, band in enumerate(_BANDS):
            stop = _BANDS[number + 1].start * 1e-9 if number + 1 < len(_BANDS) else LONGEST
            shortest, longest = max(widths[0], band.start * 1e-9, self._origin * 1e-15), min(widths[1], stop)
            if shortest > longest or (longest == band.start * 1e-9 and number):
                continue
            edge = self._calm_edge(band)
            for calm, low, high in ((True, amplitudes[0], edge), (False, edge, amplitudes[1])):
                low, high = max(low, amplitudes[0]), min(high, amplitudes[1])
                if low <= high:
                    step_a, step_w = self._steps(band, calm)
                    i, k = (math.floor(volts * 1e6 / step_a + 1e-9) for volts in (low, high))
                    j, m = (math.floor((s * 1e15 - self._origin) / step_w + 1e-9) for s in (shortest, longest))
                    yield (
                        np.arange(i - 1, k + 3, dtype=np.int64) * step_a,
                        np.arange(max(j - 1, 0), max(m, 1) + 3, dtype=np.int64) * step_w + self._origin,
                    )

    def sorted_into_grids(self, places: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Tell which points lie on a common grid.

        Parameters
        ----------
        places
            Amplitude [µV] and width [fs] of each point, shape (points, 2).

        Yields
        ------
        tuple of ndarray
            Numbers of the points of a grid, and where they lie in its steps, shape (points of it, 2). A point at the
            edge of two grids comes in both, one without neighbours in none.
        """
        for number, band in enumerate(_BANDS):
            stop = _BANDS[number + 1].start * 1e6 if number + 1 < len(_BANDS) else LONGEST * 1e15
            edge = self._calm_edge(band) * 1e6
            for calm, low, high in ((True, -math.inf, edge), (False, edge, math.inf)):
                steps = np.array(self._steps(band, calm))
                at = (places - [0, self._origin]) / steps
                # A window reaches a step beyond the point to its left, and two beyond that to its right.
                around = ((low, high), (band.start * 1e6, stop))
                beyond = [
                    (places[:, k] > around[k][0] - 2 * steps[k]) & (places[:, k] < around[k][1] + 3 * steps[k])
                    for k in (0, 1)
                ]
                inside = beyond[0] & beyond[1] & (at == np.rint(at)).all(axis=1)
                numbers = np.flatnonzero(inside)
                if low < high and numbers.size:
                    # Points of another grid that happen to lie on this one have no neighbours on it.
                    steps_at = np.rint(at[inside]).astype(np.int64)
                    known = set(map(tuple, steps_at.tolist()))
                    beside = np.array(
                        [
                            bool(known & {(a - 1, w), (a + 1, w)}) and bool(known & {(a, w - 1), (a, w + 1)})
                            for a, w in steps_at.tolist()
                        ]
                    )
                    yield numbers[beside], at[inside][beside]

    def _calm_edge(self, band: _Band) -> float:
        """Give the amplitude [V] below which a band's pulses leave no precession."""
        if math.isinf(band.calm) or self._slope <= 0:
            return -math.inf
        return (self._rest - band.calm * self._field) / self._slope

    def _calm(self, band: _Band, amplitude: float) -> bool:
        return amplitude < self._calm_edge(band)

    def _steps(self, band: _Band, calm: bool) -> tuple[int, int]:
        amplitude, width = (_CALM_AMPLITUDE, band.calm_width) if calm else (band.amplitude, band.width)
        return max(round(amplitude * self._stretch[0]), 1), max(round(width * self._stretch[1]), 1)


def _band_of(width: float) -> _Band:
    return next(band for band in reversed(_BANDS) if width * 1e9 >= band.start - 1e-9)
