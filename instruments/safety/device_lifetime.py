"""What a device has stood over its life: kept in a file of its own, over all runs."""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mtjlab.core import InputError, writing_state

if TYPE_CHECKING:
    from mtjlab.instruments.safety.interlock import Interlock

__all__ = ["DeviceLog", "PulseAccount"]

INTERVAL = 1.0
"""Longest time [s] for which the file is written in place only, not whole."""
SIZE = 256
"""Bytes of the file beside the name: it is filled up with blanks, so that each count overwrites the one before."""


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
    InputError
        If the file is there and cannot be read (a count that is lost must not start again without a word), or if the
        folder cannot be written.

    Examples
    --------
    >>> log = DeviceLog("W12 D3", None)
    >>> log.charge(2500, 10e-9)
    >>> log.stress_time
    2.5e-05

    Notes
    -----
    Pulses are in the file before they are sent: a process that is killed has lost none. One small write in place, a few
    microseconds, hands them to the system; once a second, and at the end, the file is written whole beside the old one
    and takes its place, in case somebody has moved that away.
    """

    def __init__(self, name: str, folder: Path | None) -> None:
        self.name = name
        self.pulses = 0
        """Pulses that the device has stood."""
        self.stress_time = 0.0
        """Time [s] that pulses have acted on it."""
        # One file a device: what a file name cannot hold is written as its number.
        file = re.sub(r"[^\w.-]", lambda match: f"%{ord(match[0]):x}", name)
        self.path = folder / f"{file}.json" if folder else None
        self._lock = threading.RLock()  # the emergency shutdown saves from a signal handler, at any line of the thread
        self._written_at = time.monotonic()
        self._changed = False
        self._file: IO[bytes] | None = None
        if self.path is not None:
            if self.path.exists():
                self._read(self.path)
            self._write_whole(self.path)  # a folder that cannot be written is told before anything is measured

    def charge(self, pulses: int, width: float) -> None:
        """Count pulses of a width [s], before they are sent.

        Raises
        ------
        InputError
            If they cannot be written down; then they must not be sent.
        """
        with self._lock:
            self.pulses += pulses
            self.stress_time += pulses * width
            self._changed = True
            if self._file is not None:
                with writing_state(self._file.name):
                    self._file.seek(0)
                    self._file.write(self._content())
            due = time.monotonic() - self._written_at > INTERVAL
        if due:
            self.save()

    def save(self) -> None:
        """Write the file, whole or not at all."""
        with self._lock:
            if self.path is not None and self._changed:
                self._write_whole(self.path)

    def close(self) -> None:
        """Write the file and let go of it."""
        with self._lock:
            self.save()
            if self._file is not None:
                self._file.close()
                self._file = None

    def _content(self) -> bytes:
        content: dict[str, Any] = {
            "device": self.name,
            "pulses": self.pulses,
            "stress_time": self.stress_time,
            "last": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        size = SIZE + len(json.dumps(self.name))
        return (json.dumps(content, indent=2).ljust(size - 1) + "\n").encode()

    def _write_whole(self, path: Path) -> None:
        if self._file is not None:
            self._file.close()  # Windows replaces no file that is open
            self._file = None
        beside = path.with_suffix(f".{os.getpid()}.new")
        with writing_state(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(self._content())
            beside.replace(path)
            self._file = path.open("r+b", buffering=0)
        self._written_at = time.monotonic()
        self._changed = False

    def _read(self, path: Path) -> None:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            self.pulses, self.stress_time = int(content["pulses"]), float(content["stress_time"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"the log of device {self.name}, {path}, cannot be read ({error}): repair it, or move it away to "
                "start counting from zero again"
            ) from None


class PulseAccount:
    """Checks the pulses that a bench sends against what its device may stand in its life, then counts them.

    Parameters
    ----------
    interlock
        Limit, and width of the present pulse.
    open_log
        Gives the log of a device; called with the junction's name, or nothing where there is one device only.
    """

    def __init__(self, interlock: "Interlock", open_log: Callable[[str], DeviceLog]) -> None:
        self._interlock = interlock
        self._open_log = open_log
        self._logs: dict[str, DeviceLog] = {}
        self.log = self.select("")
        """Log of the device that is connected."""
        self.listens = {"external", "manual"}
        """Triggers that the generator may listen to: the line (external), or commands (manual)."""

    def select(self, junction: str) -> DeviceLog:
        """Go over to another junction's log."""
        if junction not in self._logs:
            self._logs[junction] = self._open_log(junction)
        self.log = self._logs[junction]
        return self.log

    def pulses(self, count: int, *, trigger: str) -> None:
        """Count pulses of the generator at so many triggers, if it may be on and may listen to them.

        Raises
        ------
        LimitError
            If the device would have stood more than it may.
        """
        if "pulse_generator" in self._interlock.on and trigger in self.listens:
            self.time(count, self._interlock.width)

    def time(self, count: int, width: float) -> None:
        """Count pulses of a width [s]; raises as `pulses` does."""
        self._interlock.check_stress(self.log.stress_time, count * width)
        self.log.charge(count, width)

    def save(self) -> None:
        """Write all logs, and let go of their files."""
        for log in self._logs.values():
            log.close()
