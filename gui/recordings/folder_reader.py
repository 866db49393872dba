"""The recordings of a folder, read in the background: names at once, facts as they are read."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from qtpy.QtCore import QObject, Signal

from mtjlab.core import MtjlabError
from mtjlab.data import FactsCache, FoundFile, RecordingFacts, find_recordings, read_facts
from mtjlab.gui.recordings.reading_process import ReadingProcess, ReadingStoppedError

__all__ = ["READERS", "FolderReader"]

POLL = 2.0
"""Time [s] between two looks at the folder; the system's own notices make it sooner."""

BATCH = 0.25
"""Time [s] for which facts are gathered before they are shown."""

PIECE = 400
"""Recordings from the cache that are shown at a time: 10 ms of the window's time."""

PAUSE = 0.02
"""Time [s] that the window has for itself between two of those."""

READERS = max(1, min(4, (os.cpu_count() or 1) // 2))
"""Processes that read: half of the processors are left to a run and to the window."""


class FolderReader(QObject):
    """Look at a folder and its subfolders again and again, in a thread, and say what is there.

    Parameters
    ----------
    folder
        The folder.
    readers
        Processes that read; they outlive this.
    cache
        Facts that were read before.
    """

    found = Signal(object, object)
    """The folder, and the files that are there as a list of `FoundFile`, whenever there are others than before."""
    read = Signal(object, object)
    """The folder, and facts that were read, or known, as a list of `RecordingFacts`."""
    lost = Signal(object, str)
    """The folder cannot be read, and why. It is looked at again all the same."""
    settled = Signal(object)
    """All that was found in the folder is read."""

    def __init__(self, folder: Path, readers: Sequence[ReadingProcess], cache: FactsCache | None = None) -> None:
        super().__init__()
        self.folder = folder
        """The folder."""
        self.reads = 0
        """Recordings that were opened so far."""
        self._cache = cache or FactsCache()
        self._known: dict[str, RecordingFacts] = {}
        self._files: dict[str, FoundFile] | None = None
        self._seen: tuple[str, ...] = ()
        self._wake = threading.Event()
        self._is_stopped = False
        self._is_watching = True
        self._readers = readers
        self._thread = threading.Thread(target=self._work, name="recordings", daemon=True)

    def watch(self, is_seen: bool) -> None:
        """Look again and again, or not until asked: nobody sees the list.

        Parameters
        ----------
        is_seen
            Whether it is on the screen.
        """
        self._is_watching = is_seen
        if is_seen and not self._thread.is_alive() and not self._is_stopped:
            self._thread.start()
        self._wake.set()

    def look(self) -> None:
        """Look at the folder now: something changed there."""
        self._wake.set()

    def prefer(self, paths: Iterable[str]) -> None:
        """Read these recordings before the others: they are on the screen.

        Parameters
        ----------
        paths
            The files.
        """
        self._seen = tuple(paths)

    def stop(self) -> None:
        """End the thread after the file that it reads; nothing is said any more."""
        self._is_stopped = True
        self._wake.set()

    def _work(self) -> None:
        while not self._is_stopped:
            self._wake.clear()
            begun, looked = time.monotonic(), 0.0
            try:
                files = {file.path: file for file in find_recordings(self.folder)}
            except MtjlabError as error:
                self._files = None
                self._say("lost", str(error))
            else:
                looked = time.monotonic() - begun
                before, self._files = self._files, files
                if before is None or before.keys() != files.keys():
                    self._known = {path: facts for path, facts in self._known.items() if path in files}
                    self._say("found", list(files.values()))
                self._read_all(files)
            # Looking through ten thousand names takes the window's lock for a while: never more than a fiftieth of it.
            self._wake.wait(max(POLL, 50 * looked) if self._is_watching else None)

    def _read_all(self, files: dict[str, FoundFile]) -> None:
        """Read what changed since it was read, and what is being written."""
        due = [file for file in files.values() if self._is_due(file)]
        if len(due) > 1:
            kept = self._cache.get(file for file in due if file.path not in self._known)
            for start in range(0, len(kept), PIECE):
                self._show(kept[start : start + PIECE])
                time.sleep(PAUSE)
            due = [file for file in due if self._is_due(file)]
        if due:
            self._read_files(due)
        self._say("settled")

    def _is_due(self, file: FoundFile) -> bool:
        known = self._known.get(file.path)
        return known is None or (known.size, known.modified) != file[1:] or known.status == "running"

    def _read_files(self, files: list[FoundFile]) -> None:
        """Share files among the processes; the newest first, those on the screen before them."""
        waiting = {file.path: file for file in sorted(files, key=lambda file: file.modified)}
        lock = threading.Lock()
        gathered: list[RecordingFacts] = []

        def take() -> FoundFile | None:
            with lock:
                self.reads += bool(waiting)
                for path in self._seen:
                    if path in waiting:
                        return waiting.pop(path)
                return waiting.popitem()[1] if waiting else None

        def read(reader: ReadingProcess) -> None:
            while not self._is_stopped and (file := take()) is not None:
                facts = self._read(reader, file)
                if facts is not None:
                    with lock:
                        gathered.append(facts)

        threads = [threading.Thread(target=read, args=(reader,), daemon=True) for reader in self._readers[: len(files)]]
        for thread in threads:
            thread.start()
        while not self._is_stopped and (gathered or any(thread.is_alive() for thread in threads)):
            for thread in threads:
                thread.join(BATCH / len(threads))
            with lock:
                batch, gathered[:] = list(gathered), []
            if batch and not self._is_stopped:
                self._show(batch)
                self._cache.put(batch)

    def _read(self, reader: ReadingProcess, file: FoundFile) -> RecordingFacts | None:
        """Read one file; nothing where it is gone, which the next look shows."""
        try:
            return reader.call(read_facts, file.path)
        except OSError:
            return None
        except ReadingStoppedError as error:
            return RecordingFacts.unread(file, status="broken", fault=str(error))
        except Exception as error:
            return RecordingFacts.unread(file, status="broken", fault=f"{type(error).__name__}: {error}")

    def _show(self, facts: list[RecordingFacts]) -> None:
        for each in facts:
            self._known[each.path] = each
        self._say("read", facts)

    def _say(self, signal: str, *words: object) -> None:
        with contextlib.suppress(RuntimeError):  # Qt has deleted this: the program ends
            if not self._is_stopped:
                getattr(self, signal).emit(self.folder, *words)
