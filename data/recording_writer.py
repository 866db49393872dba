"""Write a recording so that a kill at any instant costs nothing that was reported as kept.

What `append` has returned for is safe: see `mtjlab.data.writing.recording_tables` for how.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError
from mtjlab.data.contents.layout import Status
from mtjlab.data.contents.recorded_fit import fit_row
from mtjlab.data.contents.recorded_result import ResultLike, result_rows
from mtjlab.data.contents.recording_columns import column_links
from mtjlab.data.contents.recording_head import RecordingHead, software
from mtjlab.data.contents.recording_instrument import RecordedInstrument, write_instrument
from mtjlab.data.contents.recording_parameter import rewrite_parameter
from mtjlab.data.writing.batch import Batch
from mtjlab.data.writing.blocks import Blocks
from mtjlab.data.writing.clock_watch import ClockWatch
from mtjlab.data.writing.recording_store import RecordingStore
from mtjlab.data.writing.store_opening import create_store, extend_store, resume_store

__all__ = ["RecordingWriter"]


class RecordingWriter:
    """Write one recording; make one with `create` or `resume`.

    A context manager: it closes the recording as finished, as aborted after KeyboardInterrupt, as failed after any
    other exception. Its methods may be called from several threads.

    Parameters
    ----------
    store
        The file under it, opened; see `create`, `resume` and `extend`.

    Examples
    --------
    >>> head = RecordingHead("AcquireBits", bench=bench_text)       # doctest: +SKIP
    >>> with RecordingWriter.create("bits.h5", head) as writer:     # doctest: +SKIP
    ...     writer.append(Blocks(bits, amplitude=1.5, width=1e-9, field=25.5e-3))
    2500
    """

    def __init__(self, store: RecordingStore) -> None:
        self.path = store.path
        """The file."""
        self.store = store
        """The file that is written to."""
        self._lock = threading.RLock()
        self._clock = ClockWatch()

    @classmethod
    def create(
        cls, path: str | os.PathLike[str], head: RecordingHead, *, mirror: str | os.PathLike[str] | None = None
    ) -> Self:
        """Make a recording.

        Parameters
        ----------
        path
            Where. The file appears there when it is complete but for its bits; nothing is ever overwritten.
        head
            What is known of it: procedure, parameters, columns, bench, sample.
        mirror
            Folder for a copy that is kept while the recording is written. What `append` has returned for is in the
            copy too. If the copy fails later, the log says so and the recording continues.

        Raises
        ------
        RecordingError
            If `path` exists or cannot be made.
        InputError
            If a name or value has no place in HDF5.
        """
        return cls(create_store(Path(path), head, Path(mirror) if mirror else None))

    @classmethod
    def resume(cls, path: str | os.PathLike[str], *, mirror: str | os.PathLike[str] | None = None) -> Self:
        """Resume a recording that ended or was killed: append a segment at bit `committed`.

        A file that is not fit to be appended to, of an older format or rewritten by another program, is copied to a
        new one that replaces it.

        Parameters
        ----------
        path
            The recording.
        mirror
            Folder for a copy; an older copy of this recording there is replaced.

        Returns
        -------
        RecordingWriter
            The writer; the log says at which bit it was resumed.

        Raises
        ------
        RecordingError
            If the file is no recording, is being written, or does not agree with itself; it is then left untouched.
        """
        return cls(resume_store(Path(path), Path(mirror) if mirror else None))

    @classmethod
    def extend(cls, path: str | os.PathLike[str]) -> Self:
        """Open a recording that has ended, to add results; its status and its segments stay as they are.

        `let_go` closes it again. A file of an older format, or rewritten by another program, is copied to a new one
        that replaces it.

        Parameters
        ----------
        path
            The recording.

        Raises
        ------
        RecordingError
            If the file is no recording, is being written, or does not agree with itself; it is then left untouched.
        """
        return cls(extend_store(Path(path)))

    def let_go(self) -> None:
        """Close a recording that was opened with `extend`."""
        with self._lock:
            self.store.close()

    @property
    def committed(self) -> int:
        """Bits that the file holds for good."""
        return self.store.tables.count["bits"]

    @property
    def rows(self) -> int:
        """Rows of columns that the file holds for good."""
        return self.store.tables.count["rows"]

    def table(self) -> NDArray[np.float64]:
        """Return the rows of the columns that the file holds for good, shape (rows, columns)."""
        with self._lock:
            return self.store.open_tables.table()

    @property
    def columns(self) -> list[str]:
        """Names of the columns that the file has."""
        with self._lock:
            return list(column_links(self.store.file["data"]))

    @property
    def keeps_resistance(self) -> bool:
        """Whether `append` wants the resistance read with each bit."""
        return self.store.tables.resistance is not None

    def add_instrument(
        self,
        role: str,
        *,
        idn: str = "",
        driver: str = "",
        resource: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Say which instrument plays `role`, with its settings as read back; do so before the first bits.

        In a resumed recording the first segment's instrument stays; another `idn` or resource is noted in the log.

        Parameters
        ----------
        role
            Name of the role.
        idn, driver, resource
            What it answers to ``*IDN?``, the name of its driver, and its VISA resource.
        settings
            Its settings in SI units, by name.
        """
        with self._lock:
            file = self.store.file
            changes = write_instrument(
                file["instruments"], role, RecordedInstrument(idn, driver, resource, settings or {})
            )
            self.store.flush_all()
            if changes:
                self.log("warning", f"{role}: {changes}", "recording")

    def set_parameter(self, name: str, value: float | int | bool) -> None:
        """Change the value of a parameter, as when a recording is resumed to more bits than were planned.

        Parameters
        ----------
        name, value
            Name of the parameter, and its value from now on.

        Raises
        ------
        ValueError
            If there is no such parameter, or if it holds no single number.
        """
        with self._lock:
            file = self.store.file
            old = rewrite_parameter(file["parameters"], name, value)
            self.store.flush_all()
            self.log("info", f"{name} = {value} instead of {old}", "recording")

    def append(
        self,
        bits: Blocks | ArrayLike | None = None,
        rows: Mapping[str, ArrayLike] | None = None,
        *,
        row_times: ArrayLike | None = None,
    ) -> int:
        """Commit a block of bits, or several, and rows of the columns.

        Parameters
        ----------
        bits
            Blocks of bits with what they were made with; or zeros and ones, which are one block.
        rows
            One array for each column, all of one length.
        row_times
            Unix time of each row [s], or one for all; by default now.

        Returns
        -------
        int
            Bits committed so far. They are safe from here on.

        Raises
        ------
        InputError
            If `bits` are not zeros and ones, their counts do not add up, or `rows` do not match the columns or
            `row_times` the rows. Nothing is written then.
        OSError
            If the disk is full; what was committed before is safe, and the recording can be resumed when there is room.
        """
        batch = Batch.checked(self.store.tables, bits, rows, row_times)
        with self._lock:
            if step := self._clock.step():
                self.log("warning", step, "recording")
            self.store.make_room(**batch.added)
            batch.write(self.store.open_tables)
            self.store.commit(**batch.added)
            return self.committed

    def log(self, level: str, message: str, source: str = "") -> None:
        """Keep a message: level as in logging (``info``, ``warning``, ``error``), and who says it.

        Parameters
        ----------
        level, message, source
            The level, the text, and who says it.
        """
        with self._lock:
            self.store.log(level, message, source)

    def write_results(self, results: Mapping[str, ResultLike]) -> None:
        """Keep what the procedure found: for each name its value, standard uncertainty (NaN if unknown) and SI unit.

        Where the interval is not symmetric the uncertainty is NaN, and the ends of the 95 % interval follow the unit.
        A name may come again, when more is known: a reader shows the last.

        Parameters
        ----------
        results
            Results by name, each a `Quantity` or such a tuple.

        Raises
        ------
        ValueError
            If a name or unit is too long, or a value is no number. Nothing is written then.

        Examples
        --------
        >>> writer.write_results({"coercivity": (0.0412, 0.0003, "T")})  # doctest: +SKIP
        """
        with self._lock:
            self.store.append("results", result_rows(self.store.tables.datasets["results"].dtype, results))

    def begin_fit(self, settings: str = "") -> None:
        """Say that the results from here on are those of a fit of what is recorded.

        Parameters
        ----------
        settings
            Its settings that differ from the parameters, each NAME=VALUE, separated by spaces.

        Raises
        ------
        InputError
            If they are too long.
        """
        with self._lock:
            tables = self.store.open_tables
            row = fit_row(tables.datasets["fits"].dtype, tables.count["results"], settings, software())
            self.store.append("fits", row)

    def write_result(self, name: str, value: float, uncertainty: float = math.nan, unit: str = "") -> None:
        """Keep one result; see `write_results`.

        Parameters
        ----------
        name, value, uncertainty, unit
            Name, value, standard uncertainty (NaN if unknown) and SI unit.
        """
        self.write_results({name: (value, uncertainty, unit)})

    def close(self, status: str = Status.FINISHED, reason: str = "") -> None:
        """End the recording as ``finished``, ``aborted`` or ``failed``; a second call does nothing.

        Parameters
        ----------
        status
            What became of the run.
        reason
            Why its last segment ended; by default the status.

        Raises
        ------
        ValueError
            If `status` is none of the three.
        """
        if status not in (Status.FINISHED, Status.ABORTED, Status.FAILED):
            raise InputError(f"status {status!r} ends no recording; use finished, aborted or failed")
        with self._lock:
            if self.store.is_open:
                self.store.end(status, reason or status)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        status = Status.ABORTED if isinstance(error, KeyboardInterrupt) else Status.FAILED
        try:
            self.close(status, f"{type(error).__name__}: {error}".rstrip(": "))
        except (OSError, RuntimeError) as second:  # a full disk ends both; the first error is the one to show
            error.add_note(f"{self.path} could not be closed either: {second}")
