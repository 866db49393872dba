"""What a device has stood over its life: kept in a file of its own, over all runs."""

import json
import os
import re
import threading
import time
from pathlib import Path
from typing import Any

from mtjlab.data.errors import InputError

__all__ = ["DeviceLog"]

INTERVAL = 1.0
"""Longest time [s] for which a change is in memory only."""


class DeviceLog:
    """Counts the pulses that a device has stood.

    Parameters
    ----------
    name
        Name of the device, as in the bench file, with its junction on a multiplexed bench.
    folder
        Where the file is, ``NAME.json``; None keeps the count in memory, for a simulated device that ends with its
        bench.

    Raises
    ------
    ValueError
        If the file is there and can not be read: a count that is lost must not start anew without a word.

    Examples
    --------
    >>> log = DeviceLog("W12 D3", None)
    >>> log.charge(2500, 10e-9)
    >>> log.stress_time
    2.5e-05
    """

    def __init__(self, name: str, folder: Path | None) -> None:
        self.name = name
        self.pulses = 0
        """Pulses that the device has stood."""
        self.stress_time = 0.0
        """Time [s] that pulses have acted on it."""
        # One file a device: what a file name can not hold is written as its number.
        file = re.sub(r"[^\w.-]", lambda match: f"%{ord(match[0]):x}", name)
        self.path = folder / f"{file}.json" if folder else None
        self._lock = threading.RLock()  # the last resort saves from a signal handler, at any line of the thread
        self._written_at = time.monotonic()
        self._changed = False
        if self.path is not None and self.path.exists():
            self._read(self.path)

    def charge(self, pulses: int, width: float) -> None:
        """Count pulses of a width [s], before they are sent."""
        with self._lock:
            self.pulses += pulses
            self.stress_time += pulses * width
            self._changed = True
            due = time.monotonic() - self._written_at > INTERVAL
        if due:
            self.save()

    def save(self) -> None:
        """Write the file, whole or not at all."""
        with self._lock:
            if self.path is None or not self._changed:
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            content: dict[str, Any] = {
                "device": self.name,
                "pulses": self.pulses,
                "stress_time": self.stress_time,
                "last": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            }
            beside = self.path.with_suffix(f".{os.getpid()}.new")
            beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
            beside.replace(self.path)
            self._written_at = time.monotonic()
            self._changed = False

    def _read(self, path: Path) -> None:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            self.pulses, self.stress_time = int(content["pulses"]), float(content["stress_time"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"the log of device {self.name}, {path}, can not be read ({error}): repair it, or move it away to "
                "start counting anew"
            ) from None
