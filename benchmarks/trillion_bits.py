"""What 1e12 bits take: throughput per core and peak memory of each suite, streaming from a recording.

    python benchmarks/trillion_bits.py [--bits N] [--only NAME,NAME]

Each command runs on recordings of N and of 4 N fair bits. The throughput is that of the 3 N bits between them, in time
of processors, so starting up and compiling have no part in it; memory is flat where the two peaks agree. The last
column is the arithmetic: 1e12 bits over that throughput, in days of one core.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from measured_command import measure

from mtjlab.core import Bits
from mtjlab.data import RecordingHead, RecordingParameter, RecordingWriter

BLOCK = 8_000_000
"""Bits of a block of the recording."""
GROWTH = 4
ALL = 1e12
DAY = 86_400
SUITES: Mapping[str, Sequence[str]] = {
    "mtjlab": ("randomness", "FILE"),
    "sp800-22": ("randomness", "FILE", "--suite", "sp800-22"),
    "stream": ("stream", "FILE"),
    "von-neumann": ("extract", "FILE", "--output", "OUTPUT"),
    "toeplitz": ("extract", "FILE", "--method", "toeplitz", "--min-entropy", "0.9", "--output", "OUTPUT"),
}
"""Commands that stream, by name."""


def record(path: Path, bits: int) -> None:
    """Write a recording of fair bits, a block at a time: this process must stay smaller than what it measures."""
    generator = np.random.Generator(np.random.PCG64DXSM(1))
    head = RecordingHead(
        procedure="RandomBitstream",
        parameters={"bits": RecordingParameter(bits)},
        columns={},
        bench="",
        simulated=True,
    )
    with RecordingWriter.create(path, head) as writer:
        for first in range(0, bits, BLOCK):
            count = min(BLOCK, bits - first)
            writer.append(Bits.packed(np.frombuffer(generator.bytes(count // 8), np.uint8)))


def words_for(words: Sequence[str], file: Path) -> list[str]:
    """Name the files of a command."""
    named = {"FILE": str(file), "OUTPUT": str(file.with_suffix(".out.h5"))}
    return [named.get(word, word) for word in words] + (["--overwrite"] if "OUTPUT" in words else [])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=200_000_000, help="bits of the smaller recording (default: 2e8)")
    parser.add_argument("--only", help=f"out of {', '.join(SUITES)}")
    given = parser.parse_args()
    chosen = given.only.split(",") if given.only else list(SUITES)
    small, large = given.bits // BLOCK * BLOCK, given.bits // BLOCK * BLOCK * GROWTH
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.h5" for name in ("small", "large")]
        for file, bits in zip(files, (small, large), strict=True):
            record(file, bits)
        print(f"recordings of {small:.3g} and {large:.3g} fair bits\n")
        print("| suite | Mbit/s and core | peak memory, smaller and larger [MB] | 1e12 bits [days of one core] |")
        print("|---|---|---|---|")
        for name in chosen:
            measure(words_for(SUITES[name], files[0]), Path(folder))  # compiles
            first, second = (measure(words_for(SUITES[name], file), Path(folder)) for file in files)
            rate = (large - small) / (second.processor_seconds - first.processor_seconds)
            days = ALL / rate / DAY
            print(f"| {name} | {rate / 1e6:.0f} | {first.peak:.0f}, {second.peak:.0f} | {days:.2g} |", flush=True)


if __name__ == "__main__":
    main()
