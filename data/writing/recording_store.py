"""The file under a writer: its tables, its room to grow, the copy kept elsewhere."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

from mtjlab.core import temporary_name
from mtjlab.data.contents import layout
from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recording_attributes import read_text, rewrite_attribute
from mtjlab.data.contents.recording_head import utc_now
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import open_recording_file
from mtjlab.data.writing.recording_copy import copy_recording
from mtjlab.data.writing.recording_mirror import RecordingMirror, refuse_mirror
from mtjlab.data.writing.recording_rescue import bring_back, identity_of, is_still_there, rescue
from mtjlab.data.writing.recording_rows import log_rows
from mtjlab.data.writing.recording_soundness import is_copy_of
from mtjlab.data.writing.recording_tables import RecordingTables
from mtjlab.data.writing.recording_traces import Traces

__all__ = ["RecordingStore"]


class _Held(NamedTuple):
    """What is open; replaced as one, so that an interrupt finds either the old or the new."""

    file: h5py.File
    tables: RecordingTables
    identity: tuple[int, int] | None
    """What tells the file from another one of its name."""
    unnamed: Path | None = None
    """Where the file is, while it has yet to be given its name."""


class RecordingStore:
    """Keep the file of one recording, and replace it by one with larger chunks before an index would split.

    Parameters
    ----------
    file
        Open for writing.
    path
        Its name.
    mirror
        The copy kept elsewhere, if there is one.
    tables
        Those of the file, where they are known already.
    """

    def __init__(
        self,
        file: h5py.File,
        path: Path,
        mirror: RecordingMirror | None = None,
        tables: RecordingTables | None = None,
    ) -> None:
        self.path = path
        """Name of the file."""
        self._held = _Held(file, tables or RecordingTables(file), identity_of(file))
        self.mirror = mirror
        """The copy that is kept, if there is one."""
        self._traces = Traces(self.tables.space)
        self.take_traces()

    @property
    def tables(self) -> RecordingTables:
        """What grows in the file."""
        return self._held.tables

    @property
    def file(self) -> h5py.File:
        """The open file.

        Raises
        ------
        RecordingError
            If it is closed.
        """
        if self._held.unnamed is not None:
            self._give_name()
        if not self._held.file:
            raise RecordingError(self.path, "is closed", "resume it to continue")
        return self._held.file

    @property
    def open_tables(self) -> RecordingTables:
        """What grows in the file, which must be open.

        Raises
        ------
        RecordingError
            If it is closed.
        """
        self.file  # noqa: B018 - raises if it is closed
        return self.tables

    @property
    def is_open(self) -> bool:
        """Whether the file is open."""
        return bool(self._held.file)

    def make_room(self, **added: int) -> None:
        """Make sure that so many more bits, blocks, rows, messages, results or segments can be written.

        Raises
        ------
        OSError
            If the recording must be copied for that and the disk has no room; it is then as it was.
        """
        source, lengths = self.file, self.tables.room_for(added)
        self._refuse_lost()  # before anything is written: a file that was cut would grow again
        if not lengths:
            return
        self._replace(source, lengths)

    def _replace(self, source: h5py.File, lengths: Mapping[str, int], *, growing: bool = True) -> None:
        """Continue with a copy whose datasets are made for these lengths."""
        copy = temporary_name(self.path)
        tables = copy_recording(source, self.path, copy, lengths, growing=growing)
        old = self._held.file
        self._held = _Held(tables.file, tables, identity_of(tables.file), copy)
        old.close()
        self._give_name()
        self._traces = Traces(self.tables.space)
        self.take_traces()
        if self.mirror:
            self.mirror.copy_again()

    def _shorten(self) -> None:
        """Give a short recording that has ended the room it needs and no more; resuming it makes room again."""
        file, tables = self.file, self.tables
        if read_text(file, "status") == Status.RUNNING or file.id.get_filesize() > layout.SHORT or not tables.grow:
            return
        with contextlib.suppress(OSError, RecordingError):  # it is complete as it is, and the disk may be full
            self._replace(file, tables.lengths(), growing=False)

    def _give_name(self) -> None:
        file, tables, identity, copy = self._held
        assert copy is not None
        if os.name == "nt":  # renames no open file
            file.close()
            copy.replace(self.path)
            file = open_recording_file(self.path, "r+")
            tables, identity = RecordingTables(file), identity_of(file)
        else:
            with contextlib.suppress(FileNotFoundError):  # an interrupt came after the renaming
                copy.replace(self.path)
        self._held = _Held(file, tables, identity)

    def commit(self, **added: int) -> None:
        """Count what was written; see `RecordingTables.commit`. The mirror has it too when this returns.

        Raises
        ------
        RecordingError
            If the file has been removed, replaced or cut; what was committed before is in another one then, as far as
            there is one to take it from.
        """
        space = self.tables.space
        # What grows while it is written shows no longer whether it was cut before: the bytes themselves must.
        self._refuse_lost(self.tables.written_bytes() if space.has_grown else ())
        space.has_grown = False
        self.tables.commit(**added)
        self.take_traces()
        self.show_mirror()
        if self.mirror is not None and self.mirror.failure:
            failure, self.mirror = self.mirror.failure, None
            self.log("warning", f"the copy is given up: {failure}; the recording continues without it", "mirror")

    def append(self, table: str, rows: np.ndarray[Any, Any]) -> None:
        """Append rows to a table and commit them.

        Parameters
        ----------
        table
            Name of the table.
        rows
            Rows of its type.
        """
        self.make_room(**{table: len(rows)})
        self.tables.datasets[table].write(self.tables.count[table], rows)
        self.commit(**{table: len(rows)})

    def log(self, level: str, message: str, source: str) -> None:
        """Append a message to the log; see `RecordingWriter.log`."""
        self.append("log", log_rows(self.tables.datasets["log"].dtype, level, message, source))

    def take_traces(self) -> None:
        """Take note of what the file holds now: none of it may be missing at the next commit."""
        self._traces.take(self.tables.last_bytes())

    def _refuse_lost(self, written: Iterable[tuple[int, bytes]] = ()) -> None:
        held = self._held
        if held.unnamed is not None or not held.file:
            return
        if not is_still_there(held.identity, self.path):
            error = rescue(held.file, self.path)
        elif not self._traces.are_there(written):
            mirror = self.mirror.path if self.mirror is not None and not self.mirror.failure else None
            error = bring_back(self.path, mirror)
        else:
            return
        if self.mirror is not None:
            self.mirror.leave()
            self.mirror = None
        with contextlib.suppress(OSError, RuntimeError):  # HDF5 writes into what is left of it
            held.file.close()
        raise error

    def flush_all(self) -> None:
        """Bring to the disk, and to the mirror, what changed besides rows and counters."""
        self.file.flush()
        self.show_mirror(everything=True)

    def show_mirror(self, everything: bool = False) -> None:
        """Bring the mirror up to date; `everything` where more changed than rows and counters."""
        if self.mirror is None:
            return
        self._refuse_lost()
        if everything:
            self.mirror.copy_again()
        else:
            self.mirror.follow(self.tables.take_touched())

    def refuse_mirror(self, folder: Path) -> None:
        """Raise RecordingError if `folder` takes no copy, or has another file of that name than an older copy."""
        refuse_mirror(self.path, folder, replace=is_copy_of(folder / self.path.name, self.file))

    def keep_mirror(self, folder: Path) -> None:
        """Keep a copy in `folder` from now on, in place of one that may be there."""
        self.mirror = RecordingMirror(self.path, folder, replace=True)

    def end(self, status: str, why: str) -> None:
        """Say how the recording ended, and close it.

        Parameters
        ----------
        status
            What became of the run.
        why
            Why its last segment ended.
        """
        try:
            file, tables = self.file, self.tables
            tables.forget_uncommitted()
            tables.end_segment(time.time(), why)
            rewrite_attribute(file, "finished", utc_now())
            rewrite_attribute(file, "status", status)
        finally:
            self.close()

    def close(self) -> None:
        """Flush, give back reserved room, close the file, and then the mirror, which is then the same."""
        try:
            if self.is_open:
                self._refuse_lost()
                self._shorten()
                self.tables.space.release()
                if self.mirror is not None:
                    self.mirror.follow(self.tables.take_touched())
        finally:
            self._held.file.close()
            if self.mirror:
                self.mirror.close()
