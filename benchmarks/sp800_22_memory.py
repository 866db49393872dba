"""Peak memory and time of `mtjlab randomness --suite sp800-22` on files of any size, and of its first run.

    python benchmarks/sp800_22_memory.py [--bits N] [--long-bits N]

A file of seeded bits is tested by the command in a process of its own: first with an empty cache of compiled kernels,
then as sequences of a million bits with one worker and with two, then in JSON, then as one long sequence.  The peak is
the kernel's count of resident memory of that process (so this runs on Linux and macOS).
"""

import argparse
import resource
import tempfile
from pathlib import Path

import numpy as np
from measured_command import measure


def write_bits(path: Path, bits: int) -> None:
    """Write packed bits of a good generator a few at a time: this process must stay smaller than what it measures."""
    generator = np.random.Generator(np.random.PCG64DXSM(1))
    with path.open("wb") as file:
        for first in range(0, bits, 8_000_000):
            file.write(generator.bytes(min(8_000_000, bits - first) // 8))


def cells(words: list[str], cache: Path) -> tuple[str, str]:
    """Run the suite; return seconds, seconds of processors and peak memory [MB] as cells, and what it said."""
    found = measure(["randomness", *words, "--suite", "sp800-22", "--format", "packed"], cache)
    return f"{found.seconds:.1f} | {found.processor_seconds:.1f} | {found.peak:.0f}", found.said


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=1_000_000_000, help="bits of the file (default: 1e9)")
    parser.add_argument("--long-bits", type=int, default=100_000_000, help="bits of the long sequence (default: 1e8)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, few = Path(folder) / "bits", Path(folder) / "few"
        write_bits(file, given.bits)
        write_bits(few, 2_000_000)
        print("| run | seconds | seconds of processors | peak memory [MB] |\n|---|---|---|---|")
        row, said = cells([str(few)], Path(folder) / "cache")
        if "compil" not in said:
            raise RuntimeError(said)
        print(f"| 2 sequences of 1e6 bits, empty cache of kernels | {row} |", flush=True)
        for name, words in {
            "the same again": [str(few)],
            f"{given.bits:.3g} bits, one worker": [str(file)],
            f"{given.bits:.3g} bits, two workers": [str(file), "--workers", "2"],
            f"{given.bits:.3g} bits, two workers, JSON": [str(file), "--workers", "2", "--json", f"{folder}/r.json"],
            f"one sequence of {given.long_bits:.3g} bits": [
                str(file), "--sequence-length", str(given.long_bits), "--sequences", "1"
            ],
        }.items():  # fmt: skip
            row, said = cells(words, Path(folder) / "cache")
            print(f"| {name} | {row} |", flush=True)


if __name__ == "__main__":
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    main()
