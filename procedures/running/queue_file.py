"""The file of the queue: SQLite that any number of processes may use at once, also on a drive without file locks."""

import contextlib
import errno
import functools
import logging
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mtjlab.core import InputError

__all__ = ["QueueFile"]

log = logging.getLogger(__name__)

VERSION = 1
SCHEMA = """
CREATE TABLE entries (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    position  INTEGER NOT NULL,
    request   TEXT NOT NULL,
    bench     TEXT NOT NULL,
    resources TEXT NOT NULL,
    state     TEXT NOT NULL DEFAULT 'waiting',
    held      INTEGER NOT NULL DEFAULT 0,
    begun     INTEGER NOT NULL DEFAULT 0,
    share     REAL NOT NULL DEFAULT 0,
    stop      INTEGER NOT NULL DEFAULT 0,
    message   TEXT NOT NULL DEFAULT '',
    changed   REAL NOT NULL
);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
PATIENCE = 30.0
"""Time [s] to wait for another process that is changing the queue."""


class QueueFile:
    """The file.

    Parameters
    ----------
    path
        Absolute path; made if it is missing.

    Raises
    ------
    InputError
        If the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        """Its path."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror) from None
        with self.transaction() as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in SCHEMA.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {VERSION}")
        if version > VERSION:
            raise InputError(f"queue {path} is of a newer mtjlab: update mtjlab, or give another file")

    def _unusable(self, why: object) -> ValueError:
        return InputError(f"queue {self.path} cannot be used ({why}): give another file")

    def _connect(self) -> sqlite3.Connection:
        where = self.path.as_uri()
        if not self._has_locks:
            # SQLite then keeps others out by a folder beside the file, queue.db.lock.
            where += "?vfs=unix-dotfile"
        return sqlite3.connect(where, timeout=PATIENCE, isolation_level=None, uri=True)

    @functools.cached_property
    def _has_locks(self) -> bool:
        """Whether the drive of the queue has file locks."""
        try:
            import fcntl
        except ImportError:  # Windows has others
            return True
        try:
            # A file of its own: closing another handle of the queue would free the locks that SQLite holds.
            with tempfile.TemporaryFile(dir=self.path.parent) as file:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
                return True  # SQLite says it better
            log.warning(
                "queue %s lies on a drive without file locks; if it stays locked after a crash, remove %s.lock",
                self.path,
                self.path,
            )
            return False
        return True

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, which is on the disk when the ``with`` ends.

        Raises
        ------
        InputError
            If the file cannot be used.
        """
        # A connection a transaction: any thread may use the queue, and none holds it open.
        try:
            database = self._connect()
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        try:
            # No write-ahead log: it needs memory that is shared, which a network folder does not give.
            database.execute("PRAGMA synchronous = EXTRA")
            database.execute("BEGIN IMMEDIATE")
            with database:
                yield database
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        finally:
            database.close()
