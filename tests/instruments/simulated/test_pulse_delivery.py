"""The way of a pulse to the junction: losses, leads and bias on it; oscilloscopes; pulses that come by themselves."""

import pytest

from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dut_positions import DutPositions
from mtjlab.instruments.simulated.pulse_delivery import MOST_PULSES, FreeRun, PulseDelivery
from mtjlab.instruments.simulated.read_circuit import ReadCircuit

PULSE = Pulse(1.0, 10e-9, 1e-9, 1e-9)


@pytest.fixture
def junction(wiring):
    return wiring.junction


@pytest.fixture
def positions(junction):
    return DutPositions(junction)


@pytest.fixture
def circuit(positions):
    return ReadCircuit(positions, leads=950.0)


@pytest.fixture
def delivery(positions, circuit):
    return PulseDelivery(positions, circuit, loss=20.0)


def test_a_pulse_loses_by_the_line_and_the_leads_and_stands_on_the_bias(delivery, circuit, positions, junction):
    circuit.bias, circuit.sensed = 0.05, True
    assert delivery.deliver(PULSE, 3, 1e-3).tolist() == [1, 0, 1]
    ((pulse, count),) = junction.pulses
    # A tenth of a volt is left of 20 dB; the generator's 50 Ω and the leads take 950 Ω of 51 and 101 kΩ of it.
    share = (1 / (1 + 950 / 50_050) + 1 / (1 + 950 / 100_050)) / 2
    assert (pulse.amplitude, count) == (pytest.approx(0.1 * share + 0.05), 3)
    assert (pulse.width, pulse.rise, pulse.fall) == (PULSE.width, PULSE.rise, PULSE.fall)
    assert positions.lived == pytest.approx(3e-3)


def test_a_stuck_junction_gets_no_pulses_until_so_many_have_been_sent(delivery, junction):
    delivery.stuck = 5
    seen = []
    delivery.watch = lambda before, states: seen.append((before, states.tolist()))
    assert delivery.deliver(PULSE, 4, 0.0).tolist() == [0, 0, 0, 0]
    assert delivery.deliver(PULSE, 4, 0.0).tolist() == [0, 0, 0, 0]
    assert junction.pulses == []
    assert delivery.deliver(PULSE, 2, 0.0).tolist() == [1, 0]
    assert seen == [(0, [0, 0, 0, 0]), (0, [0, 0, 0, 0]), (0, [1, 0])]


def test_an_oscilloscope_in_the_place_of_the_junction_takes_its_pulses(delivery, junction):
    seen = []
    delivery.look(lambda pulse, steady: seen.append((pulse.amplitude, steady)), 50.0, instead=True)
    assert delivery.deliver(PULSE, 2, 0.0).tolist() == [0, 0]
    assert junction.pulses == []
    assert seen == [(pytest.approx(0.1 * 50 / (50 + 50 + 950)), 0.0)]


def test_pulses_that_come_by_themselves_come_as_time_passes_and_end_where_the_model_refuses_them(delivery, junction):
    refused = []
    delivery.run = FreeRun(PULSE, interval=1e-3, burst=2, refused=refused.append)
    delivery.catch_up(2.5e-3)
    assert [count for _, count in junction.pulses] == [4]
    assert delivery.run_until == pytest.approx(2e-3)
    assert delivery.observe(3, 1e-3).tolist() == [0.0, 0.0, 0.0]  # an even number of toggles in each
    delivery.catch_up(1e6)
    assert junction.pulses[-1][1] == MOST_PULSES

    def refuse(*_):
        raise ValueError("too short")

    junction.pulse_train = refuse
    assert delivery.observe(1, 1e-3) is None
    assert (delivery.run, [str(error) for error in refused]) == (None, ["too short"])
