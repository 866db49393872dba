"""The curves that loops in a field across or along the bar follow, with their jumps."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.spin_orbit_torque.in_plane_angle import InPlaneAngle

__all__ = ["LoopModel", "jumps_of"]

_SHARED = 2
"""Parameters that all loops share: anisotropy field and canting; then come shift, R0, ΔR and Ru of each current."""
_EDGE = 2
"""Readings at either end of a way among which no jump is looked for."""
_ASIDE = 1e-3
"""Angle off the field's from which a well is looked for [rad]."""
_ACROSS = math.pi / 2 * (1 - 1e-3)


@dataclasses.dataclass(frozen=True)
class LoopModel:
    """Resistances of loops for the parameters Bk, δ, and s, R0, ΔR, Ru of each current, in blocks.

    On each way the magnetisation stays in the well that it is in up to its jump, wherever that comes: thermal
    activation makes it come before the well ends.
    """

    fields: NDArray[np.float64]
    """Field that is swept [T], shape (n, loops, 2, points)."""
    held: float
    """Field that is held meanwhile, square to it [T]."""
    misalignment: float
    """Angle by which both fields are turned from the bar's axes, from x to y [rad]."""
    jumps: NDArray[np.int_]
    """Index of the first reading after the jump of each way, shape (n, loops, 2)."""
    sweeps_along: bool = False
    """Whether the field that is swept lies along the bar, and the one that is held across it."""

    @property
    def count(self) -> int:
        """Number of currents."""
        return len(self.fields)

    @property
    def shift_indices(self) -> NDArray[np.int_]:
        """Where the shifts are among the parameters."""
        return np.arange(_SHARED, _SHARED + self.count)

    def split(
        self, values: NDArray[np.float64]
    ) -> tuple[tuple[float, float], NDArray[np.float64], tuple[NDArray[np.float64], ...]]:
        """Give anisotropy field and canting, the shifts, shape (n,), and R0, ΔR and Ru, each of shape (n, 1, 1, 1)."""
        shifts, *linear = values[_SHARED:].reshape(4, self.count)
        return (float(values[0]), float(values[1])), shifts, tuple(each[:, None, None, None] for each in linear)

    def curves(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the resistances [Ω], flat."""
        axis, shifts, (base, even, odd) = self.split(values)
        angle = self._angle(axis, shifts, self._upper)
        return np.asarray(base + even * angle.cosine**2 + odd * angle.sine).ravel()

    def slopes(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give their derivatives by the parameters, shape (N, P)."""
        axis, shifts, (_, even, odd) = self.split(values)
        angle = self._angle(axis, shifts, self._upper)
        turned = -2 * even * angle.sine * angle.cosine + odd * angle.cosine
        found = np.zeros((self.fields.size, values.size))
        found[:, 0], found[:, 1] = (turned * angle.by_anisotropy).ravel(), (turned * angle.by_canting).ravel()
        courses = (turned * angle.by_across, np.ones_like(turned), angle.cosine**2, angle.sine)
        size = self.fields[0].size
        for k in range(self.count):
            rows = slice(k * size, (k + 1) * size)
            for block, course in enumerate(courses):
                found[rows, _SHARED + block * self.count + k] = course[k].ravel()
        return found

    def best_starts(
        self, ohms: NDArray[np.float64], anisotropies: list[float], count: int
    ) -> list[NDArray[np.float64]]:
        """Give parameters to begin from: those that fit best among some anisotropy fields.

        Parameters
        ----------
        ohms
            Resistances [Ω], of the shape of the fields.
        anisotropies
            Anisotropy fields to try [T].
        count
            How many to give.
        """
        cantings = (-0.3, -0.05, 0.05, 0.3) if self.sweeps_along else (-0.05, 0.05) if self.held else (0.05, 0.3)
        found = []
        for axis in itertools.product(anisotropies, cantings):
            rough = self.with_jumps(ohms, self._start(ohms, axis))
            start = rough._start(ohms, axis)
            found.append((float(((ohms.ravel() - rough.curves(start)) ** 2).sum()), start))
        return [start for _, start in sorted(found, key=lambda each: each[0])[:count]]

    def with_jumps(self, ohms: NDArray[np.float64], values: NDArray[np.float64]) -> LoopModel:
        """Put each jump where the curves of both wells fit the readings best.

        Parameters
        ----------
        ohms
            Resistances [Ω], of the shape of the fields.
        values
            Parameters.
        """
        axis, shifts, (base, even, odd) = self.split(values)
        off = []
        for upper in (False, True):
            angle = self._angle(axis, shifts, np.full(self.fields.shape, upper))
            read = base + even * angle.cosine**2 + odd * angle.sine
            off.append((ohms - read) ** 2)
        up, down = off[0] - off[1], off[1] - off[0]  # what it costs to be in the first well still
        gain = np.stack([up[:, :, 0], down[:, :, 1]], axis=2).cumsum(axis=3)
        inner = gain[..., _EDGE - 1 : -_EDGE]
        return dataclasses.replace(self, jumps=inner.argmin(axis=3) + _EDGE)

    def without_features(self, ohms: NDArray[np.float64]) -> float:
        """Give the sum of squares about a mean and a step at the jumps of each current, without AMR [Ω²]."""
        side = np.where(self._upper, 1.0, -1.0)
        total = 0.0
        for k in range(self.count):
            design = np.stack([np.ones(side[k].size), side[k].ravel()], axis=1)
            best = np.linalg.lstsq(design, ohms[k].ravel(), rcond=None)[0]
            total += float(((ohms[k].ravel() - design @ best) ** 2).sum())
        return total

    def jump_fields(self) -> NDArray[np.float64]:
        """Give the fields of the jumps [T], each in the middle of its step, shape (n, loops, 2)."""
        after = np.take_along_axis(self.fields, self.jumps[..., None], axis=3)[..., 0]
        before = np.take_along_axis(self.fields, self.jumps[..., None] - 1, axis=3)[..., 0]
        return np.asarray((after + before) / 2)

    @functools.cached_property
    def _upper(self) -> NDArray[np.bool_]:
        """Whether the magnetisation is in the well towards the positive field."""
        after = np.arange(self.fields.shape[3]) >= self.jumps[..., None]
        ways = np.array([False, True])[:, None]
        return np.asarray(after != ways)

    def _angle(self, axis: tuple[float, float], shifts: NDArray[np.float64], upper: NDArray[np.bool_]) -> InPlaneAngle:
        sine, cosine = math.sin(self.misalignment), math.cos(self.misalignment)
        x, y = (self.fields, self.held) if self.sweeps_along else (self.held, self.fields)
        across = y * cosine + x * sine + shifts[:, None, None, None]
        along = x * cosine - y * sine
        # Not quite in the field: where nothing pulls to either side, one is chosen.
        positive, negative = (_ASIDE, math.pi - _ASIDE) if self.sweeps_along else (_ACROSS, -_ACROSS)
        begin = np.where(upper, positive, negative)
        return InPlaneAngle.settle(along, across, axis[0], begin, axis[1])

    def _start(self, ohms: NDArray[np.float64], axis: tuple[float, float]) -> NDArray[np.float64]:
        """Fit the linear parameters of each current with the others given."""
        angle = self._angle(axis, np.zeros(self.count), self._upper)
        linear = np.empty((3, self.count))
        for k in range(self.count):
            courses = [np.ones_like(angle.sine[k]), angle.cosine[k] ** 2, angle.sine[k]]
            design = np.stack([each.ravel() for each in courses], axis=1)
            linear[:, k] = np.linalg.lstsq(design, ohms[k].ravel(), rcond=None)[0]
        return np.concatenate([axis, np.zeros(self.count), linear.ravel()])


def jumps_of(fields: NDArray[np.float64], ohms: NDArray[np.float64]) -> NDArray[np.int_]:
    """Find where the readings jump: where straight lines on either side miss each other most.

    Parameters
    ----------
    fields
        Field that is swept [T], shape (n, loops, 2, points).
    ohms
        Resistances [Ω], same shape.

    Returns
    -------
    ndarray of int
        Index of the first reading after the jump, shape (n, loops, 2).
    """
    points = fields.shape[3]
    reach = max(3, points // 12)
    steps = np.arange(reach) - (reach - 1) / 2
    # Weights of a straight line through `reach` readings, taken half a step beyond its end.
    slope = steps / float(steps @ steps) if reach > 1 else steps
    ahead = 1 / reach + slope * reach / 2
    found = np.full((*fields.shape[:3], points), -1.0)
    for k in range(reach, points - reach + 1):
        before, after = ohms[..., k - reach : k] @ ahead, ohms[..., k : k + reach] @ ahead[::-1]
        found[..., k if k < points else -1] = np.abs(after - before)
    return np.asarray(np.clip(found.argmax(axis=3), _EDGE, points - _EDGE))
