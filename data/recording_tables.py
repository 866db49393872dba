"""The datasets of a recording that grow, and the counters that say how much of each counts.

A commit is two flushes. The first brings bits and rows to the file, where no reader counts them yet; the second brings
the numbers that count them, which lie in one object header and so change together. Both hand the bytes to the operating
system: they outlive the process, not a power cut.
"""

from __future__ import annotations

import h5py
import numpy as np

from mtjlab.data.growing_dataset import GrowingDataset
from mtjlab.data.layout import BITS
from mtjlab.data.recording_check import committed
from mtjlab.data.recording_rows import cut_text, segment_row

__all__ = ["RecordingTables"]


class RecordingTables:
    """Append to the tables of one recording, and commit.

    Parameters
    ----------
    file
        A recording's file, open for writing.
    """

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self.packed = GrowingDataset(file[BITS])
        """Bytes of bits."""
        self.blocks = GrowingDataset(file["blocks"])
        """Rows of /blocks."""
        self.segments = GrowingDataset(file["segments"])
        """Rows of /segments."""
        self.log = GrowingDataset(file["log"])
        """Rows of /log."""
        self.results = GrowingDataset(file["results"])
        """Rows of /results."""
        self.columns = {name: GrowingDataset(column) for name, column in file["data"].items()}
        """Values of each column."""
        packed = file[BITS].id
        self.counters = {
            "bits": h5py.h5a.open(packed, b"committed"),
            "blocks": h5py.h5a.open(packed, b"blocks"),
            "rows": h5py.h5a.open(packed, b"rows"),
            "segments": h5py.h5a.open(file["segments"].id, b"committed"),
            "log": h5py.h5a.open(file["log"].id, b"committed"),
            "results": h5py.h5a.open(file["results"].id, b"committed"),
        }
        """The attribute that counts each."""
        self.count = {what: committed(file, what) for what in self.counters}
        """Committed bits, blocks, rows of the columns, segments, messages (log) and results."""

    def commit(self, **added: int) -> None:
        """Count so many more of each, now that they are written."""
        count = self.count | {what: self.count[what] + number for what, number in added.items()}
        changed = [what for what, number in added.items() if number]
        self._file.flush()
        try:
            for what in changed:
                self.counters[what].write(np.array(count[what], np.uint64))
            self._file.flush()
            self.count = count
        except BaseException:  # Ctrl-C between two counters: they must not part ways
            for what in changed:
                self.counters[what].write(np.array(self.count[what], np.uint64))
            raise

    def forget_uncommitted(self) -> None:
        """Clear what an interrupted commit left behind the committed rows."""
        bits = committed(self._file)
        self.packed.clear((bits + 7) // 8)
        if bits % 8:
            kept = np.uint8(0xFF << (8 - bits % 8) & 0xFF)
            self.packed.write(bits // 8, self.packed.read(bits // 8, 1) & kept)
        self.blocks.clear(committed(self._file, "blocks"))
        for column in self.columns.values():
            column.clear(committed(self._file, "rows"))
        self.segments.clear(committed(self._file, "segments"))
        self.log.clear(committed(self._file, "log"))
        self.results.clear(committed(self._file, "results"))

    def begin_segment(self) -> None:
        """Commit the row of a segment that begins now, after all committed bits."""
        row = segment_row(self.segments.dtype, self.count["bits"], self.count["rows"])
        self.segments.write(self.count["segments"], row)
        self.commit(segments=1)

    def end_segment(self, end: float, why: str) -> None:
        """Fill in when [Unix s] and why the last segment ended, if nobody has."""
        last = self.count["segments"] - 1
        segment = self.segments.read(last, 1)
        if not segment["why"][0]:
            # A file's time of change is up to a tick of the kernel behind, and clocks are set back.
            segment["end"] = max(end, segment["start"][0])
            segment["why"] = cut_text(why, segment.dtype["why"].itemsize)
            self.segments.write(last, segment)
            self._file.flush()
