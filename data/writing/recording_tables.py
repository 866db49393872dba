"""The datasets of a recording that grow, and the counters that say how much of each counts.

A commit is two flushes. The first brings bits and rows to the file, where no reader counts them yet; the second brings
the numbers that count them, which lie in one object header and so change together. Both hand the bytes to the operating
system: they outlive the process, not a power cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import h5py
import numpy as np
from numpy.typing import NDArray

from mtjlab.data.checking.recording_check import committed
from mtjlab.data.contents.layout import BITS, DIMENSIONS, INDEX_CHUNKS, RESISTANCE, TABLES
from mtjlab.data.contents.recording_columns import column_links, time_link
from mtjlab.data.writing.file_space import FileSpace
from mtjlab.data.writing.growing_dataset import GrowingDataset
from mtjlab.data.writing.growing_table import GrowingTable
from mtjlab.data.writing.recording_rows import cut_text, segment_row

__all__ = ["RecordingTables", "growing_names", "lengths_of"]

_COUNTER = h5py.h5t.NATIVE_UINT64
"""Type of what a counter is given; named, since working it out takes longer than writing it."""

_COUNTERS = {
    "bits": BITS,
    "blocks": BITS,
    "rows": BITS,
    "segments": "segments",
    "log": "log",
    "results": "results",
    "fits": "fits",
}
"""What is counted, and the object that has the counter: one for all that a commit of bits and rows changes."""


def lengths_of(names: Iterable[str], count: Mapping[str, int]) -> dict[str, int]:
    """Return how many elements growing datasets have when so many bits, blocks, rows, segments… are counted."""
    of_bits = {BITS: (count["bits"] + 7) // 8, RESISTANCE: count["bits"]}
    return {n: of_bits[n] if n in of_bits else count[n if n in TABLES else "rows"] for n in names}


def growing_names(file: h5py.File) -> list[str]:
    """Return the names of all growing datasets that a recording has, or would have if it were made today."""
    return [BITS, *[RESISTANCE] * (RESISTANCE in file), *TABLES, *(f"data/{name}" for name in file["data"])]


class RecordingTables:
    """Append to the tables of one recording, and commit.

    Parameters
    ----------
    file
        A recording's file, open for writing.
    """

    def __init__(self, file: h5py.File) -> None:
        self.file = file
        """The file."""
        self.space = FileSpace(file)
        """The room that it has."""
        self.count = {what: committed(file, what) for what in _COUNTERS}
        """Committed bits, blocks, rows of the columns, segments, messages (log), results and fits."""
        self.datasets = {name: _growing(file, name, self.space) for name in growing_names(file)}
        """Each growing dataset, or table, by its name in the file."""
        times = time_link(file["data"])
        self.columns = {name: self.datasets[f"data/{name}"] for name in file["data"] if name != times}
        """Those of the columns, by the names of these."""
        self.row_times = self.datasets[f"data/{times}"] if times else None
        """When each of their rows was handed over; recordings from before have none until they are resumed."""
        self.counters = {
            what: h5py.h5a.open(file[place].id, (b"committed" if what not in ("blocks", "rows") else what.encode()))
            for what, place in _COUNTERS.items()
        }
        """The attribute that counts each."""
        self._room = self._find_room()
        self._from_the_end = list(self.datasets)
        self._chunks_placed = 0

    def table(self) -> NDArray[np.float64]:
        """Return the committed rows of the columns, in the order of the procedure, shape (rows, columns)."""
        links = column_links(self.file["data"])
        columns = [self.columns[link].read(0, self.count["rows"]) for link in links.values()]
        return np.stack(columns, axis=1) if columns else np.empty((0, 0))

    @property
    def resistance(self) -> GrowingDataset | GrowingTable | None:
        """The resistances read with the bits, where they are kept."""
        return self.datasets.get(RESISTANCE)

    def room_for(self, added: dict[str, int]) -> dict[str, int]:
        """Return the lengths that the datasets must be made for, if so many more of each need larger chunks.

        An empty answer says that all is well: no index comes to hold more chunks than it can without splitting.
        """
        if all(self.count[what] + number <= self._room.get(what, math.inf) for what, number in added.items()):
            return {}
        return lengths_of(self.datasets, {what: self.count[what] + added.get(what, 0) for what in self.count})

    def _find_room(self) -> dict[str, int]:
        """Return how many of each thing that is counted the indices have room for."""
        room: dict[str, int] = {}
        length = lengths_of(self.datasets, self.count)
        for name, dataset in self.datasets.items():
            most = dataset.chunk * INDEX_CHUNKS if dataset.grows else length[name]
            what = _counted_as(name)
            room[what] = min(room.get(what, most * 8), most * 8 if name == BITS else most)
        return room

    @property
    def grow(self) -> bool:
        """Whether anything can be appended where it lies."""
        return all(dataset.grows for dataset in self.datasets.values())

    def lengths(self) -> dict[str, int]:
        """Return how many elements of each dataset are committed."""
        return lengths_of(self.datasets, self.count)

    def last_bytes(self) -> tuple[int, bytes] | None:
        """Return where the committed bytes lie that are farthest back in the file, and what was written there.

        Zeros are passed over, since a file that was cut and grew again has them too. None where nothing was written.
        """
        if self._chunks_placed != self.space.chunks_placed:
            self._chunks_placed = self.space.chunks_placed
            self._from_the_end.sort(key=lambda name: self.datasets[name].farthest(), reverse=True)
        whole = self.count | {"bits": self.count["bits"] // 8 * 8}
        for name in self._from_the_end:
            last = self.datasets[name].last_bytes(lengths_of([name], whole)[name])
            if last is not None and last[1].strip(b"\0"):
                return last
        return None

    def written_bytes(self) -> list[tuple[int, bytes]]:
        """Return where in the file the rows lie that were written last, committed or not, and what was written."""
        return [last for dataset in self.datasets.values() for last in dataset.written_bytes()]

    def take_touched(self) -> list[tuple[int, int]]:
        """Return where in the file rows were written since the last call: first byte and number of bytes."""
        return [place for dataset in self.datasets.values() for place in dataset.take_touched()]

    def commit(self, **added: int) -> None:
        """Count so many more of each, now that they are written."""
        count = self.count | {what: self.count[what] + number for what, number in added.items()}
        changed = [what for what, number in added.items() if number]
        self.file.flush()
        try:
            for what in changed:
                self.counters[what].write(np.array(count[what], np.uint64), _COUNTER)
            self.file.flush()
            self.count = count
        except BaseException:  # Ctrl-C between two counters: they must not part ways
            for what in changed:
                self.counters[what].write(np.array(self.count[what], np.uint64), _COUNTER)
            raise

    def forget_uncommitted(self) -> None:
        """Clear what an interrupted commit left behind the committed rows."""
        for name, length in lengths_of(self.datasets, self.count).items():
            self.datasets[name].clear(length)
        bits = self.count["bits"]
        if bits % 8:
            packed = self.datasets[BITS]
            kept = np.uint8(0xFF << (8 - bits % 8) & 0xFF)
            packed.write(bits // 8, packed.read(bits // 8, 1) & kept)

    def begin_segment(self) -> None:
        """Commit the row of a segment that begins now, after all committed bits."""
        segments = self.datasets["segments"]
        segments.write(self.count["segments"], segment_row(segments.dtype, self.count["bits"], self.count["rows"]))
        self.commit(segments=1)

    def end_segment(self, end: float, why: str) -> None:
        """Fill in when [Unix s] and why the last segment ended, if nobody has."""
        segments = self.datasets["segments"]
        last = self.count["segments"] - 1
        segment = segments.read(last, 1)
        if not segment["why"][0]:
            # A file's time of change is up to a tick of the kernel behind, and clocks are set back.
            segment["end"] = max(end, segment["start"][0])
            segment["why"] = cut_text(why, segment.dtype["why"].itemsize)
            segments.write(last, segment)
            self.file.flush()


def _counted_as(name: str) -> str:
    """Return what is counted in a growing dataset."""
    return "bits" if name in (BITS, RESISTANCE) else name if name in TABLES else "rows"


def _growing(file: h5py.File, name: str, space: FileSpace) -> GrowingDataset | GrowingTable:
    item = file[name]
    if isinstance(item, h5py.Group):
        return GrowingTable(item, space)
    return GrowingDataset(item, space, item.parent[DIMENSIONS[name]] if name in DIMENSIONS else None)
