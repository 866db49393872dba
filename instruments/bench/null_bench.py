"""A bench without instruments, for asking its interlock."""

from pathlib import Path
from typing import Any

from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.mains import longest_reading, shortest_integration

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
    instruments: dict[str, Any] = {role: _Unplugged() for role, _ in description.roles}
    return Bench(description, instruments, resources=dict.fromkeys(instruments, ""))


class _Unplugged:
    """Answer to every method of every role."""

    integration_time = staticmethod(shortest_integration)
    reading_duration = staticmethod(longest_reading)

    def settings(self) -> dict[str, str]:
        """Nothing is ever on."""
        return {"output": "False"}

    def __getattr__(self, name: str) -> Any:
        return lambda *values, **options: None
