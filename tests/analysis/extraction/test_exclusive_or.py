"""Exclusive-or of streams, and of bits of one stream: what bias it leaves."""

import math

import numpy as np
import pytest

from mtjlab.analysis.extraction.conditioned_bits import conditioned
from mtjlab.analysis.extraction.exclusive_or import (
    bias_and_correlation,
    excess_after_xor,
    xor_at_distance,
    xor_distance,
    xor_extractor,
    xor_streams,
)
from mtjlab.analysis.extraction.extractor import EXTRACTORS
from mtjlab.core import Bits


def excess(bits: Bits) -> float:
    return 2 * bits.ones() / len(bits) - 1


def test_excesses_of_independent_streams_multiply() -> None:
    generator = np.random.default_rng(1)
    streams = [generator.random(1_000_001) < share for share in (0.7, 0.35, 0.6)]
    joined = xor_streams([*streams[:2], Bits(streams[2]), np.ones(2_000_000, np.uint8)])
    assert len(joined) == 1_000_001
    expected = 0.4 * -0.3 * 0.2 * 1.0  # e of the ones is 1; an even number of streams changes the sign
    assert excess(joined) == pytest.approx(-expected, abs=4.5 / math.sqrt(len(joined)))
    np.testing.assert_array_equal(joined.unpacked(), 1 - (streams[0] ^ streams[1] ^ streams[2]))


@pytest.mark.parametrize("distance", [1, 3, 8, 13])
def test_a_chain_of_bits_keeps_what_the_formula_says(distance: int) -> None:
    # Stationary chain with P(1) = 0.55 and correlation 0.3: what does not renew repeats the bit before.
    generator = np.random.default_rng(distance)
    count = 1_200_000
    fresh, renews = generator.random(count) < 0.55, generator.random(count) < 0.7
    renews[0] = True
    bits = fresh[np.maximum.accumulate(np.where(renews, np.arange(count), 0))]
    left = xor_at_distance(bits, distance)
    assert bias_and_correlation(bits) == pytest.approx((0.1, 0.3), abs=4.5 * 1.4 / math.sqrt(count))
    assert len(left) == count // (2 * distance) * distance
    # Pairs are correlated with their neighbours, which widens the scatter by less than (1 + 0.3) / (1 - 0.3).
    assert -excess(left) == pytest.approx(excess_after_xor(0.1, 0.3**distance), abs=4.5 * 1.4 / math.sqrt(len(left)))


def test_neighbours_turn_correlation_into_bias() -> None:
    assert excess_after_xor(0.0, 0.1) == 0.1
    assert "correlation into a bias" in EXTRACTORS.load("xor-1").claim


def test_the_distance_is_the_smallest_that_adds_no_more_than_a_share() -> None:
    for e, rho, share in ((0.02, 0.1, 0.1), (0.05, -0.9, 0.5), (0.3, 0.001, 0.1)):
        distance = xor_distance(e, rho, share)
        assert (1 - e**2) * abs(rho) ** distance <= share * e**2
        assert distance == 1 or (1 - e**2) * abs(rho) ** (distance - 1) > share * e**2
    for e, rho in ((0.0, 0.1), (0.01, 1 - 1e-9), (1.5, 0.1)):
        with pytest.raises(ValueError, match=r"another extractor|between"):
            xor_distance(e, rho)


@pytest.mark.parametrize("distance", [5, 16])
def test_pairs_share_no_bit_and_parts_change_nothing(distance: int) -> None:
    raw = np.random.default_rng(2).integers(0, 2, 1009, dtype=np.uint8)
    expected = [
        raw[first + i] ^ raw[first + distance + i]
        for first in range(0, raw.size - 2 * distance + 1, 2 * distance)
        for i in range(distance)
    ]
    extractor = EXTRACTORS.load(f"xor-{distance}")
    assert extractor.extract(raw).tolist() == expected
    parts = [Bits(part) for part in np.split(raw, [1, 500, 501])]
    assert Bits.joined(conditioned(parts, extractor)).unpacked().tolist() == expected


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="two or more"):
        xor_streams([[1, 0]])
    with pytest.raises(ValueError, match="expected 1 to"):
        xor_at_distance([1, 0], 0)
    with pytest.raises(ValueError, match="two or more"):
        bias_and_correlation([1])
    assert bias_and_correlation([1, 1, 1]) == (1.0, 0.0)
    with pytest.raises(ValueError, match="expected a distance"):
        xor_extractor(2**25)
