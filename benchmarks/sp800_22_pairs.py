"""Whether one Fourier transform for two sequences would make the DFT test faster, in one run.

    python benchmarks/sp800_22_pairs.py [--rounds N]

Per sequence of a million bits, one thread, warm: the test as it is (one real sequence as half as many complex numbers,
in lanes), and what SciPy's pocketfft takes in float32 for one real sequence and for two as the real and the imaginary
part of one complex sequence, the transform alone. Median and range of the rounds.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy import fft

from mtjlab.analysis.randomness import PackedSequence, peaks_below

N = 1_000_000


def milliseconds(action: Callable[[], object]) -> float:
    """Time ten calls; return one."""
    began = time.perf_counter()
    for _ in range(10):
        action()
    return 1e2 * (time.perf_counter() - began)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds (default: 7)")
    given = parser.parse_args()
    bits = np.random.default_rng(22).integers(0, 2, (2, N), np.uint8)
    sequence, steps = PackedSequence.of(bits[0]), 2 * bits.astype(np.float32) - 1
    two = (steps[0] + 1j * steps[1]).astype(np.complex64)
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "mtjlab: transform and counts of one sequence": (lambda: peaks_below(sequence, 3.0 * N), 1),
        "pocketfft: transform of one real sequence": (lambda: fft.rfft(steps[0]), 1),
        "pocketfft: transform of two as one complex sequence, a sequence": (lambda: fft.fft(two), 2),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for action, _ in ways.values():
        action()
    for _ in range(given.rounds):
        for name, (action, count) in ways.items():
            times[name].append(milliseconds(action) / count)
    for name, each in times.items():
        print(f"{name:66}{statistics.median(each):7.2f} ms ({min(each):.2f} to {max(each):.2f})")


if __name__ == "__main__":
    main()
