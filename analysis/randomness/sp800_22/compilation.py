"""Whether the kernels are compiled already, and compiling them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from mtjlab.analysis.randomness.sp800_22 import berlekamp_massey
from mtjlab.analysis.randomness.sp800_22.suite_test import suite_tests

__all__ = ["compile_kernels", "compiled_parts", "is_compiled"]

_BYTES = 1_000_000 // 8


def is_compiled() -> bool:
    """Tell whether an earlier run has left compiled kernels in numba's cache."""
    kernel = berlekamp_massey.linear_complexities
    if kernel.signatures:
        return True
    cache: str | None = kernel.stats.cache_path
    return cache is not None and any(Path(cache).glob("berlekamp_massey.linear_complexities-*.nbi"))


def _has_cache() -> bool:
    """Tell whether what is compiled in another process can be loaded in this one."""
    return berlekamp_massey.linear_complexities.stats.cache_path is not None


def compile_kernels() -> None:
    """Compile every kernel, or load it from the cache.

    Notes
    -----
    The compiler keeps what it has compiled, and all kernels in one process take more than 200 MB. So processes of their
    own compile a part each, one after the other, and leave it in the cache. What they could not leave there is compiled
    here.
    """
    parts = compiled_parts()
    if _has_cache() and not is_compiled() and sys.executable:
        for part in parts:
            command = [sys.executable, "-P", "-m", "mtjlab.analysis.randomness.sp800_22.compilation", part]
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
    for compile_part in parts.values():
        compile_part()


def compiled_parts() -> dict[str, Callable[[], None]]:
    """Return what compiles each part, by name: the spectrum, then the tests by `SuiteTest.kernels`.

    The last is that of the test with the highest number, whose kernel `is_compiled` asks for.
    """
    highest: dict[str, int] = {}
    for test in suite_tests():
        if test.kernels:
            highest[test.kernels] = test.number
    return _SPECTRUM | {part: partial(_tests, part) for part in sorted(highest, key=highest.__getitem__)}


def _sequence() -> bytes:
    return np.random.default_rng(0).bytes(_BYTES)


# Modules are imported where they are used: a process imports no more than what it compiles needs.
def _steps_of_the_spectrum() -> None:
    """Compile what takes most of the DFT, so that the whole finds it in the cache; and what looks again."""
    from mtjlab.analysis.randomness.sp800_22.spectrum.lane_transform import ROW, radices, roots, transform
    from mtjlab.analysis.randomness.sp800_22.spectrum.powers import peak_power, powers_of_pairs

    length = 10
    factors, rows = radices(length), np.zeros(length * ROW, np.float32)
    assert factors is not None
    transform(rows, rows.copy(), factors, roots(length))
    pairs, limits, found = np.zeros((2, 2), np.complex64), np.ones(3, np.float32), np.zeros(3, np.int64)
    powers_of_pairs(pairs, pairs[0], pairs[1], limits, 8, found, np.zeros(9, np.int64))
    peak_power(np.frombuffer(bytearray(_sequence()), np.uint8), 1)


def _spectrum() -> None:
    from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
    from mtjlab.analysis.randomness.sp800_22.spectrum.peaks import peaks_below

    sequence = PackedSequence.of(_sequence())
    peaks_below(sequence, 3.0 * sequence.length)


def _tests(part: str) -> None:
    from mtjlab.analysis.randomness.sp800_22.suite import run

    run(_sequence(), tests=[test for test in suite_tests() if test.kernels == part])


_SPECTRUM: dict[str, Callable[[], None]] = {"steps of the spectrum": _steps_of_the_spectrum, "spectrum": _spectrum}


if __name__ == "__main__":
    if sys.argv[1] in _SPECTRUM:
        _SPECTRUM[sys.argv[1]]()
    else:
        _tests(sys.argv[1])
