"""What a switching table says about one pulse, and how it is found between the points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtjlab.instruments.simulated.junction.switching_node import SwitchingNode

__all__ = ["SEEN", "Switching", "SwitchingPatch"]

_RARE = 0.01
"""Probability of the rarer outcome below which logits are interpolated instead of probabilities."""
SEEN = 10
"""Rare outcomes at the four points around a pulse from which on their rate counts as seen."""

Pair = tuple[float, float]


@dataclass(frozen=True)
class Switching:
    """Probabilities that a pulse switches, from P and from AP."""

    probability: Pair
    """From P, and from AP."""
    error: Pair
    """Their standard errors, of the table's counting."""
    extrapolates: tuple[bool, bool]
    """Whether less than ten of the rarer outcomes were counted around the pulse: the table has not seen that tail."""

    @classmethod
    def mean(cls, parts: Sequence[tuple[float, Switching]]) -> Switching:
        """Average with weights that add up to one."""
        if len(parts) == 1:
            return parts[0][1]
        return cls(
            _pair([sum(w * part.probability[s] for w, part in parts) for s in (0, 1)]),
            _pair([math.sqrt(sum((w * part.error[s]) ** 2 for w, part in parts)) for s in (0, 1)]),
            (any(part.extrapolates[0] for _, part in parts), any(part.extrapolates[1] for _, part in parts)),
        )


class SwitchingPatch:
    """The points around a pulse, and what lies between them.

    Between the points of the lattice the probability itself is a cubic polynomial of both coordinates (Lagrange, four
    points each): it is smooth where precession makes it swing between 0 and 1, which a logit is not.  Where one
    outcome is rare, logits are interpolated linearly instead, which keeps the value between those of the neighbours
    and above zero.  From one to the other the weight changes with the rarer outcome's probability up to a hundredth.

    Parameters
    ----------
    nodes
        What was counted at four by four points, amplitude by amplitude. Where they are smoothed, that takes the place
        of the counts, but not in the tail: a rare outcome is as rare as it was counted.
    """

    def __init__(self, nodes: Sequence[Sequence[SwitchingNode]]) -> None:
        shots = np.array([[node.shots for node in row] for row in nodes], float)[..., None]
        counts = np.array([[node.switched for node in row] for row in nodes], float)
        safe = (counts + 0.5) / (shots + 1)
        self._rare, self._counts = np.minimum(counts, shots - counts), counts
        self._logit = np.log(safe / (1 - safe))
        self._share = (counts / shots).reshape(16, 2)
        self._error = np.sqrt(safe * (1 - safe) / shots).reshape(16, 2)
        # Errors of points that were smoothed together go together; those of counts do not.
        self._together = np.zeros(16, bool)
        for number, node in enumerate(node for row in nodes for node in row):
            if node.smoothed is not None:
                self._share[number], self._error[number] = node.smoothed
                self._together[number] = True

    def at(self, x: float, y: float, rates: Callable[[], Pair]) -> Switching:
        """Interpolate.

        Parameters
        ----------
        x, y
            Where, in steps from the first amplitude and the first width.
        rates
            Gives the probabilities of thermally activated switching, which stand in where none was counted at all.

        Returns
        -------
        Switching
            There.
        """
        i, j = min(int(x), 2), min(int(y), 2)
        weights = np.outer(_lagrange(x), _lagrange(y)).ravel()
        linear = np.outer((1 - (x - i), x - i), (1 - (y - j), y - j)).ravel()
        logits = linear @ self._logit[i : i + 2, j : j + 2].reshape(4, 2)
        rare = self._rare[i : i + 2, j : j + 2].sum(axis=(0, 1))
        counted = self._counts[i : i + 2, j : j + 2].sum(axis=(0, 1))
        body = weights @ self._share
        found = []
        for state in (0, 1):
            tail = 1 / (1 + math.exp(-float(logits[state])))
            trust = min(min(tail, 1 - tail) / _RARE, 1.0)
            value = trust * min(max(float(body[state]), 0.0), 1.0) + (1 - trust) * tail
            found.append(value if counted[state] else min(value, rates()[state]))
        parts = np.abs(weights)[:, None] * self._error
        errors = np.hypot(parts[self._together].sum(axis=0), np.sqrt((parts[~self._together] ** 2).sum(axis=0)))
        return Switching(_pair(found), _pair(errors), (bool(rare[0] < SEEN), bool(rare[1] < SEEN)))


def _pair(values: Any) -> Pair:
    return float(values[0]), float(values[1])


def _lagrange(x: float) -> tuple[float, float, float, float]:
    """Give the weights of points 0, 1, 2 and 3 at x."""
    a, b, c = x - 1, x - 2, x - 3
    return -a * b * c / 6, x * b * c / 2, -x * a * c / 2, x * a * b / 6
