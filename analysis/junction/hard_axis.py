"""Resistance against a field in the plane: the field that acts there already."""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.scatter_fit import student_factor
from mtjlab.core import FitError, InputError, Quantity

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

__all__ = ["HardAxis"]

_FEWEST_WAYS = 4
_UNSTEADY = 6.0
"""Times its quartile that a standard error of four readings comes to once in many thousands."""
_STEADY = 1e-4
"""Of the conductance, the scatter that no hop leaves as small; a coarse meter reads the same again and again."""
_OUTLYING = 6.0
"""Robust standard deviations beyond which a reading is not one of a tilted layer."""
_CLIPS = 5
_REWEIGHTINGS = 8
_MIDDLE = 0.15
"""Share of the readings between two states, at most, in the middle third of their range."""


@dataclasses.dataclass(frozen=True)
class HardAxis:
    """What the tilting of the free layer by a field in the plane tells."""

    in_plane_field: Quantity
    """Field in the plane that acts besides the applied one [T]."""
    chi_square: float
    """Sum of the squared residuals over their errors."""
    freedom: int
    """Degrees of freedom of that."""
    dropped: int
    """Readings left out, during which the state hopped."""
    anisotropy_field: float
    """Field in the plane that would lay the layer flat [T], heat included."""
    conductances: tuple[float, float]
    """Conductance of the upright parallel and the upright antiparallel state [S]; not a number where none was read."""
    bend: float
    """What a state's conductance would change by up to there, towards the other's [S]."""

    @property
    def misfit(self) -> float:
        """Chi-square over its degrees of freedom: 1 where the law and the readings' own scatter explain them."""
        return self.chi_square / max(self.freedom, 1)

    def resistances(self, fields: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the fitted resistance of both states.

        Parameters
        ----------
        fields
            Applied fields in the plane [T], shape (N,).

        Returns
        -------
        parallel, antiparallel : ndarray of float64
            Resistances [Ω], shape (N,); not a number for a state that was not read.
        """
        tilt = (np.asarray(fields, float) + self.in_plane_field.value) / self.anisotropy_field
        less = self.bend * (1 - np.sqrt(np.maximum(1 - tilt**2, 0.0)))
        parallel, antiparallel = self.conductances
        return np.asarray(1 / (parallel - less)), np.asarray(1 / (antiparallel + less))

    @classmethod
    def fit(cls, fields: ArrayLike, resistances: ArrayLike, errors: ArrayLike, ways: ArrayLike | None = None) -> Self:
        """Fit readings of one junction, in either state at each field.

        Parameters
        ----------
        fields
            Applied field in the plane [T], shape (N,).
        resistances
            Resistance at each [Ω], shape (N,).
        errors
            Their standard errors [Ω], shape (N,).
        ways
            Number of the loop that each belongs to, shape (N,); of four and more the error is taken from how much the
            field changes when one of them is left out.

        Returns
        -------
        HardAxis
            The fit.

        Raises
        ------
        FitError, InputError
            If there are fewer than eight readings, some are no resistances, or they show no tilting.

        Notes
        -----
        The conductance is linear in cos θ, and cos θ = ±√(1 - (B + B0)²/Bk²) in the well of either state, thermal
        fluctuations aside, which are as symmetric about -B0 and end up in the fitted Bk. 1/f noise drifts along a sweep
        and is not in the scatter of its readings, but other in each loop: their jackknife has it (B. Efron and C.
        Stein, Ann. Stat. 9, 586 (1981)), as Student has it for so few.

        A reading during which the state hops is a mean of both: what scatters far more than the others, or lies far off
        the fit, is left out.
        """
        at, ohms, spread = (np.asarray(each, float) for each in (fields, resistances, errors))
        if not at.shape == ohms.shape == spread.shape:
            raise InputError(f"{at.size} fields, {ohms.size} resistances, {spread.size} errors: give as many of each")
        if at.size < 8:
            raise FitError(f"{at.size} fields, {ohms.size} resistances: give eight or more of each")
        if not (np.isfinite(ohms).all() and (ohms > 0).all()):
            raise FitError("readings that are no resistances: the device is open, or the meter at its limit")
        number = np.zeros(at.size, int) if ways is None else np.unique(np.asarray(ways), return_inverse=True)[1]
        tilting = _Tilting.of(at, 1 / ohms, spread / ohms**2, number)
        usual = max(float(np.quantile(tilting.errors, 0.25)), _STEADY * float(np.median(tilting.siemens)))
        steady = tilting.only(tilting.errors <= _UNSTEADY * usual)
        # Hops that flip many times in a reading do not scatter: the first look bears with them.
        steady = steady.only(_inliers(steady.likely_residuals()))
        fitted = steady.settle(_starts())
        for _ in range(_CLIPS):
            kept = _inliers(steady.residuals(fitted.x))
            if kept.all():
                break
            steady = steady.only(kept)
            fitted = steady.settle([fitted.x, *_starts()])
        return cls._of(steady, fitted, at.size)

    @classmethod
    def _of(cls, steady: _Tilting, fitted: OptimizeResult, given: int) -> Self:
        scale, kept = steady.scale, steady.siemens.size
        if kept < max(8, given / 2):
            raise FitError(
                f"in {given - kept} of {given} readings the state hopped: the device is too weak for these fields; "
                "narrow them, or read faster"
            )
        freedom = kept - 3 - len(steady.levels)
        chi_square = float(2 * fitted.cost)
        # What scatters more than its error says (1/f noise) has its error widened.
        widened = max(1.0, chi_square / max(freedom, 1))
        covariance = np.linalg.pinv(fitted.jac.T @ fitted.jac) * widened
        uncertainty = scale * math.sqrt(float(covariance[0, 0])) or math.inf
        gained = steady.untilted() - chi_square
        if gained < 25 * widened or not uncertainty < scale / 4:
            raise FitError(
                f"the resistance does not follow a field in the plane up to {scale:g} T: the device is stuck, open or "
                "shorted, or the field too small to tilt its free layer; widen the field or average more readings"
            )
        numbers = np.unique(steady.ways)
        if numbers.size >= _FEWEST_WAYS:
            left_out = [steady.only(steady.ways != way).settle([fitted.x]).x[0] for way in numbers]
            uncertainty = scale * _jackknife(np.array(left_out))
        field = Quantity(float(fitted.x[0]) * scale, uncertainty, "T")
        conductances, bend = steady.linear(fitted.x)
        return cls(field, chi_square, freedom, given - kept, scale / float(fitted.x[1]), conductances, bend)


@dataclasses.dataclass(frozen=True)
class _Tilting:
    """Readings of a tilting layer, and the model of them."""

    at: NDArray[np.float64]
    """Field over the largest."""
    siemens: NDArray[np.float64]
    errors: NDArray[np.float64]
    ways: NDArray[np.int_]
    scale: float
    """The largest field [T]."""

    @classmethod
    def of(
        cls,
        fields: NDArray[np.float64],
        siemens: NDArray[np.float64],
        errors: NDArray[np.float64],
        ways: NDArray[np.int_],
    ) -> Self:
        scale = float(np.abs(fields).max()) or 1.0
        return cls(fields / scale, siemens, errors, ways, scale)

    def only(self, which: NDArray[np.bool_]) -> _Tilting:
        return _Tilting(self.at[which], self.siemens[which], self.errors[which], self.ways[which], self.scale)

    @functools.cached_property
    def high(self) -> NDArray[np.bool_]:
        return _states(self.siemens)

    @functools.cached_property
    def levels(self) -> list[NDArray[np.float64]]:
        return [each.astype(float) for each in (self.high, ~self.high) if each.any()]

    @functools.cached_property
    def error(self) -> float:
        """One error for all: of a few readings each, their own scatter more than the readings."""
        return max(float(np.median(self.errors)), 1e-9 * float(np.median(self.siemens)))

    def residuals(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give residuals over the error, for the field and the inverse anisotropy field, both by the largest field."""
        matrix = self._matrix(p)
        best = np.linalg.lstsq(matrix, self.siemens, rcond=None)[0]
        return np.asarray((self.siemens - matrix @ best) / self.error)

    def linear(self, p: NDArray[np.float64]) -> tuple[tuple[float, float], float]:
        """Give the conductances of both upright states, not a number where none was read, and the bend."""
        *levels, bend = (float(each) for each in np.linalg.lstsq(self._matrix(p), self.siemens, rcond=None)[0])
        parallel = levels[0] if self.high.any() else math.nan
        return (parallel, math.nan if self.high.all() else levels[-1]), bend

    def likely_residuals(self) -> NDArray[np.float64]:
        """Give the residuals of the beginning with the least sum of their sizes, which outliers hardly move."""
        return min(
            (self._smallest(self._matrix(start)) for start in _starts()), key=lambda off: float(np.abs(off).sum())
        )

    def _matrix(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the model's part that is linear: all but field and anisotropy field."""
        tilt = ((self.at + p[0]) * p[1]) ** 2
        bend = np.where(self.high, -1.0, 1.0) * (1 - np.sqrt(np.maximum(1 - tilt, 0.0)))
        return np.stack([*self.levels, bend], axis=1)

    def _smallest(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give residuals with the least sum of sizes, by reweighting."""
        weights = np.ones(self.siemens.size)
        for _ in range(_REWEIGHTINGS):
            best = np.linalg.lstsq(matrix * weights[:, None], self.siemens * weights, rcond=None)[0]
            off = np.asarray((self.siemens - matrix @ best) / self.error)
            weights = 1 / np.sqrt(np.maximum(np.abs(off), 1.0))
        return off

    def settle(self, starts: list[NDArray[np.float64]]) -> OptimizeResult:
        """Fit from the best of some beginnings."""
        from scipy.optimize import least_squares

        best = min(starts, key=lambda start: float((self.residuals(start) ** 2).sum()))
        return least_squares(self.residuals, best, bounds=([-3, 0.01], [3, 1.0]), diff_step=1e-4)

    def untilted(self) -> float:
        """Sum of the squared residuals of flat levels."""
        flat = self.siemens - sum(each * float(self.siemens[each > 0].mean()) for each in self.levels)
        return float((flat**2).sum()) / self.error**2


def _starts() -> list[NDArray[np.float64]]:
    return [np.array([field, ratio]) for field in np.linspace(-2, 2, 41) for ratio in (0.05, 0.3)]


def _inliers(residuals: NDArray[np.float64]) -> NDArray[np.bool_]:
    off = np.abs(residuals)
    return off <= _OUTLYING * max(1.4826 * float(np.median(off)), 1.0)


def _jackknife(left_out: NDArray[np.float64]) -> float:
    """Give the uncertainty of what was found from what is found without one group or another."""
    count = left_out.size
    return math.sqrt((count - 1) / count * float(((left_out - left_out.mean()) ** 2).sum())) * student_factor(count - 1)


def _states(siemens: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell the parallel state, of the higher conductance; all of one kind where the middle between two is not empty."""
    low, high = float(siemens.min()), float(siemens.max())
    # A single well, tilted through a few tens of degrees, has a quarter of its readings in the middle third.
    middle = np.abs(siemens - (low + high) / 2) < (high - low) / 6
    return np.ones(siemens.shape, bool) if middle.mean() > _MIDDLE else siemens > (low + high) / 2
