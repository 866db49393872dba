"""The tree of biased bits: the probabilities of its nodes, and the three ways to decide them."""

import math
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.noise.biased_tree import BiasedTree
from mtjlab.analysis.noise.bit_supplies import HeldBits
from mtjlab.analysis.noise.distance_from_normal import distribution_error
from mtjlab.core import Bits, InputError

NORMAL = NormalDist()


def mass(low: float, high: float) -> float:
    return NORMAL.cdf(high) - NORMAL.cdf(low)


def mean_where(tree: BiasedTree, ones: NDArray[np.float64]) -> float:
    """Return the mean if the nodes had other probabilities, from the leaves that each reaches."""
    values, shares = tree.distribution()[0], np.ones(1)
    for level in range(16):
        up = ones[2**level - 1 : 2 ** (level + 1) - 1] if level < tree.levels else np.full(2**level, ones[-1])
        shares = np.stack((shares * (1 - up), shares * up), axis=1).ravel()
    return float(shares @ values)


@pytest.mark.parametrize("levels", [1, 3, 5])
def test_a_node_has_the_share_of_its_upper_half(levels: int) -> None:
    tree = BiasedTree(levels, 4.0)
    expected = []
    for level in range(levels):
        width = 8 / 2**level
        for node in range(2**level):
            low = -4 + node * width
            expected.append(mass(low + width / 2, low + width) / mass(low, low + width))
    assert tree.probabilities == pytest.approx(expected, rel=1e-6, abs=2.0**-32)
    assert tree.probabilities[0] == 0.5
    # Mirrored: a node below zero leads up as one above zero leads down.
    for level in range(levels):
        row = tree.probabilities[2**level - 1 : 2 ** (level + 1) - 1]
        assert row == pytest.approx(1 - row[::-1], abs=1e-9)


def test_cells_have_the_shares_of_the_normal_distribution() -> None:
    tree = BiasedTree(6, 5.0)
    values, shares = tree.distribution()
    cells = shares.reshape(64, -1).sum(axis=1)
    edges = np.linspace(-5, 5, 65)
    assert cells == pytest.approx([mass(*pair) / mass(-5, 5) for pair in pairwise(edges)], abs=1e-9)
    assert shares.sum() == pytest.approx(1)
    assert float(shares @ values**2) == pytest.approx(1, abs=1e-7)
    assert (values == -values[::-1]).all()


def test_more_levels_are_closer_to_normal_until_cells_are_alike() -> None:
    distances = [distribution_error(BiasedTree(levels)).ks_distance for levels in (4, 6, 8, 12)]
    # Within a cell of width w the density is taken as level, which misses up to max |density'| w²/8 = 0.030 w²; the
    # middles of the last cells miss half of what such a cell holds, 0.2 · 11/65536.
    for levels, distance in zip((4, 6, 8, 12), distances, strict=True):
        width = 11 / 2**levels
        assert distance < 0.0303 * width**2 + 0.2 * 11 / 2**16 + 3e-6
    assert distances == sorted(distances, reverse=True)
    error = distribution_error(BiasedTree())
    assert error.ks_distance < 6.1e-5
    assert error.moments == pytest.approx((0, 1, 0, 3), abs=1e-4)
    assert error.largest == pytest.approx(5.5, abs=2e-3)


@pytest.mark.parametrize("levels", [1, 5, 8, 16])
def test_fair_bits_decide_a_node_as_a_binary_fraction_does(levels: int) -> None:
    tree = BiasedTree(levels)
    bits = np.random.default_rng(levels).integers(0, 2, 40 * 200, dtype=np.uint8)
    rest, expected = bits.tolist(), []
    for _ in range(100):
        node = 0
        for level in range(16):
            place = 2**level - 1 + node
            threshold = 2**32 - round(tree.probabilities[place] * 2**32) if level < levels else 2**31
            digits, up = f"{threshold:032b}", 1
            for at, digit in enumerate(digits):
                if "1" not in digits[at:]:
                    break  # what is left of the threshold is zero: reached
                bit = rest.pop(0)
                if bit != int(digit):
                    up = bit
                    break
            node = 2 * node + up
        expected.append(tree.distribution()[0][node])
    supply = HeldBits(Bits(bits))
    parts = [tree.draw(count, supply.take) for count in (1, 0, 30, 69)]
    assert np.concatenate(parts).tolist() == expected
    assert supply.bits_used == bits.size - len(rest)


