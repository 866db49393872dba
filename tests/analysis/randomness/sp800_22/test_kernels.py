"""Each kernel counts what a plain loop counts, at lengths that are no multiple of anything too."""

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.berlekamp_massey import linear_complexities
from mtjlab.analysis.randomness.sp800_22.longest_run import _byte_runs, _longest
from mtjlab.analysis.randomness.sp800_22.non_overlapping_template import _count_grams
from mtjlab.analysis.randomness.sp800_22.overlapping_template import _matches
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.rank import _ranks
from mtjlab.analysis.randomness.sp800_22.runs import runs


def massey(bits):
    """Berlekamp and Massey as in the textbook."""
    c, b, length, last = [1] + [0] * len(bits), [1] + [0] * len(bits), 0, -1
    for n in range(len(bits)):
        if sum(c[i] & bits[n - i] for i in range(length + 1)) % 2:
            before = c[:]
            for i in range(len(bits) + 1 - (n - last)):
                c[i + n - last] ^= b[i]
            if 2 * length <= n:
                length, last, b = n + 1 - length, n, before
    return length


@pytest.mark.parametrize("block", [10, 63, 64, 65, 100, 129])
def test_linear_complexities_are_those_of_the_textbook(random_bits, block):
    bits = random_bits(block, 70 * block)
    bits[: 2 * block] = 0
    bits[2 * block - 1] = 1  # complexity 0, then as high as it gets
    sequence = PackedSequence.of(bits)
    expected = [massey(part.tolist()) for part in bits.reshape(-1, block)]
    assert linear_complexities(sequence.words, block, 70).tolist() == expected
    assert expected[:2] == [0, block]


@pytest.mark.parametrize("count", [3, 17, 1000, 1003])
def test_grams_are_counted_around_the_ring(random_bits, count):
    bits = random_bits(count, count)
    sequence = PackedSequence.of(bits)
    ring = np.resize(bits, count + 16).astype(np.int64)
    for m in (1, 3, 11, 16):
        values = sum(ring[i : i + count] << (m - 1 - i) for i in range(m))
        assert np.array_equal(sequence.gram_counts(m), np.bincount(values, minlength=1 << m))


@pytest.mark.parametrize("m", [2, 5, 9, 10])
def test_templates_are_counted_in_each_block(random_bits, m):
    bits = random_bits(m, 8 * 1237 + 5)
    packed = PackedSequence.of(bits).padded
    for block in range(8):
        counts = np.zeros(1 << m, np.int64)
        _count_grams(packed, 1237 * block, 1237, m, counts)
        part = bits[1237 * block : 1237 * (block + 1)].astype(np.int64)
        values = sum(part[i : 1237 - m + 1 + i] << (m - 1 - i) for i in range(m))
        assert np.array_equal(counts, np.bincount(values, minlength=1 << m))


def test_runs_of_m_ones_are_marked(random_bits):
    bits = random_bits(8, 640) | random_bits(9, 640)
    for m in (2, 3, 9, 16):
        marked = np.unpackbits(_matches(PackedSequence.of(bits).words, m).astype(">u8").view(np.uint8))[:640]
        expected = [int(bits[i : i + m].all()) if i + m <= 640 else 0 for i in range(640)]
        assert marked.tolist() == expected


def test_longest_runs_in_blocks(random_bits):
    bits = random_bits(10, 128 * 20) | random_bits(11, 128 * 20)
    bits[:128] = 1
    longest = _longest(np.packbits(bits), 16, 20, *_byte_runs())
    texts = ["".join(map(str, part)) for part in bits.reshape(20, 128)]
    assert longest.tolist() == [max(map(len, text.split("0"))) for text in texts]


@pytest.mark.parametrize("count", [2, 64, 65, 128, 1001])
def test_runs_are_counted_over_words(random_bits, count):
    bits = random_bits(1, count)
    bits[:2] = 0, 1
    assert runs(PackedSequence.of(bits)).statistics["runs"] == 1 + np.count_nonzero(np.diff(bits))


def test_ranks_of_matrices_made_to_have_them():
    rows = np.array([[1, 2, 4], [1, 1, 3], [3, 3, 3], [0, 0, 0], [1, 2, 3]], np.uint32)
    assert _ranks(rows.T.copy()).tolist() == [3, 2, 1, 0, 2]


def test_the_walk_is_that_of_a_plain_loop(random_bits):
    bits = random_bits(12, 100_003)
    walk = PackedSequence.of(bits).walk
    states = np.cumsum(2 * bits.astype(int) - 1)
    assert (walk.end, walk.highest, walk.lowest) == (states[-1], max(0, states.max()), min(0, states.min()))
    assert walk.cycles == np.count_nonzero(states == 0) + (states[-1] != 0)
    assert walk.visits.tolist() == [np.count_nonzero(states == x) for x in range(-9, 10)]
    cycles = np.split(states, np.flatnonzero(states == 0) + 1)
    cycles = [cycle for cycle in cycles if cycle.size]
    for x in (-4, -1, 2):
        seen = np.bincount([min(5, np.count_nonzero(cycle == x)) for cycle in cycles], minlength=6)
        assert walk.cycle_classes[x + 4].tolist() == seen.tolist()
