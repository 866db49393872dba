"""How often good bits are rejected by each test of SP 800-22: the calibration study.

    python benchmarks/sp800_22_calibration.py [--sequences N] [--mode exact|nist] [--workers N] [--seed N]

The bits come from numpy's PCG64DXSM, seeded.  Printed are the rejections at 1 %, with the 95 % Clopper-Pearson
interval of their rate where one p-value a sequence makes them independent, and for tests of several p-values
the rate over all of them with an interval from the spread over sequences.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np
from scipy.special import betaincinv

from mtjlab.analysis.randomness import PackedSequence, run_many

LENGTH = 1_000_000
ALPHA = 0.01


def sequences(count: int, seed: int) -> Iterator[PackedSequence]:
    """Give sequences of a good generator."""
    generator = np.random.Generator(np.random.PCG64DXSM(seed))
    for _ in range(count):
        yield PackedSequence(np.frombuffer(generator.bytes(LENGTH // 8), np.uint8))


def interval(shares: np.ndarray) -> tuple[float, float]:
    """Return 95 % bounds of the mean of the share of rejected p-values a sequence."""
    n = shares.size
    if set(np.unique(shares)) <= {0.0, 1.0}:
        hits = int(shares.sum())
        low = float(betaincinv(hits, n - hits + 1, 0.025)) if hits else 0.0
        return low, float(betaincinv(hits + 1, n - hits, 0.975))
    half = 1.96 * float(shares.std(ddof=1)) / np.sqrt(n)
    return max(0.0, float(shares.mean()) - half), float(shares.mean()) + half


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sequences", type=int, default=1000, help="sequences of 1e6 bits (default: 1000)")
    parser.add_argument("--mode", choices=("exact", "nist"), default="exact")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20100427)
    given = parser.parse_args()
    began = time.perf_counter()
    result = run_many(sequences(given.sequences, given.seed), given.mode, workers=given.workers)
    print(f"{given.sequences} sequences, {given.mode} mode, seed {given.seed}, {time.perf_counter() - began:.1f} s\n")
    print("| test | sequences | p-values each | rejected at 1 % | 95 % interval | least uniformity |")
    print("|---|---|---|---|---|---|")
    for test in (outcome.test for outcome in result.sequences[0].outcomes):
        outcomes = [each[test] for each in result.sequences if each[test].applicable]
        shares = np.array([np.mean(np.array(outcome.p_values) < ALPHA) for outcome in outcomes])
        low, high = interval(shares)
        uniform = [each.uniformity for each in result.verdict.proportions if each.name.split()[0] == test]
        least = min((p for p in uniform if p is not None), default=float("nan"))
        print(
            f"| {test} | {len(outcomes)} | {len(outcomes[0].p_values)} | {100 * shares.mean():.2f} % "
            f"| {100 * low:.2f} to {100 * high:.2f} % | {least:.3g} |"
        )
    outside = sum(not each.within_band for each in result.verdict.proportions)
    print(f"\n{outside} of {len(result.verdict.proportions)} proportions outside the standard's band.")
    print(result.verdict.words)


if __name__ == "__main__":
    main()
