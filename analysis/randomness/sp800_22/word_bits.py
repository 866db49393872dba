"""Bits out of words, and how many of them are ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint64
from numba.extending import intrinsic
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import part

__all__ = ["window", "first_bits", "marked_runs", "ones_of", "leading_zeros", "trailing_zeros"]


def _counting(build: Any, said: str) -> Any:
    """Make a function of a word of what the processor has an instruction for."""

    def function(typing: Any, word: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: list[Any]) -> Any:
            return build(builder, arguments[0])

        return types.int64(types.uint64), generate

    function.__doc__ = said
    return intrinsic(function)


ones_of = _counting(lambda builder, word: builder.ctpop(word), "Count the ones.")
leading_zeros = _counting(
    lambda builder, word: builder.ctlz(word, ir.Constant(ir.IntType(1), 0)), "Count the zeros before the first one."
)
trailing_zeros = _counting(
    lambda builder, word: builder.cttz(word, ir.Constant(ir.IntType(1), 0)), "Count the zeros after the last one."
)


@part
def window(words: NDArray[np.uint64], position: np.uint64) -> np.uint64:
    """Return the 64 bits from `position` on; `words` holds a spare word after the last bit."""
    # Indices without a sign need no look whether they count from the end.
    word, skip = uint64(position) >> uint64(6), uint64(position) & uint64(63)
    bits: np.uint64 = (words[word] << skip) | ((words[word + uint64(1)] >> uint64(1)) >> (uint64(63) - skip))
    return bits


@part
def first_bits(word: np.uint64, count: int) -> np.uint64:
    """Leave the first `count` bits of a word, 1 or more, and zeros after them."""
    return word if count >= 64 else word & ~(~uint64(0) >> uint64(count))


@part
def marked_runs(word: np.uint64, following: np.uint64, length: int) -> np.uint64:
    """Mark the bits of a word at which `length` ones begin, 1 to 64, the bits of the following word after it."""
    known = 1
    while known < length:  # the length that is known to be ones grows twofold
        step = uint64(min(known, length - known))
        word &= (word << step) | (following >> (uint64(64) - step))
        following &= following << step
        known += known
    return word
