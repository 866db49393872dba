"""Pulses on a junction by cmtj, the peer that the macrospin is held against and timed beside.

cmtj (GPL-2.0-only, `pip install cmtj`) is no part of mtjlab. Its solver has to be named: with a temperature and
no name it takes Euler-Heun, whose thermal variance at 1 ps is three times too large.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated import Device, Pulse

__all__ = ["cmtj_states"]

_VACUUM_PERMEABILITY = 4e-7 * math.pi  # T·m/A, as cmtj has it


def cmtj_states(
    device: Device, pulse: Pulse, start: NDArray[np.floating], *, seed: int, dt: float, settle: float
) -> NDArray[np.uint8]:
    """Apply one pulse to each of many junctions, under `Effects.ideal()`.

    Parameters
    ----------
    device
        The junction; cmtj has its own constants, which differ in the third digit at most.
    pulse
        With a rise as long as its fall.
    start
        Magnetisations before the pulse, shape (count, 3).
    seed
        Of the thermal field.
    dt
        Time step [s].
    settle
        Time between the end of the pulse and the look at the state [s].

    Returns
    -------
    ndarray of uint8, shape (count,)
        State of each junction after the pulse, 0 (P) or 1 (AP).
    """
    import cmtj

    upwards, shapeless = cmtj.CVector(0, 0, 1), [cmtj.CVector(0, 0, 0)] * 3
    layer = cmtj.Layer(
        "free", upwards, upwards, device.saturation_magnetisation * _VACUUM_PERMEABILITY, device.thickness,
        device.area, shapeless, device.damping,
    )  # fmt: skip
    layer.setSeed(seed)
    lowered = device.vcma_coefficient * pulse.amplitude / (device.barrier_thickness * device.thickness)
    flat = pulse.width - pulse.rise
    layer.setAnisotropyDriver(
        cmtj.ScalarDriver.getTrapezoidDriver(device.anisotropy_energy, -lowered, 0.0, pulse.rise, flat)
    )
    junction = cmtj.Junction([layer])
    fields = device.in_plane_field / _VACUUM_PERMEABILITY, 0.0, device.stray_field / _VACUUM_PERMEABILITY
    junction.setLayerExternalFieldDriver("all", cmtj.AxialDriver(*fields))
    junction.setLayerTemperatureDriver("all", cmtj.ScalarDriver.getConstantDriver(device.temperature))
    duration = pulse.duration + settle
    ends = np.empty(len(start), np.uint8)
    for i, m in enumerate(start.tolist()):
        junction.setLayerMagnetisation("all", cmtj.CVector(*m))
        junction.clearLog()
        junction.runSimulation(duration, dt, duration, solverMode=cmtj.SolverMode.Heun)
        ends[i] = junction.getLayerMagnetisation("free").z < 0
    return ends
