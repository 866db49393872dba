"""Who holds a bench: one process at a time, and what a dead one left behind is recognised."""

import contextlib
import dataclasses
import json
import os
import platform
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.state_folder import state_folder

__all__ = ["BenchHeldError", "BenchLock", "bench_lock", "refuse_held"]


class BenchHeldError(InstrumentError):
    """Another process holds the bench."""


@dataclasses.dataclass(frozen=True)
class _Owner:
    """The process that wrote a lock file."""

    pid: int
    host: str
    started: str
    """When the process began, in words of its system: with the number, this names a process for good."""
    since: str
    """When the bench was opened."""
    bench: str
    resources: tuple[str, ...]

    @property
    def alive(self) -> bool | None:
        """Whether it still runs; None where that can not be known, on another host."""
        if self.host != socket.gethostname():
            return None
        return process_start(self.pid) == self.started

    @property
    def words(self) -> str:
        """Who it is and since when it holds the bench."""
        return f"process {self.pid} on {self.host} since {self.since}"


class BenchLock:
    """A lock file in the state folder; held from `take` to `release`.

    A bench is its instruments: two bench files that share a resource exclude each other.

    Parameters
    ----------
    folder
        Folder of the lock files.
    bench
        Name of the bench.
    resources
        VISA resources of its instruments.
    """

    def __init__(self, folder: Path, bench: str, resources: Sequence[str]) -> None:
        self._folder = folder
        self._owner = _Owner(
            os.getpid(),
            socket.gethostname(),
            process_start(os.getpid()) or "",
            time.strftime("%Y-%m-%d %H:%M:%S"),
            bench,
            tuple(resources),
        )
        self.path = folder / (re.sub(r"[^\w.-]", lambda match: f"%{ord(match[0]):x}", bench) + ".lock")
        self.left_by = ""
        """Who left the bench without closing it, in words; empty if nobody did."""

    def take(self) -> Self:
        """Take the bench.

        Raises
        ------
        BenchHeldError
            If a living process holds it, or an instrument of it, or one on a host that can not be asked.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with _alone(self._folder):
            for path, owner in self._owners():
                self._refuse_living(owner, path)
                self.left_by = owner.words
                path.unlink()
            self.path.write_text(json.dumps(dataclasses.asdict(self._owner), indent=2) + "\n", encoding="utf-8")
        return self

    def release(self) -> None:
        """Give the bench back, if this process holds it."""
        with _alone(self._folder):
            if _read(self.path) == self._owner:
                self.path.unlink()

    @property
    def holder(self) -> str:
        """Who holds the bench or an instrument of it now, in words; empty if nobody does."""
        if not self._folder.is_dir():
            return ""
        with _alone(self._folder):
            return next((owner.words for _, owner in self._owners() if owner.alive is not False), "")

    def _owners(self) -> Iterator[tuple[Path, _Owner]]:
        """Go through the lock files that are in the way, those of the dead included."""
        for path in sorted(self._folder.glob("*.lock")):
            owner = _read(path)
            if owner is not None and (path == self.path or set(owner.resources) & set(self._owner.resources)):
                yield path, owner

    def _refuse_living(self, owner: _Owner, path: Path) -> None:
        shared = sorted(set(owner.resources) & set(self._owner.resources))
        what = f"bench {owner.bench}" + (f" (with {', '.join(shared)})" if owner.bench != self._owner.bench else "")
        if owner.alive is None:
            raise BenchHeldError(
                f"{what} is held by {owner.words}, which can not be asked from here: end it there, or remove {path} "
                "if that computer is down"
            )
        if owner.alive:
            raise BenchHeldError(f"{what} is held by {owner.words}: wait for it, or end it")


def bench_lock(bench: str, resources: Sequence[str]) -> BenchLock:
    """Give the lock that whoever opens a bench takes."""
    return BenchLock(state_folder() / "locks", bench, resources)


def refuse_held(bench: str, resources: Sequence[str]) -> None:
    """Refuse a bench that is open in another process, without taking it.

    Raises
    ------
    BenchHeldError
        If it is.
    """
    holder = bench_lock(bench, resources).holder
    if holder:
        raise BenchHeldError(f"bench {bench} is held by {holder}: wait for it, or end it")


def process_start(pid: int) -> str | None:
    """When a process began, as a text that no other process of that number shares; None if there is none."""
    system = platform.system()
    if system == "Linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        # The name in brackets may hold anything; state is the first field after it, the start the 20th.
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else f"{fields[19]} ticks after boot {boot}"
    if system == "Windows":
        command = ["powershell", "-NoProfile", "-Command", f"(Get-Process -Id {pid}).StartTime.Ticks"]
    else:
        command = ["ps", "-o", "lstart=", "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def _read(path: Path) -> _Owner | None:
    """Read a lock file; one that is not whole was being written when its owner died, and holds nothing."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return _Owner(**{**content, "resources": tuple(content["resources"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time look at the lock files and change them; the system frees this at its death."""
    with (folder / "guard").open("a+b") as guard:
        if sys.platform == "win32":
            import msvcrt

            guard.seek(0)
            msvcrt.locking(guard.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                guard.seek(0)
                msvcrt.locking(guard.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX)
            yield
