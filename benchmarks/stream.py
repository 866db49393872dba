"""What each part of the physics of a stream takes, beside one pass that counts the ones; peak memory for two sizes.

    python benchmarks/stream.py [--bits N] [--rounds R] [--command-bits N]

Fair bits of a seeded generator, in pieces of 2^20 that are in memory. Each part takes the same pieces, and all take
turns with the pass that counts the ones, round by round, on one core: the ratio of two times of one round, its median,
the least and the largest. The command then runs on files of N and 4 N bits, each in a process of its own: the
throughput is that of the 3 N bits between, in time of processors; memory is flat where the two peaks agree.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from measured_command import measure
from sp800_22_memory import write_bits

from mtjlab.analysis.bitstream import (
    PIECE,
    AllanTally,
    LagTally,
    RunTally,
    SegmentTally,
    TransitionTally,
    WindowTally,
    WordTally,
)
from mtjlab.core import Bits

GROWTH = 4
DAY = 86_400
PARTS: dict[str, Callable[[], object]] = {
    "transitions, P_ud and P_du": TransitionTally,
    "run lengths": RunTally,
    "conditional entropy and bytes": WordTally,
    "windows over time": WindowTally,
    "Allan deviation": AllanTally,
    "averaged spectrum": SegmentTally,
    "autocorrelation, 64 lags": lambda: LagTally(64),
    "autocorrelation, 256 lags": lambda: LagTally(256),
    "autocorrelation, 10,000 lags": lambda: LagTally(10_000),
}


def timed(make: Callable[[], object], pieces: list[Bits]) -> float:
    """Return the seconds that a tally takes for the pieces."""
    tally = make()
    began = time.perf_counter()
    for piece in pieces:
        tally.add(piece)  # type: ignore[attr-defined]
    return time.perf_counter() - began


def popcount(pieces: list[Bits]) -> float:
    """Return the seconds that counting the ones takes."""
    began = time.perf_counter()
    for piece in pieces:
        piece.ones()
    return time.perf_counter() - began


def parts(bits: int, rounds: int) -> None:
    """Print a row for each part."""
    generator = np.random.Generator(np.random.PCG64DXSM(1))
    count = max(1, bits // PIECE)
    pieces = [Bits.packed(np.frombuffer(generator.bytes(PIECE // 8), np.uint8)) for _ in range(count)]
    for make in PARTS.values():
        timed(make, pieces[:2])
    popcount(pieces)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in PARTS}
    for _ in range(rounds):
        for name, make in PARTS.items():
            some = pieces if "10,000" not in name else pieces[:4]
            # One count of the ones is too short to be timed well.
            alone = min(popcount(pieces) for _ in range(3)) * len(some) / len(pieces)
            taken[name].append((timed(make, some) / len(some) * PIECE**-1 * 1e9, alone / len(some) * PIECE**-1 * 1e9))
    print("| part | Gbit/s and core | times a pass that counts ones (least to largest) |\n|---|---|---|")
    alone = statistics.median(popcounted for rows in taken.values() for _, popcounted in rows)
    print(f"| counting ones | {1 / alone:.3g} | 1 |")
    for name, rows in taken.items():
        ratios = [own / popcounted for own, popcounted in rows]
        rate = 1 / statistics.median(own for own, _ in rows)
        print(f"| {name} | {rate:.3g} | {statistics.median(ratios):.0f} ({min(ratios):.0f} to {max(ratios):.0f}) |")


def command(bits: int) -> None:
    """Print what the command takes for two sizes."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for size in (bits, GROWTH * bits):
            file = Path(folder) / f"{size}.bin"
            write_bits(file, size)
            found.append(measure(["stream", str(file), "--format", "packed", "--rate", "1e6"], Path(folder)))
    small, large = found
    rate = (GROWTH - 1) * bits / (large.processor_seconds - small.processor_seconds)
    print(f"\n`mtjlab stream` of {bits:.3g} and {GROWTH * bits:.3g} bits: {rate / 1e6:.0f} Mbit/s and core,")
    print(f"peak memory {small.peak:.0f} and {large.peak:.0f} MB; 1e12 bits: {1e12 / rate / DAY:.2g} days of one core")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=1 << 25, help="bits of each round (default: 2^25)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--command-bits", type=int, default=100_000_000, help="bits of the smaller file (default: 1e8)")
    given = parser.parse_args()
    parts(given.bits, given.rounds)
    command(given.command_bits)


if __name__ == "__main__":
    main()
