"""Memory that is free on this computer."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["free_memory"]

_MEMINFO = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Tell how much memory can be taken [bytes]; None where the system does not say."""
    if _MEMINFO.is_file():
        for line in _MEMINFO.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf, and not every system these names
        return None
