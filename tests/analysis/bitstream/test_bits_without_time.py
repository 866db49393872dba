"""Bias, transitions, runs, lags and entropies of streams whose faults are known."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from mtjlab.analysis.bitstream.block_entropy import byte_uniformity, conditional_entropy
from mtjlab.analysis.bitstream.lags import correlogram
from mtjlab.analysis.bitstream.runs import run_lengths
from mtjlab.analysis.bitstream.share_of_ones import bias, bits_to_see, smallest_bias_seen
from mtjlab.analysis.bitstream.state_transitions import states_before, transitions
from mtjlab.core import Bits, InputError

UNLIKELY = 1e-3
"""p-value that the seeded streams of this test do not come to without a fault."""


def test_the_interval_holds_the_bias(fair: Bits, biased: Bits) -> None:
    assert bias(fair).low < 0 < bias(fair).high
    assert 0 < bias(biased).low < 0.02 < bias(biased).high


@pytest.mark.parametrize("given", [0.05, -0.02, 0.4])
def test_so_many_bits_see_the_bias_with_the_power_asked_for(given: float) -> None:
    count = bits_to_see(given, level=0.05, power=0.8)
    # Ones above which, or below which, the two-sided test rejects: the exact binomial power, discrete to some percent.
    far = 1.959964 * math.sqrt(count) / 2
    power = binom.sf(math.floor(count / 2 + far), count, 0.5 + abs(given))
    assert power == pytest.approx(0.8, abs=0.06 if count > 100 else 0.2)
    assert smallest_bias_seen(count, level=0.05, power=0.8) == pytest.approx(abs(given), rel=1 / count)


def test_states_are_the_exclusive_or_of_the_bits_before(junction: Bits) -> None:
    bits = junction.unpacked()
    expected = np.concatenate(([0], np.cumsum(bits)[:-1])) % 2
    assert np.array_equal(states_before(junction).unpacked(), expected)
    assert np.array_equal(states_before(junction, first=1).unpacked(), 1 - expected)
    assert states_before(junction[:5])[4] == expected[4]


def test_transitions_are_counted_as_one_counts_by_hand() -> None:
    # States: up, down, down, up, down; switches at the first, third and fourth pulse.
    found = transitions([1, 0, 1, 1, 0])
    assert found.counts == ((0, 2), (1, 2))
    assert transitions([1, 0, 1, 1, 0], begins_up=False).counts == ((2, 1), (2, 0))


def test_a_toggled_junction_tells_both_probabilities(junction: Bits) -> None:
    found = transitions(junction)
    assert found.p_ud.low < 0.46 < found.p_ud.high
    assert found.p_du.low < 0.53 < found.p_du.high
    assert found.equal.p_value < UNLIKELY < found.memory.p_value
    correlation = found.state_correlation
    assert abs(correlation.value - 0.01) < 4 * correlation.uncertainty
    assert np.allclose(found.matrix.sum(axis=1), 1)
    # The switches of a long stream come in pairs, there and back, which is what the stationary share says.
    assert found.share_of_ones == pytest.approx(junction.ones() / len(junction), abs=1e-5)


def test_independent_bits_are_a_junction_with_equal_probabilities(fair: Bits, biased: Bits) -> None:
    for bits in (fair, biased):
        assert transitions(bits).equal.p_value > UNLIKELY
        assert transitions(bits).memory.p_value > UNLIKELY


def test_bits_that_repeat_are_told_not_to_be_a_toggled_junction(sticky: Bits) -> None:
    assert transitions(sticky).memory.p_value < 1e-20


def test_constant_bits_have_a_state_that_was_never_seen() -> None:
    found = transitions(np.zeros(100, np.uint8))
    assert found.p_ud.value == 0
    assert math.isnan(found.p_du.value)
    assert found.equal.p_value == 1


def test_runs_are_counted_without_the_first_and_the_last() -> None:
    counts = run_lengths([1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 0]).counts
    assert counts[0, :4].tolist() == [1, 0, 1, 0]
    assert counts[1, :4].tolist() == [1, 1, 0, 0]


def test_runs_of_independent_bits_are_geometric_and_others_are_not(
    fair: Bits, biased: Bits, uneven: Bits, sticky: Bits
) -> None:
    assert run_lengths(fair).goodness.p_value > UNLIKELY
    assert run_lengths(biased).goodness.p_value > UNLIKELY
    assert run_lengths(sticky).goodness.p_value < UNLIKELY
    assert run_lengths(uneven).goodness.p_value < UNLIKELY


def test_the_p_value_of_runs_is_uniform_on_fair_bits() -> None:
    bits = np.random.default_rng(7).integers(0, 2, (300, 4000), dtype=np.uint8)
    p_values = [run_lengths(row).goodness.p_value for row in bits]
    # 300 p-values: mean 1/2 with deviation 1/√3600; of 30 expected below 0.1, deviation 5.2.
    assert np.mean(p_values) == pytest.approx(0.5, abs=4 / 60)
    assert np.count_nonzero(np.array(p_values) < 0.1) == pytest.approx(30, abs=21)


def test_lags_far_off_are_seen() -> None:
    bits = np.random.default_rng(8).integers(0, 2, 60_000, dtype=np.uint8)
    copied = np.random.default_rng(9).random(60_000) < 0.05
    for place in np.flatnonzero(copied[3000:]) + 3000:
        bits[place] = bits[place - 3000]
    found = correlogram(bits, 4000)
    assert 3000 in found.outside
    assert found.coefficients[2999] == pytest.approx(0.05, abs=4 / math.sqrt(57_000))


def test_ljung_box_and_bounds_let_fair_bits_pass(fair: Bits, biased: Bits, sticky: Bits) -> None:
    for bits in (fair, biased):
        found = correlogram(bits, 1000)
        assert found.outside.size == 0
        assert found.ljung_box.p_value > UNLIKELY
    assert correlogram(sticky, 1000).outside.tolist() == [1]
    assert correlogram(sticky, 10).ljung_box.p_value < UNLIKELY


def test_entropy_is_that_of_the_law(fair: Bits, biased: Bits, sticky: Bits) -> None:
    def binary(p: float) -> float:
        return -p * math.log2(p) - (1 - p) * math.log2(1 - p)

    for bits, first, later in ((fair, 1, 1), (biased, binary(0.52), binary(0.52)), (sticky, 1, binary(0.52))):
        found = conditional_entropy(bits)
        assert abs(found.entropies[0].value - first) < 5 * found.entropies[0].uncertainty
        for entropy in found.entropies[1:]:
            assert abs(entropy.value - later) < 4 * entropy.uncertainty


def test_memory_is_seen_where_it_is(fair: Bits, sticky: Bits) -> None:
    assert min(test.p_value for test in conditional_entropy(fair).memory) > UNLIKELY
    one, *more = conditional_entropy(sticky).memory
    assert one.p_value < UNLIKELY < min(test.p_value for test in more)


def test_correction_takes_the_bias_out_of_the_entropy() -> None:
    bits = np.random.default_rng(10).integers(0, 2, (200, 4000), dtype=np.uint8)
    found = [conditional_entropy(row, 6).entropies[6] for row in bits]
    values = np.array([each.value for each in found])
    # Uncorrected, the mean is 64 / (2 · 4000 · ln 2) = 0.0115 below 1.
    assert values.mean() == pytest.approx(1, abs=1e-3)
    assert values.std() == pytest.approx(np.mean([each.uncertainty for each in found]), rel=0.25)


def test_bytes_of_fair_bits_are_uniform_and_of_biased_bits_are_not(fair: Bits, biased: Bits) -> None:
    assert byte_uniformity(fair).p_value > UNLIKELY > byte_uniformity(biased).p_value


@pytest.mark.parametrize(
    "refused",
    [
        lambda: bias([]),
        lambda: bits_to_see(0),
        lambda: bits_to_see(0.1, level=0.9, power=0.5),
        lambda: smallest_bias_seen(0),
        lambda: transitions([1, 0]),
        lambda: states_before([1, 0], first=2),
        lambda: run_lengths([0] * 50),
        lambda: correlogram([0, 1] * 5, 7),
        lambda: correlogram([0] * 50, 3),
        lambda: conditional_entropy([0, 1] * 50, 8),
        lambda: conditional_entropy([0, 1] * 5000, 9),
        lambda: byte_uniformity([0, 1] * 50),
    ],
)
def test_wrong_input_is_refused_in_one_line(refused) -> None:
    with pytest.raises(InputError) as caught:
        refused()
    assert "\n" not in str(caught.value)
