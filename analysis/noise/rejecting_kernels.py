"""Normals of as many bits as each needs, in machine code: the bits are taken one after the other."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import jit

__all__ = ["descend", "ziggurat_normals"]

_PLACE = np.uint32(0x7FFFFF)
_SHARE = 2.0**-32
_ALL, _HALF = 0xFFFFFFFF, 0x80000000


@jit(nogil=True)
def _word(packed: NDArray[np.uint8], index: int) -> np.uint32:
    """Return a word of 32 bits, the first the most significant."""
    word = np.uint32(0)
    for j in range(4):
        word = (word << np.uint32(8)) | np.uint32(packed[4 * index + j])
    return word


@jit(nogil=True)
def ziggurat_normals(
    packed: NDArray[np.uint8],
    widths: NDArray[np.float64],
    first_beyond: NDArray[np.uint32],
    heights: NDArray[np.float64],
    edge: float,
    normals: NDArray[np.float32],
) -> tuple[int, int, int]:
    """Make normals until they are as many as asked for or the words end.

    Parameters
    ----------
    packed
        Words of 32 bits, four bytes each.
    widths
        Width of a place in each layer.
    first_beyond
        First place of each layer that may lie outside the density.
    heights
        Density at the lower edge of each layer and, last, at zero.
    edge
        Where the tail begins.
    normals
        Where they are written.

    Returns
    -------
    tuple of int
        Normals made, words that they used, and words that the next needs from its beginning as far as is known.
    """
    available = packed.size // 4
    used = made = 0
    while made < normals.size:
        if used >= available:
            return made, used, 1
        word = _word(packed, used)
        layer, place = (word >> np.uint32(23)) & np.uint32(0xFF), word & _PLACE
        value, taken, kept = (np.float64(place) + 0.5) * widths[layer], 1, True
        if place >= first_beyond[layer]:
            if layer:
                if used + 2 > available:
                    return made, used, 2
                share = (np.float64(_word(packed, used + 1)) + 0.5) * _SHARE
                height = heights[layer] + share * (heights[layer + 1] - heights[layer])
                taken, kept = 2, height < math.exp(-0.5 * value * value)
            else:
                kept = False
                while not kept:
                    if used + taken + 2 > available:
                        return made, used, taken + 2
                    beyond = -math.log((np.float64(_word(packed, used + taken)) + 0.5) * _SHARE) / edge
                    depth = -math.log((np.float64(_word(packed, used + taken + 1)) + 0.5) * _SHARE)
                    taken += 2
                    value, kept = edge + beyond, 2 * depth > beyond * beyond
        used += taken
        if kept:
            normals[made] = np.float32(value if word >> np.uint32(31) else -value)
            made += 1
    return made, used, 0


@jit(nogil=True)
def descend(
    packed: NDArray[np.uint8],
    count: int,
    thresholds: NDArray[np.uint32],
    state: NDArray[np.int64],
    words: NDArray[np.uint16],
) -> int:
    """Go down a tree, the way at each node told by a comparison of fair bits with its threshold, to a word of 16 bits.

    Parameters
    ----------
    packed
        Fair bits, the first in the most significant position.
    count
        How many.
    thresholds
        Of each node, level by level: the way is up where a fair fraction of 32 bits is not below it over 2^32. Nodes
        that are not there are fair.
    state
        Word begun, levels done and bits compared at this node, which are changed.
    words
        Where the ways are written, the first the most significant.

    Returns
    -------
    int
        Words that are finished.
    """
    made = 0
    word, level, compared = int(state[0]), int(state[1]), int(state[2])
    for i in range(count):
        bit = int(packed[i >> 3] >> (7 - (i & 7))) & 1
        node = (1 << level) - 1 + word
        threshold = int(thresholds[node]) if node < thresholds.size else _HALF
        digit = (threshold >> (31 - compared)) & 1
        if bit == digit:
            # Alike so far. The rest of a threshold that is zero is below or equal to whatever bits would follow.
            compared += 1
            if threshold & (_ALL >> compared):
                continue
            bit = 1
        word, level, compared = 2 * word + bit, level + 1, 0
        if level == 16:
            words[made] = word
            made += 1
            word, level = 0, 0
    state[0], state[1], state[2] = word, level, compared
    return made
