"""Whether the kernels are compiled already, and compiling them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mtjlab.analysis.randomness.sp800_22 import berlekamp_massey
from mtjlab.analysis.randomness.sp800_22.peak_power import peak_power
from mtjlab.analysis.randomness.sp800_22.suite import run

__all__ = ["is_compiled", "compile_kernels"]


def is_compiled() -> bool:
    """Tell whether an earlier run has left compiled kernels in numba's cache."""
    kernel = berlekamp_massey.linear_complexities
    if kernel.signatures:
        return True
    cache: str | None = kernel.stats.cache_path
    return cache is not None and any(Path(cache).glob("berlekamp_massey.linear_complexities-*.nbi"))


def compile_kernels() -> None:
    """Compile every kernel, or load it from the cache."""
    bits = np.random.default_rng(0).integers(0, 256, 1_000_000 // 8, np.uint8)
    run(bits.tobytes())
    peak_power(bits, 1)  # which most sequences do without
