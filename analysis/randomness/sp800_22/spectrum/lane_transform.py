"""The Fourier transform of eight complex sequences at once, in float32, of lengths without prime factors above 5."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.lanes import LANES, load, spread, store

__all__ = ["ROW", "radices", "roots", "transform"]

ROW = 2 * LANES
"""Floats of one element of all sequences: eight real parts, eight imaginary parts."""

HALF_ROW = LANES

Floats = NDArray[np.float32]

_COSINE, _COSINE_OF_TWO = np.float32(math.cos(0.4 * math.pi)), np.float32(math.cos(0.8 * math.pi))
_SINE, _SINE_OF_TWO = np.float32(math.sin(0.4 * math.pi)), np.float32(math.sin(0.8 * math.pi))
_HALF, _SINE_OF_THIRD = np.float32(0.5), np.float32(math.sqrt(0.75))


def radices(length: int) -> NDArray[np.int64] | None:
    """Return the factors 2 to 5 of a length, by which its transform goes; None if there are others."""
    powers = {}
    rest = length
    for prime in (2, 3, 5):
        powers[prime] = 0
        while rest % prime == 0:
            rest //= prime
            powers[prime] += 1
    twos, fours = powers[2] % 2, powers[2] // 2
    return np.array([2] * twos + [3] * powers[3] + [4] * fours + [5] * powers[5], np.int64) if rest == 1 else None


def roots(length: int) -> Floats:
    """Return the powers of exp(-2 πi / length), real and imaginary parts in turn, shape (2 length,)."""
    turns: Floats = np.exp(-2j * np.pi / length * np.arange(length)).astype(np.complex64).view(np.float32)
    return turns


@kernel
def transform(x: Floats, y: Floats, factors: NDArray[np.int64], turns: Floats) -> Floats:
    """Transform `x` of shape (length · ROW,) and return where the result is: `x` itself or `y`; both are used up.

    Notes
    -----
    Stockham's form, which needs no reordering: pass by pass from one array to the other.
    """
    rest = turns.size // 2
    for factor in factors:
        together = turns.size // 2 // rest
        rest //= factor
        if factor == 2:
            _by_two(x, y, rest, together, turns)
        elif factor == 3:
            _by_three(x, y, rest, together, turns)
        elif factor == 4:
            _by_four(x, y, rest, together, turns)
        else:
            _by_five(x, y, rest, together, turns)
        x, y = y, x
    return x


@part
def _put(y: Floats, at: int, re, im, turns: Floats, turn: int) -> None:  # type: ignore[no-untyped-def]
    """Store a number turned by a root."""
    turn_re, turn_im = spread(turns[2 * turn]), spread(turns[2 * turn + 1])
    store(y, at, re * turn_re - im * turn_im)
    store(y, at + HALF_ROW, re * turn_im + im * turn_re)


@part
def _by_two(x: Floats, y: Floats, rest: int, together: int, turns: Floats) -> None:
    leg, step = ROW * together * rest, ROW * together
    for p in range(rest):
        for q in range(together):
            at, to = ROW * (q + together * p), ROW * (q + 2 * together * p)
            a_re, a_im = load(x, at), load(x, at + HALF_ROW)
            b_re, b_im = load(x, at + leg), load(x, at + leg + HALF_ROW)
            store(y, to, a_re + b_re)
            store(y, to + HALF_ROW, a_im + b_im)
            _put(y, to + step, a_re - b_re, a_im - b_im, turns, p * together)


@part
def _by_three(x: Floats, y: Floats, rest: int, together: int, turns: Floats) -> None:
    half, sine = spread(_HALF), spread(_SINE_OF_THIRD)
    leg, step = ROW * together * rest, ROW * together
    for p in range(rest):
        turn = p * together
        for q in range(together):
            at, to = ROW * (q + together * p), ROW * (q + 3 * together * p)
            a_re, a_im = load(x, at), load(x, at + HALF_ROW)
            b_re, b_im = load(x, at + leg), load(x, at + leg + HALF_ROW)
            c_re, c_im = load(x, at + 2 * leg), load(x, at + 2 * leg + HALF_ROW)
            sum_re, sum_im = b_re + c_re, b_im + c_im
            apart_re, apart_im = (b_re - c_re) * sine, (b_im - c_im) * sine
            mean_re, mean_im = a_re - sum_re * half, a_im - sum_im * half
            store(y, to, a_re + sum_re)
            store(y, to + HALF_ROW, a_im + sum_im)
            _put(y, to + step, mean_re + apart_im, mean_im - apart_re, turns, turn)
            _put(y, to + 2 * step, mean_re - apart_im, mean_im + apart_re, turns, 2 * turn)


@part
def _by_four(x: Floats, y: Floats, rest: int, together: int, turns: Floats) -> None:
    leg, step = ROW * together * rest, ROW * together
    for p in range(rest):
        turn = p * together
        for q in range(together):
            at, to = ROW * (q + together * p), ROW * (q + 4 * together * p)
            a_re, a_im = load(x, at), load(x, at + HALF_ROW)
            b_re, b_im = load(x, at + leg), load(x, at + leg + HALF_ROW)
            c_re, c_im = load(x, at + 2 * leg), load(x, at + 2 * leg + HALF_ROW)
            d_re, d_im = load(x, at + 3 * leg), load(x, at + 3 * leg + HALF_ROW)
            even_re, even_im, apart_re, apart_im = a_re + c_re, a_im + c_im, a_re - c_re, a_im - c_im
            odd_re, odd_im, over_re, over_im = b_re + d_re, b_im + d_im, b_re - d_re, b_im - d_im
            store(y, to, even_re + odd_re)
            store(y, to + HALF_ROW, even_im + odd_im)
            _put(y, to + step, apart_re + over_im, apart_im - over_re, turns, turn)
            _put(y, to + 2 * step, even_re - odd_re, even_im - odd_im, turns, 2 * turn)
            _put(y, to + 3 * step, apart_re - over_im, apart_im + over_re, turns, 3 * turn)


@part
def _by_five(x: Floats, y: Floats, rest: int, together: int, turns: Floats) -> None:
    cosine, sine = spread(_COSINE), spread(_SINE)
    cosine_of_two, sine_of_two = spread(_COSINE_OF_TWO), spread(_SINE_OF_TWO)
    leg, step = ROW * together * rest, ROW * together
    for p in range(rest):
        turn = p * together
        for q in range(together):
            at, to = ROW * (q + together * p), ROW * (q + 5 * together * p)
            a_re, a_im = load(x, at), load(x, at + HALF_ROW)
            b_re, b_im = load(x, at + leg), load(x, at + leg + HALF_ROW)
            c_re, c_im = load(x, at + 2 * leg), load(x, at + 2 * leg + HALF_ROW)
            d_re, d_im = load(x, at + 3 * leg), load(x, at + 3 * leg + HALF_ROW)
            e_re, e_im = load(x, at + 4 * leg), load(x, at + 4 * leg + HALF_ROW)
            outer_re, outer_im, inner_re, inner_im = b_re + e_re, b_im + e_im, c_re + d_re, c_im + d_im
            apart_re, apart_im, close_re, close_im = b_re - e_re, b_im - e_im, c_re - d_re, c_im - d_im
            store(y, to, a_re + (outer_re + inner_re))
            store(y, to + HALF_ROW, a_im + (outer_im + inner_im))
            mean_re = a_re + outer_re * cosine + inner_re * cosine_of_two
            mean_im = a_im + outer_im * cosine + inner_im * cosine_of_two
            side_re, side_im = apart_re * sine + close_re * sine_of_two, apart_im * sine + close_im * sine_of_two
            _put(y, to + step, mean_re + side_im, mean_im - side_re, turns, turn)
            _put(y, to + 4 * step, mean_re - side_im, mean_im + side_re, turns, 4 * turn)
            mean_re = a_re + outer_re * cosine_of_two + inner_re * cosine
            mean_im = a_im + outer_im * cosine_of_two + inner_im * cosine
            side_re, side_im = apart_re * sine_of_two - close_re * sine, apart_im * sine_of_two - close_im * sine
            _put(y, to + 2 * step, mean_re + side_im, mean_im - side_re, turns, 2 * turn)
            _put(y, to + 3 * step, mean_re - side_im, mean_im + side_re, turns, 3 * turn)
