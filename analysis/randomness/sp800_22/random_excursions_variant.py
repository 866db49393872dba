"""The random excursions variant test."""

from __future__ import annotations

import numpy as np
from scipy.special import erfc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.random_excursions import too_few_cycles

__all__ = ["random_excursions_variant"]

STATES = np.array([*range(-9, 0), *range(1, 10)])
LABELS = tuple(f"{x:+d}" for x in STATES.tolist())


def random_excursions_variant(sequence: BitSequence) -> Outcome:
    """Test how often the walk visits the states -9 to 9 in all.

    Notes
    -----
    SP 800-22 rev. 1a, 2.15: p = erfc(abs(visits - J) / sqrt(2 J (4 abs(x) - 2))).
    """
    walk = sequence.walk
    reason = too_few_cycles(walk.cycles, sequence.length)
    if reason:
        return Outcome(test="random_excursions_variant", reason=reason, statistics={"cycles": walk.cycles})
    visits = walk.visits[STATES + 9]
    p_values = erfc(abs(visits - walk.cycles) / np.sqrt(2 * walk.cycles * (4 * abs(STATES) - 2)))
    return Outcome(
        test="random_excursions_variant",
        p_values=tuple(p_values.tolist()),
        labels=LABELS,
        statistics={"cycles": walk.cycles, "visits": visits.tolist()},
    )
