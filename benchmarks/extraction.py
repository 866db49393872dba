"""Extractors: raw bits a second on one thread, beside the same in numpy and scipy, in one run.

    python benchmarks/extraction.py [--bits N] [--rounds N] [--json PATH]

From packed bits to packed bits.  In each round every way takes its bits once, one after the other, so that a load that
comes and goes meets all alike.  Printed are, over the rounds, the median of raw bits a second (CPU time of the one
thread), the yield, and the median of the ratio to the plain way of the same round, with the smallest and the largest:
plain pairs in numpy for those that keep or join pairs; for Toeplitz hashing the product of polynomials by scipy's
float64 transform, rounded, with the error before rounding; hashlib for SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from mtjlab.analysis.extraction import (
    PERES,
    Sha256Conditioning,
    Toeplitz,
    von_neumann_packed,
    von_neumann_pairs_packed,
    xor_at_distance,
    xor_streams,
)
from mtjlab.core import Bits

SLOW = 64
"""A way that is slow takes this part of the bits."""
MIN_ENTROPY = 0.9


def pairs_in_numpy(bits: Bits) -> Bits:
    """Keep the first of unequal pairs, as one writes it in numpy."""
    pairs = np.unpackbits(bits.packed_bytes).reshape(-1, 2)
    return Bits.packed(np.packbits(pairs[pairs[:, 0] != pairs[:, 1], 0]))


def toeplitz_by_transform(hashing: Toeplitz, bits: Bits) -> Bits:
    """Multiply by the matrix as a convolution in float64, rounded."""
    blocks = bits.unpacked().reshape(-1, hashing.block)[:, : hashing.block].astype(np.float64)
    product = fftconvolve(blocks, hashing.seed.unpacked().astype(np.float64)[np.newaxis], axes=1)
    kept = product[:, hashing.block - 1 : hashing.block - 1 + hashing.length]
    return Bits(np.rint(kept).astype(np.int64).ravel().astype(np.uint8) & 1)


def ways(bits: Bits) -> dict[str, tuple[Callable[[], Bits], int, str]]:
    """Return what is measured, with the bits that it takes and the name of the plain way beside it."""
    seed = Bits.packed(np.random.default_rng(2).bytes(2**15))
    few = bits[: len(bits) // SLOW]
    hashing = Toeplitz(seed, MIN_ENTROPY)
    short = Toeplitz(seed, MIN_ENTROPY, block=2048)
    long = Toeplitz(seed, MIN_ENTROPY, block=2**14)
    assert toeplitz_by_transform(hashing, few[: 2**16]) == hashing(few[: 2**16])
    sha = Sha256Conditioning(MIN_ENTROPY)
    content = few.packed_bytes.tobytes()
    size = sha.block // 8

    def hashes() -> Bits:
        starts = range(0, len(content) // size * size, size)
        return Bits.packed(b"".join(hashlib.sha256(content[at : at + size]).digest() for at in starts))

    half = len(bits) // 2
    return {
        "pairs in numpy": (lambda: pairs_in_numpy(few), len(few), ""),
        "von_neumann_pairs": (lambda: von_neumann_pairs_packed(bits), len(bits), "pairs in numpy"),
        "von-neumann": (lambda: von_neumann_packed(bits), len(bits), "pairs in numpy"),
        "peres": (lambda: PERES.condition(few), len(few), "pairs in numpy"),
        "xor-64": (lambda: xor_at_distance(bits, 64), len(bits), "pairs in numpy"),
        "xor of two streams": (lambda: xor_streams([bits[:half], bits[half:]]), len(bits), "pairs in numpy"),
        "toeplitz by transform": (lambda: toeplitz_by_transform(hashing, few), len(few), ""),
        "toeplitz, 2048": (lambda: short(bits), len(bits), "toeplitz by transform"),
        "toeplitz": (lambda: hashing(bits), len(bits), "toeplitz by transform"),
        "toeplitz, 16384": (lambda: long(bits), len(bits), "toeplitz by transform"),
        "hashlib": (hashes, len(few), ""),
        "sha-256": (lambda: sha(few), len(few), "hashlib"),
    }


def seconds(work: Callable[[], Bits]) -> float:
    """Return the CPU time of a piece of work [s]."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bits", type=int, default=2**28)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    bits = Bits.packed(np.random.default_rng(1).bytes(options.bits // 8))
    measured = ways(bits)
    yields = {name: len(work()) / count for name, (work, count, _) in measured.items()}
    rounds = [
        {name: seconds(work) / count for name, (work, count, _) in measured.items()} for _ in range(options.rounds)
    ]
    found = {}
    for name, (_, _, plain) in measured.items():
        rate = statistics.median(1 / times[name] for times in rounds)
        ratios = [times[plain] / times[name] for times in rounds] if plain else []
        found[name] = {"bits_per_second": rate, "yield": yields[name], "beside": plain, "ratios": ratios}
        beside = (
            f", {statistics.median(ratios):7.2f} times {plain} ({min(ratios):.2f} to {max(ratios):.2f})"
            if plain
            else ""
        )
        print(f"{name:22} {rate / 1e6:8.1f} Mbit/s, yield {yields[name]:.4f}{beside}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
