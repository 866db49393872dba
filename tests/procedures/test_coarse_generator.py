"""A generator whose amplitude has steps of 1 dB: what procedures do with the few amplitudes that it makes."""

import numpy as np
import pytest

from mtjlab.analysis.operating_point.search import OperatingPointSearch
from mtjlab.analysis.switching_map.map_sampler import MapSampler
from mtjlab.core.errors import InputError
from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.allowed_range import made_amplitudes
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.drivers.picosecond10070a import Picosecond10070APulseGenerator
from mtjlab.procedures.operating_point import FindOperatingPoint
from mtjlab.procedures.running.one_run import run
from mtjlab.procedures.running.refit import fit

# 7.5 V less 22 to 19 dB.
STEPS = [7.5 * 10 ** (-decibels / 20) for decibels in (22, 21, 20, 19)]


def test_the_amplitudes_of_a_10070a_are_steps_of_a_decibel():
    np.testing.assert_allclose(Picosecond10070APulseGenerator.amplitudes(0.55, 0.85), STEPS, rtol=1e-5)
    everything = np.array(Picosecond10070APulseGenerator.amplitudes(0.0, 10.0))
    assert (len(everything), everything[-1]) == (82, 7.5)
    np.testing.assert_allclose(20 * np.diff(np.log10(everything)), 1.0, atol=1e-4)


def test_a_range_without_a_step_is_refused():
    with pytest.raises(InputError, match=r"makes no amplitude from 0\.76 to 0\.8 V: give a wider range"):
        made_amplitudes(BenchFile.load("simulated-fast"), 0.76, 0.8)


def test_a_search_among_few_settings_asks_for_no_others_and_finds_the_fairest():
    chance = dict(zip(STEPS, (0.35, 0.58, 0.53, 0.44), strict=True))
    rng = np.random.default_rng(5)
    search = OperatingPointSearch(0.5, 0.87, resolution=1e-3, settings=STEPS)
    asked = set()
    while search.shots.total < 40_000:
        volts, pulses = search.ask()
        asked.add(volts)
        search.tell(volts, pulses, rng.binomial(pulses, chance[volts]))
    assert asked <= set(STEPS)
    found = search.estimate()
    assert found.setting == STEPS[2]
    low, high = found.probability_interval
    assert low < 0.53 < high
    assert high - low < 0.03


def test_a_single_setting_is_no_search():
    with pytest.raises(InputError, match=r"0\.75 is the only setting from 0\.7 to 0\.8"):
        OperatingPointSearch(0.7, 0.8, settings=[0.75])


def test_a_map_is_measured_at_the_amplitudes_that_there_are():
    sampler = MapSampler((0.5, 0.87), (0.3e-9, 1.5e-9), shots=100, coarse=9, steps=(1e-3, 1e-11), made=STEPS)
    asked = []
    for _ in range(9 * len(STEPS) + 8):
        volts, width = sampler.ask()
        asked.append((volts, width))
        sampler.tell(volts, width, 100, int(100 * np.sin(2e9 * width * volts) ** 2))
    assert {volts for volts, _ in asked} == set(STEPS)
    assert len(set(asked[: 9 * len(STEPS)])) == 9 * len(STEPS)


def test_the_operating_point_is_one_of_the_steps_and_a_later_fit_says_the_same(tmp_path):
    path = tmp_path / "point.h5"
    with open_bench("simulated-fast", seed=1) as bench:
        run(FindOperatingPoint.for_bench(bench.file, pulses=12_000), bench, path)
    results = Recording(path).results
    assert results["amplitude"].value == pytest.approx(STEPS[3], rel=1e-5)
    assert results["P(switch)"].value == pytest.approx(0.5, abs=0.03)
    fit(path)
    assert Recording(path).results["amplitude"].value == results["amplitude"].value
