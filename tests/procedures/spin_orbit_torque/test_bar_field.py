"""The field in the plane of a bar: which coils a measurement needs, and what they are told."""

import math

import pytest

from mtjlab.instruments import BenchFile, InstrumentError, open_bench
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.spin_orbit_torque.bar_field import BarField
from mtjlab.testing import open_recorded_bench


@pytest.fixture(scope="module")
def bench():
    with open_bench("simulated-bar", seed=1) as opened:
        yield opened


@pytest.fixture
def recorded():
    return open_recorded_bench("simulated-bar")


def test_only_the_coil_that_is_needed_must_be_there():
    with open_bench("simulated-bar-2400", seed=1) as one_coil:
        BarField(one_coil).prepare(0.0, 0.05)
        with pytest.raises(InstrumentError, match=r"no coil on this bench: add \[roles\.coil\]"):
            BarField(one_coil).prepare(0.05, 0.0)


def test_a_field_beyond_the_limit_is_refused_before_anything_is_set(bench):
    with pytest.raises(LimitError, match=r"0\.2 T"):
        BarField(bench).prepare(0.0, 0.2)


@pytest.mark.parametrize("angle", [0.0, 0.5, math.pi / 2, -2.0])
def test_a_turn_gives_both_coils_their_parts(bench, angle):
    field = BarField(bench)
    field.prepare(0.05, 0.05)
    field.switch_on()
    field.turn(0.04, angle)
    wiring = bench.stand_in.wiring
    assert bench.coil.field() == pytest.approx(0.04 * math.cos(angle), abs=1e-6)
    assert bench.coil_y.field() == pytest.approx(0.04 * math.sin(angle), abs=1e-6)
    assert wiring is not None


def test_without_a_field_no_coil_is_touched(recorded):
    field = BarField(recorded)
    field.prepare(0.0, 0.0)
    field.switch_on()
    field.set(0.0, 0.0)
    assert not [call for call in recorded.calls if "coil" in str(call)]


def test_the_bench_of_one_coil_is_of_the_kind_that_the_paper_has():
    roles = BenchFile.load("simulated-bar-2400").roles
    assert roles.coil_y is not None
    assert roles.coil is None
