"""The bar's magnet beside cmtj, another group's simulation, under the same torque."""

import math

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarMacrospin, BarParameters

cmtj = pytest.importorskip("cmtj", reason="cmtj is not installed (pip install cmtj): the bar has no peer to agree with")
VACUUM_PERMEABILITY = 4e-7 * math.pi
THEIR_TIME = 1.76e11 * VACUUM_PERMEABILITY / 220_880  # cmtj's gyromagnetic ratio is a thousandth smaller


def cmtj_path(bar, start, current, times):
    """Follow one macrospin without heat, with the fields of cmtj's spin-orbit torque."""
    ms = bar.saturation_magnetisation * VACUUM_PERMEABILITY
    easy = cmtj.CVector(math.cos(bar.easy_angle), math.sin(bar.easy_angle), 0.0)
    nothing = cmtj.CVector(0.0, 0.0, 0.0)
    demagnetisation = [nothing, nothing, cmtj.CVector(0.0, 0.0, bar.demagnetising_field / ms)]
    layer = cmtj.Layer.createSOTLayer(
        "free", cmtj.CVector(*start), easy, ms, bar.thickness, bar.area, demagnetisation, bar.damping,
        bar.field_per_current * current / VACUUM_PERMEABILITY, bar.push_per_current * current / VACUUM_PERMEABILITY,
    )  # fmt: skip
    layer.setReferenceLayer(cmtj.CVector(0.0, 1.0, 0.0))
    energy = bar.saturation_magnetisation * bar.anisotropy_field / 2
    layer.setAnisotropyDriver(cmtj.ScalarDriver.getConstantDriver(energy))
    junction = cmtj.Junction([layer])
    junction.setLayerCurrentDriver("all", cmtj.ScalarDriver.getConstantDriver(1.0))
    path = []
    for duration in np.diff(times, prepend=0.0) * THEIR_TIME:
        junction.clearLog()
        junction.runSimulation(duration, 0.2e-12, duration, solverMode=cmtj.SolverMode.RK4)
        m = junction.getLayerMagnetisation("free")
        path.append([m.x, m.y, m.z])
    return np.array(path)


@pytest.mark.parametrize("share", [0.8, 1.5, -1.5])
def test_the_path_under_a_current_is_cmtjs(share):
    """Below the onset, through a reversal, and with the current that holds the state; without heat."""
    bar = BarParameters(easy_axis_tilt=0.1)
    current = share * bar.onset_current
    start = np.array([math.cos(-1.2), math.sin(-1.2), 0.0])
    times = np.arange(1, 9) * 0.5e-9
    theirs = cmtj_path(bar, start, current, times)
    macrospin, m, ours = BarMacrospin(bar), start[None], []
    for duration in np.diff(times, prepend=0.0):
        m = macrospin.advance(m, duration, current=current, temperature=0.0, dt=0.2e-12)
        ours.append(m[0])
    assert np.abs(np.array(ours) - theirs).max() < 0.003
