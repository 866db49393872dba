"""How far from uniform the p-values of a test are on fair bits, and what of it a verdict should allow."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Allowance", "allowance"]


class Allowance(NamedTuple):
    """What the p-values of fair bits may differ by from uniform ones."""

    rate: float
    """Probability of a p-value below 0.01, at most."""

    departure: float
    """10 sum (probability of bin - 1/10)^2 over ten bins, at most: by so much a sequence chi-square grows."""


AT_1E5 = {
    "frequency": (0.0, 1.5e-3),
    "rank": (0.0, 1.1e-2),
    "dft": (0.1, 4e-3),
    "non_overlapping_template": (0.11, 1e-4),
    "overlapping_template": (0.3, 1e-3),
    "approximate_entropy": (0.45, 1.6e-2),
    "random_excursions": (0.3, 3e-3),
    "random_excursions_variant": (0.0, 6e-3),
    "linear_complexity": (0.4, 2e-3),
}
"""How much larger the rate is than 0.01, of it, and the departure, at 1e5 bits."""


def allowance(test: str, bits: int) -> Allowance:
    """Return the allowance of a test on sequences of so many bits.

    Notes
    -----
    P-values of counts come in steps, and chi-square is a limit law. Both fade at least as 1/n: steps of a count are
    1/√n of its deviation, and the departure is of second order in them.
    """
    excess, departure = AT_1E5.get(test, (0.0, 0.0))
    share = 1e5 / bits
    return Allowance(0.01 * (1 + excess * share), departure * share)
