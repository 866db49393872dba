"""The macrospin written plainly: float64, one junction after the other, numpy's normals; the lanes are held against it.

It shares no arithmetic with the lanes: start, noise and step are its own. It is some thirty times slower.
"""

from __future__ import annotations

import math

import numpy as np

from mtjlab.core.jit_cache import jit
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse

__all__ = ["plain_switching_count"]


def plain_switching_count(
    device: Device,
    pulse: Pulse,
    shots: int,
    *,
    seed: int,
    dt: float = 2e-12,
    settle: float = 5e-9,
    rest: float | None = None,
) -> int:
    """Count how many of a number of pulses switch a junction that is in P, under `Effects.ideal()`.

    Parameters
    ----------
    device
        The junction.
    pulse
        The pulse.
    shots
        How many.
    seed
        Seed of the thermal noise.
    dt
        Time step [s].
    settle
        Time between the end of the pulse and the look at the state [s].
    rest
        Time before the pulse, in which a shot that starts at the pole comes to equilibrium [s]; four relaxation times
        1/(αγBk) unless given, after which all but exp(-8) of the variance of its angle is there.

    Returns
    -------
    int
        How many switched.
    """
    ratio = 1.76e11
    if rest is None:
        rest = 4 / (device.damping * ratio * device.anisotropy_field(0.0))
    before = math.ceil(rest / dt)
    after = math.ceil((pulse.duration + settle) / dt)
    voltage = np.concatenate((np.zeros(before), pulse.voltage(np.arange(after + 1) * dt)))
    anisotropy = np.array([device.anisotropy_field(float(volts)) for volts in voltage])
    thermal = math.sqrt(
        2 * device.damping * 1.380649e-23 * device.temperature
        / (ratio * device.saturation_magnetisation * device.volume * dt)
    )  # fmt: skip
    fields = device.in_plane_field, device.stray_field
    return int(_count(shots, seed, anisotropy, *fields, thermal, device.damping, ratio * dt))


@jit(nogil=True)
def _slope(x, y, z, bx, by, bz, alpha, turn):  # type: ignore[no-untyped-def]
    cx, cy, cz = y * bz - z * by, z * bx - x * bz, x * by - y * bx
    scale = -turn / (1 + alpha * alpha)
    return (
        scale * (cx + alpha * (y * cz - z * cy)),
        scale * (cy + alpha * (z * cx - x * cz)),
        scale * (cz + alpha * (x * cy - y * cx)),
    )


@jit(nogil=True)
def _count(shots, seed, bk, field_x, field_z, sigma, alpha, turn):  # type: ignore[no-untyped-def]
    np.random.seed(seed)  # noqa: NPY002  numba's own generator, Mersenne's
    switched = 0
    for _ in range(shots):
        x, y, z = 0.0, 0.0, 1.0
        for t in range(bk.size - 1):
            bx = field_x + sigma * np.random.normal()  # noqa: NPY002
            by = sigma * np.random.normal()  # noqa: NPY002
            bz = field_z + sigma * np.random.normal()  # noqa: NPY002
            dx, dy, dz = _slope(x, y, z, bx, by, bz + bk[t] * z, alpha, turn)
            px, py, pz = x + dx, y + dy, z + dz
            ex, ey, ez = _slope(px, py, pz, bx, by, bz + bk[t + 1] * pz, alpha, turn)
            x, y, z = x + (dx + ex) / 2, y + (dy + ey) / 2, z + (dz + ez) / 2
            length = math.sqrt(x * x + y * y + z * z)
            x, y, z = x / length, y / length, z / length
        switched += z < 0
    return switched
