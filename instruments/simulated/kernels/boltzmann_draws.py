"""Magnetisations in thermal equilibrium; the laws are those of `macrospin.equilibrium`."""

from __future__ import annotations

import math

from numba import njit, uint64

from mtjlab.instruments.simulated.kernels.random_words import next_word, unit

__all__ = ["draw"]


@njit(inline="always")
def _cosine_of_any_angle(state):  # type: ignore[no-untyped-def]
    # A point of the unit disc has a uniform angle; its doubled angle needs no cosine and no root.
    while True:
        state, first = next_word(state)
        state, second = next_word(state)
        u, v = unit(first), unit(second)
        square = u * u + v * v
        if 0.0 < square < 1.0:
            return state, (u * u - v * v) / square


@njit(inline="always")
def _cosine_of_von_mises(state, kappa):  # type: ignore[no-untyped-def]
    """Draw by Best & Fisher's rejection, J. R. Stat. Soc. C 28, 152 (1979)."""
    if kappa < 1e-5:
        return _cosine_of_any_angle(state)
    tau = 1.0 + math.sqrt(1.0 + 4.0 * kappa * kappa)
    rho = (tau - math.sqrt(2.0 * tau)) / (2.0 * kappa)
    r = (1.0 + rho * rho) / (2.0 * rho)
    while True:
        state, z = _cosine_of_any_angle(state)
        f = (1.0 + r * z) / (r + z)
        c = kappa * (r - f)
        state, word = next_word(state)
        u = 1.0 - unit(word)
        if c * (2.0 - c) - u > 0.0 or math.log(c / u) + 1.0 - c >= 0.0:
            return state, min(1.0, max(-1.0, f))


def draw(states, words, count, cumulative, sine, points, transverse, out):  # type: ignore[no-untyped-def]
    """Draw a magnetisation a word.

    Arrays: states (count,), words (count,), cumulative (2, points) of P and AP against the sine (points,) of the polar
    angle, out (count, 3).
    """
    for i in range(count):
        state, word = next_word(uint64(words[i]))
        u, table = unit(word), int(states[i]) * points
        # The first place whose cumulative probability is above u, by halving.
        low, high = 1, points - 1
        while low < high:
            middle = (low + high) // 2
            if cumulative[table + middle] > u:
                high = middle
            else:
                low = middle + 1
        below = cumulative[table + low - 1]
        width = cumulative[table + low] - below
        share = (u - below) / width if width > 0.0 else 1.0
        s = sine[low - 1] + share * (sine[low] - sine[low - 1])
        state, cosine = _cosine_of_von_mises(state, abs(transverse) * s)
        state, word = next_word(state)
        side = 1.0 if word & uint64(1) else -1.0
        towards = 1.0 if transverse >= 0.0 else -1.0
        out[3 * i] = s * cosine * towards
        out[3 * i + 1] = s * math.sqrt(1.0 - cosine * cosine) * side
        out[3 * i + 2] = (1.0 - 2.0 * int(states[i])) * math.sqrt(1.0 - s * s)
