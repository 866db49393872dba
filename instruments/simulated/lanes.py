"""Many macrospins at once: the stochastic Landau-Lifshitz-Gilbert equation in lanes of 128.

The equation, in fields of tesla, is (Brown 1963; Gilbert damping α)

    dm/dt = -γ/(1+α²) [m×B + α m×(m×B)],   B = (Bx, 0, Bz) + Bk(t) mz ẑ + Bth(t)

with the thermal field white and read in the sense of Stratonovich, which is what Heun's method integrates
(García-Palacios & Lázaro, Phys. Rev. B 58, 14937 (1998)).

Two functions share the work because LLVM turns each into vector instructions only while it stays free of square
roots, branches and 64-bit integers: one fills three noise values a lane, the other takes the Heun step.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

__all__ = ["LANES", "integrate"]

LANES = 128
"""Macrospins that advance together; every group is full, so a lane's arithmetic never depends on the batch."""

_HALF = np.float32(0.5)
_THREE = np.float32(3.0)
_FOUR_HALVES_MEAN = np.float32(131070.0)
_FOUR_HALVES_SCALE = np.float32(np.sqrt(3.0 / (65536.0**2 - 1.0)))
_LOW = np.uint32(0xFFFF)
_SHIFT = np.uint32(16)


@njit(inline="always")
def _bell(a, b):  # type: ignore[no-untyped-def]
    # The sum of four 16-bit uniforms: mean 131070, variance (2³² - 1)/3, excess kurtosis -0.3. An integrator of
    # weak order one asks for the first two moments and a vanishing third only (Kloeden & Platen 1992, ch. 14).
    total = uint32(uint32(uint32(a & _LOW) + uint32(a >> _SHIFT)) + uint32(uint32(b & _LOW) + uint32(b >> _SHIFT)))
    # Eighteen bits are exact in float32; subtracting before the conversion would widen to 64-bit integers.
    return (np.float32(np.int32(total)) - _FOUR_HALVES_MEAN) * _FOUR_HALVES_SCALE


@njit(cache=True, nogil=True)
def _fill_noise(s, t, nx, ny, nz):  # type: ignore[no-untyped-def]
    """Advance two xorshift generators a lane (Marsaglia 2003) and fill three noise values of unit variance."""
    for i in range(LANES):
        x = s[i]
        x = uint32(x ^ uint32(x << uint32(13)))
        x = uint32(x ^ uint32(x >> uint32(17)))
        x = uint32(x ^ uint32(x << uint32(5)))
        y = t[i]
        y = uint32(y ^ uint32(y << uint32(7)))
        y = uint32(y ^ uint32(y >> uint32(25)))
        y = uint32(y ^ uint32(y << uint32(12)))
        s[i] = x
        t[i] = y
        # Odd multiples of the sums and differences decorrelate the six words taken from two states.
        a = uint32(x + y)
        b = uint32(x ^ uint32(y >> uint32(11)))
        c = uint32(a * uint32(0x9E3779B1))
        d = uint32(b * uint32(0x85EBCA77))
        e = uint32(uint32(x + uint32(y << uint32(9))) * uint32(0xC2B2AE3D))
        f = uint32(uint32(y ^ uint32(x >> uint32(7))) * uint32(0x27D4EB2F))
        nx[i] = _bell(a, c)
        ny[i] = _bell(b, e)
        nz[i] = _bell(d, f)


@njit(inline="always")
def _slope(mx, my, mz, bx, by, bz, a):  # type: ignore[no-untyped-def]
    cx = my * bz - mz * by
    cy = mz * bx - mx * bz
    cz = mx * by - my * bx
    return (
        cx + a * (my * cz - mz * cy),
        cy + a * (mz * cx - mx * cz),
        cz + a * (mx * cy - my * cx),
    )


@njit(cache=True, nogil=True)
def _heun(mx, my, mz, nx, ny, nz, k0, k1, fx, fz, sigma, a, h):  # type: ignore[no-untyped-def]
    """Take one Heun step; k0 and k1 are Bk at its two ends, h is -γ dt/(1+α²)."""
    for i in range(LANES):
        x, y, z = mx[i], my[i], mz[i]
        bx = fx + sigma * nx[i]
        by = sigma * ny[i]
        bz = fz + sigma * nz[i]
        dx, dy, dz = _slope(x, y, z, bx, by, bz + k0 * z, a)
        px, py, pz = x + h * dx, y + h * dy, z + h * dz
        ex, ey, ez = _slope(px, py, pz, bx, by, bz + k1 * pz, a)
        x = x + _HALF * h * (dx + ex)
        y = y + _HALF * h * (dy + ey)
        z = z + _HALF * h * (dz + ez)
        # |m| drifts by a part in a thousand a step at most: one Newton iterate of 1/√(m·m) restores it.
        w = _HALF * (_THREE - (x * x + y * y + z * z))
        mx[i] = x * w
        my[i] = y * w
        mz[i] = z * w


@njit(cache=True, nogil=True)
def _advance(m, words, anisotropy, fx, fz, sigma, a, h):  # type: ignore[no-untyped-def]
    noise = np.empty((3, LANES), np.float32)
    for group in range(m.shape[0]):
        mx, my, mz = m[group, 0], m[group, 1], m[group, 2]
        s, t = words[group, 0], words[group, 1]
        for step in range(anisotropy.size - 1):
            _fill_noise(s, t, noise[0], noise[1], noise[2])
            _heun(
                mx,
                my,
                mz,
                noise[0],
                noise[1],
                noise[2],
                anisotropy[step],
                anisotropy[step + 1],
                fx,
                fz,
                sigma,
                a,
                h,
            )


def integrate(
    m: NDArray[np.float32],
    words: NDArray[np.uint64],
    anisotropy: NDArray[np.float64],
    *,
    field: tuple[float, float],
    thermal: float,
    damping: float,
    turn: float,
) -> NDArray[np.float32]:
    """Integrate independent macrospins over a common course of the anisotropy field.

    Parameters
    ----------
    m
        Unit vectors at the start, shape (count, 3).
    words
        One random 64-bit word a macrospin, shape (count,); it alone decides that macrospin's thermal field.
    anisotropy
        Anisotropy field Bk at the ends of the steps [T], shape (steps + 1,).
    field
        Applied field along x and z [T].
    thermal
        Standard deviation of one component of the thermal field in one step [T].
    damping
        Gilbert damping.
    turn
        γ dt/(1+α²), the angle turned in one step in a field of one tesla [rad/T].

    Returns
    -------
    ndarray of float32, shape (count, 3)
        Unit vectors at the end.
    """
    count = len(m)
    groups = -(-count // LANES)
    lanes = np.zeros((groups * LANES, 3), np.float32)
    lanes[:, 2] = 1.0
    lanes[:count] = m
    seeds = np.ones((groups * LANES, 2), np.uint32)
    # A xorshift state of zero would stay there; a word has one such half once in four thousand million.
    seeds[:count] = np.maximum(words.view(np.uint32).reshape(count, 2), 1)
    grouped = np.ascontiguousarray(lanes.reshape(groups, LANES, 3).transpose(0, 2, 1))
    states = np.ascontiguousarray(seeds.reshape(groups, LANES, 2).transpose(0, 2, 1))
    f = np.float32
    _advance(grouped, states, anisotropy.astype(f), f(field[0]), f(field[1]), f(thermal), f(damping), f(-turn))
    return np.ascontiguousarray(grouped.transpose(0, 2, 1).reshape(-1, 3)[:count])
