"""Write error rate: exact intervals, and when there are enough pulses to decide."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.core import InputError

__all__ = ["Decision", "WriteErrors", "decide_required"]

_LEAST_EXPECTED = 5
"""Errors expected of a group of blocks, at least."""


class Decision(Enum):
    """What the pulses so far say of a required write error rate."""

    BELOW = "below"
    ABOVE = "above"
    OPEN = "open"

    @property
    def verdict(self) -> str:
        """What it means for a required rate: ``met``, ``not met`` or ``undecided``."""
        return {Decision.BELOW: "met", Decision.ABOVE: "not met"}.get(self, "undecided")


@dataclasses.dataclass(frozen=True)
class WriteErrors:
    """Errors counted among writes.

    Examples
    --------
    No error in 3.7 million pulses shows 1e-6 at 95 % (two-sided):

    >>> WriteErrors(0, 3_700_000).interval(0.95)[1] < 1e-6
    True
    """

    errors: int
    """Writes that failed."""
    writes: int
    """Writes in all."""

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        if not 0 <= self.errors <= self.writes or self.writes < 1:
            raise InputError(f"{self.errors} errors in {self.writes} writes cannot be: give 0 to {self.writes} errors")

    @property
    def rate(self) -> float:
        """Share of the writes that failed."""
        return self.errors / self.writes

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Give the exact interval of the write error rate.

        Parameters
        ----------
        confidence
            Least probability that the interval holds the rate, half of the rest on either side.

        Returns
        -------
        tuple of float
            Lower and upper limit; 0 for no error.

        Raises
        ------
        ValueError
            If the confidence is not between 0 and 1.

        Notes
        -----
        C. J. Clopper and E. S. Pearson, Biometrika 26, 404 (1934): the quantiles of beta distributions.
        """
        from scipy.stats import beta

        if not 0 < confidence < 1:
            raise InputError(f"confidence = {confidence}: give a number between 0 and 1, as 0.95")
        tail = (1 - confidence) / 2
        low = float(beta.ppf(tail, self.errors, self.writes - self.errors + 1)) if self.errors else 0.0
        high = float(beta.isf(tail, self.errors + 1, self.writes - self.errors)) if self.errors < self.writes else 1.0
        return low, high

    @staticmethod
    def steadiness(errors: ArrayLike, writes: ArrayLike) -> float:
        """Test whether all blocks of writes have one error rate: bursts and drifts are no binomial errors.

        Parameters
        ----------
        errors, writes
            Errors and writes of each block, in order, shape (N,). Neighbours are joined until at least five errors are
            expected of each group.

        Returns
        -------
        float
            Probability of blocks that differ as much if the rate is one; not a number where the errors are too few to
            tell.

        Notes
        -----
        The index of dispersion (W. G. Cochran, Biometrics 10, 417 (1954), who gives the five).
        """
        from scipy.stats import chi2

        failed, sent = np.asarray(errors, float), np.asarray(writes, float)
        groups = int(min(failed.size, failed.sum() // _LEAST_EXPECTED))
        if groups < 2:
            return math.nan
        total = np.cumsum(sent)
        edges = np.unique(np.searchsorted(total, total[-1] * np.arange(1, groups) / groups, side="left") + 1)
        parts = [part for part in np.split(np.arange(failed.size), edges) if part.size]
        if len(parts) < 2:
            return math.nan
        k, n = (np.array([each[part].sum() for part in parts]) for each in (failed, sent))
        rate = k.sum() / n.sum()
        if not 0 < rate < 1:
            return math.nan
        return float(chi2.sf(float(((k - n * rate) ** 2 / (n * rate * (1 - rate))).sum()), len(parts) - 1))

    def decide(self, required: float, error: float = 0.05, margin: float = 2.0) -> Decision:
        """Say whether the write error rate is below or above a required one, or that more pulses are needed.

        Parameters
        ----------
        required
            Required write error rate.
        error
            Largest probability of a wrong decision for a device beyond the margin, however often this is asked.
        margin
            The decision is sharp for rates below `required`/margin and above `required`·margin.

        Returns
        -------
        Decision
            The answer.

        Raises
        ------
        ValueError
            If the required rate is not between 0 and 1 over the margin, or error and margin make no sense.

        Notes
        -----
        Asking after every block and stopping at the first interval that clears the limit would err more often than
        the interval says. A. Wald, Ann. Math. Stat. 16, 117 (1945): the likelihood ratio of rates required·margin and
        required/margin is compared with (1 - error)/error and its inverse, which holds the error however often it is
        looked at, and needs the fewest pulses on average of all tests that do.
        """
        _refuse_senseless(required, error, margin)
        ratio = _ratio(self, required * margin, required / margin)
        bound = math.log((1 - error) / error)
        if ratio >= bound:
            return Decision.ABOVE
        return Decision.BELOW if ratio <= -bound else Decision.OPEN


def decide_required(
    counted: Sequence[WriteErrors | None], required: float, error: float = 0.05, margin: float = 2.0
) -> Decision:
    """Say whether the write error rate from every state is within a required one.

    Parameters
    ----------
    counted
        What was counted from each state; None for one from which nothing was written.
    required
        Largest rate that meets the requirement.
    error
        Largest probability of a wrong answer, whatever the rates are and however often this is asked.
    margin
        Answers come soonest for rates a margin below or above the required one; nearer to it they take longer.

    Returns
    -------
    Decision
        ``BELOW`` where it is met from all states, ``ABOVE`` where it is not from one of them, else ``OPEN``.

    Raises
    ------
    ValueError
        If the required rate is not between 0 and 1 over the margin, or error and margin make no sense.

    Examples
    --------
    No error from one state, three in a hundred from the other:

    >>> decide_required([WriteErrors(0, 10_000), WriteErrors(300, 10_000)], 1e-3)
    <Decision.ABOVE: 'above'>

    Notes
    -----
    The likelihood ratio of a rate a margin away and the required one itself is a martingale at the required rate, and
    less beyond it: it ever reaches 1/error with a probability of `error` at most (J. Ville, 1939; A. Wald, Ann. Math.
    Stat. 16, 117 (1945)). Where the requirement is missed from one state, that state must pass for a wrong ``BELOW``;
    for a wrong ``ABOVE`` either may fail, so each has half of the error.
    """
    _refuse_senseless(required, error, margin)
    missed = [
        each
        for each in counted
        if each is not None and _ratio(each, required * margin, required) >= math.log(len(counted) / error)
    ]
    if missed:
        return Decision.ABOVE
    met = [
        each for each in counted if each is not None and _ratio(each, required / margin, required) >= -math.log(error)
    ]
    return Decision.BELOW if len(met) == len(counted) else Decision.OPEN


def _ratio(counted: WriteErrors, rate: float, other: float) -> float:
    """Give the logarithm of the likelihood of a rate over that of another one."""
    right = counted.writes - counted.errors
    return counted.errors * math.log(rate / other) + right * (math.log1p(-rate) - math.log1p(-other))


def _refuse_senseless(required: float, error: float, margin: float) -> None:
    if not (margin > 1 and 0 < error < 0.5 and 0 < required < 1 / margin):
        raise InputError(
            f"required = {required}, error = {error}, margin = {margin}: the rate must be between 0 and 1 over the "
            "margin, the error between 0 and 0.5, the margin above 1"
        )
