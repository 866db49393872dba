"""The ziggurat: layers of one area, true tails, and no bit taken that is not used."""

import math

import numpy as np
import pytest
from scipy import integrate
from scipy.special import ndtr, ndtri

from mtjlab.analysis.noise.bit_noise import BitNoise
from mtjlab.analysis.noise.bit_supplies import HeldBits
from mtjlab.analysis.noise.bit_supply import NotEnoughBits
from mtjlab.analysis.noise.distance_from_normal import distribution_error
from mtjlab.analysis.noise.ziggurat import EDGE, Ziggurat, layers_below_density
from mtjlab.core import Bits


def random_supply(seed: int, words: int) -> HeldBits:
    return HeldBits(Bits.packed(np.random.default_rng(seed).bytes(4 * words)))


def word(sign: int, layer: int, place: int) -> int:
    return sign << 31 | layer << 23 | place


def drawn(*words: int) -> tuple[float, int]:
    """Return the normal made of given words, and how many it took."""
    supply = HeldBits(Bits.packed(np.array(words, ">u4").tobytes()))
    (normal,) = Ziggurat().draw(1, supply.take).tolist()
    return normal, supply.bits_used // 32


def test_layers_are_of_one_area_and_end_at_the_top_of_the_density() -> None:
    layers = layers_below_density()
    tail = integrate.quad(lambda x: math.exp(-x * x / 2), EDGE, np.inf)[0]
    areas = layers.widths[1:] * np.diff(layers.heights[1:])
    assert areas == pytest.approx(EDGE * math.exp(-(EDGE**2) / 2) + tail, rel=1e-9)
    assert layers.widths[0] * layers.heights[1] == pytest.approx(layers.area, rel=1e-12)
    assert layers.heights[-1] == 1.0
    assert layers.heights[1:-1] == pytest.approx(np.exp(-(layers.widths[1:] ** 2) / 2), rel=1e-12)


def test_layer_and_place_are_of_bits_of_their_own() -> None:
    layers = layers_below_density()
    for layer in (0, 1, 77, 254):
        for sign in (0, 1):
            value = (2 * sign - 1) * (1_000_000 + 0.5) / 2**23 * layers.widths[layer]
            assert drawn(word(sign, layer, 1_000_000)) == (pytest.approx(value, rel=1e-6), 1)


def test_a_place_in_the_wedge_is_kept_below_the_density() -> None:
    layers, layer = layers_below_density(), 128
    place = int(0.9999 * 2**23)
    x = (place + 0.5) / 2**23 * layers.widths[layer]
    assert x > layers.inner[layer]
    bottom, top = layers.heights[layer : layer + 2]
    share = (math.exp(-x * x / 2) - bottom) / (top - bottom)
    begun_again = word(1, 3, 42)
    just_below, just_above = int(share * 2**32) - 2, int(share * 2**32) + 2
    assert drawn(word(1, layer, place), just_below, begun_again) == (pytest.approx(x, rel=1e-6), 2)
    assert drawn(word(1, layer, place), just_above, begun_again) == (drawn(begun_again)[0], 3)


def test_the_tail_has_no_end_but_that_of_its_words() -> None:
    tail = word(0, 0, 2**23 - 1)
    u1, u2 = 2_000_000_000, 1_000_000_000
    beyond = -math.log((u1 + 0.5) / 2**32) / EDGE
    assert drawn(tail, u1, u2) == (pytest.approx(-EDGE - beyond, rel=1e-6), 3)
    assert drawn(tail, 0, 2**32 - 1, u1, u2) == (pytest.approx(-EDGE - beyond, rel=1e-6), 5)
    largest = distribution_error(Ziggurat()).largest
    assert drawn(tail, 0, 0)[0] == pytest.approx(-largest, rel=1e-6)
    assert largest == pytest.approx(9.9138, abs=1e-4)


