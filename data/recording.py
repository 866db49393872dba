"""Read a recording."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mtjlab.core import Bits, InputError, Quantity
from mtjlab.data.checking.block_checks import checked_bytes
from mtjlab.data.checking.recording_check import check_recording, committed
from mtjlab.data.checking.recording_verification import verify_recording
from mtjlab.data.contents.layout import BITS, RESISTANCE, Status
from mtjlab.data.contents.recorded_fit import RecordedFit
from mtjlab.data.contents.recording_attributes import from_stored, read_attributes, read_text
from mtjlab.data.contents.recording_instrument import RecordedInstrument, read_instruments
from mtjlab.data.contents.recording_parameter import RecordingParameter, read_parameters
from mtjlab.data.reading.recorded_bits import RecordedBits, RecordedResistances
from mtjlab.data.reading.recorded_lists import read_fits, read_messages, read_results
from mtjlab.data.reading.recorded_tables import bits_table, checked_range, read_table, table_length
from mtjlab.data.reading.recording_access import RecordingAccess
from mtjlab.data.reading.recording_summary import RecordingSummary, summarise
from mtjlab.data.recording_error import RecordingError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Recording"]


class Recording:
    """A recording, opened to be read.

    The file is opened for each question and closed after it, so that a resumed run is not kept out; within ``with`` it
    stays open. A file that is being written is read as it is between two writes: each question finds what was committed
    by then, and within ``with`` all find the same. Opening never imports, runs or follows anything named in the file.

    Parameters
    ----------
    path
        The HDF5 file.

    Raises
    ------
    RecordingError
        If the file is missing, cut short, foreign or inconsistent; one line says which, and what to do.
        Every method may raise it, as the file may change between two calls.

    Examples
    --------
    >>> recording = Recording("bits.h5")  # doctest: +SKIP
    >>> recording.status, recording.committed  # doctest: +SKIP
    (<Status.KILLED: 'killed'>, 1250000)
    >>> recording.bits[:8]  # doctest: +SKIP
    array([0, 1, 1, 0, 1, 0, 0, 1], dtype=uint8)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        """The file."""
        self._file = RecordingAccess(self.path)
        with self._file.opened() as file:
            check_recording(file, self.path)

    def __enter__(self) -> Self:
        self._file.enter()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.leave()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def status(self) -> Status:
        """Running, finished, aborted or failed; killed if the file says `running` but nobody holds it open."""
        with self._file.opened() as file:
            return self._file.status_in(file)

    @property
    def committed(self) -> int:
        """Number of bits."""
        with self._file.opened() as file:
            return committed(file)

    @property
    def rows(self) -> int:
        """Number of rows of the columns."""
        with self._file.opened() as file:
            return committed(file, "rows")

    @property
    def bits(self) -> RecordedBits:
        """The bits, 0 or 1, as an array that is read as it is asked for: ``bits[1_000_000:2_000_000]``."""
        return RecordedBits(self)

    def packed_bits(self, start: int = 0, stop: int | None = None) -> Bits:
        """Return bits `start` to `stop`, packed as they lie in the file; all that are committed by default.

        Parameters
        ----------
        start, stop
            Bits from `start` to before `stop`.

        Returns
        -------
        Bits
            An eighth of the memory of an array of 0 and 1.

        Raises
        ------
        InputError
            If the recording has not these bits.
        RecordingError
            If the file is damaged.
        """
        there = self.committed
        last = there if stop is None else stop
        if not 0 <= start <= last <= there:
            raise InputError(f"bits {start:,} to {last:,}: expected a range within 0 to {there:,}")
        packed = self.read_packed(start, last)
        packed.flags.writeable = False  # nobody else has it: it needs no copy
        return Bits.packed(packed)[start % 8 : start % 8 + last - start]

    def read_packed(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the bytes that hold bits `start` to `stop`; the first and the last may hold others too.

        Bits of a run that has not ended are checked by the checksums of their blocks; where these differ, once more.

        Parameters
        ----------
        start, stop
            Indices of bits; those from `start` to before `stop`.

        Raises
        ------
        RecordingError
            If a block of a run that has not ended is not as it was written.
        """
        for last in (False, False, False, True):
            with self._file.opened() as file:
                if read_text(file, "status") != Status.RUNNING:
                    packed: NDArray[np.uint8] = file[BITS][start // 8 : (stop + 7) // 8]
                    return packed
                packed, fault = checked_bytes(file, start, stop)
            if not fault:
                return packed
            if last:
                raise RecordingError(self.path, f"is damaged: {fault}", "verify it to see all")
        raise AssertionError  # the last turn has returned or raised

    @property
    def keeps_resistance(self) -> bool:
        """Whether the resistance read with each bit was kept."""
        with self._file.opened() as file:
            return RESISTANCE in file

    @property
    def resistances(self) -> RecordedResistances:
        """The resistance read with each bit [Ω], float32, as an array that is read as it is asked for.

        Raises
        ------
        RecordingError
            If none was kept.
        """
        if not self.keeps_resistance:
            raise RecordingError(self.path, "keeps no resistances", "record again and ask for them")
        return RecordedResistances(self)

    def read_resistances(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the resistances read with bits `start` to `stop`, which are there.

        Parameters
        ----------
        start, stop
            Indices of bits; those from `start` to before `stop`.
        """
        with self._file.opened() as file:
            resistances: NDArray[np.float32] = file[RESISTANCE][start:stop]
            return resistances

    def frame(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return the rows of the procedure's columns; ``frame.attrs["units"]`` has their units.

        ``table("data")`` has the time of each row too.

        Parameters
        ----------
        start, stop
            Rows from `start` to before `stop`; by default all.
        """
        with self._file.opened() as file:
            start, stop = checked_range(start, stop, table_length(file, "data"), "data")
            return read_table(file, "data", start, stop, row_times=False)

    def table(self, name: str, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return rows of one of the tables: data, bits, blocks, segments, log, results; units are in its `attrs`.

        In that of the columns, `data`, the last column is ``row_time``: when the procedure handed over each row [Unix
        s], NaN where an older mtjlab kept none.

        Parameters
        ----------
        name
            Name of the table.
        start, stop
            Rows from `start` to before `stop`; by default all.

        Raises
        ------
        ValueError
            If there is no such table, or not so many rows.
        """
        with self._file.opened() as file:
            start, stop = checked_range(start, stop, table_length(file, name), name)
            if name != "bits":
                return read_table(file, name, start, stop)
        return bits_table(self.bits[start:stop], self.resistances[start:stop] if self.keeps_resistance else None)

    def length(self, name: str) -> int:
        """Return how many rows a table has.

        Parameters
        ----------
        name
            Name of the table, as for `table`.
        """
        with self._file.opened() as file:
            return table_length(file, name)

    def blocks(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return one row a block: first_bit, count, ones, start [Unix s], amplitude, width, field, alarms.

        Parameters
        ----------
        start, stop
            Blocks from `start` to before `stop`; by default all.
        """
        return self.table("blocks", start, stop)

    def segments(self) -> pd.DataFrame:
        """Return one row a segment: start and end [Unix s], first_bit, first_row, process, host, software, why."""
        return self.table("segments")

    def log(self) -> pd.DataFrame:
        """Return one row a message: time [Unix s], level, source, message."""
        return self.table("log")

    def messages(self, last: int) -> list[tuple[float, str, str, str]]:
        """Return the last messages: time [Unix s], level, source and text of each; long ones in several rows.

        Parameters
        ----------
        last
            How many rows of the log.
        """
        with self._file.opened() as file:
            return read_messages(file, last)

    @property
    def results(self) -> dict[str, Quantity]:
        """What the procedure found, by name: value, uncertainty or interval, unit; the last where a name came again."""
        with self._file.opened() as file:
            return read_results(file)

    @property
    def fits(self) -> list[RecordedFit]:
        """The fits that were made of what is recorded, the newest last; what came before the first is no fit's."""
        with self._file.opened() as file:
            return read_fits(file)

    def summary(self) -> RecordingSummary:
        """Return what a person wants to know, found without loading the bits."""
        with self._file.opened() as file:
            return summarise(file, self.path, self._file.status_in(file))

    def verify(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[str]:
        """Give what is wrong and where, fault by fault: counts, segments, and the checksum of each block.

        Parameters
        ----------
        progress
            Called with how many blocks are checked and how many there are.
        """
        with self._file.opened() as file:
            yield from verify_recording(file, progress)

    @property
    def remarks(self) -> list[str]:
        """What is unusual about the file without being wrong."""
        return self._file.remarks()

    @property
    def attributes(self) -> dict[str, Any]:
        """Attributes of the file itself: format, status as written, created, finished, procedure, software."""
        with self._file.opened() as file:
            return read_attributes(file)

    @property
    def procedure(self) -> str:
        """Name of the procedure."""
        return str(self.attributes["procedure"])

    @cached_property
    def parameters(self) -> dict[str, RecordingParameter]:
        """Parameters of the procedure, each with value, unit and description."""
        with self._file.opened() as file:
            return read_parameters(file["parameters"])

    @property
    def plan(self) -> str | None:
        """Text of the plan, if there was one."""
        with self._file.opened() as file:
            return read_text(file["parameters"], "plan") if "plan" in file["parameters"].attrs else None

    @property
    def instruments(self) -> dict[str, RecordedInstrument]:
        """The instrument in each role."""
        with self._file.opened() as file:
            return read_instruments(file["instruments"])

    @property
    def bench(self) -> str:
        """Text of the bench.toml."""
        with self._file.opened() as file:
            return str(from_stored(file["bench/toml"][()]))

    @property
    def bench_attributes(self) -> dict[str, Any]:
        """What else is known of the bench: `simulated`, seed, device parameters, limits."""
        with self._file.opened() as file:
            return read_attributes(file["bench"])

    @property
    def simulated(self) -> bool:
        """Whether the bench was made of software."""
        return bool(self.bench_attributes.get("simulated", False))

    @property
    def sample(self) -> dict[str, str]:
        """Wafer, die, device, operator, note."""
        with self._file.opened() as file:
            return {name: str(value) for name, value in read_attributes(file["sample"]).items()}
