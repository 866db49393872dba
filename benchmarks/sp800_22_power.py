"""Which defects the verdict on SP 800-22 sees: the power study, with and without Holm.

    python benchmarks/sp800_22_power.py [--repeats N] [--sequences K] [--workers N] [--seed N]

For each defect, N times K sequences of 1e6 bits are made and judged three ways: by the verdict (Holm over exact
binomials and uniformity at 0.001), by the same p-values at 0.001 each, and by the standard's bands and
uniformity at 0.0001.
"""

import argparse
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness import PackedSequence, run_many

LENGTH = 1_000_000
Maker = Callable[[np.random.Generator], NDArray[np.uint8]]


def fair(generator: np.random.Generator) -> NDArray[np.uint8]:
    """Make fair bits."""
    return np.unpackbits(np.frombuffer(generator.bytes(LENGTH // 8), np.uint8))


def biased(ones: float) -> Maker:
    """Make bits that are one with probability `ones`."""
    return lambda generator: (generator.random(LENGTH) < ones).astype(np.uint8)


def correlated(coefficient: float) -> Maker:
    """Make bits that repeat the one before with probability (1 + coefficient) / 2."""
    flip = (1 - coefficient) / 2
    return lambda generator: np.bitwise_xor.accumulate((generator.random(LENGTH) < flip).astype(np.uint8))


def periodic(period: int, share: float) -> Maker:
    """Make fair bits of which every `period`-th is forced to one with probability `share`."""

    def make(generator: np.random.Generator) -> NDArray[np.uint8]:
        bits = fair(generator)
        forced = bits[::period]
        forced |= (generator.random(forced.size) < share).astype(np.uint8)
        return bits

    return make


def alternating(period: int, share: float) -> Maker:
    """Make fair bits of which every `period`-th is forced, with probability `share`, to one and to zero in turn."""

    def make(generator: np.random.Generator) -> NDArray[np.uint8]:
        bits = fair(generator)
        forced = bits[::period]
        force = generator.random(forced.size) < share
        forced[force] = (np.arange(forced.size) % 2)[force]
        return bits

    return make


DEFECTS: dict[str, Maker] = {
    "none": fair,
    "P(1) = 0.5005": biased(0.5005),
    "P(1) = 0.501": biased(0.501),
    "P(1) = 0.502": biased(0.502),
    "lag-1 correlation 0.001": correlated(0.001),
    "lag-1 correlation 0.002": correlated(0.002),
    "lag-1 correlation 0.005": correlated(0.005),
    "every 100th bit forced to 1 with 0.1": periodic(100, 0.1),
    "every 100th bit 0, 1 in turn with 0.1": alternating(100, 0.1),
    "every 100th bit 0, 1 in turn with 0.5": alternating(100, 0.5),
}


def sequences(make: Maker, count: int, generator: np.random.Generator) -> Iterator[PackedSequence]:
    """Give sequences with a defect."""
    for _ in range(count):
        yield PackedSequence.of(make(generator))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20, help="verdicts a defect (default: 20)")
    parser.add_argument("--sequences", type=int, default=100, help="sequences a verdict (default: 100)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=22)
    given = parser.parse_args()
    print(f"{given.repeats} verdicts on {given.sequences} sequences of 1e6 bits each, seed {given.seed}\n")
    print("| defect | verdict (Holm, 0.001) | each p at 0.001 | bands and uniformity of the standard |")
    print("|---|---|---|---|")
    for number, (name, make) in enumerate(DEFECTS.items()):
        generator = np.random.Generator(np.random.PCG64DXSM([given.seed, number]))
        seen = np.zeros(3, int)
        for _ in range(given.repeats):
            verdict = run_many(sequences(make, given.sequences, generator), workers=given.workers).verdict
            raw = [p for each in verdict.proportions for p in (each.binomial, each.uniformity) if p is not None]
            bands = any(
                not each.within_band or (each.uniformity is not None and each.uniformity < 1e-4)
                for each in verdict.proportions
            )
            seen += (not verdict.passed, min(raw) < 0.001, bands)
        print(f"| {name} | {' | '.join(f'{hits} of {given.repeats}' for hits in seen)} |", flush=True)


if __name__ == "__main__":
    main()
