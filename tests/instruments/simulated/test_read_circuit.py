"""Ohm's law through the leads: what a source puts on the junction and what a meter reads of it."""

import numpy as np
import pytest

from mtjlab.instruments.simulated.dut_positions import DutPositions
from mtjlab.instruments.simulated.read_circuit import OVERFLOW, ReadCircuit

PARALLEL, ANTIPARALLEL = 50e3, 100e3  # Ω, of the scripted junction
BOTH = np.array([0, 1], np.uint8)


@pytest.fixture
def positions(wiring):
    return DutPositions(wiring.junction)


def test_leads_are_in_series_with_the_junction_unless_the_voltage_is_sensed(positions):
    circuit = ReadCircuit(positions, leads=1e3)
    assert circuit.currents(BOTH, 0.1, 0.0) == pytest.approx([0.1 / 51e3, 0.1 / 101e3])
    assert circuit.voltages(BOTH, 1e-6, 0.0) == pytest.approx([51e-3, 101e-3])
    circuit.sensed = True
    assert circuit.currents(BOTH, 0.1, 0.0) == pytest.approx([0.1 / 50e3, 0.1 / 100e3])


def test_the_leads_take_their_share_of_a_bias_by_state(positions):
    circuit = ReadCircuit(positions, leads=1e3)
    circuit.bias = 0.2
    assert circuit.at_junction() == pytest.approx((0.2 * 50 / 51, 0.2 * 100 / 101))
    assert circuit.left_by_leads(0.2, others=49e3) == pytest.approx((99 / 100, 149 / 150))
    circuit.sensed = True
    assert circuit.at_junction() == 0.2


def test_a_current_drives_the_junction_up_to_the_limit_of_its_source(positions):
    circuit = ReadCircuit(positions, leads=0.0)
    circuit.drive, circuit.drive_limit = 1e-6, 80e-3
    assert circuit.at_junction() == pytest.approx((50e-3, 80e-3))
    assert circuit.driven(BOTH, 0.0) == pytest.approx([50e-3, 80e-3])
    assert circuit.driven(np.array([0.5]), 0.0) == pytest.approx([75e-3])  # half of the reading in either state


def test_a_step_of_the_resistance_scales_what_is_read(positions):
    circuit = ReadCircuit(positions, leads=0.0)
    circuit.drift = 1.25
    assert circuit.currents(BOTH, 0.1, 0.0) == pytest.approx([0.1 / 62.5e3, 0.1 / 125e3])


def test_without_a_junction_no_current_flows_and_a_voltage_overflows(positions):
    circuit = ReadCircuit(positions, leads=1e3)
    circuit.bias = 0.1
    positions.select(None)
    assert circuit.currents(BOTH, 0.1, 0.0).tolist() == [0.0, 0.0]
    assert circuit.voltages(BOTH, 1e-6, 0.0).tolist() == [OVERFLOW, OVERFLOW]
    assert circuit.at_junction() == 0.1
