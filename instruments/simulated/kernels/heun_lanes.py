"""Many macrospins at once: the stochastic Landau-Lifshitz-Gilbert equation in lanes of 128.

The equation, in fields of tesla, is (Brown 1963; Gilbert damping α; torque a towards ẑ, Slonczewski 1996)

    dm/dt = -γ/(1+α²) [m×B + α m×(m×B)] = γ/(1+α²) (B + α m×B)×m,
    B = (Bx, 0, Bz) + Bk(t) mz ẑ + a(t) m×ẑ + Bth(t)

with the thermal field white and read in the sense of Stratonovich, which is what Heun's method integrates
(García-Palacios & Lázaro, Phys. Rev. B 58, 14937 (1998)).

A group of 128 macrospins lies in one flat array, quantity after quantity: LLVM then sees that they do not overlap
and turns both loops into vector instructions, as long as they stay free of square roots, branches and 64-bit
integers. Products are added by fused multiply-add, called by name: it is rounded once on every processor, so the
bits are the same where it is an instruction and where it is a function.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types, uint32
from numba.extending import intrinsic

from mtjlab.instruments.simulated.kernels import lane_layout as layout
from mtjlab.instruments.simulated.kernels.lane_layout import COLUMNS, LANES

__all__ = ["advance", "advance_in_common"]

_SIXTEENTH = np.float32(1 / 16)
_THREE_QUARTERS = np.float32(3 / 4)
_LOW = np.uint32(0xFFFF)
_SHIFT = np.uint32(16)
# Where the quantities of a group begin in its array.
_Y, _Z = (row * LANES for row in (layout.VECTOR + 1, layout.VECTOR + 2))
_NX, _NY, _NZ = (row * LANES for row in range(layout.NOISE, layout.NOISE + 3))
_GAIN, _DELAY = layout.GAIN * LANES, layout.DELAY * LANES
_SIZE = layout.QUANTITIES * LANES


def _fused(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Give a·b + c, rounded once."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float32(types.float32, types.float32, types.float32), generate


_fma: Any = intrinsic(_fused)


@njit(inline="always")
def _triangle(word):  # type: ignore[no-untyped-def]
    # The sum of two 16-bit uniforms: excess kurtosis -0.6. An integrator of weak order one asks for the first two
    # moments and a vanishing third only (Kloeden & Platen 1992, ch. 14), and a magnetisation hears hundreds of them.
    return np.float32(np.int32(uint32(uint32(word & _LOW) + uint32(word >> _SHIFT))))


@njit
def _fill_noise(words, s, groups, g):  # type: ignore[no-untyped-def]
    """Advance two xorshift generators a lane (Marsaglia 2003) and fill three noise values."""
    for i in range(LANES):
        x = words[s + i]
        x = uint32(x ^ uint32(x << uint32(13)))
        x = uint32(x ^ uint32(x >> uint32(17)))
        x = uint32(x ^ uint32(x << uint32(5)))
        y = words[s + i + LANES]
        y = uint32(y ^ uint32(y << uint32(7)))
        y = uint32(y ^ uint32(y >> uint32(25)))
        y = uint32(y ^ uint32(y << uint32(12)))
        words[s + i] = x
        words[s + i + LANES] = y
        # Odd multiples of sums and differences decorrelate the three words taken from two states.
        groups[g + i + _NX] = _triangle(uint32(x + y))
        groups[g + i + _NY] = _triangle(uint32(uint32(x ^ uint32(y >> uint32(11))) * uint32(0x9E3779B1)))
        groups[g + i + _NZ] = _triangle(uint32(uint32(y + uint32(x >> uint32(7))) * uint32(0x85EBCA77)))


@njit(inline="always")
def _turning(x, y, z, bx, by, bz, a):  # type: ignore[no-untyped-def]
    """Give ω = B + α m×B, in which dm = ω×m is the whole of precession and damping."""
    return (
        _fma(a, _fma(y, bz, -(z * by)), bx),
        _fma(a, _fma(z, bx, -(x * bz)), by),
        _fma(a, _fma(x, by, -(y * bx)), bz),
    )


@njit(inline="always")
def _moved(qx, qy, qz, ox, oy, oz, x, y, z):  # type: ignore[no-untyped-def]
    """Give q + ω×m."""
    return _fma(oy, z, _fma(-oz, y, qx)), _fma(oz, x, _fma(-ox, z, qy)), _fma(ox, y, _fma(-oy, x, qz))


@njit(inline="always")
def _step(x, y, z, bx, by, bz, k0, t0, k1, t1, a):  # type: ignore[no-untyped-def]
    """Take a Heun step in constant fields, with anisotropy k and torque t at its two ends."""
    ox, oy, oz = _turning(x, y, z, _fma(t0, y, bx), _fma(-t0, x, by), _fma(k0, z, bz), a)
    px, py, pz = _moved(x, y, z, ox, oy, oz, x, y, z)
    ox, oy, oz = _turning(px, py, pz, _fma(t1, py, bx), _fma(-t1, px, by), _fma(k1, pz, bz), a)
    # The mean of both slopes leads to (m + p + ω×p)/2. Its double is calculated, whose length is 2 to a part in a
    # thousand; one Newton iterate of 1/√(s·s/4), halved, makes it a unit vector.
    x, y, z = _moved(x + px, y + py, z + pz, ox, oy, oz, px, py, pz)
    w = _fma(-_SIXTEENTH, _fma(x, x, _fma(y, y, z * z)), _THREE_QUARTERS)
    return x * w, y * w, z * w


@njit(inline="always")
def _step_without_torque(x, y, z, bx, by, bz, k0, k1, a):  # type: ignore[no-untyped-def]
    """Take the same step, to the bit, where t is zero."""
    ox, oy, oz = _turning(x, y, z, bx, by, _fma(k0, z, bz), a)
    px, py, pz = _moved(x, y, z, ox, oy, oz, x, y, z)
    ox, oy, oz = _turning(px, py, pz, bx, by, _fma(k1, pz, bz), a)
    x, y, z = _moved(x + px, y + py, z + pz, ox, oy, oz, px, py, pz)
    w = _fma(-_SIXTEENTH, _fma(x, x, _fma(y, y, z * z)), _THREE_QUARTERS)
    return x * w, y * w, z * w


@njit
def _heun(groups, g, waveform, t, e, a):  # type: ignore[no-untyped-def]
    """Take the step from row t of the waveform to row e; each macrospin has its own voltage."""
    # Numbers 0 and 1 are the ends of the step.
    v0, w0, z0, s0, j0 = waveform[t], waveform[t + 1], waveform[t + 2], waveform[t + 3], waveform[t + 4]
    v1, w1, z1, s1, j1 = waveform[e], waveform[e + 1], waveform[e + 2], waveform[e + 3], waveform[e + 4]
    sigma, fx, fy, fz = waveform[t + 5], waveform[t + 6], waveform[t + 7], waveform[t + 8]
    for i in range(LANES):
        gain, delay = groups[g + i + _GAIN], groups[g + i + _DELAY]
        u0, u1 = gain * _fma(delay, w0, v0), gain * _fma(delay, w1, v1)
        bx, by = _fma(sigma, groups[g + i + _NX], fx), _fma(sigma, groups[g + i + _NY], fy)
        bz = _fma(sigma, groups[g + i + _NZ], fz)
        k0, t0, k1, t1 = _fma(s0, u0, z0), j0 * u0, _fma(s1, u1, z1), j1 * u1
        x, y, z = _step(groups[g + i], groups[g + i + _Y], groups[g + i + _Z], bx, by, bz, k0, t0, k1, t1, a)
        groups[g + i] = x
        groups[g + i + _Y] = y
        groups[g + i + _Z] = z


@njit
def _heun_in_common(groups, g, waveform, t, e, a):  # type: ignore[no-untyped-def]
    """Take the step from row t of the waveform to row e; all have the same voltage and no torque."""
    # A fifth less to do than above.
    k0 = _fma(waveform[t + 3], waveform[t], waveform[t + 2])
    k1 = _fma(waveform[e + 3], waveform[e], waveform[e + 2])
    sigma, fx, fy, fz = waveform[t + 5], waveform[t + 6], waveform[t + 7], waveform[t + 8]
    for i in range(LANES):
        bx, by = _fma(sigma, groups[g + i + _NX], fx), _fma(sigma, groups[g + i + _NY], fy)
        bz = _fma(sigma, groups[g + i + _NZ], fz)
        x, y, z = _step_without_torque(groups[g + i], groups[g + i + _Y], groups[g + i + _Z], bx, by, bz, k0, k1, a)
        groups[g + i] = x
        groups[g + i + _Y] = y
        groups[g + i + _Z] = z


def advance(groups, words, waveform, number, steps, a):  # type: ignore[no-untyped-def]
    """Take all groups through the waveform, each macrospin at its own voltage.

    Arrays: groups (number, QUANTITIES, LANES), words (number, 2, LANES), waveform (steps + 1, COLUMNS).
    """
    for group in range(number):
        g, s = group * _SIZE, group * 2 * LANES
        for t in range(0, steps * COLUMNS, COLUMNS):
            _fill_noise(words, s, groups, g)
            _heun(groups, g, waveform, t, t + COLUMNS, a)


def advance_in_common(groups, words, waveform, number, steps, a):  # type: ignore[no-untyped-def]
    """Take all groups through the waveform, all macrospins at the same voltage and without torque."""
    for group in range(number):
        g, s = group * _SIZE, group * 2 * LANES
        for t in range(0, steps * COLUMNS, COLUMNS):
            _fill_noise(words, s, groups, g)
            _heun_in_common(groups, g, waveform, t, t + COLUMNS, a)
