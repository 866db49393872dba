"""A tunnel junction that a current through the bar below it writes, and a third terminal reads."""

import numpy as np
import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.simulated import Effects, Pulse, ThreeTerminalJunction, load_bar
from mtjlab.instruments.simulated.three_terminal import read_device
from mtjlab.procedures import RandomBitstream, run
from mtjlab.testing import changed_bench

PULSE = Pulse(1.25, 5e-9, 1e-9, 1e-9)


@pytest.fixture(scope="module")
def junction():
    return ThreeTerminalJunction(load_bar("sot-junction"), seed=1, shots=256)


def test_a_strong_current_leaves_the_state_to_chance(junction):
    """Above b = √(Bk·Beff) y is the only minimum, and both states have the same way to it and from it."""
    states = junction.pulse_train(PULSE, 20_000)
    switched = np.diff(states.astype(int)) != 0
    assert states.mean() == pytest.approx(0.5, abs=0.02)
    assert switched.mean() == pytest.approx(0.5, abs=0.05)  # P is counted by macrospins, 256 from each state


def test_half_the_current_does_nothing(junction):
    junction.set_state(1)
    assert junction.pulse_train(Pulse(0.5, 5e-9, 1e-9, 1e-9), 1000).all()


def test_a_field_along_the_easy_axis_decides(junction):
    """3.6 kT of Zeeman energy a millitesla: chance is left with a few per cent."""
    try:
        junction.set_surroundings(in_plane_field=1e-3)
        assert junction.pulse_train(PULSE, 2000).mean() < 0.1
    finally:
        junction.set_surroundings()


def test_its_readings_are_a_tunnel_junctions():
    junction = ThreeTerminalJunction(load_bar("sot-junction"), seed=1, effects=Effects.parse("ideal"))
    parallel, antiparallel = junction.read([0, 1], 0.01, 0.0)
    assert 0.01 / parallel == pytest.approx(650e-12 / (np.pi * 70e-9**2), rel=0.02)
    assert parallel / antiparallel == pytest.approx(2.0, rel=0.02)


def test_it_keeps_its_state(junction):
    junction.set_state(1)
    assert junction.hold(1.0, 0.05) == 1


def test_a_bar_without_a_junction_is_none():
    with pytest.raises(ValueError, match=r"\[junction\]"):
        ThreeTerminalJunction(load_bar("w-cofeb"))


def test_a_pulse_too_long_to_integrate_is_refused(junction):
    with pytest.raises(ValueError, match="at most 1e-06 s"):
        junction.pulse_train(Pulse(1.25, 2e-6, 1e-9, 1e-9), 1)


def test_its_bits_go_into_a_recording_as_any_junctions_do(tmp_path):
    """On the shipped bench, with the defaults of the procedure: chance decides, not the state before."""
    with open_bench(changed_bench("simulated", device='"sot-junction"', resistance="42.2e3"), seed=1) as bench:
        recording = run(RandomBitstream(bits=5_000), bench, tmp_path / "sot.h5")
    bits = recording.bits[:]
    assert len(bits) == 5_000
    assert bits.mean() == pytest.approx(0.5, abs=0.04)


def test_the_read_junction_is_as_stable_as_the_bar():
    bar = load_bar("sot-junction")
    device = read_device(bar)
    assert device.thermal_stability == pytest.approx(bar.thermal_stability)
    assert device.anisotropy_field(0.0) == pytest.approx(bar.anisotropy_field)
    assert device.anisotropy_field(1.0) == device.anisotropy_field(0.0)


def test_the_write_current_goes_through_bar_contacts_and_generator(junction):
    whole = junction.bar.resistance + 2 * junction.bar.contacts.contact_resistance + 50
    assert junction.write_current(1.25) == pytest.approx(1.25 / whole)
    assert junction.write_current(-1.25) == -junction.write_current(1.25)


def test_the_truth_is_in_its_log(junction):
    junction.pulse_train(PULSE, 10)
    assert junction.log.at([junction.log.pulses - 1])[0] == pytest.approx([0.5, 0.5], abs=0.05)


def test_both_signs_of_a_current_leave_it_to_chance(junction):
    assert junction.pulse_train(Pulse(-1.25, 5e-9, 1e-9, 1e-9), 5000).mean() == pytest.approx(0.5, abs=0.05)
