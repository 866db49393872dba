"""Read a recording."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import h5py
import numpy as np
from numpy.typing import NDArray

from mtjlab.data.layout import BITS, Status
from mtjlab.data.recorded_bits import RecordedBits
from mtjlab.data.recorded_result import RecordedResult, latest_results
from mtjlab.data.recording_attributes import from_stored, read_attributes, read_text
from mtjlab.data.recording_check import check_recording, committed
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import is_written_here, open_recording_file
from mtjlab.data.recording_instrument import RecordedInstrument, read_instruments
from mtjlab.data.recording_parameter import RecordingParameter, read_parameters

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Recording"]


class Recording:
    """A recording, opened to be read.

    The file is opened for each question and closed after it, so that a resumed run is not kept out; within ``with`` it
    stays open. Opening never imports, runs or follows anything named in the file.

    Parameters
    ----------
    path
        The HDF5 file.

    Raises
    ------
    RecordingError
        If the file is missing, cut short, foreign, inconsistent or being written; one line says which, and what to do.
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
        self._file: h5py.File | None = None
        with self._opened() as file:
            check_recording(file, self.path)

    def __enter__(self) -> Self:
        self._file = open_recording_file(self.path, "r")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def status(self) -> Status:
        """Finished, aborted or failed; killed if the file says `running` but nobody holds it open.

        Running is seen only from within the process that writes: its lock keeps all others out, while HDF5 shares the
        open file with a reader of the same process.
        """
        with self._opened() as file:
            status = Status(read_text(file, "status"))
            killed = status is Status.RUNNING and not is_written_here(file)
        return Status.KILLED if killed else status

    @property
    def committed(self) -> int:
        """Number of bits."""
        with self._opened() as file:
            return committed(file)

    @property
    def rows(self) -> int:
        """Number of rows of the columns."""
        with self._opened() as file:
            return committed(file, "rows")

    @property
    def bits(self) -> RecordedBits:
        """The bits, 0 or 1, as an array that is read as it is asked for: ``bits[1_000_000:2_000_000]``."""
        return RecordedBits(self)

    def read_packed(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return the bytes that hold bits `start` to `stop`; the first and the last may hold others too.

        Bits of a run that has not ended are checked against the checksums of their blocks.
        """
        with self._opened() as file:
            packed: NDArray[np.uint8] = file[BITS][start // 8 : (stop + 7) // 8]
            return packed

    def frame(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return the rows of the columns; ``frame.attrs["units"]`` has their units."""
        import pandas as pd

        with self._opened() as file:
            stop = self._checked_range(start, stop, committed(file, "rows"), "rows")
            group = file["data"]
            names = self._column_names(group)
            frame = pd.DataFrame({name: group[name][start:stop] for name in names}, columns=names)
            frame.attrs["units"] = {name: read_text(group[name], "units") for name in names}
        return frame

    def blocks(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return one row a block: first_bit, count, ones, start [Unix s], amplitude, width, field, alarms."""
        return self._table("blocks", start, stop)

    def segments(self) -> pd.DataFrame:
        """Return one row a segment: start and end [Unix s], first_bit, first_row, process, host, software, why."""
        return self._table("segments")

    def log(self) -> pd.DataFrame:
        """Return one row a message: time [Unix s], level, source, message."""
        return self._table("log")

    @property
    def results(self) -> dict[str, RecordedResult]:
        """What the procedure found, by name: value, standard uncertainty, unit; the last where a name came again."""
        with self._opened() as file:
            count = committed(file, "results")
            return latest_results(file["results"][:count]) if count else {}

    @property
    def attributes(self) -> dict[str, Any]:
        """Attributes of the file itself: format, status as written, created, finished, procedure, software."""
        with self._opened() as file:
            return read_attributes(file)

    @property
    def procedure(self) -> str:
        """Name of the procedure."""
        return str(self.attributes["procedure"])

    @cached_property
    def parameters(self) -> dict[str, RecordingParameter]:
        """Parameters of the procedure, each with value, unit and description."""
        with self._opened() as file:
            return read_parameters(file["parameters"])

    @property
    def plan(self) -> str | None:
        """Text of the plan, if there was one."""
        with self._opened() as file:
            return read_text(file["parameters"], "plan") if "plan" in file["parameters"].attrs else None

    @property
    def instruments(self) -> dict[str, RecordedInstrument]:
        """The instrument in each role."""
        with self._opened() as file:
            return read_instruments(file["instruments"])

    @property
    def bench(self) -> str:
        """Text of the bench.toml."""
        with self._opened() as file:
            return str(from_stored(file["bench/toml"][()]))

    @property
    def bench_attributes(self) -> dict[str, Any]:
        """What else is known of the bench: `simulated`, seed, device parameters, limits."""
        with self._opened() as file:
            return read_attributes(file["bench"])

    @property
    def simulated(self) -> bool:
        """Whether the bench was made of software."""
        return bool(self.bench_attributes.get("simulated", False))

    @property
    def sample(self) -> dict[str, str]:
        """Wafer, die, device, operator, note."""
        with self._opened() as file:
            return {name: str(value) for name, value in read_attributes(file["sample"]).items()}

    @contextmanager
    def _opened(self) -> Iterator[h5py.File]:
        if self._file is not None:
            file, close = self._file, False
        else:
            file, close = open_recording_file(self.path, "r"), True
        try:
            yield file
        except (OSError, KeyError, RuntimeError) as error:
            raise RecordingError(
                self.path, f"is damaged inside ({error})", "copy it again from where it was made"
            ) from error
        finally:
            if close:
                file.close()

    def _table(self, name: str, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        import pandas as pd

        with self._opened() as file:
            stop = self._checked_range(start, stop, committed(file, name), name)
            table = file[name]
            rows = table[start:stop]
            units = from_stored(table.attrs.get("units", []))
        columns = {
            field: pd.Series(from_stored(rows[field]), dtype=str) if rows.dtype[field].kind == "S" else rows[field]
            for field in rows.dtype.names
        }
        frame = pd.DataFrame(columns)
        frame.attrs["units"] = dict(zip(rows.dtype.names, units, strict=False))
        return frame

    @staticmethod
    def _column_names(group: h5py.Group) -> list[str]:
        # HDF5 lists names by the alphabet; the attributes that tell viewers what to plot keep the procedure's order.
        plotted = [*np.atleast_1d(group.attrs.get("axes", [])), group.attrs.get("signal", b"")]
        plotted += [*np.atleast_1d(group.attrs.get("auxiliary_signals", []))]
        names = [str(from_stored(name)) for name in plotted]
        return [n for n in names if n in group] + [n for n in group if n not in names]

    @staticmethod
    def _checked_range(start: int, stop: int | None, length: int, what: str) -> int:
        stop = length if stop is None else stop
        if not 0 <= start <= stop <= length:
            raise ValueError(f"{what} {start} to {stop} are not all there; choose within 0 to {length}")
        return stop
