"""How far P(switch) may be from one half at any pulse, and the min-entropy that leaves."""

from __future__ import annotations

import dataclasses
import math
from statistics import NormalDist

from mtjlab.core import InputError

__all__ = ["LeakageBound"]


@dataclasses.dataclass(frozen=True)
class LeakageBound:
    """Bound on what is known of a bit by someone who knows all earlier bits and settings.

    If abs(P - 1/2) <= d at every pulse given all that, the min-entropy is at least -log2(1/2 + d) a bit. The
    parts of d add up in the worst case.

    Examples
    --------
    >>> bound = LeakageBound.of(constant=1e5, bits=1e7, drift=3e-9, slope=2.0, resolution=1e-4, states=0.001)
    >>> round(bound.deviation, 4), round(bound.min_entropy, 3)
    (0.0088, 0.975)
    """

    lag: float
    """Distance of P from one half that a steady drift leaves: drift a bit times the loop constant."""
    estimation: float
    """Largest excursion of P by the steering's own scatter over the run, at the given confidence."""
    resolution: float
    """Change of P by the part of a step that the setting is off while it is dithered."""
    states: float
    """Half the difference of P(switch) from the two states, which the bit before tells apart."""
    step: float = 0.0
    """Largest sudden change of P(switch), as of a step of the temperature, before the steering has taken it back."""

    @classmethod
    def of(
        cls,
        *,
        constant: float,
        bits: float,
        drift: float,
        slope: float,
        resolution: float,
        states: float,
        step: float = 0.0,
        confidence: float = 1 - 1e-6,
    ) -> LeakageBound:
        """Compute the parts.

        Parameters
        ----------
        constant
            Loop constant, in bits.
        bits
            Length of the run, in bits.
        drift
            Largest drift of P a bit that is to be expected, of either sign.
        slope
            Derivative of P(switch) by the setting, one over the actuator's unit.
        resolution
            Step of the setting, in the actuator's unit.
        states
            Half the difference of P(switch) from P and from AP.
        step
            Largest sudden change of P that is to be expected, of either sign.
        confidence
            Probability that the scatter stays within `estimation` all along the run.

        Raises
        ------
        ValueError
            If the constant or the length is not positive, or the confidence not between 0 and 1.
        """
        if not (constant > 0 and bits > 0 and 0 < confidence < 1):
            raise InputError(
                f"constant = {constant}, bits = {bits}, confidence = {confidence}: the first two must be above 0, "
                "the last between 0 and 1"
            )
        # The scatter is an Ornstein-Uhlenbeck process of time T. Looked at every T/8 it moves by less than half of its
        # deviation in between (sqrt(2/8)), hence the half; so many looks share what the confidence leaves.
        looks = max(1.0, 8 * bits / constant)
        quantile = NormalDist().inv_cdf(1 - (1 - confidence) / (2 * looks)) + 0.5
        return cls(
            lag=abs(drift) * constant,
            estimation=quantile / math.sqrt(8 * constant),
            resolution=abs(slope) * resolution,
            states=abs(states),
            step=abs(step),
        )

    @property
    def deviation(self) -> float:
        """The bound d on abs(P - 1/2), at most 1/2."""
        return min(0.5, self.lag + self.estimation + self.resolution + self.states + self.step)

    @property
    def min_entropy(self) -> float:
        """Least min-entropy a bit, -log2(1/2 + d)."""
        return -math.log2(0.5 + self.deviation)
