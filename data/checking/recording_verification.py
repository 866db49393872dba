"""Everything a recording says of itself, held against what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import h5py
import numpy as np

from mtjlab.data.checking.block_checks import block_faults
from mtjlab.data.checking.recording_check import committed, tables_of
from mtjlab.data.checking.recording_structure import Structure
from mtjlab.data.contents.layout import BITS, RESISTANCE, Status
from mtjlab.data.contents.recording_attributes import read_text
from mtjlab.data.contents.table_rows import read_rows, row_count

__all__ = ["verify_recording", "remarks_on"]

_ROWS = 2**18
"""Rows of /blocks that are read at a time."""


def verify_recording(file: h5py.File, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[str]:
    """Give what is wrong with an open recording and where, fault by fault; nothing if all is well.

    Parameters
    ----------
    file
        A recording.
    progress
        Called with how many blocks are checked and how many there are.
    """
    bits, blocks = committed(file), committed(file, "blocks")
    yield from _count_faults(file, bits, blocks)
    yield from _segment_faults(file, bits)
    yield from _text_faults(file)
    for fault in block_faults(file, range(blocks), bits, progress):
        yield str(fault)


def remarks_on(file: h5py.File, structure: Structure) -> list[str]:
    """Return what of a recording, whose file has this structure, is unusual without being wrong."""
    remarks = []
    if structure.strange:
        remarks.append(f"the file was written or rewritten by another program than mtjlab ({structure.strange})")
    elif not structure.complete:
        remarks.append("a kill left pieces behind the end of the file; resuming copies it first")
    if "checksum" not in file["blocks"].dtype.names:
        remarks.append("format version 1 has no checksums: ones are compared, and two wrong bits can make up for one")
    beyond = file[BITS].shape[0] - (committed(file) + 7) // 8
    if beyond > 0 and read_text(file, "status") == Status.RUNNING:
        remarks.append(f"{beyond:,} bytes of bits that were not committed lie behind those that are; they do not count")
    return remarks


def _count_faults(file: h5py.File, bits: int, blocks: int) -> Iterator[str]:
    counted = ones = 0
    for start in range(0, blocks, _ROWS):
        rows = file["blocks"][start : min(start + _ROWS, blocks)]
        counted += int(rows["count"].sum(dtype=np.int64))
        ones += int(rows["ones"].sum(dtype=np.int64))
        wrong = np.flatnonzero(rows["ones"] > rows["count"])
        if len(wrong):
            yield f"/blocks: block {start + int(wrong[0])} says that it has more ones than bits"
    if counted != bits:
        yield f"/blocks: the {blocks:,} blocks have {counted:,} bits together, and {bits:,} are committed"
    sizes = {BITS: (bits + 7) // 8, RESISTANCE: bits, **{name: committed(file, name) for name in tables_of(file)}}
    sizes |= {f"data/{name}": committed(file, "rows") for name in file["data"]}
    for name, count in sizes.items():
        if name in file and row_count(file[name]) < count:
            yield f"/{name}: {count:,} elements are committed, and {row_count(file[name]):,} are there"


def _segment_faults(file: h5py.File, bits: int) -> Iterator[str]:
    segments = read_rows(file, "segments", 0, committed(file, "segments"))
    rows = committed(file, "rows")
    if not len(segments):
        yield "/segments: there is none"
        return
    running = read_text(file, "status") == Status.RUNNING
    before: Any = None
    for number, segment in enumerate(segments):
        for field, end in (("first_bit", bits), ("first_row", rows)):
            begin, low = int(segment[field]), int(before[field]) if number else 0
            if not low <= begin <= end or (not number and begin):
                yield f"/segments: segment {number} has {field} {begin:,}; it follows {low:,} and {end:,} are committed"
        if np.isnan(segment["end"]) and not (running and number == len(segments) - 1):
            yield f"/segments: segment {number} has no end"
        elif segment["end"] < segment["start"]:
            yield f"/segments: segment {number} ends before it begins"
        before = segment


def _text_faults(file: h5py.File) -> Iterator[str]:
    for name, fields in tables_of(file).items():
        texts = [field.name for field in fields if field.kind[0] == "S"]
        for start in range(0, committed(file, name) if texts else 0, _ROWS):
            rows = read_rows(file, name, start, min(start + _ROWS, committed(file, name)))
            for text in texts:
                for number, value in enumerate(rows[text].tolist()):
                    try:
                        value.decode()
                    except UnicodeDecodeError:
                        yield f"/{name}: row {start + number} has no UTF-8 as its {text}"
