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
from numpy.typing import NDArray

__all__ = ["LANES", "NOISE_MEAN", "NOISE_SCALE", "integrate"]

LANES = 128
"""Macrospins that advance together; every group is full, so a lane's arithmetic never depends on the batch."""
NOISE_MEAN = 65535.0
"""Mean of a noise value, the sum of two uniform 16-bit numbers."""
NOISE_SCALE = float(np.sqrt(6.0 / (65536.0**2 - 1.0)))
"""What such a sum is to be multiplied by for a variance of one."""

_SIXTEENTH = np.float32(1 / 16)
_THREE_QUARTERS = np.float32(3 / 4)
_LOW = np.uint32(0xFFFF)
_SHIFT = np.uint32(16)
# Where the quantities of a group begin in its array.
_Y, _Z, _NX, _NY, _NZ, _GAIN, _DELAY, _SIZE = (row * LANES for row in range(1, 9))


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


@njit(nogil=True)
def _fill_noise(words, group):  # type: ignore[no-untyped-def]
    """Advance two xorshift generators a lane (Marsaglia 2003) and fill three noise values."""
    for i in range(LANES):
        x = words[i]
        x = uint32(x ^ uint32(x << uint32(13)))
        x = uint32(x ^ uint32(x >> uint32(17)))
        x = uint32(x ^ uint32(x << uint32(5)))
        y = words[i + LANES]
        y = uint32(y ^ uint32(y << uint32(7)))
        y = uint32(y ^ uint32(y >> uint32(25)))
        y = uint32(y ^ uint32(y << uint32(12)))
        words[i] = x
        words[i + LANES] = y
        # Odd multiples of sums and differences decorrelate the three words taken from two states.
        group[i + _NX] = _triangle(uint32(x + y))
        group[i + _NY] = _triangle(uint32(uint32(x ^ uint32(y >> uint32(11))) * uint32(0x9E3779B1)))
        group[i + _NZ] = _triangle(uint32(uint32(y + uint32(x >> uint32(7))) * uint32(0x85EBCA77)))


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
    # The mean of both slopes leads to (m + p + ω×p)/2. Its double is reckoned, whose length is 2 to a part in a
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


@njit(nogil=True)
def _heun(group, course, t, a):  # type: ignore[no-untyped-def]
    """Take step t; each macrospin has its own voltage. Numbers 0 and 1 are the ends of the step."""
    v0, w0, z0, s0, j0 = course[t, 0], course[t, 1], course[t, 2], course[t, 3], course[t, 4]
    v1, w1, z1, s1, j1 = course[t + 1, 0], course[t + 1, 1], course[t + 1, 2], course[t + 1, 3], course[t + 1, 4]
    sigma, fx, fy, fz = course[t, 5], course[t, 6], course[t, 7], course[t, 8]
    for i in range(LANES):
        gain, delay = group[i + _GAIN], group[i + _DELAY]
        u0, u1 = gain * _fma(delay, w0, v0), gain * _fma(delay, w1, v1)
        bx, by = _fma(sigma, group[i + _NX], fx), _fma(sigma, group[i + _NY], fy)
        bz = _fma(sigma, group[i + _NZ], fz)
        k0, t0, k1, t1 = _fma(s0, u0, z0), j0 * u0, _fma(s1, u1, z1), j1 * u1
        x, y, z = _step(group[i], group[i + _Y], group[i + _Z], bx, by, bz, k0, t0, k1, t1, a)
        group[i] = x
        group[i + _Y] = y
        group[i + _Z] = z


@njit(nogil=True)
def _heun_in_common(group, course, t, a):  # type: ignore[no-untyped-def]
    """Take step t; all macrospins have the same voltage and no torque: a fifth less to do."""
    k0 = _fma(course[t, 3], course[t, 0], course[t, 2])
    k1 = _fma(course[t + 1, 3], course[t + 1, 0], course[t + 1, 2])
    sigma, fx, fy, fz = course[t, 5], course[t, 6], course[t, 7], course[t, 8]
    for i in range(LANES):
        bx, by = _fma(sigma, group[i + _NX], fx), _fma(sigma, group[i + _NY], fy)
        bz = _fma(sigma, group[i + _NZ], fz)
        x, y, z = _step_without_torque(group[i], group[i + _Y], group[i + _Z], bx, by, bz, k0, k1, a)
        group[i] = x
        group[i + _Y] = y
        group[i + _Z] = z


