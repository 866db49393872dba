"""The field that a current makes in the bar, per ampere: of spin-orbit torque and of Oersted's."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.junction import student_factor
from mtjlab.analysis.spin_orbit_torque.field_loops import FieldLoops
from mtjlab.core import VACUUM_PERMEABILITY, FitError, InputError, Quantity

__all__ = ["CurrentInducedField", "oersted_field"]

_SURE = 3.0
"""Slope over its uncertainty from which on a current counts as making a field."""


def oersted_field(width: float, share: float = 1.0, *, metal_below: bool = True) -> float:
    """Give the field under a thin strip per ampere, `μ0/(2 w)`.

    Parameters
    ----------
    width
        Width of the bar [m], far beyond its thickness.
    share
        Share of the current that flows in the metal beside the magnet: what flows in the magnet itself makes no field
        on its average.
    metal_below
        Whether the metal lies below the magnet: a current along +x makes a field along -y then, else along +y.

    Returns
    -------
    float
        Field across the bar per ampere [T/A].

    Raises
    ------
    InputError
        If the width is not positive, or the share beyond 0 to 1.

    Examples
    --------
    >>> round(oersted_field(4e-6), 4)
    -0.1571
    """
    if not 0 < width < math.inf:
        raise InputError(f"width = {width:g} m: expected the width of the bar, above 0")
    if not 0 <= share <= 1:
        raise InputError(f"share = {share:g}: expected the share of the current in the metal, 0 to 1")
    return (-1 if metal_below else 1) * VACUUM_PERMEABILITY / (2 * width) * share


@dataclasses.dataclass(frozen=True)
class CurrentInducedField:
    """`s(I) = s0 + h I` with `h = h_FL + h_Oe`: field-like torque and Oersted field.

    The damping-like torque is not in h: its field lies along ±z × m and turns the magnetisation out of the plane; see
    `damping_like` for that.
    """

    per_ampere: Quantity
    """h [T/A]: all of it."""
    oersted: Quantity
    """h_Oe [T/A], from the geometry."""
    field_like: Quantity
    """h_FL = h - h_Oe [T/A]."""
    offset: Quantity
    """s0 [T]: a field across the bar without a current, or a field that is not aligned with the bar."""
    goodness: Goodness
    """How well the shifts follow a straight line."""

    @classmethod
    def fit(cls, loops: FieldLoops, oersted: float | Quantity = 0.0) -> Self:
        """Fit a straight line through the shifts of loops.

        Parameters
        ----------
        loops
            Fitted loops at three currents or more.
        oersted
            Oersted field per ampere [T/A]; see `oersted_field`.

        Returns
        -------
        CurrentInducedField
            The fit.

        Raises
        ------
        FitError
            If there are fewer than three currents, or all of one value.
        """
        return cls.of_shifts(loops.currents, loops.shifts, loops.covariance, oersted)

    @classmethod
    def of_shifts(
        cls, currents: ArrayLike, shifts: ArrayLike, covariance: ArrayLike, oersted: float | Quantity = 0.0
    ) -> Self:
        """Fit a straight line through shifts that were found otherwise.

        Parameters
        ----------
        currents
            Currents [A], shape (n,).
        shifts
            Field across the bar besides the applied one [T], shape (n,).
        covariance
            Covariance of the shifts [T²], shape (n, n), or their variances, shape (n,).
        oersted
            As for `fit`.

        Returns
        -------
        CurrentInducedField
            The fit.

        Raises
        ------
        FitError
            As for `fit`.
        """
        amperes, fields, spread = (np.asarray(each, float) for each in (currents, shifts, covariance))
        if amperes.size < 3 or not np.ptp(amperes) > 0:
            raise FitError(f"{amperes.size} currents: give three or more, of both signs")
        root = np.linalg.cholesky(_positive(np.diag(spread) if spread.ndim == 1 else spread))
        scale = float(np.abs(amperes).max())
        design = np.linalg.solve(root, np.stack([np.ones_like(amperes), amperes / scale], axis=1))
        target = np.linalg.solve(root, fields)
        best, *_ = np.linalg.lstsq(design, target, rcond=None)
        off = target - design @ best
        goodness = Goodness.of(float(off @ off), amperes.size - 2)
        # Jumps that hide among neighbours move single loops: what scatters more than its error widens all.
        widening = max(1.0, math.sqrt(goodness.chi_square / goodness.freedom))
        widening *= student_factor(int(goodness.freedom)) if widening > 1 else 1.0
        errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design))) * widening
        whole = Quantity(float(best[1]) / scale, float(errors[1]) / scale, "T/A")
        known = oersted if isinstance(oersted, Quantity) else Quantity(float(oersted), 0.0, "T/A")
        rest = Quantity(whole.value - known.value, math.hypot(whole.uncertainty, known.uncertainty), "T/A")
        return cls(whole, known, rest, Quantity(float(best[0]), float(errors[0]), "T"), goodness)

    @property
    def is_there(self) -> bool:
        """Whether the current makes a field at all, beyond three standard uncertainties."""
        return abs(self.per_ampere.value) > _SURE * self.per_ampere.uncertainty


def _positive(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep a covariance positive definite where parts of it are known all but exactly."""
    return covariance + np.eye(len(covariance)) * 1e-9 * float(np.trace(covariance)) / len(covariance)
