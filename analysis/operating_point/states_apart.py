"""P(switch) from either state at one setting, and whether the two are one."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.switching_map import GaussianProcess, Scales
from mtjlab.core import Quantity

__all__ = ["StatesApart"]

Values = NDArray[np.float64]

APART = 0.02
"""Difference of P from which the states count as apart: bits then have a lag-1 correlation as large."""
SURE = 4.0
"""Standard errors by which it differs from zero, at least."""
_FEWEST = 20
"""Pulses from a state, at least."""
NAMES = ("parallel", "antiparallel")


@dataclasses.dataclass(frozen=True)
class StatesApart:
    """P(switch) from P and from AP.

    Examples
    --------
    Pulses that switch a third of the parallel and nine tenths of the antiparallel states; half of all switch:

    >>> apart = StatesApart.of(1.2, [1.2], [[7_200], [2_800]], [[2_590], [2_510]])
    >>> [round(each.value, 2) for each in apart.probabilities], "not one half" in apart.warning
    ([0.36, 0.9], True)
    """

    probabilities: tuple[Quantity, Quantity]
    """P(switch) from P and from AP."""
    difference: Quantity
    """The latter less the former."""

    @classmethod
    def of(cls, setting: float, settings: ArrayLike, pulses: ArrayLike, switched: ArrayLike) -> Self | None:
        """Interpolate counts at a setting; give None where too few are known from a state.

        Parameters
        ----------
        setting
            The setting.
        settings
            Setting of each batch of pulses, shape (N,).
        pulses, switched
            Pulses of each from P and from AP, and how many of them switched, shape (2, N).

        Returns
        -------
        StatesApart or None
            P from each state at the setting, and their difference; None where too few pulses began in a state.
        """
        at, sent, changed = (np.asarray(each, float) for each in (settings, pulses, switched))
        found = []
        for n, k in zip(sent, changed, strict=True):
            if n.sum() < _FEWEST:
                return None
            places, batch = np.unique(at[n > 0], return_inverse=True)
            merged_k, merged_n = (np.bincount(batch, each[n > 0]).astype(float) for each in (k, n))
            found.append(_at(setting, places, merged_k, merged_n))
        (p, q), spread = found, math.hypot(*(each.uncertainty for each in found))
        return cls((p, q), Quantity(q.value - p.value, spread, "1"))

    @property
    def warning(self) -> str:
        """What is to be said where the states are apart; else nothing."""
        p, q = (each.value for each in self.probabilities)
        if abs(self.difference.value) < max(APART, SURE * self.difference.uncertainty):
            return ""
        return (
            f"P(switch) is {p:.3g} from the parallel and {q:.3g} from the antiparallel state, not one half from both: "
            "the share of pulses that switch is, but each bit tells of the next. A stray field along the film normal "
            "or the torque of the current keeps them apart: cancel it with a perpendicular coil, or take another width"
        )

    @property
    def results(self) -> dict[str, Quantity]:
        """Results by name."""
        found = {f"P(switch) from {name}": each for name, each in zip(NAMES, self.probabilities, strict=True)}
        return {**found, "difference of the states": self.difference}


def _at(setting: float, settings: Values, switched: Values, pulses: Values) -> Quantity:
    """Give P at a setting: by the pulses made there where they are enough, else by a process through all."""
    here = np.isclose(settings, setting, rtol=1e-9, atol=0.0)
    count = float(pulses[here].sum())
    if count >= max(_FEWEST, 0.2 * float(pulses.sum())) or np.unique(settings).size < 8:
        share = (float(switched[here].sum()) + 0.5) / (count + 1) if count else 0.5
        return Quantity(share, math.sqrt(share * (1 - share) / max(count, 1.0)), "1")
    start = Scales((float(np.ptp(settings)) / 15,), 0.6)
    process = GaussianProcess.fit(settings, switched, pulses, start)
    mean, error = (float(each[0]) for each in process.predict([setting]))
    return Quantity(float(process.probability([setting])[0]), error * math.cos(2 * mean), "1")
