"""Who holds an instrument: one process at a time on this computer, and what a dead one left on is not forgotten."""

import contextlib
import dataclasses
import getpass
import hashlib
import os
import re
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from mtjlab.core import STATE_VARIABLE, InputError
from mtjlab.instruments.bench.lock_file import LockFile, alone_in
from mtjlab.instruments.bench.lock_folder import VARIABLE, lock_folder
from mtjlab.instruments.instrument_error import InstrumentError

__all__ = ["BenchHeldError", "BenchLock", "bench_lock", "refuse_held"]

LONGEST_NAME = 150
"""Characters of the name of a lock file, after which its resource is told by a digest."""


class BenchHeldError(InstrumentError):
    """Another process holds the bench, or an instrument of it."""


@dataclasses.dataclass(frozen=True)
class _Owner:
    """The process that took an instrument, as its lock file says."""

    words: str
    """Who it is and since when it holds the instrument."""
    bench: str
    resources: tuple[str, ...]

    @property
    def leaving(self) -> str:
        """What it did if it is gone and its lock is not given back, in words."""
        return f"bench {self.bench} was left open by {self.words}"

    @classmethod
    def of(cls, content: Any) -> "_Owner | None":
        """Take what a file says, which anybody may have written."""
        if not isinstance(content, dict):
            return None
        words, bench, resources = (content.get(name) for name in ("words", "bench", "resources"))
        if not (isinstance(words, str) and isinstance(bench, str) and isinstance(resources, list)):
            return None
        return cls(_plain(words), _plain(bench), tuple(_plain(str(each)) for each in resources))


