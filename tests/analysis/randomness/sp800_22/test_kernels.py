"""Each kernel counts what a plain loop counts, at lengths that are no multiple of anything too."""

import subprocess
import sys

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.berlekamp_massey import linear_complexities
from mtjlab.analysis.randomness.sp800_22.counting_tests import _count_longest, block_frequency, runs
from mtjlab.analysis.randomness.sp800_22.non_overlapping_template import _count_grams
from mtjlab.analysis.randomness.sp800_22.overlapping_template import _count_hits
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.rank import _count_ranks


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
@pytest.mark.parametrize("stretch", [2000, 8 * 1237 + 5])
def test_templates_are_counted_in_each_block(random_bits, m, stretch):
    bits = random_bits(m, 8 * 1237 + 5)
    packed = PackedSequence.of(bits).padded
    counts, long = np.zeros((8, 1 << m), np.int64), np.empty(1 << (m + 3), np.int32)
    for at in range(0, bits.size - m + 1, stretch - m + 1):  # stretches that end inside of blocks
        _count_grams(packed, at, min(stretch, bits.size - at), at, 1237, m, counts, long)
    for block in range(8):
        part = bits[1237 * block : 1237 * (block + 1)].astype(np.int64)
        values = sum(part[i : 1237 - m + 1 + i] << (m - 1 - i) for i in range(m))
        assert np.array_equal(counts[block], np.bincount(values, minlength=1 << m))


@pytest.mark.parametrize("m", [2, 3, 9, 16, 64])
@pytest.mark.parametrize("block", [90, 128, 205])
def test_runs_of_m_ones_are_counted_in_each_block(random_bits, m, block):
    bits = random_bits(8, 20 * block) | random_bits(9, 20 * block)
    bits[3 * block : 4 * block] = 1
    seen = np.zeros(6, np.int64)
    _count_hits(PackedSequence.of(bits).words, block, 20, m, seen)
    hits = [sum(part[i : i + m].all() for i in range(block - m + 1)) for part in bits.reshape(20, block)]
    assert seen.tolist() == np.bincount(np.minimum(hits, 5), minlength=6).tolist()


@pytest.mark.parametrize("block", [8, 64, 128, 1000])
def test_longest_runs_in_blocks(random_bits, block):
    bits = random_bits(10, block * 20) | random_bits(11, block * 20)
    bits[:block] = 1
    bits[block : 2 * block] = 0
    seen = np.zeros(21, np.int64)
    _count_longest(PackedSequence.of(bits).words, block, 20, 0, seen)
    texts = ["".join(map(str, part)) for part in bits.reshape(20, block)]
    longest = [max(map(len, text.split("0"))) for text in texts]
    assert max(longest) == block
    assert seen.tolist() == np.bincount(np.minimum(longest, 20), minlength=21).tolist()


@pytest.mark.parametrize("block", [1, 63, 64, 100, 128, 1000])
def test_ones_are_counted_in_blocks(random_bits, block):
    bits = random_bits(13, block * 20 + block // 2)
    excess = 2 * bits[: 20 * block].reshape(20, block).sum(axis=1, dtype=int) - block
    found = block_frequency(PackedSequence.of(bits), block).statistics
    assert (found["blocks"], found["chi_square"]) == (20, (excess**2).sum() / block)


@pytest.mark.parametrize("count", [2, 64, 65, 128, 1001])
def test_runs_are_counted_over_words(random_bits, count):
    bits = random_bits(1, count)
    bits[:2] = 0, 1
    assert runs(PackedSequence.of(bits)).statistics["runs"] == 1 + np.count_nonzero(np.diff(bits))


def rank_of(rows):
    """Eliminate as in the textbook."""
    found = 0
    while rows:
        pivot = rows.pop()
        if pivot:
            found += 1
            rows = [row ^ pivot if row & pivot & -pivot else row for row in rows]
    return found


@pytest.mark.parametrize("size", [2, 3, 5, 31, 32])
def test_ranks_are_those_of_the_textbook(random_bits, size):
    matrices = random_bits(size, 70 * size * size).reshape(70, size, size)
    matrices[0] = 0
    matrices[1] = np.eye(size)
    matrices[2, 1] = matrices[2, 0]
    expected = [rank_of([int("".join(map(str, row)), 2) for row in matrix]) for matrix in matrices]
    assert expected[:2] == [0, size]
    seen = np.zeros(size + 1, np.int64)
    _count_ranks(PackedSequence.of(matrices.ravel()).words, size, 70, seen)
    assert seen.tolist() == np.bincount(expected, minlength=size + 1).tolist()


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


def test_what_other_processes_compile_is_what_the_tests_call():
    """Each kernel has one signature: what the parts leave in the cache is not compiled a second time for the suite."""
    script = """
import gc
from numba.core.dispatcher import Dispatcher
from mtjlab.analysis.randomness.sp800_22 import compilation
for part in compilation.compiled_parts().values():
    part()
kernels = [each for each in gc.get_objects() if isinstance(each, Dispatcher) and "sp800_22" in each.py_func.__module__]
called = [each for each in kernels if each.signatures]
print(len(called), [each.py_func.__qualname__ for each in called if len(each.signatures) > 1])
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split(
        " ", 1
    )
    assert int(said[0]) >= 12
    assert said[1].strip() == "[]"
