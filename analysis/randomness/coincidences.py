"""Sums of products of bits that lie apart: a few lags by counting on packed words, many by Fourier transform."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["autocovariances", "count_coincidences", "coincidences_by_words", "covariance_sums"]

WORD = 64
"""Bits a machine word."""

FEW = 256
"""Lags up to which words are counted; more are faster by Fourier transform."""

SPAN = 1 << 20
"""Bits transformed at once, at least: the memory stays flat."""


def autocovariances(bits: NDArray[np.uint8], lags: int) -> list[float]:
    """Return Σ (b_i - m)(b_(i+lag) - m) for lag 1, 2, ..., m the mean of all bits.

    Parameters
    ----------
    bits
        uint8, 0 and 1, shape (N,).
    lags
        Largest lag, 1 to N - 1.

    Returns
    -------
    list of float
        Whole numbers until the last division.

    Raises
    ------
    InputError
        If `lags` is out of its range.
    """
    ones = int(np.count_nonzero(bits))
    return covariance_sums(bits.size, ones, bits[:lags], bits[-lags:], count_coincidences(bits, lags))


def covariance_sums(
    n: int, ones: int, head: NDArray[np.uint8], tail: NDArray[np.uint8], both: Sequence[int]
) -> list[float]:
    """Return Σ (b_i - m)(b_(i+lag) - m) for lag 1, 2, ..., from counts.

    Parameters
    ----------
    n
        Number of bits.
    ones
        Ones among them.
    head
        The first bits, as many as the largest lag, shape (L,).
    tail
        The last ones, shape (L,).
    both
        Places where a bit and the one `lag` later are both 1, for lag 1, 2, ..., L.

    Returns
    -------
    list of float
        Whole numbers until the last division.
    """
    in_head, in_tail = (np.cumsum(end, dtype=np.int64) for end in (head, tail[::-1]))
    sums = []
    for lag, pairs in enumerate(both, 1):
        # The later factor misses the first `lag` bits, the earlier one the last.
        single = 2 * ones - int(in_head[lag - 1]) - int(in_tail[lag - 1])
        sums.append((n * n * pairs - n * ones * single + (n - lag) * ones * ones) / (n * n))
    return sums


def count_coincidences(bits: NDArray[np.uint8], lags: int) -> list[int]:
    """Count the places where a bit and the one `lag` later are both 1, for lag 1, 2, ...

    Parameters
    ----------
    bits
        uint8, 0 and 1, shape (N,).
    lags
        Largest lag, 1 to N - 1.

    Returns
    -------
    list of int
        Exact counts.

    Raises
    ------
    InputError
        If `lags` is out of its range.
    """
    if not 1 <= lags < bits.size:
        raise InputError(f"lags = {lags:,} of {bits.size:,} bits: expected 1 or more, and fewer than bits")
    return coincidences_by_words(bits, lags) if lags <= FEW else _by_transform(bits, lags)


def coincidences_by_words(bits: NDArray[np.uint8], lags: int) -> list[int]:
    """Count as `count_coincidences` does, for few lags; lags that are too long for the bits have no such places.

    Parameters
    ----------
    bits
        uint8, 0 and 1, shape (N,).
    lags
        Largest lag, 1 or more.

    Returns
    -------
    list of int
        Exact counts.
    """
    # 64 bits at a time: shifted words, a logical and, a population count. Zeros at the end coincide with nothing.
    size = -(-bits.size // WORD)
    packed = np.zeros((size + lags // WORD + 1) * 8, np.uint8)
    packed[: -(-bits.size // 8)] = np.packbits(bits)
    words = packed.view(">u8").astype(np.uint64)
    counts = []
    for lag in range(1, lags + 1):
        skip, shift = divmod(lag, WORD)
        later = words[skip : skip + size]
        if shift:
            later = (later << np.uint64(shift)) | (words[skip + 1 : skip + 1 + size] >> np.uint64(WORD - shift))
        counts.append(int(np.bitwise_count(words[:size] & later).sum(dtype=np.int64)))
    return counts


def _by_transform(bits: NDArray[np.uint8], lags: int) -> list[int]:
    # Products of a piece with itself and the `lags` bits after it. Piece and zeros are as long as the transform, so
    # that nothing wraps round; a sum is at most 2^20 or `lags` and is rounded to the whole number that it is.
    step = min(max(SPAN, lags), bits.size)
    size = 1 << (step + lags - 1).bit_length()
    counts = np.zeros(lags, np.int64)
    for first in range(0, bits.size, step):
        piece = np.fft.rfft(bits[first : first + step].astype(np.float64), size)
        wider = np.fft.rfft(bits[first : first + step + lags].astype(np.float64), size)
        sums = np.fft.irfft(np.conj(piece) * wider, size)
        counts += np.rint(sums[1 : lags + 1]).astype(np.int64)
    return [int(count) for count in counts]
