"""A queue of runs that lives on disk: it outlives every process and the machine's being switched off."""

import json
import os
import sqlite3
import stat
import time
from collections.abc import Sequence
from pathlib import Path

from mtjlab.core import InputError, state_folder
from mtjlab.instruments import BenchFile, BenchLock
from mtjlab.procedures.running.queue_entry import SELECT, QueueEntry, QueueState, entry_of
from mtjlab.procedures.running.queue_file import QueueFile
from mtjlab.procedures.running.run_request import RunRequest

__all__ = ["RunQueue"]


class RunQueue:
    """The queue.

    Every word is one transaction on a file of SQLite that is on the disk when the word returns, so that any number of
    processes may use it at once, and what was said outlives a crash and a power cut.

    Parameters
    ----------
    path
        Its file; by default in the user's state folder.

    Raises
    ------
    ValueError
        If the file cannot be used.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = QueueFile((path or state_folder() / "queue.db").resolve())

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    def add(self, request: RunRequest, bench: BenchFile) -> int:
        """Append a request for a bench; return its number.

        Parameters
        ----------
        request
            What to run.
        bench
            Bench file that it runs on.

        Returns
        -------
        int
            Number of the entry.

        Raises
        ------
        ValueError
            If an entry that has not ended is going to make the same recording.
        """
        self._refuse_twice(request)
        # Simulated instruments are each run's own; of them the name alone is the bench.
        resources = [] if bench.simulation else sorted(settings.resource for _, settings in bench.roles)
        with self._file.transaction() as database:
            last = database.execute("SELECT COALESCE(MAX(position), 0) FROM entries").fetchone()[0]
            cursor = database.execute(
                "INSERT INTO entries (position, request, bench, resources, changed) VALUES (?, ?, ?, ?, ?)",
                (
                    last + 1,
                    request.model_dump_json(exclude_defaults=True),
                    bench.name,
                    json.dumps(resources),
                    time.time(),
                ),
            )
            return int(cursor.lastrowid or 0)

    def _refuse_twice(self, request: RunRequest) -> None:
        """Refuse a recording that another entry makes first: it would be in the way when this one's turn comes."""
        if request.resume:
            return
        wanted = set(request.paths())
        for entry in self.entries():
            if entry.request is None or entry.request.resume:
                continue
            if entry.state not in (QueueState.WAITING, QueueState.RUNNING):
                continue
            for path in wanted.intersection(_paths(entry.request)):
                raise InputError(
                    f"entry {entry.number} of the queue makes {path} already: choose another output, or remove it "
                    f"(mtjlab queue remove {entry.number})"
                )

    def refuse_open_to_all(self) -> None:
        """Refuse a queue that every user of the computer may write to: what stands in it is run.

        Raises
        ------
        ValueError
            If so.
        """
        if os.name != "nt" and self.path.stat().st_mode & stat.S_IWOTH:
            raise InputError(
                f"queue {self.path} may be written to by every user of this computer, who could have anything run: "
                f"chmod o-w {self.path}"
            )

    def entries(self) -> list[QueueEntry]:
        """Give all entries, in the order in which they are run."""
        with self._file.transaction() as database:
            return [entry_of(row) for row in database.execute(f"{SELECT} ORDER BY position")]

    def entry(self, number: int) -> QueueEntry:
        """Give one entry.

        Parameters
        ----------
        number
            Number of the entry.

        Raises
        ------
        ValueError
            If there is no such entry.
        """
        with self._file.transaction() as database:
            return self._find(database, number)

    def move(self, number: int, place: int) -> None:
        """Put a waiting entry at a place among the waiting ones, counted from 1.

        Parameters
        ----------
        number
            Number of the entry.
        place
            Place, from 1; one behind the last is the last.

        Raises
        ------
        ValueError
            If there is no such entry, or it does not wait.
        """
        with self._file.transaction() as database:
            entry = self._find(database, number)
            if entry.state is not QueueState.WAITING:
                raise InputError(f"entry {number} is {entry.state}: only what waits can be moved")
            rows = database.execute("SELECT number, position FROM entries WHERE state = 'waiting' ORDER BY position")
            numbers, positions = (list(column) for column in zip(*rows.fetchall(), strict=True))
            numbers.remove(number)
            numbers.insert(max(0, place - 1), number)
            database.executemany(
                "UPDATE entries SET position = ? WHERE number = ?", zip(positions, numbers, strict=True)
            )

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove entries that are not under way, all or none; recordings stay.

        Parameters
        ----------
        numbers
            Numbers of the entries.

        Raises
        ------
        ValueError
            If there is no such entry, or one is under way.
        """
        with self._file.transaction() as database:
            for number in numbers:
                if self.is_under_way(self._find(database, number)):
                    raise InputError(f"entry {number} is under way: pause it first, at once")
                database.execute("DELETE FROM entries WHERE number = ?", (number,))

    def hold(self, numbers: Sequence[int]) -> None:
        """Let entries wait until they are resumed.

        Parameters
        ----------
        numbers
            Numbers of the entries.

        Raises
        ------
        ValueError
            If there is no such entry, or one has ended.
        """
        with self._file.transaction() as database:
            for number in numbers:
                entry = self._find(database, number)
                if entry.state not in (QueueState.WAITING, QueueState.RUNNING):
                    raise InputError(f"entry {number} is {entry.state}: there is nothing to pause")
                database.execute("UPDATE entries SET held = 1 WHERE number = ?", (number,))

    def resume(self, numbers: Sequence[int]) -> None:
        """Let entries be run that were paused, and try again what has failed.

        Parameters
        ----------
        numbers
            Numbers of the entries.

        Raises
        ------
        ValueError
            If there is no such entry, or one is finished.
        """
        with self._file.transaction() as database:
            for number in numbers:
                if self._find(database, number).state is QueueState.FINISHED:
                    raise InputError(f"entry {number} is finished: add a new one")
                database.execute("UPDATE entries SET held = 0 WHERE number = ?", (number,))
                database.execute(
                    "UPDATE entries SET state = 'waiting' WHERE number = ? AND state = 'failed'", (number,)
                )

    @property
    def paused(self) -> bool:
        """Whether nothing new is begun."""
        with self._file.transaction() as database:
            row = database.execute("SELECT value FROM settings WHERE name = 'paused'").fetchone()
        return row is not None and row[0] == "yes"

    @paused.setter
    def paused(self, paused: bool) -> None:
        with self._file.transaction() as database:
            database.execute("REPLACE INTO settings VALUES ('paused', ?)", ("yes" if paused else "no",))

    def stop(self, numbers: Sequence[int] | None = None) -> None:
        """Ask the runners of entries, or of all, to stop after the block under way and let the entries wait.

        Parameters
        ----------
        numbers
            Numbers of the entries; None for all.
        """
        with self._file.transaction() as database:
            if numbers is None:
                database.execute("UPDATE entries SET stop = 1 WHERE state = 'running'")
            for number in numbers or ():
                database.execute("UPDATE entries SET stop = 1 WHERE number = ? AND state = 'running'", (number,))

    def is_stopped(self, number: int) -> bool:
        """Tell a runner whether it was asked to stop, or its entry was removed.

        Parameters
        ----------
        number
            Number of the entry.
        """
        with self._file.transaction() as database:
            row = database.execute("SELECT stop FROM entries WHERE number = ?", (number,)).fetchone()
        return row is None or bool(row[0])

    def claim(self, entry: QueueEntry) -> bool:
        """Mark an entry as running, if it still is as it was found; say whether it was.

        The caller holds the lock of its bench.

        Parameters
        ----------
        entry
            The entry as it was found.

        Returns
        -------
        bool
            Whether it is the caller's now.
        """
        with self._file.transaction() as database:
            cursor = database.execute(
                "UPDATE entries SET state = 'running', stop = 0, message = '', changed = ? "
                "WHERE number = ? AND state = ? AND held = 0",
                (time.time(), entry.number, entry.state),
            )
            return cursor.rowcount == 1

    def note(self, number: int, **values: object) -> None:
        """Change columns of an entry: state, begun, share, message.

        Parameters
        ----------
        number
            Number of the entry.
        **values
            New values by column.

        Raises
        ------
        TypeError
            If there is no such column.
        """
        if not set(values) <= {"state", "begun", "share", "message"}:
            raise TypeError(f"{sorted(values)} are not columns to note")
        columns = ", ".join(f"{name} = ?" for name in values)
        with self._file.transaction() as database:
            database.execute(
                f"UPDATE entries SET {columns}, changed = ? WHERE number = ?", (*values.values(), time.time(), number)
            )

    def lock(self, entry: QueueEntry) -> BenchLock:
        """Give the lock of the runner of an entry's bench.

        It is not the lock of the bench itself, which each run takes and gives back: a runner keeps the bench between
        two runs. A process that died, by a kill or with the whole machine, holds no lock.

        Parameters
        ----------
        entry
            The entry.
        """
        return BenchLock(state_folder() / "runners", entry.bench, entry.resources)

    def is_under_way(self, entry: QueueEntry) -> bool:
        """Tell a running entry from one whose runner has died.

        Parameters
        ----------
        entry
            The entry.
        """
        return entry.state is QueueState.RUNNING and bool(self.lock(entry).holder)

    def _find(self, database: sqlite3.Connection, number: int) -> QueueEntry:
        row = database.execute(f"{SELECT} WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise InputError(f"the queue has no entry {number}: see mtjlab queue list")
        return entry_of(row)


def _paths(request: RunRequest) -> list[Path]:
    try:
        return request.paths()
    except (ValueError, OSError):  # a procedure's file that is gone; its turn will say so
        return []
