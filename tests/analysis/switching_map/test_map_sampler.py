"""Maps of made-up junctions, whose probabilities are known."""

import numpy as np
import pytest

from mtjlab.analysis.switching_map.contour import half_contour
from mtjlab.analysis.switching_map.gaussian_process import Scales
from mtjlab.analysis.switching_map.map_sampler import MapSampler
from mtjlab.analysis.switching_map.smooth_map import SmoothMap

AMPLITUDES, WIDTHS = (1.0, 1.6), (0.3e-9, 3e-9)


def truth(settings):
    """Precession that sets in at 1.2 V and is damped, period 1.4 ns."""
    v, w = np.asarray(settings, float).reshape(-1, 2).T
    depth = 1 / (1 + np.exp(-(v - 1.2) / 0.04))
    return depth * (1 - np.cos(2 * np.pi * w / 1.4e-9) * np.exp(-w / 6e-9)) / 2


def error(probabilities, points=120):
    """Mean distance of the true P from one half along the contour of a map."""
    lines = half_contour(np.linspace(*AMPLITUDES, points), np.linspace(*WIDTHS, points), probabilities)
    middles = np.concatenate([(line[1:] + line[:-1]) / 2 for line in lines])
    return np.abs(truth(middles) - 0.5).mean()


def sampled(pulses, shots, seed):
    rng, sampler = np.random.default_rng(seed), MapSampler(AMPLITUDES, WIDTHS, shots=shots)
    while sampler.pulses < pulses:
        setting = sampler.ask()
        sampler.tell(*setting, shots, int(rng.binomial(shots, truth(setting)[0])))
    return sampler


def test_half_the_pulses_of_a_grid_give_a_better_contour():
    sampler = sampled(12_000, 100, seed=1)
    side = 16  # 25,600 pulses
    v, w = np.linspace(*AMPLITUDES, side), np.linspace(*WIDTHS, side)
    every = np.stack(np.meshgrid(v, w, indexing="ij"), axis=-1).reshape(-1, 2)
    shares = (np.random.default_rng(2).binomial(100, truth(every)) / 100).reshape(side, side)
    lines = half_contour(v, w, shares)
    middles = np.concatenate([(line[1:] + line[:-1]) / 2 for line in lines])
    assert error(sampler.grid()[2]) < np.abs(truth(middles) - 0.5).mean()


def test_pulses_go_where_p_is_one_half():
    sampler = sampled(10_500, 100, seed=3)
    first, rest = truth(sampler.settings[:81]), truth(sampler.settings[81:])
    assert np.median(np.abs(rest - 0.5)) < 0.5 * np.median(np.abs(first - 0.5))


def test_the_smoothed_map_is_as_far_off_as_it_says():
    rng = np.random.default_rng(4)
    settings = np.column_stack([rng.uniform(*AMPLITUDES, 150), rng.uniform(*WIDTHS, 150)])
    switched = rng.binomial(100, truth(settings))
    smooth = SmoothMap.fit(settings, switched, np.full(150, 100), Scales((0.1, 0.5e-9), 0.6))
    where = np.column_stack([rng.uniform(1.05, 1.55, 500), rng.uniform(0.4e-9, 2.9e-9, 500)])
    mean, deviation = smooth.predict(where)
    z = (mean - (np.arcsin(np.sqrt(truth(where))) - np.pi / 4)) / deviation
    # The points are correlated: about one independent one for each cell of the correlation lengths.
    cells = 0.5 * 2.5e-9 / np.prod(smooth.scales.lengths)
    assert abs((z**2).mean() - 1) < 5 * np.sqrt(2 / cells)


def test_a_chosen_point_lowers_the_interest_of_its_neighbours():
    settings = np.array([[1.0, 1e-9], [1.6, 1e-9]])
    smooth = SmoothMap(settings, [0, 100], [100, 100], Scales((0.1, 0.5e-9), 0.6))
    candidates = np.column_stack([np.linspace(1.0, 1.6, 61), np.full(61, 1e-9)])
    chosen = candidates[smooth.straddling(candidates, 3, 1000), 0]
    assert np.diff(np.sort(chosen)).min() > 0.05


@pytest.mark.parametrize("share", [0, 100])
def test_no_switching_or_nothing_else_is_a_diagnosis(share):
    sampler = MapSampler(AMPLITUDES, WIDTHS, shots=100, coarse=3)
    for _ in range(9):
        sampler.tell(*sampler.ask(), 100, share)
    with pytest.raises(ValueError, match="there is no switching to map"):
        sampler.ask()


def test_empty_ranges_and_impossible_counts_are_refused():
    with pytest.raises(ValueError, match=r"amplitudes from 1\.6 to 1: the first must be below the second"):
        MapSampler((1.6, 1.0), WIDTHS, shots=100)
    with pytest.raises(ValueError, match="101 of 100 pulses"):
        MapSampler(AMPLITUDES, WIDTHS, shots=100).tell(1.0, 1e-9, 100, 101)


def test_it_asks_for_whole_steps_of_the_generator_within_the_ranges():
    ranges = (1.0004, 1.3996), (1.5004e-9, 2.4996e-9)
    sampler = MapSampler(*ranges, shots=50, coarse=5, steps=(1e-3, 1e-11))
    rng, asked = np.random.default_rng(2), []
    for _ in range(40):
        v, w = sampler.ask()
        asked.append((v, w))
        sampler.tell(v, w, 50, int(rng.binomial(50, 0.5 + 0.4 * np.sin(8 * v + w * 2e9))))
    for values, (low, high), step in zip(np.array(asked).T, ranges, (1e-3, 1e-11), strict=True):
        assert low <= values.min()
        assert values.max() <= high
        inside = values[(values > low) & (values < high)]
        np.testing.assert_allclose(inside / step, np.round(inside / step), atol=1e-6)
