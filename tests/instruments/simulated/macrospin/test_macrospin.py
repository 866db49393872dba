"""The macrospin obeys the Landau-Lifshitz-Gilbert equation; what cannot be simulated is refused."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_parameters import SpinTorque
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.switching_probability import switching_probability


@pytest.fixture(scope="module")
def reference() -> Macrospin:
    return Macrospin(Device())


def test_without_temperature_the_motion_is_the_equations() -> None:
    damping, ratio, torque = 0.02, 1.76e11, 2.6e-3
    device = Device(stray_field=0.5e-3, damping=damping, torque=SpinTorque(towards="P", efficiency=0.578))
    macrospin = Macrospin(device, effects=Effects(["stt"]))
    anisotropy = device.anisotropy_field(1.25)
    drive = float(macrospin.layer.torque_per_volt(300.0)) * 1.25
    assert drive == pytest.approx(torque * 1.25 / 1.5, rel=5e-3)  # 2.6 mT at 1.5 V and 100 Ω·µm²

    def slope(_, m):
        b = np.array([device.in_plane_field, 0.0, 0.5e-3 + anisotropy * m[2]])
        gilbert = -ratio * (np.cross(m, b) + drive * np.cross(m, np.cross(m, [0.0, 0.0, 1.0])))
        return (gilbert + damping * np.cross(m, gilbert)) / (1 + damping**2)  # solved for dm/dt

    start = np.array([0.15, 0.05, np.sqrt(1 - 0.025)])
    exact = solve_ivp(slope, (0, 3e-9), start, method="DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    found = macrospin.wait(start.astype(np.float32)[None], 3e-9, voltage=1.25, dt=2e-12)[0]
    # Heun errs by (γB dt)²/6 of the angle turned, which is some 20 rad in 3 ns: 5e-4; float32 adds less.
    np.testing.assert_allclose(found, exact, atol=1e-3)


def test_shots_start_where_the_dynamics_come_to_rest(reference: Macrospin) -> None:
    count = 12_800
    drawn = reference.draw(np.ones(count, np.uint8), seed=1).astype(float)
    grown = reference.equilibrium(count, state=State.AP, seed=2).astype(float)
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-6)
    for power in (1, 2):
        error = np.hypot((drawn**power).std(axis=0), (grown**power).std(axis=0)) / np.sqrt(count)
        assert (np.abs((drawn**power).mean(axis=0) - (grown**power).mean(axis=0)) < 4 * error).all()
    assert drawn[:, 0].mean() == pytest.approx(0.0255 / 0.1726, rel=0.05)  # tilted by Bx/Bk


def test_edges_of_one_nanosecond_and_1_25_volts_make_a_fair_coin(reference: Macrospin) -> None:
    pulse = Pulse(1.25, 10e-9, 1e-9, 1e-9)
    for state in State:
        estimate = switching_probability(reference.device, pulse, 6_400, state=state, seed=7)
        # .497 from P and .500 from AP by an independent simulation, each to ±.005
        assert estimate.probability == pytest.approx(0.4985, abs=4 * estimate.standard_error + 0.005)
        assert estimate.low < estimate.probability < estimate.high


def test_branching_by_width_gives_the_probabilities_of_single_pulses(reference: Macrospin) -> None:
    shots = 5_120
    before = np.arange(shots, dtype=np.uint8) % 2
    widths = np.array([0.45e-9, 0.9e-9, 1.7e-9])
    pulse = Pulse(1.5, 1e-9, 50e-12, 50e-12)
    branched = (reference.switch_by_width(pulse, widths, before, seed=1) != before).mean(axis=1)
    for width, found in zip(widths, branched, strict=True):
        single = (reference.switch(Pulse(1.5, width, 50e-12, 50e-12), before, seed=2) != before).mean()
        error = np.sqrt((found * (1 - found) + single * (1 - single)) / shots)
        assert found == pytest.approx(single, abs=4 * error)


def test_what_cannot_be_simulated_is_refused(reference: Macrospin) -> None:
    pulse = Pulse(1.5, 1e-9, 50e-12, 50e-12)
    with pytest.raises(ValueError, match="state 2 is not a junction's"):
        reference.switch(pulse, [0, 2])
    with pytest.raises(ValueError, match="shorter than two time steps"):
        reference.switch(Pulse(1.5, 3e-12, 0.0, 0.0), [0])
    with pytest.raises(ValueError, match="too long for fields of"):
        reference.switch(pulse, [0], dt=2e-11)
    with pytest.raises(ValueError, match="settle time -1e-09 s"):
        reference.switch(pulse, [0], settle=-1e-9)
    with pytest.raises(ValueError, match="do not increase"):
        reference.switch_by_width(pulse, [2e-9, 1e-9], [0])
    with pytest.raises(ValueError, match="0 shots"):
        switching_probability(reference.device, pulse, 0)
