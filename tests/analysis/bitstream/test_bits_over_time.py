"""Drift, steps and lines of streams whose faults are known."""

import math

import numpy as np
import pytest

from mtjlab.analysis.bitstream.drift import allan_deviation
from mtjlab.analysis.bitstream.periodogram import folded_frequency, spectrum_of_share
from mtjlab.analysis.bitstream.steps import change_points
from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import Bits, InputError


@pytest.mark.parametrize("size", [8, 64, 50, 3])
def test_windows_hold_the_ones_between_their_ends(fair: Bits, size: int) -> None:
    windows = Windows.of(fair, size, period=1e-3)
    bits = fair.unpacked()
    assert len(windows) == len(fair) // size
    assert windows.ones[7] == bits[7 * size : 8 * size].sum()
    assert windows.times[7] == pytest.approx(7 * size * 1e-3)


def test_allan_deviation_of_independent_bits_is_white(fair: Bits, biased: Bits) -> None:
    for bits in (fair, biased):
        found = allan_deviation(Windows.of(bits, 64))
        assert found.white[0] == pytest.approx(math.sqrt(bits.ones() * (len(bits) - bits.ones()) / 64) / len(bits))
        assert np.all(np.diff(found.bits) == found.bits[:-1])
        # p-values of neighbouring octaves are nearly independent: a dozen of them.
        assert found.p_values.min() > 1e-3
        assert np.count_nonzero((found.low < found.white) & (found.white < found.high)) >= found.bits.size - 3


def test_allan_interval_covers_what_it_should() -> None:
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(400):
        windows = Windows(rng.binomial(64, 0.5, 33), np.full(33, 64), np.arange(33.0))
        found = allan_deviation(windows)
        covered.append(found.low[0] < 0.0625 < found.high[0])
    # 0.5 / √64; deviation of a share of 0.95 of 400: 0.011.
    assert np.mean(covered) == pytest.approx(0.95, abs=0.044)


def test_drift_raises_the_allan_deviation_of_long_windows(drifting: Bits) -> None:
    found = allan_deviation(Windows.of(drifting, 64))
    assert found.p_values[0] > 1e-3
    assert found.p_values[found.bits > 10_000].min() < 1e-3


def test_a_step_is_found_where_it_is() -> None:
    rng = np.random.default_rng(12)
    probabilities = np.repeat([0.5, 0.53, 0.49], [60_000, 40_000, 80_000])
    steps = change_points(Windows.of(rng.random(180_000) < probabilities, 100, period=0.01))
    # The place is known to about five times p (1 - p) / step² = 280 bits, 14 windows.
    assert [change.window for change in steps.changes] == [pytest.approx(600, abs=60), pytest.approx(1000, abs=60)]
    assert steps.changes[0].time == pytest.approx(steps.changes[0].window)
    for share, given in zip(steps.shares, (0.5, 0.53, 0.49), strict=True):
        assert abs(share.value - given) < 4 * share.uncertainty + 3e-3


def test_a_drift_is_a_staircase(drifting: Bits, fair: Bits) -> None:
    shares = [share.value for share in change_points(Windows.of(drifting, 64)).shares]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert change_points(Windows.of(fair, 64)).changes == ()


def test_false_alarms_of_change_points_are_as_few_as_stated() -> None:
    rng = np.random.default_rng(13)
    alarms = 0
    for _ in range(600):
        windows = Windows(rng.binomial(100, 0.5, 500), np.full(500, 100), np.arange(500.0))
        alarms += bool(change_points(windows, level=0.1).changes)
    # At most 60 expected, deviation 7.3; and not far fewer, since the windows are many.
    assert 25 < alarms < 60 + 4 * 7.4


def test_a_line_of_the_mains_is_found_with_frequency_and_amplitude(humming: Bits) -> None:
    spectrum = spectrum_of_share(Windows.of(humming, 40, period=1e-4))
    line = spectrum.lines[0]
    # Frequency to half the inverse length of 20 s; the amplitude's deviation is √(2 p (1 - p) / N) = 0.0016.
    assert line.frequency == pytest.approx(50, abs=0.05)
    assert line.amplitude == pytest.approx(0.03, abs=4 * 0.0016)
    assert line.p_value < 1e-3
    assert spectrum.unit == "Hz"


def test_a_line_is_told_per_pulse_where_the_period_is_not_known(humming: Bits) -> None:
    spectrum = spectrum_of_share(Windows.of(humming, 40))
    assert spectrum.lines[0].frequency == pytest.approx(0.005, abs=5e-6)
    assert spectrum.unit == "1/pulse"


def test_a_line_above_half_the_rate_appears_folded(humming: Bits) -> None:
    # Windows of 120 bits: 83.3 a second.
    spectrum = spectrum_of_share(Windows.of(humming, 120, period=1e-4))
    assert spectrum.lines[0].frequency == pytest.approx(folded_frequency(50, spectrum.rate), abs=0.05)
    assert spectrum.lines[0].frequency == pytest.approx(100 / 3, abs=0.05)


def test_uneven_windows_show_the_line_too(humming: Bits) -> None:
    windows = Windows.of(humming, 40, period=1e-4)
    kept = np.random.default_rng(14).random(len(windows)) < 0.5
    spectrum = spectrum_of_share(Windows(windows.ones[kept], windows.counts[kept], windows.times[kept]))
    assert spectrum.lines[0].frequency == pytest.approx(50, abs=0.05)
    # Half of the bits are left.
    assert spectrum.lines[0].amplitude == pytest.approx(0.03, abs=4 * 0.0023)


def test_both_ways_to_the_spectrum_agree(fair: Bits) -> None:
    from mtjlab.analysis.bitstream.periodogram import _powers

    windows = Windows.of(fair, 500)
    spectrum = spectrum_of_share(windows)
    assert np.allclose(_powers(windows, spectrum.frequencies), spectrum.powers, rtol=1e-6, atol=1e-9)


def test_power_of_independent_bits_is_exponential_and_passes_as_stated() -> None:
    rng = np.random.default_rng(15)
    alarms, powers = 0, []
    for _ in range(400):
        spectrum = spectrum_of_share(
            Windows(rng.binomial(200, 0.3, 128), np.full(128, 200), np.arange(128.0)), level=0.1
        )
        alarms += bool(spectrum.lines)
        powers.append(spectrum.powers)
    # 400 · 63 powers with mean and deviation 1; 40 alarms with deviation 6.
    assert np.mean(powers) == pytest.approx(1, abs=4 / math.sqrt(400 * 63))
    assert alarms == pytest.approx(40, abs=24)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Windows.of([0, 1], 3),
        lambda: Windows.of([0, 1], 1, period=-1.0),
        lambda: Windows(np.array([3]), np.array([2]), np.array([0.0])),
        lambda: Windows(np.array([1, 1]), np.array([2, 2]), np.array([1.0, 0.0])),
        lambda: allan_deviation(Windows.of([0, 1] * 3, 2)),
        lambda: allan_deviation(Windows.of([1] * 64, 8)),
        lambda: change_points(Windows.of([0, 1] * 8, 2), level=1.5),
        lambda: spectrum_of_share(Windows.of([0, 1] * 3, 2)),
        lambda: spectrum_of_share(Windows.of([0] * 64, 2)),
        lambda: folded_frequency(50, 0),
    ],
)
def test_wrong_input_is_refused_in_one_line(refused) -> None:
    with pytest.raises(InputError) as caught:
        refused()
    assert "\n" not in str(caught.value)
