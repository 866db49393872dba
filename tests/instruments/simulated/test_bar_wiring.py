"""What the instruments of a bench and a bar do to each other: current, contacts, coils, time and faults."""

import math

import numpy as np
import pytest

from mtjlab.instruments import BarMounting, FaultSettings, WiringSettings, open_bench
from mtjlab.instruments.simulated.bar.simulated_bar import SimulatedBar
from mtjlab.instruments.simulated.bar_wiring import BarWiring, Sine
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.simulated_bench import mounted_bar
from mtjlab.testing import changed_bench

CONTACTS = 2 * BarParameters().contacts.contact_resistance
R0 = BarParameters().resistance


class Heard(SimulatedBar):
    """A bar that writes down how it is driven."""

    def __init__(self, parameters=None):
        super().__init__(parameters or BarParameters(), seed=1)
        self.lived = []

    def settle(self, current, seconds):
        self.lived.append((current, seconds))
        super().settle(current, seconds)


@pytest.fixture
def wired_bar():
    bar = Heard()
    return bar, BarWiring(bar, Clock(), WiringSettings(lead_resistance=10.0))


def test_a_source_with_two_wires_sees_contacts_and_leads_and_sense_leads_do_not(wired_bar):
    _, wiring = wired_bar
    wiring.set_drive(1e-4, 10.0)
    found = wiring.observe(50, 1e-3, 0.02).mean()
    assert found == pytest.approx(R0 + CONTACTS + 10.0, rel=5e-3)
    wiring.sensed = True
    assert found - wiring.observe(50, 1e-3, 0.02).mean() == pytest.approx(CONTACTS + 10.0, rel=1e-3)


def test_voltage_contacts_carry_no_current_and_show_the_bar_alone(wired_bar):
    _, wiring = wired_bar
    wiring.set_drive(1e-3, 10.0)
    along = wiring.contact_voltages(20, 1e-3, 0.02, "longitudinal")
    assert along.mean() / 1e-3 == pytest.approx(R0, rel=5e-3)
    across = wiring.contact_voltages(20, 1e-3, 0.02, "transverse")
    assert abs(across.mean()) < 0.02 * abs(along.mean())


def test_without_a_current_there_is_only_noise(wired_bar):
    bar, wiring = wired_bar
    johnson = math.sqrt(4 * 1.380649e-23 * 300 * R0 / (2 * 0.02))
    seen = wiring.contact_voltages(200, 1e-3, 0.02, "longitudinal")
    assert abs(seen.mean()) < 5 * johnson / math.sqrt(200)
    assert seen.std() == pytest.approx(johnson, rel=0.3)
    assert {current for current, _ in bar.lived} <= {0.0}


def test_time_passes_with_the_current_that_flows_meanwhile(wired_bar):
    bar, wiring = wired_bar
    wiring.clock.wait(0.5)
    wiring.set_drive(2e-4, 10.0)
    wiring.clock.wait(0.25)
    wiring.set_drive(None)
    wiring.clock.wait(0.125)
    wiring.elapse()
    assert [(current, round(seconds, 6)) for current, seconds in bar.lived] == [(0.0, 0.5), (2e-4, 0.25), (0.0, 0.125)]


def test_a_source_gives_no_more_current_than_its_voltage_drives(wired_bar):
    bar, wiring = wired_bar
    wiring.set_drive(5e-3, 1.3)
    whole = R0 + CONTACTS + 10.0
    assert wiring.current == pytest.approx(1.3 / whole, rel=1e-2)
    wiring.pulse(-5e-3, 1e-6, 2.6)
    assert bar.lived[-1] == (pytest.approx(-2.6 / whole, rel=1e-2), 1e-6)
    wiring.set_drive(None)
    wiring.bias = 0.13
    assert wiring.current == pytest.approx(0.13 / whole, rel=1e-2)


def test_an_open_contact_lets_no_current_through_and_a_short_all_of_it(wired_bar):
    bar, wiring = wired_bar
    wiring.set_drive(1e-3, 5.0)
    wiring.fail(FaultSettings(kind="open"))
    assert wiring.resistance > 1e9
    assert abs(wiring.current) < 1e-8
    assert bar.parameters.fault.kind == "open"
    shorted = BarWiring(SimulatedBar(BarParameters(), seed=1))
    shorted.set_drive(1e-3, 5.0)
    shorted.fail(FaultSettings(kind="short"))
    assert shorted.observe(5, 1e-3, 0.02).mean() < 0.05 * R0 + CONTACTS


