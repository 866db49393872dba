"""The law of a toggled junction, against sums over all ways that its states can go."""

import itertools
import math

import numpy as np
import pytest

from mtjlab.analysis.bitstream.block_entropy import WordTally
from mtjlab.analysis.bitstream.junction_comparison import (
    byte_agreement,
    correlation_p_value,
    entropy_p_value,
    expected_runs,
    run_agreement,
)
from mtjlab.analysis.bitstream.lags import correlogram
from mtjlab.analysis.bitstream.runs import run_lengths
from mtjlab.analysis.bitstream.state_transitions import transitions
from mtjlab.analysis.bitstream.toggled_junction import ToggledJunction
from mtjlab.core import Bits, InputError

JUNCTIONS = [(0.5, 0.5), (0.3, 0.8), (0.9, 0.95), (0.2, 0.1), (1.0, 0.4)]


def chance_of(word: tuple[int, ...], p_ud: float, p_du: float) -> float:
    """Add up the chances of a word over both states that the junction may begin in."""
    chance = 0.0
    for begin, share in ((0, p_du / (p_ud + p_du)), (1, p_ud / (p_ud + p_du))):
        state, own = begin, share
        for bit in word:
            switch = p_du if state else p_ud
            own *= switch if bit else 1 - switch
            state ^= bit
        chance += own
    return chance


@pytest.mark.parametrize(("p_ud", "p_du"), JUNCTIONS)
def test_words_have_the_chances_of_their_ways(p_ud: float, p_du: float) -> None:
    junction = ToggledJunction(p_ud, p_du)
    for width in (1, 3, 6):
        found = junction.words(width)
        expected = [chance_of(word, p_ud, p_du) for word in itertools.product((0, 1), repeat=width)]
        assert found == pytest.approx(expected, abs=1e-15)
        assert found.sum() == pytest.approx(1)
    assert junction.words(1)[1] == pytest.approx(junction.share_of_ones)


@pytest.mark.parametrize(("p_ud", "p_du"), JUNCTIONS)
def test_autocorrelation_is_that_of_the_words(p_ud: float, p_du: float) -> None:
    junction = ToggledJunction(p_ud, p_du)
    share = junction.share_of_ones
    for lag, found in enumerate(junction.autocorrelation(6), 1):
        between = itertools.product((0, 1), repeat=lag - 1)
        both = sum(chance_of((1, *bits, 1), p_ud, p_du) for bits in between)
        assert found == pytest.approx((both - share**2) / (share * (1 - share)), abs=1e-12)
    assert junction.variance_factor == pytest.approx(1 + 2 * junction.autocorrelation(2000).sum(), rel=1e-6)


@pytest.mark.parametrize(("p_ud", "p_du"), JUNCTIONS)
def test_runs_are_those_of_the_words(p_ud: float, p_du: float) -> None:
    law = ToggledJunction(p_ud, p_du).run_lengths(8)
    for value in (0, 1):
        other = 1 - value
        begins = chance_of((other, value), p_ud, p_du)
        for length in range(1, 8):
            ended = chance_of((other, *(value,) * length, other), p_ud, p_du)
            assert law[value, length - 1] == pytest.approx(ended / begins, abs=1e-12)
        # The last column has all that are at least so long.
        assert law[value, 7] == pytest.approx(chance_of((other, *(value,) * 8), p_ud, p_du) / begins, abs=1e-12)
        assert law[value].sum() == pytest.approx(1)


@pytest.mark.parametrize(("p_ud", "p_du"), JUNCTIONS)
def test_entropies_fall_to_that_of_a_known_state(p_ud: float, p_du: float) -> None:
    junction = ToggledJunction(p_ud, p_du)
    entropies = junction.entropies(12)
    assert np.all(np.diff(entropies) <= 1e-12)
    share = junction.share_of_ones
    assert entropies[0] == pytest.approx(-share * math.log2(share) - (1 - share) * math.log2(1 - share))
    assert np.all(entropies >= junction.entropy_rate - 1e-12)
    assert entropies[-1] == pytest.approx(junction.entropy_rate, abs=0.04)


