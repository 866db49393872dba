"""Acquire random bits without a window: python measure.py OUTPUT.h5 [BENCH.toml]."""

import sys

from mtjlab.instruments import open_bench
from mtjlab.procedures import RandomBitstream, run


def main() -> None:
    """Run one procedure on a bench and say what came of it."""
    output = sys.argv[1]
    bench_file = sys.argv[2] if len(sys.argv) > 2 else "simulated"
    with open_bench(bench_file) as bench:
        recording = run(RandomBitstream(bits=100_000, amplitude=1.25, width=10e-9), bench, output)
    bits = recording.bits[:]
    print(f"{recording.status}: {len(bits):,} bits, P(1) = {bits.mean():.4f}, in {output}")


if __name__ == "__main__":
    main()
