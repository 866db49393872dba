"""Facts of recordings that were read before, kept between two starts of the program."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from mtjlab.core import cache_folder
from mtjlab.data.catalogue.found_file import FoundFile
from mtjlab.data.catalogue.recording_facts import RecordingFacts

__all__ = ["FactsCache"]

log = logging.getLogger(__name__)

_VERSION = 1
"""Raised when `RecordingFacts` says something else: facts of another version are read again."""

_MOST = 200_000
"""Recordings that are remembered; beyond, those read first are forgotten."""

_PIECE = 500
"""Paths in one question to the database."""


class FactsCache:
    """Keep facts by path, size and time of the last writing: what changed since is not found.

    It can always be made again, so no fault of it is raised: a database that is damaged is begun again, and where none
    can be written nothing is kept.

    Parameters
    ----------
    path
        The database; by default ``recordings.sqlite`` in the user's cache folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_folder() / "recordings.sqlite"
        """The database."""

    def get(self, found: Iterable[FoundFile]) -> list[RecordingFacts]:
        """Return the facts of those files that were read as they are now.

        Parameters
        ----------
        found
            The files.

        Returns
        -------
        list of RecordingFacts
            In any order; none of those that were not read, or have changed since.
        """
        wanted = {file.path: file for file in found}
        kept: list[RecordingFacts] = []
        with self._forgiving(), self._database() as database:
            paths = list(wanted)
            for start in range(0, len(paths), _PIECE):
                piece = paths[start : start + _PIECE]
                marks = ",".join("?" * len(piece))
                rows = database.execute(
                    f"SELECT path, size, modified, facts FROM facts WHERE path IN ({marks})", piece
                ).fetchall()
                for path, size, modified, text in rows:
                    if (size, modified) == wanted[path][1:]:
                        with contextlib.suppress(ValueError):
                            kept.append(RecordingFacts.from_text(text))
        return kept

    def put(self, facts: Iterable[RecordingFacts]) -> None:
        """Keep facts; those of a recording that a run is writing are left out.

        Parameters
        ----------
        facts
            What was read.
        """
        rows = [(each.path, each.size, each.modified, each.as_text()) for each in facts if each.status != "running"]
        with self._forgiving(), self._database() as database:
            database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", rows)
            database.execute(
                "DELETE FROM facts WHERE rowid <= (SELECT MAX(rowid) FROM facts) - ?",
                (_MOST,),
            )

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Take no fault of the database for one of the program."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            log.warning("%s is not used (%s): recordings are read again", self.path, error)
            if not isinstance(error, sqlite3.OperationalError):  # not a database, or damaged
                with contextlib.suppress(OSError):
                    self.path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be written (%s): recordings are read again", self.path, error)

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Give the database, whose changes are kept at the end."""
        with contextlib.closing(self._open()) as database, database:
            yield database

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=2.0)
        try:
            if database.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                database.execute("DROP TABLE IF EXISTS facts")
                database.execute(f"PRAGMA user_version = {_VERSION}")
            database.execute(
                "CREATE TABLE IF NOT EXISTS facts (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, facts TEXT)"
            )
        except BaseException:
            database.close()
            raise
        return database
