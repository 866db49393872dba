"""Resistance against a field in the plane: the field that acts there already."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.estimate import Estimate
from mtjlab.analysis.junction.scatter_fit import student_factor

__all__ = ["HardAxis"]

_FEWEST_WAYS = 4


@dataclasses.dataclass(frozen=True)
class HardAxis:
    """What the tilting of the free layer by a field in the plane tells."""

    in_plane_field: Estimate
    """Field in the plane that acts besides the applied one [T]."""
    chi_square: float
    """Sum of the squared residuals over their errors."""
    freedom: int
    """Degrees of freedom of that."""

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
            Number of the sweep that each belongs to, shape (N,); of four and more the error is taken from how much the
            field changes when one of them is left out.

        Returns
        -------
        HardAxis
            The fit.

        Raises
        ------
        ValueError
            If there are fewer than eight readings, some are no resistances, or they show no tilting.

        Notes
        -----
        The conductance is linear in cos θ, and cos θ = ±√(1 - (B + B0)²/Bk²) in the well of either state, thermal
        fluctuations aside, which are as symmetric about -B0 and end up in the fitted Bk. 1/f noise drifts along a sweep
        and is not in the scatter of its readings, but other in each sweep: their jackknife has it (B. Efron and C.
        Stein, Ann. Stat. 9, 586 (1981)), as Student has it for so few.
        """
        at, ohms, spread = (np.asarray(each, float) for each in (fields, resistances, errors))
        if at.size < 8 or not at.shape == ohms.shape == spread.shape:
            raise ValueError(f"{at.size} fields, {ohms.size} resistances: give eight or more of each")
        if not (np.isfinite(ohms).all() and (ohms > 0).all()):
            raise ValueError("readings that are no resistances: the device is open, or the meter at its limit")
        siemens = 1 / ohms
        # One error for all: of a few readings each, their own scatter more than the readings.
        error = max(float(np.median(spread / ohms**2)), 1e-9 * float(np.median(siemens)))
        high = _states(siemens)
        signs = np.where(high, -1.0, 1.0)
        levels = [each.astype(float) for each in (high, ~high) if each.any()]
        scale = float(np.abs(at).max()) or 1.0

        fitted = _settle(at / scale, siemens, error, signs, levels, _starts())
        freedom = at.size - 3 - len(levels)
        chi_square = float(2 * fitted.cost)
        # What scatters more than its error says (a hop during a reading, 1/f noise) has its error widened.
        widened = max(1.0, chi_square / max(freedom, 1))
        covariance = np.linalg.pinv(fitted.jac.T @ fitted.jac) * widened
        uncertainty = scale * math.sqrt(float(covariance[0, 0])) or math.inf
        flat = siemens - sum(each * float(siemens[each > 0].mean()) for each in levels)
        gained = float((flat**2).sum()) / error**2 - chi_square
        if gained < 25 * widened or not uncertainty < scale / 4:
            raise ValueError(
                f"the resistance does not follow a field in the plane up to {scale:g} T: the device is stuck, open or "
                "shorted, or the field too small to tilt its free layer; widen the field or average more readings"
            )
        if ways is not None and np.unique(ways).size >= _FEWEST_WAYS:
            left_out = [
                _settle(at[k] / scale, siemens[k], error, signs[k], [each[k] for each in levels], [fitted.x]).x[0]
                for k in (np.asarray(ways) != way for way in np.unique(ways))
            ]
            uncertainty = scale * _jackknife(np.array(left_out))
        found = Estimate(float(fitted.x[0]) * scale, uncertainty, "T")
        return cls(found, chi_square, freedom)


def _starts() -> list[NDArray[np.float64]]:
    return [np.array([field, ratio]) for field in np.linspace(-2, 2, 41) for ratio in (0.05, 0.3)]


def _settle(  # type: ignore[no-untyped-def]
    at: NDArray[np.float64],
    siemens: NDArray[np.float64],
    error: float,
    signs: NDArray[np.float64],
    levels: list[NDArray[np.float64]],
    starts: list[NDArray[np.float64]],
):
    """Fit field and inverse anisotropy field, both by the largest field, from the best of some beginnings."""
    from scipy.optimize import least_squares

    def residuals(p: NDArray[np.float64]) -> NDArray[np.float64]:
        # The model is linear in all but the field and the anisotropy field.
        tilt = ((at + p[0]) * p[1]) ** 2
        matrix = np.stack([*levels, signs * (1 - np.sqrt(np.maximum(1 - tilt, 0.0)))], axis=1)
        return np.asarray((siemens - matrix @ np.linalg.lstsq(matrix, siemens, rcond=None)[0]) / error)

    best = min(starts, key=lambda start: float((residuals(start) ** 2).sum()))
    return least_squares(residuals, best, bounds=([-3, 0.01], [3, 1.0]), diff_step=1e-4)


def _jackknife(left_out: NDArray[np.float64]) -> float:
    """Give the uncertainty of what was found from what is found without one group or another."""
    count = left_out.size
    return math.sqrt((count - 1) / count * float(((left_out - left_out.mean()) ** 2).sum())) * student_factor(count - 1)


def _states(siemens: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell the parallel state, of the higher conductance; all of one kind where there is no gap between two."""
    ordered = np.sort(siemens)
    gaps = np.diff(ordered)
    widest = int(gaps.argmax())
    if gaps[widest] < 0.5 * (ordered[-1] - ordered[0]):
        return np.ones(siemens.shape, bool)
    return np.asarray(siemens > (ordered[widest] + ordered[widest + 1]) / 2)
