"""Finding the pulse that switches half of the time."""

from collections.abc import Callable

import numpy as np
import pytest

from mtjlab.analysis.operating_point.operating_point import OperatingPoint
from mtjlab.analysis.operating_point.search import OperatingPointSearch
from mtjlab.analysis.operating_point.shots import Shots

Curve = Callable[[float], float]


def logistic(centre: float, slope: float) -> Curve:
    return lambda volts: 1 / (1 + np.exp(-4 * slope * (volts - centre)))


def partial_cancellation(volts: float) -> float:
    """Give a plateau from 1.2 to 1.35 V with growing precession beyond, as the reference junction has at 1 ns edges."""
    rise = 0.5 / (1 + np.exp(-40 * (volts - 1.15)))
    swing = 0.4 * np.clip((volts - 1.34) / 0.15, 0, 1) * np.sin(2 * np.pi * (volts - 1.34) / 0.08)
    return float(rise + swing)


def find(curve: Curve, budget: int, seed: int, **settings: float) -> tuple[OperatingPointSearch, OperatingPoint]:
    rng = np.random.default_rng(seed)
    search = OperatingPointSearch(0.8, 1.8, **settings)
    while search.shots.total < budget:
        volts, pulses = search.ask()
        pulses = min(pulses, budget - search.shots.total)
        search.tell(volts, pulses, int(rng.binomial(pulses, curve(volts))))
    return search, search.estimate()


@pytest.mark.parametrize("slope", [2.0, 13.5, 40.0])
def test_a_crossing_is_found_as_well_as_its_pulses_allow(slope: float) -> None:
    # All of 40,000 pulses at the root would leave 0.5/200 = .0025; the scan takes 4,900, about a quarter is aside.
    curve = logistic(1.234, slope)
    errors = [curve(find(curve, 40_000, seed)[1].setting) - 0.5 for seed in range(24)]
    assert float(np.sqrt(np.mean(np.square(errors)))) < 0.0025 * np.sqrt(40 / 27) * (1 + 3 / np.sqrt(48))


def test_the_interval_holds_the_point_as_often_as_it_says() -> None:
    held = 0
    for seed in range(60):
        low, high = find(logistic(1.234, 5.0), 20_000, seed)[1].interval
        held += low <= 1.234 <= high
    assert held >= 60 * 0.95 - 3 * np.sqrt(60 * 0.95 * 0.05)


def test_a_plateau_is_preferred_to_the_flanks_of_the_precession_beyond_it() -> None:
    points = [find(partial_cancellation, 40_000, seed, resolution=1e-3)[1] for seed in range(20)]
    for point in points:
        assert abs(partial_cancellation(point.setting) - 0.5) < 4 * 0.0031
        ends = [partial_cancellation(point.setting + side * 1e-3) for side in (-1, 1)]
        assert abs(ends[1] - ends[0]) / 2e-3 < 3.1  # a tenth of the flanks'
    # P is within .01 of one half from 1.25 to 1.34 V.
    found = [point.flat for point in points if point.flat]
    assert len(found) >= 18
    assert all(low < 1.3 < high for low, high in found)


def test_settings_are_multiples_of_the_resolution() -> None:
    search, point = find(logistic(1.2344, 5.0), 20_000, 1, resolution=0.005)
    steps = np.append(search.shots.settings, point.setting) / 0.005
    assert np.allclose(steps, np.round(steps), atol=1e-6)
    assert point.setting == pytest.approx(1.235)


def test_the_slope_comes_with_the_point() -> None:
    points = [find(logistic(1.1, 8.0), 40_000, seed)[1] for seed in range(30)]
    pulls = [(point.slope - 8.0) / point.slope_error for point in points]
    assert abs(np.mean(pulls)) < 3 / np.sqrt(30) + 0.5  # its bias stays below half an error


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        (lambda volts: 0.001, "switches nowhere"),
        (lambda volts: 0.3, "stays below"),
        (lambda volts: 0.9, "stays above"),
    ],
)
def test_where_there_is_no_such_pulse_it_says_so(curve: Curve, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        find(curve, 40_000, 1)


def test_a_range_the_instrument_can_not_resolve_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than four steps"):
        OperatingPointSearch(1.0, 1.003, resolution=1e-3)
    with pytest.raises(ValueError, match="is empty"):
        OperatingPointSearch(1.0, 1.0)


def test_the_error_of_p_is_that_of_the_pulses_at_the_point() -> None:
    # Half of every round and more lies within a millivolt or two of the point: between all pulses and a third of them.
    point = find(logistic(1.234, 5.0), 40_000, 1)[1]
    assert 0.5 / np.sqrt(40_000) < point.probability_error < 0.5 / np.sqrt(40_000 / 3)


def test_a_batch_that_can_not_be_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot have switched"):
        Shots().add(1.0, 10, 11)