class BenchLock:
    """The lock files of the instruments of a bench; held from `take` to `release`.

    A bench is its instruments: two bench files that share a resource exclude each other.  A bench without resources is
    held by its name.

    Parameters
    ----------
    folder
        Folder of the lock files.
    bench
        Name of the bench.
    resources
        VISA resources of its instruments.

    Notes
    -----
    The operating system frees the lock of a process that ends.  The file of an instrument says who took it; a file that
    is free and still names somebody is that of a process that died, and its instrument may be on.  That stays in the
    file until the instrument was shown to be off, whatever bench it is on by then.
    """

    def __init__(self, folder: Path, bench: str, resources: Sequence[str]) -> None:
        self._folder = folder
        who = f"process {os.getpid()} on {socket.gethostname()}"
        with contextlib.suppress(Exception):  # a user without a name, as in containers
            who += f" (user {getpass.getuser()})"
        self._owner = _Owner(f"{who} since {time.strftime('%Y-%m-%d %H:%M:%S')}", bench, tuple(resources))
        self._given = {_canonical(name): name for name in [each for each in resources if each] or [bench]}
        self._files = {name: LockFile(folder / _file_name(name)) for name in self._given}
        self._left: dict[str, str] = {}
        self.elsewhere: dict[str, str] = {}
        """Instruments that were beside these on the bench of a process that died, by resource, and may be on."""

    def take(self) -> Self:
        """Take the bench.

        Returns
        -------
        BenchLock
            This lock, held until it is released.

        Raises
        ------
        BenchHeldError
            If a living process holds it, or an instrument of it.
        InputError
            If the files cannot be written.
        """
        with self._writing(), self._alone():
            try:
                for name, file in self._files.items():
                    if not file.take():
                        self._refuse(name, file)
                self._look_back()
            except BaseException:
                for file in self._files.values():
                    file.release()
                raise
            for name in self._files:
                self._note(name, owner=self._owner)
        return self

    @property
    def left_on(self) -> dict[str, str]:
        """Instruments of this bench, by resource, that were left without having been switched off, and by whom."""
        return {self._given[name]: words for name, words in self._left.items()}

    def shown_off(self, resources: Iterable[str]) -> None:
        """Take note that instruments were shown to be off: what a dead process left on is so no more.

        Parameters
        ----------
        resources
            VISA resources of the instruments.
        """
        for name in map(_canonical, resources):
            if self._left.pop(name, None) is not None and self._files[name].held:
                self._note(name, owner=self._owner)

    def release(self, on: Iterable[str] = ()) -> None:
        """Give the bench back, if this process holds it.

        Parameters
        ----------
        on
            Resources of instruments that could not be switched off.
        """
        self._left |= {_canonical(resource): self._owner.leaving for resource in on}
        for name, file in self._files.items():
            if file.held:
                self._note(name, owner=None)
                file.release()

    @property
    def holder(self) -> str:
        """Who holds the bench or an instrument of it now, in words; empty if nobody does."""
        if not self._folder.is_dir():
            return ""
        with self._alone():
            for file in self._files.values():
                if not file.path.exists():
                    continue
                if file.held or not file.take():
                    owner = _Owner.of(file.read().get("owner"))
                    return owner.words if owner else "somebody"
                file.release()
        return ""

    def _look_back(self) -> None:
        """Find what processes that died have left, here and on instruments that were beside these."""
        beside: dict[str, tuple[str, str]] = {}
        for name, file in self._files.items():
            content = file.read()
            owner = _Owner.of(content.get("owner"))
            if owner is not None:  # it did not come to giving it back
                self._left[name] = owner.leaving
                beside |= {_canonical(each): (each, owner.leaving) for each in owner.resources if each}
            elif isinstance(content.get("left_on"), str) and content["left_on"]:
                self._left[name] = _plain(content["left_on"])
        for name in beside.keys() - self._files.keys():
            file = LockFile(self._folder / _file_name(name))
            with contextlib.suppress(OSError):
                if file.path.exists() and file.take():
                    content = file.read()
                    if content.get("owner") or content.get("left_on"):
                        given, leaving = beside[name]
                        self.elsewhere[given] = leaving
                    file.release()

    def _note(self, name: str, owner: _Owner | None) -> None:
        self._files[name].write(
            {"owner": dataclasses.asdict(owner) if owner else None, "left_on": self._left.get(name, "")}
        )

    def _refuse(self, name: str, file: LockFile) -> None:
        owner = _Owner.of(file.read().get("owner"))
        if owner is None:
            raise BenchHeldError(f"{self._given[name]} is held by somebody: wait, or end the other process")
        shared = sorted(self._given[each] for each in self._given.keys() & set(map(_canonical, owner.resources)))
        what = f"bench {owner.bench}" + (f" (with {', '.join(shared)})" if owner.bench != self._owner.bench else "")
        raise BenchHeldError(f"{what} is held by {owner.words}: wait for it, or end it")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Say what to do where the files cannot be written."""
        try:
            yield
        except OSError as error:
            raise InputError(
                f"locks in {self._folder} cannot be written ({error.strerror or error}): make the folder writable for "
                f"all who use the instruments, or name another one in the environment variable {VARIABLE} (locks of "
                f"instruments) or {STATE_VARIABLE} (all other state)"
            ) from error

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone_in(self._folder):
            yield


def bench_lock(bench: str, resources: Sequence[str]) -> BenchLock:
    """Give the lock that whoever opens a bench takes.

    Parameters
    ----------
    bench
        Name of the bench.
    resources
        VISA resources of its instruments.
    """
    return BenchLock(lock_folder(), bench, resources)


def refuse_held(bench: str, resources: Sequence[str]) -> None:
    """Refuse a bench that is open in another process, without taking it.

    Parameters
    ----------
    bench
        Name of the bench.
    resources
        VISA resources of its instruments.

    Raises
    ------
    BenchHeldError
        If it is.
    """
    holder = bench_lock(bench, resources).holder
    if holder:
        raise BenchHeldError(f"bench {bench} is held by {holder}: wait for it, or end it")


def _canonical(resource: str) -> str:
    """Write a resource in one way: ``gpib::24`` and ``GPIB0::24::INSTR`` are the same instrument."""
    import pyvisa.rname  # PyVISA takes a fifth of a second, which a look at the queue does not need

    first, *middle, last = resource.split("::") if resource.count("::") > 1 else (resource, "", "")
    loud = re.sub(r"^[A-Za-z]+", lambda match: match[0].upper(), first)
    spelt = "::".join([loud, *middle, last.upper()]) if last else resource
    spelt = re.sub(r"^(TCPIP\d*::)localhost(?=::)", r"\g<1>127.0.0.1", spelt, flags=re.IGNORECASE)
    for name in (spelt, resource):
        with contextlib.suppress(Exception):  # an alias, or a name that PyVISA does not know
            return str(pyvisa.rname.to_canonical_name(name))
    return resource


def _file_name(name: str) -> str:
    plain = re.sub(r"[^\w.-]", lambda match: f"%{ord(match[0]):x}", name)
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return (plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}-{digest}") + ".lock"


def _plain(text: str) -> str:
    """Take text of a stranger without what would move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:500]
