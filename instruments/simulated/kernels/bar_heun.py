"""Macrospins with an easy axis and a spin-orbit torque in the plane: the stochastic LLG equation in float64.

    dm/dt = -γ/(1+α²) [m×H + α m×(m×H)],
    H = B + Bk (m·e) e - Beff mz ẑ + b m×ŷ + Bth(t)

with Heun's method, so in the sense of Stratonovich. The damping-like torque -γ b m×(m×ŷ) stands in the equation as
Gilbert wrote it, which its field b m×ŷ in H gives exactly.
"""

from __future__ import annotations

import math

from numba import njit

__all__ = ["advance_bars"]


@njit(inline="always")
def _turning(x, y, z, bx, by, bz, k, ex, ey, d, b, a):  # type: ignore[no-untyped-def]
    """Give H + α m×H, in which dm = (H + α m×H)×m is the whole of precession, damping and torque."""
    along = k * (x * ex + y * ey)
    hx = bx + along * ex - b * z
    hy = by + along * ey
    hz = bz - d * z + b * x
    return (
        hx + a * (y * hz - z * hy),
        hy + a * (z * hx - x * hz),
        hz + a * (x * hy - y * hx),
    )


def advance_bars(m, noise, settings, count, steps):  # type: ignore[no-untyped-def]
    """Take macrospins m (count, 3) through steps, each with its noise (count, steps, 3) of unit variance.

    Settings: field along x, y, z, Bk, easy axis along x and y, Beff, b [T], α, angle per tesla and step [rad/T], and
    standard deviation of the thermal field [T].
    """
    fx, fy, fz, k, ex, ey = settings[0], settings[1], settings[2], settings[3], settings[4], settings[5]
    d, b, a, turn, sigma = settings[6], settings[7], settings[8], settings[9], settings[10]
    for i in range(count):
        x, y, z = m[3 * i], m[3 * i + 1], m[3 * i + 2]
        for s in range(steps):
            bx, by, bz = fx, fy, fz
            if sigma > 0:
                at = 3 * (i * steps + s)
                bx += sigma * noise[at]
                by += sigma * noise[at + 1]
                bz += sigma * noise[at + 2]
            ox, oy, oz = _turning(x, y, z, bx, by, bz, k, ex, ey, d, b, a)
            px, py, pz = oy * z - oz * y, oz * x - ox * z, ox * y - oy * x
            qx, qy, qz = x + turn * px, y + turn * py, z + turn * pz
            ox, oy, oz = _turning(qx, qy, qz, bx, by, bz, k, ex, ey, d, b, a)
            x += turn / 2 * (px + oy * qz - oz * qy)
            y += turn / 2 * (py + oz * qx - ox * qz)
            z += turn / 2 * (pz + ox * qy - oy * qx)
            norm = 1 / math.sqrt(x * x + y * y + z * z)
            x, y, z = x * norm, y * norm, z * norm
        m[3 * i], m[3 * i + 1], m[3 * i + 2] = x, y, z
