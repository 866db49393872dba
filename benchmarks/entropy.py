"""CPU time of SP 800-90B on a million samples, one thread: each assessment beside a sort of a million words.

    python benchmarks/entropy.py [--rounds N] [--samples N] [--json PATH]

The streams are made by a software generator: fair bits, fair bytes, and bytes of the normal law, which have more
structure for the estimators to follow. All take turns with numpy's sort of a million random 64-bit words, whose time
says how fast this machine is: the ratio to it is what can be compared between machines. What is compiled is compiled
before.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - after its threads are limited

from mtjlab.analysis.randomness import assess_iid, assess_non_iid  # noqa: E402

AIMS = {
    "non-IID, 1 bit": 0.25,
    "non-IID, 8 bits": 8.0,
    "non-IID, 8 bits, normal": 8.0,
    "IID, 1 bit": 5.0,
}
"""Largest CPU times that were asked for [s]."""


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that a call takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--json", metavar="PATH", type=Path)
    arguments = parser.parse_args()
    generator = np.random.default_rng(1)
    count = arguments.samples
    bits = generator.integers(0, 2, count, np.uint8)
    octets = generator.integers(0, 256, count, np.uint8)
    normal = np.clip(np.rint(generator.normal(128, 21, count)), 0, 255).astype(np.uint8)
    words = generator.integers(0, 2**63, 1_000_000, np.uint64)
    seeds = iter(range(1, 1000))  # another seed each round: the number of rearrangements depends on it
    works: dict[str, Callable[[], object]] = {
        "sort of a million words": lambda: np.sort(words),
        "non-IID, 1 bit": lambda: assess_non_iid(bits),
        "non-IID, 8 bits": lambda: assess_non_iid(octets, 8),
        "non-IID, 8 bits, normal": lambda: assess_non_iid(normal, 8),
        "IID, 1 bit": lambda: assess_iid(bits, seed=next(seeds)),
    }
    for stream, width in ((bits, 1), (octets, 8)):  # compile
        assess_non_iid(stream[:20_000], width)
    assess_iid(bits[:20_000])
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(arguments.rounds):
        for name, work in works.items():
            taken[name].append(cpu_seconds(work))
    unit = statistics.median(taken["sort of a million words"])
    print(f"{count:,} samples, {arguments.rounds} rounds, CPU time: median (least to largest), and in sorts")
    found = {}
    for name, times in taken.items():
        median = statistics.median(times)
        found[name] = {"median_s": median, "least_s": min(times), "largest_s": max(times), "sorts": median / unit}
        aim = f"  asked for: {AIMS[name]:g} s at most" if name in AIMS else ""
        print(f"{name:26} {median:7.3f} s ({min(times):.3f} to {max(times):.3f})  {median / unit:6.1f}{aim}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