def test_equal_probabilities_give_independent_bits() -> None:
    junction = ToggledJunction(0.3, 0.3)
    assert junction.share_of_ones == pytest.approx(0.3)
    assert junction.autocorrelation(5) == pytest.approx(np.zeros(5), abs=1e-15)
    assert junction.variance_factor == pytest.approx(1)
    assert junction.entropies(5) == pytest.approx(np.full(6, junction.entropy_rate))
    geometric = 0.7 * 0.3 ** np.arange(5)
    assert junction.run_lengths(6)[1, :5] == pytest.approx(geometric)


def test_the_factor_of_the_variance_is_that_of_many_sums(uneven: Bits) -> None:
    found = transitions(uneven)
    junction = ToggledJunction(found.p_ud.value, found.p_du.value)
    sums = np.bitwise_count(uneven.words(64)[:1500]).astype(float)
    share = junction.share_of_ones
    # The variance of 1,500 sums is known to √(2 / 1500) = 3.7 %.
    assert sums.var() / (64 * share * (1 - share)) == pytest.approx(junction.variance_factor, rel=4 * 0.037)


@pytest.mark.parametrize("ends", [(0.0, 0.0), (1.0, 1.0), (-0.1, 0.5), (0.5, 1.1), (math.nan, 0.5)])
def test_what_is_no_junction_is_refused_in_one_line(ends: tuple[float, float]) -> None:
    with pytest.raises(InputError) as error:
        ToggledJunction(*ends)
    assert "\n" not in str(error.value)


def junction_of(bits: Bits) -> ToggledJunction:
    found = transitions(bits)
    return ToggledJunction(found.p_ud.value, found.p_du.value)


def test_runs_of_a_junction_agree_with_it_and_not_with_the_geometric_law(uneven: Bits, sticky: Bits) -> None:
    runs = run_lengths(uneven)
    assert runs.goodness.p_value < 1e-6
    assert run_agreement(runs, junction_of(uneven)).p_value > 1e-3
    expected = expected_runs(runs, junction_of(uneven))
    assert expected.sum(axis=1) == pytest.approx(runs.counts.sum(axis=1))
    assert run_agreement(run_lengths(sticky), junction_of(sticky)).p_value < 1e-6


def test_correlations_of_a_junction_agree_with_it(uneven: Bits, sticky: Bits) -> None:
    found = correlogram(uneven, 100)
    assert found.ljung_box.p_value < 1e-6
    assert correlation_p_value(found, junction_of(uneven), len(uneven)) > 1e-3
    # With the probabilities of another junction they do not.
    assert correlation_p_value(found, ToggledJunction(0.5, 0.5), len(uneven)) < 1e-6
    assert correlation_p_value(correlogram(sticky, 100), junction_of(sticky), len(sticky)) < 1e-6


def test_one_lag_that_stands_out_is_seen_among_many(fair: Bits) -> None:
    bits = fair.unpacked()[:100_000]
    bits[777:] ^= (np.random.default_rng(71).random(bits.size - 777) < 0.06) & (bits[777:] ^ bits[:-777])
    found = correlogram(bits, 1000)
    assert found.outside.tolist() == [777]
    assert correlation_p_value(found, ToggledJunction(0.5, 0.5), bits.size) < 1e-6


def test_entropies_and_bytes_of_a_junction_agree_with_it(uneven: Bits, sticky: Bits) -> None:
    for bits, agrees in ((uneven, True), (sticky, False)):
        tally = WordTally()
        tally.add(bits[: len(bits) // 64 * 64])
        assert (entropy_p_value(tally.entropy(), junction_of(bits)) > 1e-3) is agrees
        assert (byte_agreement(tally.bytes(), junction_of(bits)).p_value > 1e-3) is agrees
        assert tally.bytes().goodness.p_value < 1e-3  # neither has equal bytes


def test_bytes_that_a_junction_seldom_gives_are_taken_together() -> None:
    rng = np.random.default_rng(72)
    bits = Bits(rng.random(40_960) < 0.05)
    tally = WordTally()
    tally.add(bits)
    agreement = byte_agreement(tally.bytes(), ToggledJunction(0.05, 0.05))
    assert 0 < agreement.freedom < 60
    assert agreement.p_value > 1e-3
    deviations = tally.bytes().deviations
    assert int(np.argmax(deviations)) == 0
    assert deviations.sum() == pytest.approx(0, abs=1e-9)
