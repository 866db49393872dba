"""Bits close to uniform, however the raw bits depend on each other, by a random Toeplitz matrix: exact, over GF(2)."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.core import Bits, InputError, jit

__all__ = ["EPSILON", "TOEPLITZ_BLOCK", "Toeplitz", "toeplitz_length"]

EPSILON = 2.0**-64
"""Distance from uniform of a block, unless another is asked for."""

TOEPLITZ_BLOCK = 4096
"""Raw bits of a block."""

LARGEST_BLOCK = 2**17
"""Raw bits of a block, at most: its table of 256 products has 16 MiB."""


def toeplitz_length(min_entropy: float, epsilon: float = EPSILON) -> int:
    """Return how many bits may be taken of a block: ⌊k - 2 log2(1/ε)⌋.

    Parameters
    ----------
    min_entropy
        Min-entropy k of the block [bits], conditional on all bits before it and on everything else that is known of how
        they were made.
    epsilon
        Statistical distance from uniform that is allowed, seed included.

    Returns
    -------
    int
        Number of bits; 0 where there are none.

    Raises
    ------
    InputError
        If epsilon is not between 0 and 1.

    Notes
    -----
    The leftover hash lemma: Impagliazzo, Levin and Luby, STOC 1989; for this form Tomamichel, Schaffner, Smith and
    Renner, IEEE Trans. Inf. Theory 57, 5524 (2011), theorem 7, with ε = ½ 2^(-(k - m)/2) and so one bit to spare.

    Examples
    --------
    >>> toeplitz_length(3600.0, 2.0**-50)
    3500
    """
    if not 0 < epsilon < 1:
        raise InputError(f"epsilon = {epsilon:g}: expected a number between 0 and 1, such as 2^-64 = 5.4e-20")
    return max(0, math.floor(min_entropy + 2 * math.log2(epsilon)))


class Toeplitz:
    """Hash each block of n raw bits x by a Toeplitz matrix: y_i = Σ_j s_(i + n - 1 - j) x_j mod 2, with i below m.

    The m n entries of the matrix are n + m - 1 seed bits s. With a uniform seed, drawn independently of the raw bits,
    the m = ⌊k - 2 log2(1/ε)⌋ bits of a block and the seed together are ε from uniform, k being the min-entropy of the
    block given all before it; the same seed serves all blocks, and their ε add up. Every sum is an exclusive-or of
    words: there is nothing to round.

    Parameters
    ----------
    seed
        Uniform bits, n + m - 1 at least; the first of these are used. They may become known afterwards.
    min_entropy
        Min-entropy of a raw bit, above 0 and at most 1 [bit]: k / n. An estimate of it is not a proven bound, and what
        is said of the bits that come out holds if it is not too large.
    epsilon
        Distance from uniform of a block.
    block
        Raw bits n of a block, a multiple of 8.

    Raises
    ------
    InputError
        If a value is out of range, nothing is left of a block, or the seed is too short.

    Notes
    -----
    Krawczyk, Crypto 1994 (Toeplitz matrices are 2-universal). The products with all 256 values of a byte are tabulated,
    which is the method of the four Russians: Arlazarov et al., Soviet Math. Dokl. 11, 1209 (1970).
    """

    BLOCK: ClassVar[int] = TOEPLITZ_BLOCK
    """Raw bits of a block unless another number is asked for."""

    def __init__(
        self, seed: ArrayLike | Bits, min_entropy: float, *, epsilon: float = EPSILON, block: int = TOEPLITZ_BLOCK
    ) -> None:
        self.block = block
        """Raw bits of a block."""
        self.min_entropy, self.epsilon = min_entropy, epsilon
        self.length = self.output_length(min_entropy, epsilon=epsilon, block=block)
        """Bits that come of a block."""
        given = Bits.of(seed)
        needed = block + self.length - 1
        if len(given) < needed:
            raise InputError(f"the seed has {len(given):,} bits, and {needed:,} are needed: give a longer one")
        self.seed = given[:needed]
        """The bits of the matrix."""
        self._products = _products(self.seed, block, self.length)

    @staticmethod
    def output_length(min_entropy: float, *, epsilon: float = EPSILON, block: int = TOEPLITZ_BLOCK) -> int:
        """Return the bits that come of a block; the seed takes block - 1 more.

        Parameters
        ----------
        min_entropy
            Min-entropy of a raw bit [bit].
        epsilon
            Distance from uniform of a block.
        block
            Raw bits of a block.

        Raises
        ------
        InputError
            If a value is out of range, or nothing is left of a block.
        """
        if not 0 < min_entropy <= 1:
            raise InputError(f"min-entropy of a bit = {min_entropy:g}: expected above 0, 1 at most")
        if block % 8 or not 8 <= block <= LARGEST_BLOCK:
            raise InputError(f"block = {block:,} bits: expected a multiple of 8 from 8 to {LARGEST_BLOCK:,}")
        length = toeplitz_length(min_entropy * block, epsilon)
        if not length:
            raise InputError(
                f"of {block:,} bits with {min_entropy:g} of entropy each nothing is left at a distance of "
                f"{epsilon:.2g}: use larger blocks"
            )
        return length

    def __call__(self, bits: ArrayLike | Bits) -> Bits:
        """Hash all whole blocks; what fills none is left out.

        Parameters
        ----------
        bits
            Raw bits.

        Returns
        -------
        Bits
            `length` for each block.
        """
        raw = Bits.of(bits)
        blocks = len(raw) // self.block
        hashed = np.zeros((blocks, (self.length + 7) // 8), np.uint8)
        if blocks:
            packed = raw[: blocks * self.block].packed_bytes.reshape(blocks, -1)
            _hash_blocks(packed, self._products, np.empty((8, _words(self.length)), np.uint64), hashed)
        if self.length % 8 == 0:
            return Bits.packed(hashed.ravel())
        return Bits(np.unpackbits(hashed, axis=1, count=self.length).ravel())

    def extractor(self) -> Extractor:
        """Return it as an extractor of streams."""
        return Extractor(
            name="Toeplitz hashing",
            claim=f"within {self.epsilon:.2g} of uniform a block of {self.length:,} bits, if {self.block:,} raw bits "
            f"have {self.min_entropy * self.block:,.1f} bits of min-entropy given all before them; an estimate is not "
            "a proven bound",
            extract=lambda bits: self(bits).unpacked(),
            block=self.block,
            extract_packed=self,
        )


def _products(seed: Bits, block: int, length: int) -> NDArray[np.uint64]:
    """Return, for each value of a byte, the exclusive-or of the seed moved by the places of its ones: (256, words)."""
    products = np.zeros((256, block // 64 + _words(length) + 4), np.uint64)
    for shift in range(8):
        moved = seed[shift:].packed_bytes  # zeros follow its end
        products[1 << shift].view(np.uint8)[: moved.size] = moved
    for value in range(256):
        lowest = value & -value
        if value != lowest:
            products[value] = products[lowest] ^ products[value ^ lowest]
    return products


def _words(length: int) -> int:
    """Return the words of a sum: those of the bits that come out, from any byte of the first word on."""
    return length // 64 + 2


@jit(nogil=True)
def _hash_blocks(
    packed: NDArray[np.uint8], products: NDArray[np.uint64], sums: NDArray[np.uint64], hashed: NDArray[np.uint8]
) -> None:
    # Byte number b from the end is multiplied by the seed from bit 8 b on. The words of a product are added where they
    # lie, in eight sums, one for each of the eight places of a byte in a word, which are put together byte by byte.
    size, words = packed.shape[1], sums.shape[1]
    bytes_of_sums = sums.view(np.uint8)
    for block in range(packed.shape[0]):
        sums[:] = 0
        for place in range(8):
            total, at, byte = sums[place], 0, size - 1 - place
            while byte >= 24:
                first = products[packed[block, byte]][at : at + words]
                second = products[packed[block, byte - 8]][at + 1 : at + 1 + words]
                third = products[packed[block, byte - 16]][at + 2 : at + 2 + words]
                fourth = products[packed[block, byte - 24]][at + 3 : at + 3 + words]
                for word in range(words):
                    total[word] ^= first[word] ^ second[word] ^ third[word] ^ fourth[word]
                at += 4
                byte -= 32
            while byte >= 0:
                product = products[packed[block, byte]][at : at + words]
                for word in range(words):
                    total[word] ^= product[word]
                at += 1
                byte -= 8
            for i in range(hashed.shape[1]):
                hashed[block, i] ^= bytes_of_sums[place, i + place]
