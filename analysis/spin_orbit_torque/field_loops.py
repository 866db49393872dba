"""Loops of the resistance in a field across or along the bar, at several currents: what field the current adds."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.spin_orbit_torque.loop_model import LoopModel, jumps_of
from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["FieldLoops"]

_ROUNDS = 4
"""Times that jumps and parameters are found from one another, at most."""
_GUESSES = (-1.5, -0.7, -0.35, 0.25, 0.5, 1.0, 2.0)
"""Anisotropy fields to begin from, over the largest field."""
_TRIED = 2
"""Of those, the likeliest that are followed."""
_LEAST_GAIN = 10.0
"""What each parameter of the features must take of the squared residuals at least, in variances of the noise: one that
fits noise takes 1, and a jump that is put where it takes most, 5."""


@dataclasses.dataclass(frozen=True)
class FieldLoops:
    """`R(Hy) = R0 + ΔR cos²φ + Ru sin φ`, with φ where the magnetisation points in `Hy + s(I)` and the field along.

    The two features of a loop are where the AMR changes most: the jumps of a type-y bar, whose magnetisation turns
    towards the bar before it switches, and the two ends of the turning of a type-x bar. A current moves both by -s.

    s comes from the reversible turning alone. The jumps themselves move by the damping-like torque, too, which helps
    thermal activation over the barrier on one side: what they move beyond -s is `coercive_shifts`.

    Loops in a field along the bar have their features at ±Bk (type y) or at the jumps between +x and -x (type x), which
    a current does not move. There s adds to the field that is held across the bar: of a type-y bar
    `cos φ = Hx/(Bk + |Hy + s|)`. Without a field held across, s and -s make the same curve.
    """

    currents: NDArray[np.float64]
    """Current of each loop [A], shape (n,)."""
    shifts: NDArray[np.float64]
    """Field s that acts across the bar besides the applied one [T], shape (n,)."""
    covariance: NDArray[np.float64]
    """Covariance of the shifts [T²], shape (n, n)."""
    features: NDArray[np.float64]
    """Applied fields of the two features [T], on the way up and on the way down, shape (n, 2): means over the loops."""
    coercive_shifts: NDArray[np.float64]
    """Middle of the two jumps, plus s in a field across the bar [T], shape (n,); NaN where there are no jumps."""
    coercive_fields: NDArray[np.float64]
    """Half the distance of the two features [T], shape (n,)."""
    anisotropy_field: Quantity
    """Bk [T], positive for type y."""
    canting: Quantity
    """Angle of the easy axis from the bar or its normal [rad], towards -x; undetermined where AMR and it are small."""
    unidirectional: NDArray[np.float64]
    """Ru of each loop [Ω], shape (n,)."""
    model: LoopModel
    """The fitted curves."""
    values: NDArray[np.float64]
    """Parameters of the model."""
    autocorrelation: float
    """Lag-1 autocorrelation of the noise."""

    @classmethod
    def fit(
        cls,
        currents: ArrayLike,
        fields: ArrayLike,
        resistances: ArrayLike,
        along: float = 0.0,
        misalignment: float = 0.0,
        across: float | None = None,
    ) -> Self:
        """Fit loops at several currents.

        Parameters
        ----------
        currents
            Current of each set of loops [A], of both signs, shape (n,).
        fields
            Field that is swept [T], shape (n, loops, 2, points): each loop's way up, then its way down; monotonic.
        resistances
            Resistance at each [Ω], same shape.
        along
            Field along the bar that is held while that across it is swept [T]: a small one makes the features of a
            type-y bar.
        misalignment
            Angle by which both fields are turned from the bar's axes, from x to y [rad], as
            `AngleDependence.misalignment` has it.
        across
            Field across the bar that is held while that along it is swept [T]; None where that across is swept.

        Returns
        -------
        FieldLoops
            The fit.

        Raises
        ------
        InputError
            If the shapes are others.
        FitError
            If the loops show no features: the bar is aligned perfectly, its AMR is below the noise, or its contact is
            open or shorted; or if the field along the bar is swept and none is held across it.
        """
        amperes, at, ohms = (np.asarray(each, float) for each in (currents, fields, resistances))
        if at.ndim != 4 or at.shape[2] != 2 or at.shape[3] < 8 or at.shape != ohms.shape or len(amperes) != len(at):
            raise InputError(
                f"{amperes.size} currents, fields {at.shape}, resistances {ohms.shape}: give fields and resistances as "
                "(currents, loops, 2 ways, at least 8 points)"
            )
        if not np.isfinite(ohms).all():
            raise FitError("some readings are no numbers: the contact is open, or the meter at its limit")
        if across == 0:
            raise FitError(
                "no field across the bar while that along it is swept: both signs of the current's field make the same "
                "curve; hold one that is larger than the current's, a tenth to a third of the anisotropy field"
            )
        largest = float(np.abs(at).max())
        held = along if across is None else across
        model = LoopModel(at, held, misalignment, jumps_of(at, ohms), sweeps_along=across is not None)
        starts = model.best_starts(ohms, [guess * largest for guess in _GUESSES], _TRIED)
        model, fitted = min((_settle(model, ohms, start) for start in starts), key=lambda found: found[1].chi_square)
        _refuse_featureless(model, ohms, fitted)
        return cls._of(amperes, model, fitted)

    @classmethod
    def _of(cls, currents: NDArray[np.float64], model: LoopModel, fitted: NoisyFit) -> Self:
        (anisotropy, _), shifts, (_, _, odd) = model.split(fitted.values)
        which = model.shift_indices
        moved = np.zeros_like(shifts) if model.sweeps_along else shifts
        if (anisotropy > 0) != model.sweeps_along:
            features = model.jump_fields().mean(axis=1)
            coercive = features.mean(axis=1) + moved
        else:
            features = np.stack([abs(anisotropy) - moved, -abs(anisotropy) - moved], axis=1)
            coercive = np.full(currents.size, math.nan)
        return cls(
            currents=currents,
            shifts=shifts,
            covariance=fitted.covariance[np.ix_(which, which)],
            features=features,
            coercive_shifts=coercive,
            coercive_fields=(features[:, 0] - features[:, 1]) / 2,
            anisotropy_field=fitted.quantity(0, "T"),
            canting=fitted.quantity(1, "rad"),
            unidirectional=odd.ravel(),
            model=model,
            values=fitted.values,
            autocorrelation=fitted.autocorrelation,
        )

    def curves(self) -> NDArray[np.float64]:
        """Give the fitted resistances [Ω], of the shape of the fields."""
        return self.model.curves(self.values).reshape(self.model.fields.shape)


def _settle(model: LoopModel, ohms: NDArray[np.float64], start: NDArray[np.float64]) -> tuple[LoopModel, NoisyFit]:
    """Find jumps and parameters from one another until the jumps stay."""
    model = model.with_jumps(ohms, start)
    fitted = NoisyFit.fit(model.curves, ohms.ravel(), start, slopes=model.slopes)
    for _ in range(_ROUNDS):
        settled = model.with_jumps(ohms, fitted.values)
        if np.array_equal(settled.jumps, model.jumps):
            break
        model = settled
        fitted = NoisyFit.fit(model.curves, ohms.ravel(), fitted.values, slopes=model.slopes)
    return model, fitted


def _refuse_featureless(model: LoopModel, ohms: NDArray[np.float64], fitted: NoisyFit) -> None:
    """Refuse loops that a step of the magnetisation, odd and without AMR, describes as well."""
    flat = model.without_features(ohms)
    left = float(fitted.residuals @ fitted.residuals)
    # Of correlated noise fewer readings are independent; and each jump was put where it takes most.
    effective = fitted.freedom * (1 - fitted.autocorrelation) / (1 + fitted.autocorrelation)
    further = fitted.values.size - 2 * len(model.fields) + model.jumps.size
    gain = max(flat - left, 0.0) / further / max(left / max(effective, 1.0), 1e-300)
    if not gain > _LEAST_GAIN:
        raise FitError(
            "no features in the loops: a bar whose easy axis lies along the field switches without turning towards the "
            "current: tilt the field by some degrees or add a small field along the bar; if there is one, the AMR is "
            "below the noise: raise the current, read longer, or check the contact"
        )
