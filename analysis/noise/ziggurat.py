"""Normals with true tails: the ziggurat method, on as many bits as each normal needs."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.noise.distance_from_normal import DistributionError
from mtjlab.core import Bits

__all__ = ["ZIGGURAT", "Ziggurat"]

LAYERS = 256
EDGE = 3.6541528853610088
"""Where the tail begins, for 256 layers of equal area."""
_WORD = 32
_PLACES = 2**23
"""Places along a layer that a word tells apart."""


class Layers(NamedTuple):
    """The layers below the density exp(-x²/2), all of one area; the lowest holds the tail."""

    widths: NDArray[np.float64]
    """Width of each; of the lowest its area over its height."""
    inner: NDArray[np.float64]
    """Up to where each lies wholly below the density."""
    heights: NDArray[np.float64]
    """Density at the lower edge of each and, last, at zero."""
    area: float
    """Area of each."""


class Ziggurat:
    """Choose a layer and a place in it; keep it if it is below the density, else begin again.

    The half of the normal density lies in 256 layers of equal area. A word of 32 bits gives a normal: one bit its sign,
    the next 8 the layer, the other 23 the place along it, so that layer and place are independent. 98.5 % of the words
    are normals at once. A place in the wedge that the density cuts takes a second word for its height; one beyond
    r = 3.654 in the lowest layer is replaced by a draw from the tail, x = r - ln(U1)/r, kept if -2 ln(U2) > (x - r)²,
    of two words each. The largest normal is r + 33 ln(2)/r = 9.914: the tail is that of the normal distribution, not
    cut off.

    Biased bits shift the mean by the sign alone in the first order: by the mean of abs(x), sqrt(2/π) = 0.7979 for each
    unit of 2P - 1.

    Notes
    -----
    Marsaglia and Tsang, J. Stat. Software 5(8), 1 (2000), who take layer and place of the same bits; Doornik, "An
    improved ziggurat method to generate normal random samples" (2005), who separates them; the tail by Marsaglia,
    Technometrics 6, 101 (1964).
    """

    @property
    def bits_per_normal(self) -> float:
        """Bits that one normal takes on average: 32.705."""
        layers = layers_below_density()
        beyond = 1 - layers.inner / layers.widths
        # A draw from the tail is kept with probability r exp(r²/2) ∫ exp(-x²/2) from r, and takes two words.
        kept = EDGE * math.exp(EDGE**2 / 2) * _tail_area()
        words = 1 + float(beyond[1:].sum()) / LAYERS + float(beyond[0]) / LAYERS * 2 / kept
        return _WORD * words / _kept_share()

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1: sqrt(2/π)."""
        return math.sqrt(2 / math.pi)

    def draw(self, count: int, take: Callable[[int], Bits]) -> NDArray[np.float32]:
        """Return normals, float32, shape (count,); words of 32 bits are taken one after the other.

        Parameters
        ----------
        count
            How many normals.
        take
            Returns the next bits, as many as it is asked for.
        """
        from mtjlab.analysis.noise.rejecting_kernels import ziggurat_normals  # slow to import

        widths, first_beyond, heights = _tables()
        normals = np.empty(count, np.float32)
        words, done, needed = np.empty(0, np.uint8), 0, 1
        while done < count:
            # The normal begun needs `needed` words in all, and each of the others one at least: no word is left over.
            missing = needed + (count - done - 1) - words.size // 4
            taken = take(_WORD * missing).packed_bytes
            words = np.concatenate((words, taken)) if words.size else taken
            words.flags.writeable = False  # as the bits are: the loop is compiled once
            made, used, needed = ziggurat_normals(words, widths, first_beyond, heights, EDGE, normals[done:])
            done, words = done + made, words[4 * used :]
        return normals

    def distribution_error(self) -> DistributionError:
        """Return how far the normals are from normal: the moments by quadrature over each layer and the tail.

        Returns
        -------
        DistributionError
            Moments and largest value; of the distance a bound, by the 2^23 places of a layer and the rounding.
        """
        second, fourth = (_moment(power) for power in (2, 4))
        # A place stands for a stretch of a layer: the share below x is off by half of what the place holds at most,
        # in every layer alike at worst. Rounding to float32 moves x by x / 2^24, past a share x·density(x) of that.
        # Both halves of the distribution have half of it.
        places, rounding = 1 / (2 * _PLACES * _kept_share()), 2 / math.sqrt(2 * math.pi * math.e) * 2.0**-24
        return DistributionError(
            ks_distance=(places + rounding) / 2 + 2.0**-32,
            moments=(0.0, second, 0.0, fourth),
            largest=EDGE + 33 * math.log(2) / EDGE,
            exact=False,
        )


def _tail_area() -> float:
    """Return the integral of exp(-x²/2) beyond `EDGE`."""
    return math.sqrt(math.pi / 2) * math.erfc(EDGE / math.sqrt(2))


def _kept_share() -> float:
    """Return the probability that a word begins a normal: half the area below the density over that of the layers."""
    return math.sqrt(math.pi / 2) / (LAYERS * layers_below_density().area)


@cache
def layers_below_density() -> Layers:
    """Return the layers, the lowest first."""
    edge_height = math.exp(-(EDGE**2) / 2)
    area = EDGE * edge_height + _tail_area()
    right, heights = [EDGE], [0.0, edge_height]
    for _ in range(LAYERS - 2):
        heights.append(heights[-1] + area / right[-1])
        right.append(math.sqrt(-2 * math.log(heights[-1])))
    widths = np.array([area / edge_height, *right])
    return Layers(widths, np.array([*right, 0.0]), np.array([*heights, 1.0]), area)


@cache
def _tables() -> tuple[NDArray[np.float64], NDArray[np.uint32], NDArray[np.float64]]:
    """Return the width of a place in each layer, the first place that may lie outside the density, and the heights."""
    layers = layers_below_density()
    first_beyond = np.ceil(layers.inner / layers.widths * _PLACES - 0.5).astype(np.uint32)
    return layers.widths / _PLACES, first_beyond, layers.heights


def _moment(power: int) -> float:
    """Return the mean of abs(x)^power that layers, wedges and tail give together."""
    layers, (nodes, weights) = layers_below_density(), np.polynomial.legendre.leggauss(24)
    inner, widths = layers.inner, layers.widths
    whole = inner ** (power + 1) / ((power + 1) * widths)
    # Of a wedge what lies below the density: the share of its height that exp(-x²/2) has above its lower edge.
    low, high = inner[1:, np.newaxis], widths[1:, np.newaxis]
    x = (low + high) / 2 + (high - low) / 2 * nodes
    bottom, top = layers.heights[1:-1, np.newaxis], layers.heights[2:, np.newaxis]
    below = (np.exp(-(x**2) / 2) - bottom) / (top - bottom)
    wedges = ((x**power * below) @ weights) * (high - low)[:, 0] / 2 / widths[1:]
    beyond = 1 - inner[0] / widths[0]
    return float(whole.sum() + wedges.sum() + beyond * _tail_moment(power)) / (LAYERS * _kept_share())


def _tail_moment(power: int) -> float:
    """Return the mean of x^power beyond `EDGE`, by parts: M(p) = r^(p-1) exp(-r²/2) + (p - 1) M(p - 2)."""
    moment, at_edge = _tail_area(), math.exp(-(EDGE**2) / 2)
    for each in range(2, power + 1, 2):
        moment = EDGE ** (each - 1) * at_edge + (each - 1) * moment
    return moment / _tail_area()


ZIGGURAT = Ziggurat()
"""What ``ziggurat`` stands for."""