def test_fair_bits_a_normal_are_two_a_node_but_one_where_it_is_fair() -> None:
    assert BiasedTree(8).bits_per_normal == pytest.approx(1 + 2 * 7 + 8, abs=1e-6)
    supply = HeldBits(Bits.packed(np.random.default_rng(1).bytes(400_000)))
    tree = BiasedTree(8)
    tree.draw(100_000, supply.take)
    # Each of 7 comparisons takes a number of bits of variance 2.
    assert supply.bits_used / 100_000 == pytest.approx(tree.bits_per_normal, abs=4.5 * math.sqrt(14 / 100_000))


def test_tuned_bits_give_the_normal_of_the_cell_they_lead_to() -> None:
    tree, rng = BiasedTree(8), np.random.default_rng(2)
    asked = []

    def junction(probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        asked.append(probabilities)
        return rng.random(probabilities.size) < probabilities

    normals = tree.draw_tuned(200_000, junction).astype(float)
    assert len(asked) == 16 == tree.bits_per_tuned_normal
    assert (asked[0] == 0.5).all()
    assert set(asked[1]) == set(tree.probabilities[1:3])
    assert all((each == 0.5).all() for each in asked[8:])
    within = 4.5 / math.sqrt(normals.size)
    assert abs(normals.mean()) < within
    assert abs(normals.var() - 1) < within * math.sqrt(2)
    off = np.abs(np.searchsorted(np.sort(normals), 1.0) / normals.size - NORMAL.cdf(1))
    assert off < 4.5 * 0.37 / math.sqrt(normals.size)


def test_bits_drawn_before_are_converted_by_their_ways() -> None:
    tree, ways = BiasedTree(8), np.random.default_rng(3).integers(0, 2, 16 * 50, dtype=np.uint8)
    words = ways.reshape(50, 16) @ (2 ** np.arange(16)[::-1])
    normals = tree.convert_drawn(ways)
    assert normals.tolist() == tree.distribution()[0][words].tolist()
    assert tree.convert_drawn(Bits(np.concatenate(([1], ways)))[1:]).tolist() == normals.tolist()
    steps = iter(ways.reshape(50, 16).T)
    assert tree.draw_tuned(50, lambda p: next(steps)).tolist() == normals.tolist()


def test_bias_shifts_the_mean_as_the_probabilities_shift() -> None:
    tree, bias = BiasedTree(4), 1e-4
    fair = np.append(tree.probabilities, 0.5)
    means = [mean_where(tree, fair + sign * bias / 2) for sign in (1, -1)]
    assert tree.tuned_shift == pytest.approx((means[0] - means[1]) / (2 * bias), rel=1e-5)

    def compared(ones: float) -> NDArray[np.float64]:
        """Return P(fraction of such bits >= threshold) of each node, digit by digit."""
        found = []
        for p in fair:
            reached, alike = 0.0, 1.0
            for digit in f"{round((1 - p) * 2**32):032b}":
                if digit == "0":
                    reached, alike = reached + alike * ones, alike * (1 - ones)
                else:
                    alike *= ones
            found.append(reached + alike)
        return np.array(found)

    means = [mean_where(tree, compared((1 + sign * bias) / 2)) for sign in (1, -1)]
    assert tree.shift == pytest.approx((means[0] - means[1]) / (2 * bias), rel=1e-5)


def test_what_is_no_tree_is_refused() -> None:
    with pytest.raises(InputError, match="levels = 17: expected 1 to 16"):
        BiasedTree(17)
    with pytest.raises(InputError, match=r"largest = 0\.5: expected 1 to 8"):
        BiasedTree(8, 0.5)
    with pytest.raises(InputError, match="17 bits: a normal takes 16"):
        BiasedTree().convert_drawn(np.zeros(17, np.uint8))
    with pytest.raises(InputError, match="drawn for 3 nodes"):
        BiasedTree().draw_tuned(3, lambda p: np.zeros(2, np.uint8))
