"""What is handed on of the bits, in a new run, in one that repeats its stream, and in one that does not."""

import math

import numpy as np
import pytest

from mtjlab.analysis.health.entropy_claim import EntropyClaim
from mtjlab.analysis.health.health_tests import HealthTests
from mtjlab.analysis.readout.state_levels import StateLevels
from mtjlab.core.errors import InputError
from mtjlab.procedures.bitstream.block_output import COLUMNS, BlockOutput
from mtjlab.procedures.bitstream.junction_bits import JunctionBits
from mtjlab.procedures.measurements.resumption import Resumption
from mtjlab.procedures.steering.actuators import OperatingPoint

LOW, HIGH = 0.5e-6, 1e-6  # A, antiparallel and parallel


@pytest.fixture
def junction():
    made = JunctionBits(
        "",
        OperatingPoint(1.25, 1e-8),
        HealthTests(EntropyClaim(1.0, 2.0**-40)),
        from_parallel=False,
        report=lambda results: None,
    )
    readings = currents(2500, seed=1)
    made.found(StateLevels.fit(readings), readings)
    return made


def currents(count, seed):
    """Give readings of a fair junction, the noise a per cent of the difference."""
    random = np.random.default_rng(seed)
    return random.choice([LOW, HIGH], count) + 5e-9 * random.standard_normal(count)


def resumed(bits, *, repeats):
    return Resumption(
        bits=len(bits), rows=1, began=100.0, repeats=repeats, last_bits=bits, table=lambda: np.empty((0, len(COLUMNS)))
    )


def test_a_block_goes_out_with_its_point_its_row_and_its_resistances(junction):
    handed = []
    raw = junction.take(currents(1000, seed=2))
    output = BlockOutput(lambda *given: handed.append(given), bias=0.05)
    output.give(junction, raw, raw.bits, output.first, place=1, started=50.0)
    (block, row), *none = handed
    assert not none
    assert tuple(row) == COLUMNS
    np.testing.assert_array_equal(block.bits, raw.bits)
    np.testing.assert_allclose(block.resistances, 0.05 / raw.currents)
    assert (block.amplitude, block.width, block.started) == (1.25, 1e-8, 50.0)
    assert math.isnan(block.field)
    assert row["P(1)"] == raw.bits.mean()
    assert row["Parallel current (A)"] == pytest.approx(HIGH, abs=4 * 5e-9 / 20)  # some 500 reads
    assert row["Antiparallel current (A)"] == pytest.approx(LOW, abs=4 * 5e-9 / 20)


def test_what_a_repeating_bench_makes_again_is_compared_and_not_handed_on(junction):
    handed = []
    raw = junction.take(currents(1000, seed=2))
    output = BlockOutput(lambda *given: handed.append(given), resumed(raw.bits[:300], repeats=True))
    assert output.first == 0
    output.give(junction, raw, raw.bits, 0, place=1, started=150.0)
    (block, row), *_ = handed
    np.testing.assert_array_equal(block.bits, raw.bits[300:])
    assert row["Time (s)"] == 50.0  # since the first segment began
    assert junction.bits == 1000  # health tests and targets count them all
    other = BlockOutput(lambda *given: handed.append(given), resumed(1 - raw.bits[:300], repeats=True))
    with pytest.raises(InputError, match="does not repeat what the recording holds"):
        other.give(junction, raw, raw.bits, 0, place=1, started=150.0)


def test_on_a_bench_that_does_not_repeat_the_stream_follows_the_recording(junction):
    handed = []
    raw = junction.take(currents(1000, seed=2))
    output = BlockOutput(lambda *given: handed.append(given), resumed(np.zeros(300, np.uint8), repeats=False))
    assert output.first == 300
    output.give(junction, raw, raw.bits, output.first, place=1, started=150.0)
    assert len(handed[0][0].bits) == 1000


def test_alarms_of_repeated_bits_are_not_counted_a_second_time(junction):
    readings = currents(1000, seed=2)
    readings[100:160] = readings[100]  # a run of zeros
    raw = junction.take(readings)
    counts = []
    for held in (50, 500):
        junction.health = HealthTests(EntropyClaim(1.0, 2.0**-40))
        output = BlockOutput(lambda block, row: counts.append(block.alarms), resumed(raw.bits[:held], repeats=True))
        output.give(junction, raw, raw.bits, 0, place=1, started=0.0)
    assert counts == [1, 0]
