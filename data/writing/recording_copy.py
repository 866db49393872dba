"""A recording copied into a new file: with larger chunks, in the present format, or out of a file that is not sound."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mtjlab.data.checking.block_checks import block_faults, checksums_in
from mtjlab.data.checking.recording_check import committed
from mtjlab.data.contents.layout import BITS, FORMAT_VERSION, GROUPS, LATER, METADATA_BLOCK, RESISTANCE, TABLES
from mtjlab.data.contents.recording_attributes import from_stored, read_attributes, read_text, rewrite_attribute
from mtjlab.data.contents.recording_columns import column_notes, column_units, plotted_columns
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_instrument import read_instruments, write_instrument
from mtjlab.data.contents.recording_parameter import read_parameters
from mtjlab.data.contents.table_rows import read_rows
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import open_hdf5
from mtjlab.data.writing.recording_rows import log_rows
from mtjlab.data.writing.recording_skeleton import write_skeleton
from mtjlab.data.writing.recording_tables import RecordingTables, growing_names, lengths_of

__all__ = ["copy_recording"]

_DIMENSIONS = ("block", "segment", "message", "result")
"""Objects under the root that version 2 had for the names of dimensions; they held nothing."""

_TIGHT = 2**11
"""Bytes in which HDF5 takes room for the metadata of a copy that does not grow: the least that it takes by itself."""

_PIECE = 2**24
"""Bytes copied at a time."""


def copy_recording(
    source: h5py.File, path: Path, copy: Path, room: Mapping[str, int] | None = None, *, growing: bool = True
) -> RecordingTables:
    """Copy everything committed of `source` into a new file; its blocks are checked on the way.

    Parameters
    ----------
    source
        A recording of any format version, checked.
    path
        Its name, for messages.
    copy
        The new file.
    room
        Elements for which datasets are made, by their names in the file; by default those there are.
    growing
        Whether the copy can be appended to. Else `source` is of the present format, and nothing takes more room than it
        needs.

    Returns
    -------
    RecordingTables
        The tables of the new file, which is complete and open for writing.

    Raises
    ------
    RecordingError
        If a block is not as it was written.
    OSError
        If there is no room for the copy. The new file is gone then.
    """
    count = {what: committed(source, what) for what in ("bits", "rows", *TABLES)}
    for fault in block_faults(source, range(count["blocks"]), count["bits"]):
        raise RecordingError(path, f"is damaged: {fault}", "verify it to see all")
    try:
        file = open_hdf5(copy, "x", metadata_block=METADATA_BLOCK if growing else _TIGHT)
        try:
            write_skeleton(file, head_of(source), room or lengths_of(growing_names(source), count), growing=growing)
            tables = RecordingTables(file)
            _copy_growing(source, tables, count)
            for role, instrument in read_instruments(source["instruments"]).items():
                write_instrument(file["instruments"], role, instrument)
            _copy_strangers(source, file)
            _say_migrated(source, tables, count)
            for name in ("status", "finished"):
                rewrite_attribute(file, name, read_text(source, name))
            tables.commit(**count)
            tables.forget_uncommitted()  # the last byte may have had bits beyond
            file.flush()
        except BaseException:
            file.close()
            raise
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return tables


def head_of(source: h5py.File) -> RecordingHead:
    """Return what `source` said before its first bit."""
    parameters, bench = source["parameters"], read_attributes(source["bench"])
    return RecordingHead(
        procedure=read_text(source, "procedure"),
        parameters=read_parameters(parameters),
        columns=column_units(source["data"]),
        plotted=plotted_columns(source["data"]),
        notes=column_notes(source["data"]),
        bench=str(from_stored(source["bench/toml"][()])),
        simulated=bool(bench.pop("simulated", False)),
        bench_attributes=bench,
        sample=read_attributes(source["sample"]),
        plan=read_text(parameters, "plan") if "plan" in parameters.attrs else None,
        resistance=RESISTANCE in source,
        created=read_text(source, "created"),
        software=read_text(source, "software"),
    )


def _copy_growing(source: h5py.File, tables: RecordingTables, count: Mapping[str, int]) -> None:
    for name, length in lengths_of(tables.datasets, count).items():
        target = tables.datasets[name]
        if name not in source:  # version 1 had no results
            if target is tables.row_times:
                target.write(0, np.full(length, np.nan))
            continue
        piece = max(1, _PIECE // target.dtype.itemsize)
        for start in range(0, length, piece):
            rows = _rows(source, name, start, min(start + piece, length))
            fresh = rows.astype(target.dtype) if rows.dtype.names is None else _fields(rows, target.dtype)
            if name == "blocks" and "checksum" not in rows.dtype.names:
                fresh["checksum"] = checksums_in(source[BITS], rows, count["bits"])
            target.write(start, fresh)


def _rows(source: h5py.File, name: str, start: int, stop: int) -> np.ndarray[Any, Any]:
    return read_rows(source, name, start, stop) if name in TABLES else source[name][start:stop]


def _say_migrated(source: h5py.File, tables: RecordingTables, count: dict[str, int]) -> None:
    """Let the log say when a recording of an older format version was written again."""
    old = from_stored(source.attrs["format_version"])
    if old == FORMAT_VERSION:
        return
    message = f"written again in format version {FORMAT_VERSION}, from version {old}: checksums are of then"
    lines = log_rows(tables.datasets["log"].dtype, "info", message, "recording")
    tables.datasets["log"].write(count["log"], lines)
    count["log"] += len(lines)


def _fields(rows: np.ndarray[Any, Any], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Return `rows` in another type of row; fields that they have not are zero, or unknown ends."""
    fresh = np.zeros(len(rows), dtype)
    for name in dtype.names or ():
        if name in (rows.dtype.names or ()):
            fresh[name] = rows[name]
        elif name in LATER["results"]:
            fresh[name] = np.nan
    return fresh


def _copy_strangers(source: h5py.File, file: h5py.File) -> None:
    """Take over what somebody added to the recording."""
    for name in source:
        if name not in (*GROUPS, *TABLES) and name not in file and name not in _DIMENSIONS:
            source.copy(name, file)
