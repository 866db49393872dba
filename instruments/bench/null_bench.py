"""A bench without instruments, for asking its interlock."""

from pathlib import Path
from typing import Any

from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import BenchFile

__all__ = ["unplugged_bench"]


def unplugged_bench(file: str | Path | BenchFile) -> Bench:
    """Make a bench whose interlock is the bench file's and whose instruments take everything and do nothing.

    Parameters
    ----------
    file
        Bench file.

    Returns
    -------
    Bench
        For settings only: what would be read from an instrument is None, and readings take as long as they may.
    """
    description = file if isinstance(file, BenchFile) else BenchFile.load(file)
    instruments: dict[str, Any] = {role: description.roles.table[role].null() for role, _ in description.roles}
    return Bench(description, instruments, resources=dict.fromkeys(instruments, ""))
