"""Normals from bits of set probabilities: a tree whose nodes a junction of tunable P decides."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import Bits, InputError

__all__ = ["BIASED_TREE", "BiasedTree"]

DEPTH = 16
_SCALE = 2**32


class BiasedTree:
    """Halve the line 16 times; at each node a bit of its probability tells which half holds the normal.

    The line from -`largest` to `largest` is halved again and again. At a node of the first `levels` levels the bit is
    one, the upper half, with the share that this half has of the normal distribution between the ends of the node; the
    first bit is fair. The cells that are left are so narrow that the halves of the other levels are alike: their bits
    are fair. A normal is the middle of the last cell, over the standard deviation of all.

    A junction draws a bit of any probability by one pulse of the amplitude at which P(switch) is that probability, so
    that a normal takes 16 pulses and no comparison (Adv. Sci. 2024, doi 10.1002/advs.202402182). `probabilities` says
    which probability a node needs, `draw_tuned` asks for bits of given probabilities level by level, `convert_drawn`
    takes bits that were drawn at them. With fair bits (`draw`) each node compares its probability with a binary
    fraction bit by bit, until the two differ: two bits a node on average, whatever the probability.

    Parameters
    ----------
    levels
        Levels whose nodes have probabilities of their own, 1 to 16; 2^levels - 1 nodes.
    largest
        End of the line; the largest normal is this less half a cell.

    Raises
    ------
    InputError
        If a parameter is out of range.

    Examples
    --------
    >>> tree = BiasedTree(levels=2, largest=4.0)
    >>> tree.probabilities.round(4)  # of being positive; below that, of being above -2; above that, of being above 2
    array([0.5   , 0.9546, 0.0454])
    """

    def __init__(self, levels: int = 8, largest: float = 5.5) -> None:
        if not 1 <= levels <= DEPTH:
            raise InputError(f"levels = {levels}: expected 1 to {DEPTH}; 8 are close to a normal")
        if not 1 <= largest <= 8:
            raise InputError(f"largest = {largest:g}: expected 1 to 8 standard deviations")
        self.levels = levels
        """Levels whose nodes have probabilities of their own."""
        self.largest = largest
        """End of the line, in standard deviations."""

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Probability of a one at each node, level by level, shape (2^levels - 1,), in multiples of 2^-32.

        Node n leads to node 2n + 1 by a zero and to 2n + 2 by a one.
        """
        from scipy.special import ndtr  # slow to import

        found = []
        for level in range(self.levels):
            edges = np.linspace(-self.largest, self.largest, 2 ** (level + 1) + 1)
            below = ndtr(-np.abs(edges))  # in the tail where it is small, which keeps its digits
            mass = np.abs(np.diff(np.where(edges < 0, below, 1 - below) if level == 0 else below))
            lower, upper = mass[::2], mass[1::2]
            found.append(upper / (lower + upper))
        steps: NDArray[np.float64] = np.clip(np.rint(np.concatenate(found) * _SCALE), 1, _SCALE - 1)
        return steps / _SCALE

    @cached_property
    def _values(self) -> NDArray[np.float64]:
        """Return the normal of each word of 16 bits, in rising order."""
        half = self.largest * (np.arange(2 ** (DEPTH - 1)) + 0.5) / 2 ** (DEPTH - 1)
        values = np.concatenate((-half[::-1], half))
        values /= math.sqrt(float(self._shares @ values**2))
        return values.astype(np.float32).astype(np.float64)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """Return the probability of each word of 16 bits."""
        shares = np.ones(1)
        for level in range(DEPTH):
            up = self._at(level)
            shares = np.column_stack((shares * (1 - up), shares * up)).ravel()
        return shares

    def _at(self, level: int) -> NDArray[np.float64]:
        """Return the probabilities of a level's nodes."""
        return (
            self.probabilities[2**level - 1 : 2 ** (level + 1) - 1] if level < self.levels else np.full(2**level, 0.5)
        )

    def distribution(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the values that a normal can have and their probabilities.

        Returns
        -------
        tuple of NDArray
            Values in rising order, and probabilities; float64, shape (65536,).
        """
        return self._values, self._shares

    @cached_property
    def bits_per_normal(self) -> float:
        """Fair bits that one normal takes on average, with `draw`."""
        # A threshold of d binary digits is told from fair bits by the first that differs, or by all d: 2 - 2^(1-d).
        thresholds = self._thresholds.astype(np.int64)
        digits = 32 - np.log2(thresholds & -thresholds)
        each, reached, bits = 2 - 2 ** (1 - digits), np.ones(1), float(DEPTH - self.levels)
        for level in range(self.levels):
            up = self._at(level)
            bits += float(reached @ each[2**level - 1 : 2 ** (level + 1) - 1])
            reached = np.column_stack((reached * (1 - up), reached * up)).ravel()
        return bits

    @property
    def bits_per_tuned_normal(self) -> int:
        """Bits that one normal takes where each is drawn at the probability of its node: 16."""
        return DEPTH

    @cached_property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1, with `draw` and fair bits."""
        # P(fraction >= threshold) from the last digit to the first, and its derivative by the bias, with q = (1 + b)/2:
        # a digit of one must be met, q·rest; one of zero may be exceeded, q + (1 - q)·rest.
        rest, change = np.ones(self._thresholds.size), np.zeros(self._thresholds.size)
        for place in range(32):
            digit = (self._thresholds >> np.uint32(place)) & np.uint32(1) == 1
            change = np.where(digit, rest, 1 - rest) / 2 + change / 2
            rest = np.where(digit, rest / 2, (1 + rest) / 2)
        return self._moved(change)

    @cached_property
    def tuned_shift(self) -> float:
        """Mean of a normal for each unit of 2(P - p), where all bits are drawn at P instead of the p of their node."""
        return self._moved(np.full(2**self.levels - 1, 0.5))

    def _moved(self, change: NDArray[np.float64]) -> float:
        """Return the derivative of the mean, for that of each probability; from the leaves to the root."""
        mean, moved = self._values, np.zeros(2**DEPTH)
        for level in reversed(range(DEPTH)):
            up = self._at(level)
            by = change[2**level - 1 : 2 ** (level + 1) - 1] if level < self.levels else np.full(2**level, 0.5)
            moved = by * (mean[1::2] - mean[::2]) + up * moved[1::2] + (1 - up) * moved[::2]
            mean = up * mean[1::2] + (1 - up) * mean[::2]
        return float(moved[0])

    @cached_property
    def _thresholds(self) -> NDArray[np.uint32]:
        return ((1 - self.probabilities) * _SCALE).astype(np.uint32)

    def draw(self, count: int, take: Callable[[int], Bits]) -> NDArray[np.float32]:
        """Return normals of fair bits, float32, shape (count,).

        Parameters
        ----------
        count
            How many normals.
        take
            Returns the next bits, as many as it is asked for.
        """
        from mtjlab.analysis.noise.rejecting_kernels import descend  # slow to import

        words, done, state = np.empty(count, np.uint16), 0, np.zeros(3, np.int64)
        while done < count:
            # Each level that is left takes one bit at least, so none is left over.
            bits = take(DEPTH * (count - done) - int(state[1]))
            done += descend(bits.packed_bytes, len(bits), self._thresholds, state, words[done:])
        return self._of_words(words)

    def draw_tuned(self, count: int, tuned: Callable[[NDArray[np.float64]], ArrayLike]) -> NDArray[np.float32]:
        """Return normals of bits that are drawn at the probability of each node, as a junction of tunable P gives them.

        Parameters
        ----------
        count
            How many normals.
        tuned
            Takes probabilities, float64, shape (count,), and returns as many bits, 0 or 1, each a one with its
            probability. It is asked once for each of the 16 levels.

        Returns
        -------
        NDArray
            float32, shape (count,).

        Examples
        --------
        >>> rng = np.random.default_rng(1)
        >>> normals = BiasedTree().draw_tuned(100_000, lambda p: rng.random(p.size) < p)
        >>> bool(abs(normals.mean()) < 0.02), bool(abs(normals.std() - 1) < 0.01)
        (True, True)
        """
        words = np.zeros(count, np.int64)
        for level in range(DEPTH):
            bits = np.asarray(tuned(self._at(level)[words]))
            if bits.shape != (count,):
                raise InputError(f"{bits.shape} bits were drawn for {count} nodes: draw one for each probability")
            words = 2 * words + bits.astype(bool)
        return self._of_words(words)

    def convert_drawn(self, bits: ArrayLike | Bits) -> NDArray[np.float32]:
        """Return one normal for each 16 bits that were drawn at the probabilities of their nodes.

        Parameters
        ----------
        bits
            `Bits`, or 0 and 1, shape (16 n,), in the order in which they were drawn: a normal's after each other.

        Returns
        -------
        NDArray
            float32, shape (n,).

        Raises
        ------
        InputError
            If the bits are no multiple of 16.
        """
        bits = Bits.of(bits)
        if len(bits) % DEPTH:
            raise InputError(f"{len(bits):,} bits: a normal takes {DEPTH} that were drawn for it")
        return self._of_words(bits.words(DEPTH))

    def _of_words(self, words: NDArray[np.integer]) -> NDArray[np.float32]:
        normals: NDArray[np.float32] = self._values.astype(np.float32)[words]
        return normals


BIASED_TREE = BiasedTree()
"""What ``biased-tree`` stands for."""
