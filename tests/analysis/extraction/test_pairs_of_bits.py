"""Von Neumann's pairs of 1951, word by word and by statistics."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.analysis.extraction.pairs_of_bits import von_neumann_pairs, von_neumann_pairs_packed
from mtjlab.core import Bits


def stated_plainly(bits: list[int]) -> list[int]:
    """Of each pair of unequal bits, the first (von Neumann 1951: heads-tails is heads, tails-heads is tails)."""
    return [first for first, second in zip(bits[::2], bits[1::2], strict=False) if first != second]


def test_every_word_of_sixteen_bits() -> None:
    # One after the other in one stream: words of sixteen bits keep the pairs aligned.
    words = np.unpackbits(np.arange(2**16, dtype=">u2").view(np.uint8))
    assert von_neumann_pairs(words).tolist() == stated_plainly(words.tolist())


def test_the_convention_on_four_pairs() -> None:
    assert von_neumann_pairs([0, 1]).tolist() == [0]
    assert von_neumann_pairs([1, 0]).tolist() == [1]
    assert von_neumann_pairs([0, 0, 1, 1]).tolist() == []


@pytest.mark.parametrize("bits", [[], [1], [1, 0, 1], [0, 1, 0, 0, 1]])
def test_a_last_single_bit_is_dropped(bits: list[int]) -> None:
    out = von_neumann_pairs(np.array(bits, np.uint8))
    assert out.dtype == np.uint8
    assert out.tolist() == stated_plainly(bits)


def test_independent_bits_of_bias_three_tenths_come_out_fair() -> None:
    raw = (np.random.Generator(np.random.PCG64(1)).random(2_000_000) < 0.3).astype(np.uint8)
    out = von_neumann_pairs(raw)
    pairs, unequal = raw.size // 2, 2 * 0.3 * 0.7
    assert abs(out.size - pairs * unequal) < 4.5 * math.sqrt(pairs * unequal * (1 - unequal))
    assert abs(2 * int(out.sum()) - out.size) < 4.5 * math.sqrt(out.size)
    signs = 2.0 * out - 1
    assert abs((signs[1:] * signs[:-1]).sum()) < 4.5 * math.sqrt(out.size)


def test_correlation_is_not_mended() -> None:
    # A chain that mostly alternates gives long strings of equal bits: pairs start alike until the phase slips.
    flips = (np.random.Generator(np.random.PCG64(2)).random(200_000) < 0.9).astype(np.uint8)
    signs = 2.0 * von_neumann_pairs(np.bitwise_xor.accumulate(flips)) - 1
    assert (signs[1:] * signs[:-1]).mean() > 0.5


@pytest.mark.parametrize("view", [np.s_[::2], np.s_[::-1], np.s_[1:]])
def test_views_and_read_only_arrays_are_taken_as_they_read(view: slice) -> None:
    raw = np.random.default_rng(3).integers(0, 2, 1000, dtype=np.uint8)
    raw.flags.writeable = False
    assert von_neumann_pairs(raw[view]).tolist() == stated_plainly(raw[view].tolist())


@pytest.mark.parametrize("bits", [np.array([0, 255], np.uint8), np.zeros((2, 2), np.uint8)])
def test_what_is_not_bits_is_refused(bits: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="bits"):
        von_neumann_pairs(bits)


@given(st.lists(st.integers(0, 1), max_size=200))
def test_packed_bits_stay_packed(raw: list[int]) -> None:
    assert von_neumann_pairs_packed(Bits(raw)) == Bits(np.array(stated_plainly(raw), np.uint8))


def test_an_extractor_of_arrays_takes_packed_bits_too() -> None:
    inverting = Extractor(name="inversion", claim="none", extract=lambda bits: 1 - np.asarray(bits, np.uint8))
    assert inverting.condition(Bits([1, 0, 1])) == Bits([0, 1, 0])
