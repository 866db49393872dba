"""Bits less biased by exclusive-or: of independent streams, or of bits of one stream that lie far enough apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.core import Bits, InputError

__all__ = [
    "bias_and_correlation",
    "excess_after_xor",
    "xor_at_distance",
    "xor_distance",
    "xor_extractor",
    "xor_streams",
]

LARGEST_DISTANCE = 2**24
"""Pairs of this distance take 4 MiB."""


def xor_streams(streams: Sequence[ArrayLike | Bits]) -> Bits:
    """Return the exclusive-or of bits of independent sources, bit by bit.

    Parameters
    ----------
    streams
        Two or more, each `Bits` or 0 and 1 of shape (N,); the longer ones are cut to the shortest.

    Returns
    -------
    Bits
        As many as the shortest has.

    Raises
    ------
    InputError
        If there are fewer than two.

    Notes
    -----
    With excesses e_i = 2 P_i - 1 the excess of the exclusive-or of k independent bits is (-1)^(k-1) Π e_i (the
    piling-up lemma: Matsui, Eurocrypt 1993, lemma 3). Correlation at each lag is multiplied in the same way. Streams of
    one source, or of sources that share a supply voltage, are not independent.

    Examples
    --------
    >>> xor_streams([[1, 0, 1], [1, 1, 0, 0]])
    <3 bits: 011>
    """
    if len(streams) < 2:
        raise InputError(f"{len(streams)} stream: an exclusive-or takes two or more")
    packed = [Bits.of(stream) for stream in streams]
    count = min(map(len, packed))
    joined = np.zeros((count + 7) // 8, np.uint8)
    for bits in packed:
        joined ^= bits[:count].packed_bytes
    return Bits.packed(joined, count)


def bias_and_correlation(bits: ArrayLike | Bits) -> tuple[float, float]:
    """Return 2P - 1 of bits and the correlation of neighbours, which `xor_distance` wants.

    Parameters
    ----------
    bits
        Raw bits, two at least; each value has a standard error of about one over the square root of their number.

    Returns
    -------
    tuple
        Mean m of the signs s = 2 b - 1, and (mean of s_i s_(i+1) - m²) / (1 - m²); zero for bits that are all alike.

    Raises
    ------
    InputError
        If there are fewer than two.
    """
    packed = Bits.of(bits)
    if len(packed) < 2:
        raise InputError(f"{len(packed)} bit: bias and correlation take two or more")
    mean = 2 * packed.ones() / len(packed) - 1
    differ = xor_streams([packed[1:], packed[:-1]]).ones() / (len(packed) - 1)
    return mean, (1 - 2 * differ - mean**2) / (1 - mean**2) if abs(mean) < 1 else 0.0


def excess_after_xor(excess: float, correlation: float) -> float:
    """Return the excess of the exclusive-or of two bits, with its sign as if both were seen as one bit that differs.

    Parameters
    ----------
    excess
        e = 2P - 1 of each of the two.
    correlation
        Their correlation; ρ^d for bits d apart in a chain whose neighbours have ρ.

    Returns
    -------
    float
        e² + (1 - e²) ρ: the exclusive-or is one with probability one half less half of this.
    """
    return excess**2 + (1.0 - excess**2) * correlation


def xor_distance(excess: float, correlation: float, share: float = 0.1) -> int:
    """Return the smallest distance at which the correlation adds no more than a share to the squared excess.

    Parameters
    ----------
    excess
        e = 2P - 1 of the bits; of a measured one, its larger end.
    correlation
        Correlation ρ of neighbours, whose powers are those at larger distances; of a measured one, its larger end.
    share
        What (1 - e²) |ρ|^d may be at most, as a part of e².

    Returns
    -------
    int
        The distance d, 1 at least.

    Raises
    ------
    InputError
        If the excess is zero while the correlation is not, or no distance that is possible is enough.

    Examples
    --------
    >>> xor_distance(0.02, 0.1), xor_distance(0.02, 0.0)
    (5, 1)
    """
    strength = abs(correlation)
    if not (abs(excess) < 1 and strength < 1 and share > 0):
        raise InputError(f"excess {excess:g}, correlation {correlation:g}: both lie between -1 and 1")
    if not strength:
        return 1
    allowed = share * excess**2 / (1 - excess**2)
    if allowed >= 1:
        return 1
    distance = math.inf if allowed <= 0 else max(1, math.ceil(math.log(allowed) / math.log(strength)))
    if distance > LARGEST_DISTANCE:
        raise InputError(
            f"excess {excess:g}, correlation {correlation:g}: no distance up to {LARGEST_DISTANCE:,} is enough; use "
            "another extractor"
        )
    return int(distance)


def xor_at_distance(bits: ArrayLike | Bits, distance: int) -> Bits:
    """Return the exclusive-or of bits in pairs that lie `distance` apart and share no bit.

    Bit i of the first `distance` bits meets bit i of the next; then come the next two such stretches.

    Parameters
    ----------
    bits
        Raw bits, shape (N,).
    distance
        Distance of the two bits of a pair.

    Returns
    -------
    Bits
        `distance` for each 2 `distance` raw bits; those at the end that fill no pair of stretches are left out.

    Raises
    ------
    InputError
        If the distance is out of range.

    Notes
    -----
    Its excess is e² + (1 - e²) ρ_d, up to the sign (`excess_after_xor`). **The exclusive-or of neighbours turns their
    correlation into a bias**: with ρ_1 = 0.1 and no bias at all it has an excess of 0.1. Pairs that share bits, b_i
    with b_(i+d) for every i, would be correlated with each other wherever the bits are biased.

    Examples
    --------
    >>> xor_at_distance([1, 0, 1, 1, 0, 0, 0, 1, 1], 2)
    <4 bits: 0101>
    """
    if not 1 <= distance <= LARGEST_DISTANCE:
        raise InputError(f"distance = {distance:,}: expected 1 to {LARGEST_DISTANCE:,} bits")
    whole = Bits.of(bits)
    whole = whole[: len(whole) // (2 * distance) * 2 * distance]
    if distance % 8 == 0:
        stretches = whole.packed_bytes.reshape(-1, 2, distance // 8)
        return Bits.packed(np.ravel(stretches[:, 0] ^ stretches[:, 1]))
    pairs = whole.unpacked().reshape(-1, 2, distance)
    return Bits(np.ravel(pairs[:, 0] ^ pairs[:, 1]))


def xor_extractor(distance: int) -> Extractor:
    """Return the extractor ``xor-K`` of a distance K, 1 to 16,777,216.

    Parameters
    ----------
    distance
        Distance of the two bits of a pair.
    """
    if not 1 <= distance <= LARGEST_DISTANCE:
        raise InputError(f"xor-{distance}: expected a distance of 1 to {LARGEST_DISTANCE:,} bits")

    def extract(bits: ArrayLike) -> NDArray[np.uint8]:
        return xor_at_distance(bits, distance).unpacked()

    neighbours = "; of neighbours, it turns their correlation into a bias" if distance == 1 else ""
    return Extractor(
        name=f"exclusive-or of bits {distance:,} apart",
        claim=f"2P - 1 is e² + (1 - e²) ρ, with e that of the raw bits and ρ their correlation at distance {distance:,}"
        + neighbours,
        extract=extract,
        block=2 * distance,
        extract_packed=lambda bits: xor_at_distance(bits, distance),
    )
