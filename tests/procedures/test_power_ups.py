"""Power-ups: so many bits after each, all outputs off between, and one recording of them all."""

import numpy as np
import pytest

from mtjlab.core import InputError
from mtjlab.procedures import PowerUps, RandomBitstream, run


def test_bits_of_each_power_up_stand_one_after_the_other(bench, tmp_path):
    began, safe_states = bench.time, bench.interlock.safe_states
    recording = run(PowerUps(restarts=5, samples=700, off_time=2.0), bench, tmp_path / "restarts.h5")
    assert recording.status == "finished"
    matrix = np.asarray(recording.bits[:]).reshape(5, 700)
    assert len({row.tobytes() for row in matrix}) == 5
    assert abs(matrix.mean() - 0.5) < 0.1
    assert bench.time - began > 4 * 2.0  # the source is switched on for the first time at the start
    assert bench.interlock.safe_states - safe_states >= 4 * 2  # switched off, and off before it is set up again


def test_the_bits_of_a_power_up_are_one_block(bench, tmp_path):
    recording = run(PowerUps(restarts=3, samples=900, block=400), bench, tmp_path / "restarts.h5")
    assert len(recording.frame()) == 3
    assert recording.bits[:].size == 2700


@pytest.mark.parametrize(("name", "value"), [("feedback", "output"), ("extract", "von-neumann")])
def test_what_goes_on_over_a_power_up_is_refused(bench, tmp_path, name, value):
    with pytest.raises(InputError, match=f"{name} = {value}: power-ups are of raw bits of one junction"):
        run(PowerUps(restarts=2, samples=100, **{name: value}), bench, tmp_path / "restarts.h5")


def test_the_bits_are_those_of_the_bitstream_s_operating_point():
    assert PowerUps().amplitude == RandomBitstream().amplitude
    assert PowerUps(restarts=10, samples=50, off_time=3.0).estimated_duration > 30.0
