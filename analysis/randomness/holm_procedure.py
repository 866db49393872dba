"""Many p-values, one level: Holm's procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtjlab.core import InputError

__all__ = ["holm", "HolmDecision"]


@dataclass(frozen=True)
class HolmDecision:
    """Which p-values of a family are rejected."""

    level: float
    """Probability that a family of true hypotheses has any rejection, at most."""

    adjusted: Mapping[str, float]
    """Adjusted p-values: the smallest level at which each would be rejected."""

    rejected: frozenset[str]
    """Names of those rejected at `level`."""


def holm(p_values: Mapping[str, float], level: float = 0.01) -> HolmDecision:
    """Decide on a family of p-values so that the chance of any false rejection is at most `level`.

    Parameters
    ----------
    p_values
        P-value by name; they may depend on each other in any way.
    level
        Family-wise level, between 0 and 1.

    Returns
    -------
    HolmDecision
        Adjusted p-values, and which are rejected.

    Raises
    ------
    ValueError
        If `level` is not between 0 and 1, or a p-value not within 0 to 1.

    Notes
    -----
    Holm, Scand. J. Stat. 6, 65 (1979): the i-th smallest of m is multiplied by m - i + 1, and none is adjusted to less
    than one before it.

    Examples
    --------
    >>> holm({"a": 0.03, "b": 0.01, "c": 0.04}, 0.05).adjusted
    {'b': 0.03, 'a': 0.06, 'c': 0.06}
    """
    if not 0 < level < 1:
        raise InputError(f"level = {level}: expected a number between 0 and 1, as 0.01")
    for name, p_value in p_values.items():
        if not 0 <= p_value <= 1:
            raise InputError(f"the p-value of {name} is {p_value}: expected 0 to 1; leave out what does not apply")
    adjusted: dict[str, float] = {}
    largest = 0.0
    for index, (name, p_value) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        largest = max(largest, min(1.0, (len(p_values) - index) * p_value))
        adjusted[name] = largest
    return HolmDecision(level, adjusted, frozenset(name for name, p in adjusted.items() if p <= level))