def test_a_drift_is_a_factor_on_what_the_contacts_show(wired_bar):
    _, wiring = wired_bar
    wiring.set_drive(1e-3, 10.0)
    before = wiring.contact_voltages(20, 1e-3, 0.02, "longitudinal").mean()
    wiring.fail(FaultSettings(kind="drift", size=0.1))
    after = wiring.contact_voltages(20, 1e-3, 0.02, "longitudinal").mean()
    assert after / before == pytest.approx(1.1, rel=1e-3)


def test_coils_and_stage_reach_the_bar(wired_bar):
    bar, wiring = wired_bar
    wiring.set_surroundings(in_plane_field=0.01)
    wiring.set_surroundings(field_y=-0.02, temperature=250.0)
    wiring.set_surroundings(perpendicular_field=0.03)
    assert bar.field == (0.01, -0.02, 0.03)
    assert bar.temperature == pytest.approx(250.0, abs=0.1)
    wiring.follow_stage(lambda instant: 280.0 + instant)
    wiring.clock.wait(10.0)
    wiring.elapse()
    assert bar.temperature == pytest.approx(285.0, abs=0.1)


def test_a_sine_makes_the_resistance_s_first_harmonic_along_the_bar(wired_bar):
    _, wiring = wired_bar
    wiring.sine = Sine(1e-4, 137.0, "marker")
    first, second = wiring.harmonics(0.1, "longitudinal")
    assert first == pytest.approx(R0 * 1e-4 / math.sqrt(2), rel=5e-3)
    assert abs(second) < 1e-3 * first
    wiring.sine = None
    assert abs(wiring.harmonics(0.1, "longitudinal")[0]) < 1e-6


def test_a_pulse_is_read_at_its_end(wired_bar):
    bar, wiring = wired_bar
    seen = wiring.pulse_voltage(1e-3, 1e-3, 4e-4, 10.0, "longitudinal")
    assert seen / 1e-3 == pytest.approx(R0, rel=5e-3)
    assert bar.lived[-1] == (1e-3, pytest.approx(6e-4))  # the rest of the width is the reading's


@pytest.mark.parametrize(
    ("leads", "current", "voltage"),
    [("none", 1, 1), ("current", -1, 1), ("voltage", 1, -1), ("both", -1, -1)],
)
def test_a_mounting_turns_and_exchanges_what_the_device_file_says(leads, current, voltage):
    bar = mounted_bar(BarParameters(), BarMounting(misalignment=0.0349, reversed_leads=leads, fault="open-transverse"))
    assert bar.contacts.field_tilt == pytest.approx(BarParameters().contacts.field_tilt + math.radians(2), abs=1e-4)
    assert (bar.contacts.current_polarity, bar.contacts.voltage_polarity) == (current, voltage)
    assert bar.fault.kind == "open-transverse"
    assert bar.torque == BarParameters().torque


def test_two_degrees_turn_a_field_of_the_coils_by_two_degrees_at_the_bar():
    turned = changed_bench("simulated-bar", device='"w-cofeb"\nbar = { misalignment = 0.0349 }')
    with open_bench(turned, seed=1) as bench, open_bench("simulated-bar", seed=1) as straight:
        angles = []
        for each in (bench, straight):
            each.coil.switch_on()
            each.coil.set_field(0.1)  # ten times the anisotropy field: m lies close to it
            m = each.stand_in.wiring.bar.m
            angles.append(math.degrees(math.atan2(m[1], m[0])))
        # Of the turn, the anisotropy field of 10 mT takes a tenth away.
        assert angles[0] - angles[1] == pytest.approx(2.0 * 0.1 / 0.09, rel=0.1)


def test_a_series_is_read_while_the_bar_lives(wired_bar):
    bar, wiring = wired_bar
    wiring.set_drive(1e-4, 10.0)
    assert len(wiring.observe(200, 1e-3, 1e-3)) == 200
    assert sum(seconds for _, seconds in bar.lived) == pytest.approx(0.2)  # the gaps; a reading lives its own window
    wiring.clock.wait(0.4)
    wiring.elapse()
    assert sum(seconds for _, seconds in bar.lived) == pytest.approx(0.2)  # it was there already
    assert np.isfinite(wiring.states(3)).all()
