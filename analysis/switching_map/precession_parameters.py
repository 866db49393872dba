"""What a fit of the precession varies, as numbers of like size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.switching_map.precession import Precession

__all__ = ["PRIOR", "PrecessionParameters"]

Values = NDArray[np.float64]

SIGNED = {"torque": 1e-3, "normal_field": 1e-3}
"""Units of the torque [T/V] and of the field along the normal [T]: they may be zero or negative, all others are varied
by their logarithms."""
STEPS = {
    "vcma": 1e-3,
    "in_plane_field": 2e-3,
    "damping": 0.03,
    "moment": 0.03,
    "warming": 0.3,
    "torque": 0.1,
    "normal_field": 0.1,
}
"""Steps of the derivatives."""
PRIOR = {"damping": 0.5, "moment": 0.15}
"""Standard deviations about the guess: α is known to a factor of two or so, the volume to 15 %."""


class PrecessionParameters:
    """The parameters of a fit that begins at a guess.

    Parameters
    ----------
    guess
        Where it begins; without warming in it there is none in the fit.
    apart
        Whether both states were counted by themselves: then the torque of the current and the field along the normal
        are fitted, else they are zero.
    warming_error
        Relative standard uncertainty of the warming in the guess, which the counts hardly tell from ξ.

    Examples
    --------
    >>> parameters = PrecessionParameters(Precession(90e-15, 25.5e-3, 0.02, 521.0), apart=True)
    >>> parameters.names
    ('vcma', 'in_plane_field', 'damping', 'moment', 'torque', 'normal_field')
    >>> round(parameters.precession(parameters.centre).in_plane_field, 6)
    0.0255
    """

    def __init__(self, guess: Precession, *, apart: bool, warming_error: float = 0.3) -> None:
        self._guess = guess if apart else guess._replace(torque=0.0, normal_field=0.0)
        names = ["vcma", "in_plane_field", "damping", "moment"]
        self.names = (*names, *["warming"] * (guess.warming > 0), *list(SIGNED) * apart)
        """Of the parameters, in their order."""
        self.steps: Values = np.array([STEPS[name] for name in self.names])
        """Steps of the derivatives, shape (P,)."""
        prior = PRIOR | {"warming": warming_error}
        self.prior: Values = np.array([prior.get(name, np.inf) for name in self.names])
        """Standard deviations about `centre`, shape (P,)."""
        self.centre = self.values(self._guess)
        """The guess, shape (P,)."""

    def values(self, precession: Precession) -> Values:
        """Give the numbers, shape (P,)."""
        given = precession._asdict()
        return np.array([given[name] / SIGNED[name] if name in SIGNED else np.log(given[name]) for name in self.names])

    def precession(self, values: Values) -> Precession:
        """Give what the numbers mean."""
        pairs = zip(self.names, values.tolist(), strict=True)
        found = {name: value * SIGNED[name] if name in SIGNED else float(np.exp(value)) for name, value in pairs}
        return self._guess._replace(**found)

    def errors(self, precession: Precession, errors: Values) -> dict[str, float]:
        """Give the standard error of each, in its own unit, from those of the numbers."""
        given = precession._asdict()
        pairs = zip(self.names, errors.tolist(), strict=True)
        return {name: error * SIGNED.get(name, given[name]) for name, error in pairs}
