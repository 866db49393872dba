"""Resistance against field: switching fields, coercivity, offset, tunnel magnetoresistance."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.known_tilt import KnownTilt, propagate
from mtjlab.analysis.junction.scatter_fit import student_factor
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["HysteresisLoop"]

LEAST_CONTRAST = 5.0
"""Smallest jump at switching, in standard deviations of the readings beside it, that counts as one."""


_REMANENT = 0.5
"""Share of the coercive field about the middle of the loop within which the resistances are taken."""
_FEW = 3
"""Readings or loops that a mean is of, at least."""


@dataclasses.dataclass(frozen=True)
class HysteresisLoop:
    """What repeated loops of one junction have in common.

    Fields count positive towards the parallel state. Uncertainties are those of the mean over the repeats, widened as
    Student has it so that 95 % intervals hold 95 % for few of them, too; a single loop has the field step's, uniform
    between the two fields of the jump.
    """

    up: Quantity
    """Field at which the junction becomes parallel on the way up [T]."""
    down: Quantity
    """Field at which it becomes antiparallel on the way down [T]."""
    coercivity: Quantity
    """Half the distance of the two [T]."""
    offset: Quantity
    """Middle of the two [T]: minus the field that acts on the free layer besides the applied one."""
    parallel: Quantity
    """Resistance of the parallel state as it reads about the middle of the loop, tilted and with its leads [Ω]."""
    antiparallel: Quantity
    """Likewise of the antiparallel state [Ω]."""
    tmr: Quantity
    """(Rap - Rp)/Rp of these, at the bias of the reads: the apparent one. See `upright`."""
    switching_fields: NDArray[np.float64]
    """Fields of the jumps [T], shape (repeats, 2): up and down of each loop."""
    contrast: float
    """Goodness: the two resistances' distance over the larger scatter of their readings. The jumps are sure from ten
    on; below `LEAST_CONTRAST` there is no fit."""

    @classmethod
    def analyse(cls, fields: ArrayLike, resistances: ArrayLike) -> Self:
        """Find the jumps of each loop and average.

        Parameters
        ----------
        fields
            Applied field [T], shape (repeats, 2, points): each loop's way up, then its way down; monotonic.
        resistances
            Resistance read at each [Ω], same shape.

        Returns
        -------
        HysteresisLoop
            The averages.

        Raises
        ------
        FitError, InputError
            If the shape is another, a loop has no jump (the field is too small, the device stuck, open or shorted), or
            its two ways jump at the same field; the message is a diagnosis.
        """
        at, ohms = np.asarray(fields, float), np.asarray(resistances, float)
        if at.ndim != 3 or at.shape[1] != 2 or at.shape[2] < 8 or at.shape != ohms.shape:
            raise InputError(
                f"fields {at.shape} and resistances {ohms.shape}: give both as (repeats, 2 ways, at least 8 points)"
            )
        if not len(at):
            raise FitError("there is no whole loop yet: go up and down at least once")
        jumps = np.array([[_jump(at[k, way], ohms[k, way]) for way in (0, 1)] for k in range(at.shape[0])])
        threshold = _threshold(ohms)
        step = float(np.abs(np.diff(at, axis=2)).max())
        up, down = (_mean(jumps[:, way], "T", step) for way in (0, 1))
        if not up.value > down.value:
            raise FitError(
                f"no hysteresis: the resistance jumps at {up.value:.4g} T on the way up and {down.value:.4g} T on the "
                "way down; the device flips by itself during a loop, only tilts, or the steps of the field are too "
                "coarse for its coercive field: take finer steps or a faster loop, and check the contact"
            )
        # Far from the middle a field holds the layer upright in one state, and lays it over in the other.
        inside = np.abs(at - (up.value + down.value) / 2) < _REMANENT * (up.value - down.value) / 2
        states = [ohms < threshold, ohms >= threshold]
        if min(np.count_nonzero(inside & state) for state in states) >= _FEW:
            states = [inside & state for state in states]
        low, high = (ohms[state] for state in states)
        rp, rap = (_level(ohms, state) for state in states)
        ratio = rap.value / rp.value
        tmr_error = ratio * math.hypot(rp.uncertainty / rp.value, rap.uncertainty / rap.value)
        return cls(
            up=up,
            down=down,
            coercivity=_mean((jumps[:, 0] - jumps[:, 1]) / 2, "T", step / math.sqrt(2)),
            offset=_mean((jumps[:, 0] + jumps[:, 1]) / 2, "T", step / math.sqrt(2)),
            parallel=rp,
            antiparallel=rap,
            tmr=Quantity(ratio - 1, tmr_error, "1"),
            switching_fields=jumps,
            contrast=(rap.value - rp.value) / max(float(low.std()), float(high.std()), 1e-9 * rp.value),
        )

    def upright(self, known: KnownTilt, bias: float) -> tuple[Quantity, Quantity, Quantity]:
        """Give what upright layers without leads have.

        Parameters
        ----------
        known
            Tilt of the layer and leads, as far as they are known.
        bias
            Bias of the reads [V].

        Returns
        -------
        parallel, antiparallel, tmr : Quantity
            Resistances [Ω] and their relative difference at the bias; what is not known of tilt and leads is in the
            uncertainties.

        Raises
        ------
        ValueError
            If no junction with such leads and such a tilt reads so.

        Notes
        -----
        The conductance is linear in the mean of cos θ: the mean of both states' conductances stays, their difference
        has shrunk by it. The field of the sweep adds to the tilt at most in the second order about the middle.
        """
        count, volts = known.uncertain, np.array([bias])
        read = np.log([self.parallel.value, self.antiparallel.value])
        spread = [each.uncertainty / each.value for each in (self.parallel, self.antiparallel)]

        def function(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
            tilt, leads = known.at(numbers[:count], abs(bias))
            siemens = 1 / (np.exp(read + spread * numbers[count:]) - leads)
            mean, cosine = siemens.sum() / 2, float(np.mean([each[0] for each in tilt.cosines(volts)]))
            half = (siemens[0] - siemens[1]) / (2 * cosine)
            if not (siemens.min() > 0 and 0 < half < mean):
                raise InputError(
                    f"no junction reads {self.parallel.value:.4g} and {self.antiparallel.value:.4g} Ω with leads of "
                    f"{leads:.3g} Ω and a mean cosine of {cosine:.3g}: check what is told of them"
                )
            return np.array([1 / (mean + half), 1 / (mean - half), 2 * half / (mean - half)])

        values, errors = propagate(function, np.zeros(count + 2))
        parallel, antiparallel, tmr = (
            Quantity(float(value), float(error), unit)
            for value, error, unit in zip(values, errors, ("Ω", "Ω", "1"), strict=True)
        )
        return parallel, antiparallel, tmr

    def resistance_area(self, area: float) -> Quantity:
        """Give the resistance-area product of the parallel state, as it reads [Ω·m²], of a pillar of an area [m²].

        Parameters
        ----------
        area
            Area of the pillar [m²].
        """
        return Quantity(self.parallel.value * area, self.parallel.uncertainty * area, "Ω·m²")


def _mean(values: NDArray[np.float64], unit: str, step: float = 0.0) -> Quantity:
    """Average; the spread of a few values counts as Student has it, and no less than the field step leaves open."""
    resolution = step / math.sqrt(12)
    spread = float(values.std(ddof=1)) * student_factor(values.size - 1) if values.size > 1 else 0.0
    return Quantity(float(values.mean()), max(spread, resolution) / math.sqrt(values.size), unit)


def _level(ohms: NDArray[np.float64], which: NDArray[np.bool_]) -> Quantity:
    """Average one state; where loops are enough, by loops: 1/f noise moves all readings of one alike."""
    if len(ohms) >= _FEW and which.any(axis=(1, 2)).all():
        return _mean(np.array([loop[flags].mean() for loop, flags in zip(ohms, which, strict=True)]), "Ω")
    return _mean(ohms[which], "Ω")


def _threshold(ohms: NDArray[np.float64]) -> float:
    return float(ohms.min() + ohms.max()) / 2


def _jump(field: NDArray[np.float64], ohms: NDArray[np.float64]) -> float:
    """Give the field in the middle of the one step where a way changes state."""
    if not np.isfinite(ohms).all() or (ohms <= 0).any():
        raise FitError("readings that are no resistances: the device is open, or the meter at its limit")
    high = ohms >= _threshold(ohms)
    changes = np.flatnonzero(high[1:] != high[:-1])
    spread = max(_scatter(ohms[high]), _scatter(ohms[~high]))
    contrast = float(np.median(ohms[high]) - np.median(ohms[~high]))
    if not changes.size or contrast < LEAST_CONTRAST * spread or contrast < 0.02 * float(np.median(ohms)):
        raise FitError(
            f"no jump between {field[0]:g} and {field[-1]:g} T (readings {ohms.min():.4g} to {ohms.max():.4g} Ω): the "
            "device is stuck, open or shorted, or the field does not reach its switching field; check the contact, "
            "then widen the field"
        )
    # Telegraphing back and forth about the jump: its middle is where the two counts of states agree best.
    middle = int(changes[changes.size // 2])
    return float(field[middle] + field[middle + 1]) / 2


def _scatter(values: NDArray[np.float64]) -> float:
    """Give a standard deviation that a drift along the way or an outlier does not inflate: from neighbours."""
    return float(np.median(np.abs(np.diff(values)))) / (0.6745 * math.sqrt(2)) if values.size > 2 else 0.0
