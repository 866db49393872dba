"""How many bytes bzip2 makes of a stream of bits written as digits with spaces between, without compressing it."""

from __future__ import annotations

import bz2
from typing import Any

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_90b.huffman_size import coded_bits
from mtjlab.analysis.randomness.sp800_90b.sorted_windows import sorted_windows

__all__ = ["compressed_bits", "compressed_size"]

LEVEL = 5
BLOCK = LEVEL * 100_000 - 19
"""Characters a block."""

WINDOW = 63
"""Bits by which the beginnings are told apart."""

KINDS = 5
"""Symbols that are coded: two for runs, one for each of the three characters but the first, and an end."""

END = 0x177245385090
"""Mark before the last check sum."""

FRAME = 32 + 48 + 32
"""Bits around the blocks: the name, the mark of the end, a check sum."""

HEAD = 48 + 32 + 1 + 24 + 16 + 2 * 16
"""Bits before the codes of a block: mark, check sum, flag, origin, and which characters occur, in two rows of 16."""


def compressed_size(symbols: NDArray[np.uint8]) -> int:
    """Return the length of the symbols, as decimals with spaces between, after bzip2 at level 5.

    Parameters
    ----------
    symbols
        Shape (N,).

    Notes
    -----
    NIST SP 800-90B, section 5.1.11.
    """
    return len(bz2.compress(" ".join(map(str, symbols.tolist())).encode(), LEVEL))


def compressed_bits(bits: NDArray[np.uint8]) -> int:
    """Return what `compressed_size` returns, of 0 and 1, in a tenth of the time.

    Parameters
    ----------
    bits
        0 and 1, shape (N,).

    Notes
    -----
    Every other character is a space. So the Burrows-Wheeler transform of a block is known from the order of the
    beginnings of its bits: first the bits before each space, in the order of the bits after it; then spaces. Move to
    front, run lengths and codes follow as bzip2 makes them, and only their length is counted. Where two beginnings are
    equal over 63 bits, or a block has no zero or no one, bzip2 itself is asked.
    """
    characters = 2 * bits.size - 1
    total = FRAME
    for start in range(0, characters, BLOCK):
        stop = min(start + BLOCK, characters)
        inside = bits[(start + 1) // 2 : (stop + 1) // 2]
        in_pairs = start % 2 == stop % 2  # digits and spaces alternate on when the block closes in itself
        found = (
            -1
            if in_pairs or inside.size < WINDOW or not 0 < np.count_nonzero(inside) < inside.size
            else (_transformed_bits(inside, start % 2 == 0))
        )
        total += found if found >= 0 else _asked_bits(bits, start, stop)
    return (total + 7) // 8


def _asked_bits(bits: NDArray[np.uint8], start: int, stop: int) -> int:
    """Return how many bits bzip2 makes of a block: what stands before the mark of the end, less the frame."""
    digits = bits[start // 2 : (stop + 1) // 2]
    text = np.full(2 * digits.size, ord(" "), np.uint8)
    text[::2] = digits + ord("0")
    made = bz2.compress(text.tobytes()[start % 2 : start % 2 + stop - start], LEVEL)
    end = int.from_bytes(made[-11:])
    unused = next(bit for bit in range(8) if end >> (32 + bit) & ((1 << 48) - 1) == END)
    return 8 * len(made) - unused - FRAME


def _transformed_bits(bits: NDArray[np.uint8], digits_outside: bool) -> int:
    """Return the bits of a block that begins and ends with a digit, or a space; -1 where bits are too much alike."""
    length, symbols = move_to_front(bits, digits_outside)
    return HEAD + int(coded_bits(symbols[:length], KINDS)) if length else -1


@part
def _emit_run(run: int, symbols: NDArray[np.uint8], length: int) -> int:
    """Write how long a run is, with two symbols for digits of base two."""
    while run > 0:
        run -= 1
        symbols[length] = run & 1
        run >>= 1
        length += 1
    return length


@kernel
def move_to_front(bits: NDArray[np.uint8], digits_outside: bool) -> tuple[int, NDArray[np.uint8]]:
    """Return what bzip2 codes of a block: transformed, moved to front, and runs counted; and how much of it.

    Notes
    -----
    A block that begins and ends with digits has two digits side by side where it closes in itself, so what ends there
    stands after all that goes on: as if ones followed. One that begins and ends with spaces has two spaces, and it is
    as if zeros followed.
    """
    size = bits.size
    following = (~uint64(0) >> uint64(1)) if digits_outside else uint64(0)
    word, equal = following, 0
    last = size - 1 if digits_outside else size
    keys = np.empty(last, np.uint64)
    for j in range(size, 0, -1):
        if j < size:
            word = (uint64(bits[j]) << uint64(62)) | (word >> uint64(1))
        equal += word == following and j <= size - WINDOW
        if j <= last:
            keys[j - 1] = (word << uint64(1)) | uint64(bits[j - 1])
    word = (uint64(bits[0]) << uint64(62)) | (word >> uint64(1))
    ordered = sorted_windows(keys)
    symbols = np.empty(2 * size + 2, np.uint8)
    rank = 0
    for i in range(last):
        own = ordered[i] >> uint64(1)
        rank += own < word
        if own == word or (
            i > 0 and own == ordered[i - 1] >> uint64(1) and ordered[i] != ordered[i - 1] and own != following
        ):
            equal += 1
    if equal:
        return 0, symbols
    front = np.array([0, 1, 2])
    run, length, entries = 0, 0, last if digits_outside else last + 1
    for i in range(2 * size - 1 if digits_outside else 2 * size + 1):
        character: Any = 0
        if digits_outside:
            if i < entries:
                character = 1 + np.int64(ordered[i] & uint64(1))
            elif i == entries + rank:
                character = 1 + np.int64(bits[size - 1])
        else:
            if i < entries and i != rank:
                character = 1 + np.int64(ordered[i if i < rank else i - 1] & uint64(1))
        if front[0] == character:
            run += 1
            continue
        length = _emit_run(run, symbols, length)
        run = 0
        if front[1] != character:
            front[2] = front[1]
            symbols[length] = 3
        else:
            symbols[length] = 2
        front[1] = front[0]
        front[0] = character
        length += 1
    length = _emit_run(run, symbols, length)
    symbols[length] = KINDS - 1
    return length + 1, symbols
