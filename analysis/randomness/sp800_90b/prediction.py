"""What the four predictors of SP 800-90B have in common: the scoreboard that chooses among them, and the estimate."""

from __future__ import annotations

import math

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import part
from mtjlab.analysis.randomness.sp800_22.word_bits import ones_of
from mtjlab.analysis.randomness.sp800_90b.estimate import Estimate, upper_bound

__all__ = ["BLOCK", "CORRECT", "LONGEST", "RUN", "WINNER", "follow_winner", "prediction_estimate"]

BLOCK = 64
"""Symbols after which the scoreboard is looked at."""

WINNER, CORRECT, RUN, LONGEST = 0, 1, 2, 3
"""Places in the state: predictor whose guess counts, right guesses, those in a row now, and at most."""


@part
def follow_winner(
    right: NDArray[np.uint64],
    symbols: int,
    scores: NDArray[np.int64],
    rivals: NDArray[np.int64],
    state: NDArray[np.int64],
) -> None:
    """Take a block of guesses: keep the scores, and count the right guesses of the predictor that leads at each symbol.

    Parameters
    ----------
    right
        Word of each predictor: bit s, from the least significant, is 1 where its guess of symbol s was right.
    symbols
        Symbols of the block, at most 64.
    scores
        Right guesses of each predictor.
    rivals
        Room for one number a predictor.
    state
        `WINNER`, `CORRECT`, `RUN` and `LONGEST`.

    Notes
    -----
    NIST SP 800-90B, sections 6.3.7 to 6.3.9: a predictor takes the lead when a right guess brings it level with the
    leader. No score falls, so only those that could reach the score that the leader has at the start of the block are
    followed symbol by symbol; most often that is the leader alone.
    """
    winner = state[0]
    level, count = scores[winner], 0
    for predictor in range(right.size):
        reached = scores[predictor] + ones_of(right[predictor])
        if reached >= level and right[predictor] != uint64(0):
            rivals[count] = predictor
            count += 1
        else:
            scores[predictor] = reached
    led = right[winner]
    if count == 1 and rivals[0] == winner:
        scores[winner] += ones_of(led)
    elif count > 0:
        led = uint64(0)
        for s in range(symbols):
            led |= ((right[winner] >> uint64(s)) & uint64(1)) << uint64(s)
            for rival in range(count):
                predictor = rivals[rival]
                if (right[predictor] >> uint64(s)) & uint64(1):
                    scores[predictor] += 1
                    if scores[predictor] >= scores[winner]:
                        winner = predictor
    run, longest = state[2], state[3]
    for s in range(symbols):
        run = (run + 1) * np.int64((led >> uint64(s)) & uint64(1))
        longest = max(longest, run)
    state[0], state[1], state[2], state[3] = winner, state[1] + ones_of(led), run, longest


def prediction_estimate(correct: int, predictions: int, longest: int, alphabet: int) -> Estimate:
    """Estimate min-entropy from how well a predictor guessed.

    Parameters
    ----------
    correct
        Right guesses.
    predictions
        Guesses N.
    longest
        Most right guesses in a row.
    alphabet
        Different symbols k: no probability below 1/k is found.

    Notes
    -----
    NIST SP 800-90B, section 6.3.7, steps 5 to 8: the larger of the upper 99 % bound of the share of right guesses and
    of the probability at which a run of right guesses as long as the longest is in 99 of 100 streams not exceeded.
    """
    overall = upper_bound(correct / predictions, predictions) if correct else 1 - 0.01 ** (1 / predictions)
    probability = max(overall, 1 / alphabet)
    run = longest + 1
    if probability < 1 and _log_no_run(probability, run, predictions) > math.log(0.99):
        probability = _bisected(probability, run, predictions)
    return Estimate.of_probability(probability)


def _bisected(low: float, run: int, predictions: int) -> float:
    """Return the probability above `low` at which runs are absent with probability 0.99."""
    high = 1.0
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return high
        if _log_no_run(middle, run, predictions) > math.log(0.99):
            low = middle
        else:
            high = middle


def _log_no_run(p: float, run: int, predictions: int) -> float:
    """Return the logarithm of the probability that `predictions` guesses hold no run of `run` right ones.

    Notes
    -----
    Feller, An Introduction to Probability Theory and its Applications I, XIII (7.11): (1 - p x) / ((r + 1 - r x) q)
    x^-(N + 1), with x the root near 1 of 1 - x + q p^r x^(r + 1) = 0. What x exceeds 1 by is kept, not x: it is far
    smaller than 1, and the power N is large.
    """
    q, above, last = 1 - p, 0.0, -1.0
    for _ in range(66):
        if above - last <= np.finfo(float).eps * above:
            break
        last = above
        above = q * math.exp(run * math.log(p) + (run + 1) * math.log1p(above))
    rest, spread = q - p * above, 1 - run * above
    if rest <= 0 or spread <= 0:
        return -math.inf
    return math.log(rest) - math.log(spread * q) - (predictions + 1) * math.log1p(above)
