"""SHA-256 as a vetted conditioning component of SP 800-90B, and the entropy of what comes out."""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.core import Bits, InputError

__all__ = ["Sha256Conditioning", "output_entropy"]

WIDTH = 256
"""Bits of a hash, and the narrowest state inside the function."""
SPARE = 64
"""Bits of entropy that go in beyond those that come out."""
LARGEST_BLOCK = 2**24


def output_entropy(n_in: int, h_in: float, *, n_out: int = WIDTH, narrowest: int = WIDTH) -> float:
    """Return the min-entropy of what a vetted conditioning component gives [bits].

    Parameters
    ----------
    n_in
        Bits that go in.
    h_in
        Their min-entropy [bits], 0 to `n_in`.
    n_out
        Bits that come out.
    narrowest
        Narrowest state inside the component [bits]; 256 of SHA-256.

    Returns
    -------
    float
        Output_Entropy(n_in, n_out, nw, h_in) [bits].

    Raises
    ------
    InputError
        If a value is out of range.

    Notes
    -----
    NIST SP 800-90B (2018), section 3.1.5.1.2: with the likeliest input of P_high = 2^-h_in, P_low = (1 - P_high) /
    (2^n_in - 1), n = min(n_out, nw), ψ = 2^(n_in - n) P_low + P_high, U = 2^(n_in - n) + sqrt(2 n 2^(n_in - n) ln 2)
    and ω = U P_low, it is -log2 max(ψ, ω). Logarithms are taken before anything underflows.

    Examples
    --------
    >>> round(output_entropy(256, 256.0), 6), round(output_entropy(320, 256.0), 6)
    (251.689765, 255.0)
    """
    if not (n_in >= 1 and 0 <= h_in <= n_in and n_out >= 1 and narrowest >= 1):
        raise InputError(f"{h_in:g} bits of entropy in {n_in:,} bits: expected 0 to {n_in:,}")
    if not h_in:
        return 0.0
    n = min(n_out, narrowest)
    # ln(1 - 2^-h) and ln(2^N - 1) to the last place, for any h and N.
    log_low = (math.log(-math.expm1(-h_in * math.log(2))) - math.log1p(-(2.0**-n_in))) / math.log(2) - n_in
    log_share = n_in - n + log_low  # of 2^(n_in - n) P_low
    # Both as a factor of 2^(n_in - n) P_low, whose rest is next to nothing for long inputs.
    high = math.log1p(_power(-h_in - log_share)) / math.log(2)
    spread = math.log1p(math.sqrt(2 * n * math.log(2)) * _power((n - n_in) / 2)) / math.log(2)
    return -(log_share + max(high, spread))


def _power(exponent: float) -> float:
    """Return two to a power, which may be too large for a float by itself."""
    return math.exp2(min(exponent, 1000.0))


class Sha256Conditioning:
    """Hash each block of n raw bits by SHA-256: 256 bits of it, with `output_entropy` bits of min-entropy.

    Parameters
    ----------
    min_entropy
        Min-entropy of a raw bit, above 0 and at most 1 [bit], given all before it. An estimate is not a proven bound.
    block
        Raw bits of a block, a multiple of 8; by default as many as have 320 bits of entropy, 64 more than come out
        (full entropy by SP 800-90C).

    Raises
    ------
    InputError
        If a value is out of range.

    Examples
    --------
    >>> conditioning = Sha256Conditioning(0.9)
    >>> conditioning.block, 256 - conditioning.entropy < 1e-8
    (360, True)
    """

    def __init__(self, min_entropy: float, block: int | None = None) -> None:
        if not 0 < min_entropy <= 1:
            raise InputError(f"min-entropy of a bit = {min_entropy:g}: expected above 0, 1 at most")
        enough = math.ceil((WIDTH + SPARE) / min_entropy / 8) * 8
        self.block = enough if block is None else block
        """Raw bits of a block."""
        if self.block % 8 or not 8 <= self.block <= LARGEST_BLOCK:
            raise InputError(f"block = {self.block:,} bits: expected a multiple of 8 from 8 to {LARGEST_BLOCK:,}")
        self.min_entropy = min_entropy
        self.entropy = output_entropy(self.block, min_entropy * self.block)
        """Min-entropy of the 256 bits of a block [bits]."""

    def __call__(self, bits: ArrayLike | Bits) -> Bits:
        """Hash all whole blocks; what fills none is left out.

        Parameters
        ----------
        bits
            Raw bits.

        Returns
        -------
        Bits
            256 for each block.
        """
        raw = Bits.of(bits)
        size = self.block // 8
        content = raw[: len(raw) // self.block * self.block].packed_bytes.tobytes()
        hashes = (hashlib.sha256(content[first : first + size]).digest() for first in range(0, len(content), size))
        return Bits.packed(np.frombuffer(b"".join(hashes), np.uint8))

    def extractor(self) -> Extractor:
        """Return it as an extractor of streams."""
        return Extractor(
            name="SHA-256 conditioning",
            claim=f"{self.entropy:.9f} bits of min-entropy in 256, if {self.block:,} raw bits have "
            f"{self.min_entropy * self.block:,.1f} (SP 800-90B, 3.1.5.1.2); an estimate is not a proven bound",
            extract=lambda bits: self(bits).unpacked(),
            block=self.block,
            extract_packed=self,
        )