def test_portions_of_any_size_give_the_normals_of_one_draw_of_the_same_bits() -> None:
    whole, parts = random_supply(1, 60_000), random_supply(1, 60_000)
    normals = Ziggurat().draw(50_000, whole.take)
    sizes = np.diff(np.sort(np.random.default_rng(2).integers(0, 50_001, 300)), prepend=0, append=50_000)
    in_parts = np.concatenate([Ziggurat().draw(size, parts.take) for size in sizes.tolist()])
    assert in_parts.tolist() == normals.tolist()
    assert parts.bits_used == whole.bits_used
    noise = BitNoise(random_supply(1, 60_000), Ziggurat())
    assert noise.normal((20, 25)).ravel().tolist() == normals[:500].tolist()


def test_bits_per_normal_are_as_derived() -> None:
    # Between begins of a normal the words are independent: their number has a standard deviation of about 0.2.
    count, supply = 1_000_000, random_supply(3, 1_100_000)
    normals = Ziggurat().draw(count, supply.take).astype(float)
    converter = Ziggurat()
    assert converter.bits_per_normal == pytest.approx(32.705, abs=5e-4)
    assert supply.bits_used / 32 / count == pytest.approx(converter.bits_per_normal / 32, abs=4.5 * 0.2 / 1000)
    # And the normals: equally many in each hundredth, but for what chance leaves, and as many beyond the edge.
    counts, _ = np.histogram(ndtr(normals), 100, (0, 1))
    chi_square = float(((counts - count / 100) ** 2 / (count / 100)).sum())
    assert chi_square < 99 + 4.5 * math.sqrt(2 * 99)
    expected = 2 * ndtr(-EDGE) * count
    assert abs((np.abs(normals) > EDGE).sum() - expected) < 4.5 * math.sqrt(expected)


def test_moments_of_layers_wedges_and_tail_are_those_of_the_normal_distribution() -> None:
    error = distribution_error(Ziggurat())
    assert error.moments == pytest.approx((0, 1, 0, 3), abs=1e-12)
    assert error.ks_distance < 2.0**-24
    assert not error.exact


def test_the_tail_is_that_of_the_normal_distribution() -> None:
    # Words of the lowest layer's last place, each followed by a pair: draws from the tail and from nothing else.
    rng = np.random.default_rng(4)
    words = rng.integers(0, 2**32, (40_000, 3), dtype=np.uint64).astype(">u4")
    words[:, 0] = word(1, 0, 2**23 - 1)
    beyond = -np.log((words[:, 1] + 0.5) / 2**32) / EDGE
    words = words[-2 * np.log((words[:, 2] + 0.5) / 2**32) > beyond**2]
    normals = Ziggurat().draw(len(words), HeldBits(Bits.packed(words.tobytes())).take).astype(float)
    quantiles = ndtr(-normals) / ndtr(-EDGE)
    off = np.abs(np.sort(quantiles) - (np.arange(len(words)) + 0.5) / len(words)).max()
    assert off < 1.95 / math.sqrt(len(words))  # of a thousandth of all sets of normals
    assert normals.max() > -ndtri(ndtr(-EDGE) / 10_000)


def test_bias_shifts_the_mean_by_the_sign_alone() -> None:
    # The same bits with the sign turned over where the fair one is zero, in a share of them: E|x| a unit.
    assert Ziggurat().shift == pytest.approx(math.sqrt(2 / math.pi), rel=1e-12)
    bias, count = 0.05, 400_000
    bits = np.random.default_rng(5).random(34 * count) < (1 + bias) / 2
    normals = Ziggurat().draw(count, HeldBits(Bits(bits)).take)
    # Second order: the bias makes large places likelier, of which the mean of abs(x) tells.
    slope = float(normals.mean(dtype=float) / np.abs(normals).mean(dtype=float)) / bias
    assert slope == pytest.approx(1.0, abs=4.5 * 1.3 / bias / math.sqrt(count))


def test_the_end_of_the_bits_is_told() -> None:
    with pytest.raises(NotEnoughBits, match="of 640 are left"):
        Ziggurat().draw(21, random_supply(6, 20).take)
    assert Ziggurat().draw(0, random_supply(6, 0).take).shape == (0,)
