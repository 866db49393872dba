"""Peak memory and time of `mtjlab randomness --suite sp800-22` on files of any size, and of its first run.

    python benchmarks/sp800_22_memory.py [--bits N] [--long-bits N]

A file of seeded bits is tested by the command in a process of its own: first with an empty cache of compiled kernels,
then as sequences of a million bits with one worker and with two, then in JSON, then as one long sequence.  The peak is
the kernel's count of resident memory of that process (so this runs on Linux and macOS).
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def write_bits(path: Path, bits: int) -> None:
    """Write packed bits of a good generator a few at a time: this process must stay smaller than what it measures."""
    generator = np.random.Generator(np.random.PCG64DXSM(1))
    with path.open("wb") as file:
        for first in range(0, bits, 8_000_000):
            file.write(generator.bytes(min(8_000_000, bits - first) // 8))


def measure(words: list[str], cache: Path) -> tuple[str, str]:
    """Run the command; return seconds, seconds of processors and peak memory [MB] as cells, and what it said."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "mtjlab.cli.main", "randomness", *words, "--suite", "sp800-22", "--format", "packed"],
        stdout=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"exit code {process.returncode}: {said}")
    scale = 1 if sys.platform == "darwin" else 1024
    worked = usage.ru_utime + usage.ru_stime
    return f"{time.perf_counter() - began:.1f} | {worked:.1f} | {usage.ru_maxrss * scale / 1e6:.0f}", said


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
        cells, said = measure([str(few)], Path(folder) / "cache")
        if "compil" not in said:
            raise RuntimeError(said)
        print(f"| 2 sequences of 1e6 bits, empty cache of kernels | {cells} |", flush=True)
        for name, words in {
            "the same again": [str(few)],
            f"{given.bits:.3g} bits, one worker": [str(file)],
            f"{given.bits:.3g} bits, two workers": [str(file), "--workers", "2"],
            f"{given.bits:.3g} bits, two workers, JSON": [str(file), "--workers", "2", "--json", f"{folder}/r.json"],
            f"one sequence of {given.long_bits:.3g} bits": [
                str(file), "--sequence-length", str(given.long_bits), "--sequences", "1"
            ],
        }.items():  # fmt: skip
            cells, said = measure(words, Path(folder) / "cache")
            print(f"| {name} | {cells} |", flush=True)


if __name__ == "__main__":
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    main()
