"""How far from uniform the p-values of SP 800-22 are on fair bits, by the length of the sequences.

    python benchmarks/sp800_22_uniformity.py [--length N] [--sequences K] [--workers N] [--seed N]

P-values of counts come in steps, and chi-square is a limit law.  A uniformity test over ten bins sees that when there
are sequences enough: chi-square over s sequences is too large by s times the departure printed here,
10 sum (share - 1/10)^2, of which what chance alone gives is subtracted.  Printed too is the rate of p-values below
0.01, in standard deviations from it as 1,000 sequences would see them.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from mtjlab.analysis.randomness import PackedSequence, SequenceResult, run_many


def sequences(length: int, count: int, seed: int) -> Iterator[PackedSequence]:
    """Give sequences of a good generator."""
    generator = np.random.Generator(np.random.PCG64DXSM(seed))
    for _ in range(count):
        yield PackedSequence(np.frombuffer(generator.bytes(-(-length // 8)), np.uint8), length)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--length", type=int, default=100_000, help="bits a sequence (default: 100,000)")
    parser.add_argument("--sequences", type=int, default=20_000, help="sequences (default: 20,000)")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=422)
    given = parser.parse_args()
    bins: dict[str, np.ndarray] = {}
    low: dict[str, int] = {}

    def keep(result: SequenceResult) -> None:
        for outcome in result.outcomes:
            # Each p-value of a test has its own law, but all templates have the same.
            for label, p in zip(outcome.labels, outcome.p_values, strict=False):
                name = outcome.test if len(outcome.p_values) > 100 else f"{outcome.test} {label}".rstrip()
                bins.setdefault(name, np.zeros(10))[min(9, int(10 * p))] += 1
                low[name] = low.get(name, 0) + (p < 0.01)

    run_many(sequences(given.length, given.sequences, given.seed), workers=given.workers, keep=keep)
    print(f"{given.sequences:,} sequences of {given.length:,} bits, seed {given.seed}\n")
    print("| p-value | how many | departure a sequence, ± 1 sd | p < 0.01 | off, ± 1 sd |")
    print("|---|---|---|---|---|")
    for name, counts in bins.items():
        total = counts.sum()
        shares = counts / total
        departure = 10 * ((shares - 0.1) ** 2).sum() - 9 / total
        spread = np.sqrt(18 / total**2 + 4 * max(0, departure) / total)
        rate, deviation = low[name] / total, np.sqrt(0.0099 / total)
        print(
            f"| {name} | {int(total):,} | {departure:.1e} ± {spread:.0e} | {100 * rate:.2f} % "
            f"| {(rate - 0.01) / np.sqrt(0.0099 / 1000):+.2f} ± {deviation / np.sqrt(0.0099 / 1000):.2f} |"
        )


if __name__ == "__main__":
    main()
