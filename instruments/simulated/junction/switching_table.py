"""Switching probabilities of a device on a grid of pulses, counted once on the macrospin and interpolated."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.switching_count import switching_count

__all__ = ["SwitchingTable"]

_SHIPPED = Path(__file__).with_name("tables")


@dataclass(frozen=True, eq=False)
class SwitchingTable:
    """P(switch | state, amplitude, width) of one device, for pulses of one rise and fall time.

    Between the grid points the probability is a bicubic spline, cut off at 0 and 1: it swings with the width
    once per precession turn, and straight lines between points a sixth of a turn apart would be per cents off.
    """

    amplitudes: NDArray[np.float64]
    """Pulse amplitudes of the grid [V], increasing, shape (amplitudes,)."""
    widths: NDArray[np.float64]
    """Pulse widths at half maximum of the grid [s], increasing, shape (widths,)."""
    probability: NDArray[np.float64]
    """Switching probabilities from P and from AP, shape (2, amplitudes, widths)."""
    shots: NDArray[np.int64]
    """Pulses counted for one state at each grid point, shape (amplitudes, widths)."""
    rise: float
    """Rise time of the pulses [s]."""
    fall: float
    """Fall time of the pulses [s]."""
    fingerprint: str
    """`Device.magnetic_fingerprint` of the device the table was made from."""

    @classmethod
    def calibrate(
        cls,
        device: Device,
        amplitudes: ArrayLike,
        widths: ArrayLike,
        rise: float,
        fall: float,
        shots: int,
        seed: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> SwitchingTable:
        """Count the switching probabilities of a device on a grid.

        Parameters
        ----------
        device
            Macrospin parameters.
        amplitudes
            Pulse amplitudes [V], increasing, at least 4 for the spline.
        widths
            Pulse widths at half maximum [s], increasing, at least 4.
        rise, fall
            Edges of the pulses [s].
        shots
            Pulses from each state at each point.
        seed
            Seed of the thermal noise.
        progress
            Called with (amplitudes done, amplitudes in all) after each amplitude.

        Returns
        -------
        SwitchingTable
            The table.

        Raises
        ------
        ValueError
            If the grid is too small or does not increase, there is no shot, or a width too short for the edges.
        """
        levels, times = np.asarray(amplitudes, float), np.asarray(widths, float)
        _check_grid(levels, times)
        probability = switching_count(device, levels, times, (rise, fall), shots, seed, progress)
        counted = np.full((levels.size, times.size), shots)
        return cls(levels, times, probability, counted, rise, fall, device.magnetic_fingerprint)

    def refined(
        self, device: Device, amplitude: float, width: float, shots: int, seed: int | None = None
    ) -> SwitchingTable:
        """Count one grid point again with more shots.

        Parameters
        ----------
        device
            The device the table was made from.
        amplitude, width
            The grid point [V], [s].
        shots
            Pulses from each state.
        seed
            Seed of the thermal noise.

        Returns
        -------
        SwitchingTable
            The same table with that point replaced.

        Raises
        ------
        ValueError
            If the device is another, or the point is not one of the grid.
        """
        self.require(device)
        i, j = int(np.abs(self.amplitudes - amplitude).argmin()), int(np.abs(self.widths - width).argmin())
        if not (np.isclose(self.amplitudes[i], amplitude) and np.isclose(self.widths[j], width, atol=0)):
            raise ValueError(f"{amplitude} V, {width} s is not a point of the table's grid: calibrate one with it")
        levels, times, edges = self.amplitudes[i : i + 1], self.widths[j : j + 1], (self.rise, self.fall)
        probability, counted = self.probability.copy(), self.shots.copy()
        probability[:, i, j] = switching_count(device, levels, times, edges, shots, seed)[:, 0, 0]
        counted[i, j] = shots
        return replace(self, probability=probability, shots=counted)

    @classmethod
    def load(cls, path: str | Path, device: Device) -> SwitchingTable:
        """Read a table made from a device.

        Parameters
        ----------
        path
            File written by `save`.
        device
            The device it must have been made from.

        Returns
        -------
        SwitchingTable
            The table.

        Raises
        ------
        ValueError
            If the file is no table, or was made from a device with other magnetic parameters.
        """
        table = cls._read(Path(path))
        table.require(device)
        return table

    @classmethod
    def shipped(cls, device: Device) -> SwitchingTable:
        """Find the table that comes with mtjlab for a device.

        Parameters
        ----------
        device
            Magnetic parameters to look for.

        Returns
        -------
        SwitchingTable
            The table.

        Raises
        ------
        ValueError
            If none was made from these parameters.
        """
        for path in sorted(_SHIPPED.glob("*.npz")):
            table = cls._read(path)
            if table.fingerprint == device.magnetic_fingerprint:
                return table
        raise ValueError(
            f"no switching table is shipped for device '{device.name}' with these magnetic parameters: make "
            "one with python -m mtjlab.instruments.simulated.junction.calibrate_table"
        )

    def save(self, path: str | Path) -> None:
        """Write the table to a compressed NumPy file.

        Parameters
        ----------
        path
            File to write; numpy appends `.npz` to a name without it.
        """
        np.savez_compressed(
            path,
            amplitudes=self.amplitudes,
            widths=self.widths,
            probability=self.probability,
            shots=self.shots,
            edges=np.array([self.rise, self.fall]),
            fingerprint=np.array(self.fingerprint),
        )

    def require(self, device: Device) -> None:
        """Refuse a device that the table was not made from.

        Parameters
        ----------
        device
            The device to compare.

        Raises
        ------
        ValueError
            If its magnetic parameters are others.
        """
        if device.magnetic_fingerprint != self.fingerprint:
            raise ValueError(
                f"the switching table was made from other parameters ({self.fingerprint[:8]}) than device "
                f"'{device.name}' has ({device.magnetic_fingerprint[:8]}): calibrate one for this device"
            )

    def switching(self, state: int, amplitude: ArrayLike, width: ArrayLike) -> NDArray[np.float64]:
        """Give the probability that a pulse switches the junction.

        Parameters
        ----------
        state
            State before the pulse, 0 (P) or 1 (AP).
        amplitude
            Pulse amplitude [V], any shape.
        width
            Pulse width at half maximum [s]; broadcast against the amplitude.

        Returns
        -------
        ndarray of float64
            Probabilities.

        Raises
        ------
        ValueError
            If a point lies outside the grid.
        """
        volts, seconds = np.broadcast_arrays(np.asarray(amplitude, float), np.asarray(width, float))
        _inside("amplitude", "V", volts, self.amplitudes)
        _inside("width", "s", seconds, self.widths)
        return np.asarray(np.clip(self._splines[state].ev(volts, seconds), 0.0, 1.0))

    def probabilities(self, pulse: Pulse) -> tuple[float, float]:
        """Give the probabilities that a pulse switches the junction from P and from AP.

        Parameters
        ----------
        pulse
            The pulse; its edges must be the table's.

        Returns
        -------
        tuple of float
            P(switch) from P, and from AP.

        Raises
        ------
        ValueError
            If the pulse lies outside the grid, or its edges are not the table's.
        """
        if not np.allclose((pulse.rise, pulse.fall), (self.rise, self.fall), rtol=0.01, atol=0):
            raise ValueError(
                f"pulse edges {pulse.rise} s and {pulse.fall} s are not the switching table's, {self.rise} "
                f"s and {self.fall} s: set the table's, or calibrate a table for the pulse's"
            )
        from_p, from_ap = (float(self.switching(state, pulse.amplitude, pulse.width)) for state in (0, 1))
        return from_p, from_ap

    @cached_property
    def _splines(self) -> tuple[Any, Any]:
        from scipy.interpolate import RectBivariateSpline

        first, second = (RectBivariateSpline(self.amplitudes, self.widths, each) for each in self.probability)
        return first, second

    @classmethod
    def _read(cls, path: Path) -> SwitchingTable:
        try:
            with path.open("rb") as stream, np.load(stream) as file:
                rise, fall = (float(edge) for edge in file["edges"])
                fingerprint = str(file["fingerprint"])
                grids = {key: file[key] for key in ("amplitudes", "widths", "probability", "shots")}
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise ValueError(f"{path} is not a switching table: {error}") from error
        return cls(**grids, rise=rise, fall=fall, fingerprint=fingerprint)


def _check_grid(amplitudes: NDArray[np.float64], widths: NDArray[np.float64]) -> None:
    for key, axis in (("amplitudes", amplitudes), ("widths", widths)):
        if axis.ndim != 1 or axis.size < 4 or not (np.diff(axis) > 0).all():
            raise ValueError(f"the table's {key} must be at least 4 increasing numbers, not {axis.tolist()}")


def _inside(key: str, unit: str, values: NDArray[np.float64], axis: NDArray[np.float64]) -> None:
    slack = 1e-9 * (axis[-1] - axis[0])
    outside = values[~((values >= axis[0] - slack) & (values <= axis[-1] + slack))]
    if outside.size:
        raise ValueError(
            f"pulse {key} {outside.flat[0]:.6g} {unit} is outside the switching table, {axis[0]:.6g} to "
            f"{axis[-1]:.6g} {unit}: choose one inside, or use the macrospin"
        )