@njit(cache=True, nogil=True)
def _advance(groups, words, course, a):  # type: ignore[no-untyped-def]
    for number in range(groups.shape[0]):
        _march(groups[number], words[number], course, a)


@njit(cache=True, nogil=True)
def _advance_in_common(groups, words, course, a):  # type: ignore[no-untyped-def]
    for number in range(groups.shape[0]):
        _march_in_common(groups[number], words[number], course, a)


@njit(nogil=True)
def _march(group, words, course, a):  # type: ignore[no-untyped-def]
    for t in range(course.shape[0] - 1):
        _fill_noise(words, group)
        _heun(group, course, t, a)


@njit(nogil=True)
def _march_in_common(group, words, course, a):  # type: ignore[no-untyped-def]
    for t in range(course.shape[0] - 1):
        _fill_noise(words, group)
        _heun_in_common(group, course, t, a)


def integrate(
    m: NDArray[np.float32],
    words: NDArray[np.uint64],
    course: NDArray[np.float32],
    *,
    damping: float,
    gain: NDArray[np.float32] | None = None,
    delay: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Integrate independent macrospins over a common course of fields and voltage.

    Parameters
    ----------
    m
        Unit vectors at the start, shape (count, 3).
    words
        One random 64-bit word a macrospin, shape (count,); it alone decides that macrospin's thermal field.
    course
        Shape (steps + 1, 9), the ends of the steps: voltage V [V], its derivative W by the pulse's width [V/s],
        anisotropy field at zero voltage [rad] and per volt [rad/V], torque per volt [rad/V], then what is constant in
        a step: factor of the noise [rad], and constant field along x, y and z, less the noise's mean [rad]. Fields
        are stated as the angle that they turn the magnetisation in a step, γ dt/(1+α²) times what they are.
    damping
        Gilbert damping.
    gain, delay
        Of each macrospin, shape (count,): its voltage is gain·(V + delay·W); 1 and 0 s unless given.

    Returns
    -------
    ndarray of float32, shape (count, 3)
        Unit vectors at the end.
    """
    count = len(m)
    number = -(-count // LANES)
    groups = np.zeros((number, _SIZE // LANES, LANES), np.float32)
    _put(groups[:, : _NX // LANES], m, [0.0, 0.0, 1.0])
    _put(groups[:, _GAIN // LANES :][:, :1], None if gain is None else gain[:, None], [1.0])
    _put(groups[:, _DELAY // LANES :][:, :1], None if delay is None else delay[:, None], [0.0])
    seeds = np.empty((number, 2, LANES), np.uint32)
    # A xorshift state of zero would stay there; a word has one such half once in four thousand million. A word's
    # low half is taken first, whatever the order of the processor's bytes.
    halves = np.stack((words & np.uint64(0xFFFFFFFF), words >> np.uint64(32)), axis=1).astype(np.uint32)
    _put(seeds, np.maximum(halves, 1), [1, 1])
    shared = gain is None and delay is None and not course[:, 4].any()
    advance = _advance_in_common if shared else _advance
    advance(groups.reshape(number, -1), seeds.reshape(number, -1), course, np.float32(damping))
    moved = np.empty((number, LANES, 3), np.float32)
    for axis in range(3):
        moved[:, :, axis] = groups[:, axis]
    return moved.reshape(-1, 3)[:count]


def _put(groups: NDArray[Any], rows: NDArray[Any] | None, default: list[float]) -> None:
    """Put a row a macrospin into rows a quantity, with default values in lanes that are not used."""
    number, columns, lanes = groups.shape
    count = 0 if rows is None else len(rows)
    whole = count // lanes
    groups[whole:] = np.array(default)[:, None]
    if rows is not None:
        for column in range(columns):
            groups[:whole, column] = rows[: whole * lanes, column].reshape(whole, lanes)
            if whole < number:
                groups[whole, column, : count - whole * lanes] = rows[whole * lanes :, column]
