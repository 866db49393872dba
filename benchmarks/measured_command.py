"""Time and peak memory of a command in a process of its own, for the benchmarks beside this file."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["MeasuredCommand", "measure"]


class MeasuredCommand(NamedTuple):
    """What a command took, and what it said."""

    seconds: float
    """On the wall."""
    processor_seconds: float
    """Of all processors together."""
    peak: float
    """Resident memory [MB] at its most, by the count of the kernel (Linux and macOS)."""
    said: str


def measure(words: Sequence[str], cache: Path) -> MeasuredCommand:
    """Run `mtjlab` with these words; compiled kernels lie in `cache`."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "mtjlab.cli.main", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"mtjlab {' '.join(words)}: exit code {process.returncode}: {said}")
    scale = 1 if sys.platform == "darwin" else 1024
    worked = usage.ru_utime + usage.ru_stime
    return MeasuredCommand(time.perf_counter() - began, worked, usage.ru_maxrss * scale / 1e6, said)
