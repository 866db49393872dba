"""The objects of a recording before its first bit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import h5py
import numpy as np

from mtjlab.data.contents.layout import (
    BITS,
    COLUMNS,
    DIMENSIONS,
    FORMAT,
    FORMAT_VERSION,
    GROUPS,
    RESISTANCE,
    ROW_TIME,
    SAMPLE_FIELDS,
    TABLES,
    Field,
    Status,
    chunk_for,
    has_texts,
)
from mtjlab.data.contents.recording_attributes import (
    as_text,
    as_texts,
    checked_name,
    create_attribute,
    write_attributes,
)
from mtjlab.data.contents.recording_columns import free_time_link, link_name
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import write_parameters

NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable."
"""By this and a number of ten digits netCDF-4 knows a dimension without values of its own."""

_ROW_TIME_NOTE = "Unix time at which the procedure handed over the row; NaN where it was not kept"

_REFERENCES = h5py.vlen_dtype(h5py.ref_dtype)

__all__ = ["write_skeleton"]


def write_skeleton(
    file: h5py.File, head: RecordingHead, room: Mapping[str, int] | None = None, *, growing: bool = True
) -> None:
    """Make every group and dataset of a recording in the empty `file`.

    Parameters
    ----------
    file
        The file.
    head
        What is known of the recording.
    room
        Elements that are to go into each dataset at once, by their names in the file: its chunks are made for that.
    growing
        Whether they are to grow further; else each is as long as `room` says, in one piece without an index.

    Raises
    ------
    ValueError
        If a name, value or text of `head` does not fit into HDF5.
    """
    write_attributes(
        file,
        {
            "status": as_text(Status.RUNNING, 16),
            "finished": as_text("", 32),
            "created": head.created,
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "procedure": head.procedure,
            "software": head.software,
            "NX_class": "NXroot",
        },
        "recording",
    )
    # The growing datasets come first: what changes at every commit then lies close together and is written at once.
    room, make = room or {}, _growing if growing else _fixed
    _bits(file, make, room.get(BITS, 0))
    for name, fields in TABLES.items():
        _table(file, name, fields, make, room.get(name, 0))
    for name, nx_class in GROUPS.items():
        write_attributes(file.require_group(name), {"NX_class": nx_class}, name)
    if head.resistance:
        _resistance(file, make, room.get(RESISTANCE, 0))
    longest = max((room.get(f"data/{link_name(name)}", 0) for name in head.columns), default=0)
    plotted = tuple(map(link_name, head.plotted or list(head.columns)[:2]))
    _columns(file["data"], head, plotted, make, longest)
    _dimensions(file, head.columns, plotted)
    if head.columns:
        write_attributes(file, {"default": "data"}, "recording")
    _surroundings(file, head)


class _Make(Protocol):
    """Makes a dataset of some kind that is to hold so many elements."""

    def __call__(self, group: h5py.Group, name: str, dtype: Any, kind: str, length: int) -> h5py.Dataset: ...


def _fixed(group: h5py.Group, name: str, dtype: Any, kind: str, length: int) -> h5py.Dataset:
    return group.create_dataset(name, shape=(length,), dtype=dtype)


def _growing(group: h5py.Group, name: str, dtype: Any, kind: str, length: int) -> h5py.Dataset:
    chunk = chunk_for(kind, length)
    # Filling a chunk when it is allocated makes the file as long as its superblock will say, before it says so.
    dataset = group.create_dataset(
        name, shape=(1,), maxshape=(None,), chunks=(chunk,), dtype=dtype, fill_time="alloc", fillvalue=None
    )
    # A first row, written and dropped, makes the index of chunks now; else the first commit would have to.
    dataset.id.write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros(1, dtype), dataset.id.get_type())
    dataset.id.set_extent((0,))
    return dataset


def _bits(file: h5py.File, make: _Make, length: int) -> None:
    packed = make(file, BITS, np.uint8, "bits", length)
    # The three counters must change in one write. An object header takes its first attributes into the room that it
    # has, the others into a second piece: these two fill the first, so that the counters share the second.
    write_attributes(packed, {"units": "bit", "bit_order": "first bit in the most significant position"}, BITS)
    write_attributes(packed, {name: np.array(0, np.uint64) for name in ("committed", "blocks", "rows")}, BITS)


def _resistance(file: h5py.File, make: _Make, length: int) -> None:
    resistance = make(file, RESISTANCE, np.dtype("<f4"), "resistance", length)
    write_attributes(resistance, {"units": "Ω", "long_name": "resistance read with each bit [Ω]"}, RESISTANCE)


def _table(file: h5py.File, name: str, fields: tuple[Field, ...], make: _Make, length: int) -> None:
    if not has_texts(fields):
        kinds = np.dtype([(f.name, np.dtype(f"<{f.kind}")) for f in fields])
        blocks = make(file, name, kinds, name, length)
        write_attributes(blocks, {"units": as_texts([f.unit for f in fields])}, name)
        return
    table = file.create_group(name)
    for f in fields:
        text = f.kind[0] == "S"
        kind = h5py.string_dtype("utf-8", int(f.kind[1:])) if text else np.dtype(f"<{f.kind}")
        write_attributes(make(table, f.name, kind, name, length), {"units": f.unit}, f"{name}/{f.name}")
    attributes = {"NX_class": "NXcollection", COLUMNS: as_texts([f.name for f in fields])}
    write_attributes(table, {"committed": np.array(0, np.uint64)} | attributes, name)


def _columns(group: h5py.Group, head: RecordingHead, plotted: tuple[str, ...], make: _Make, length: int) -> None:
    for name, unit in head.columns.items():
        column = make(group, checked_name(link_name(name), "column"), np.dtype("<f8"), "data", length)
        told = {"units": unit, "long_name": f"{name} [{unit}]" if unit else name}
        if name in head.notes:
            told["description"] = head.notes[name]
        write_attributes(column, told, f"column {name!r}")
    if not head.columns:
        return
    times = free_time_link(head.columns)
    # No auxiliary signal: drawn over the others it would flatten them all.
    told = {"units": "s", "long_name": "time of the row [s]", "description": _ROW_TIME_NOTE}
    write_attributes(make(group, times, np.dtype("<f8"), "data", length), told, times)
    names = [link_name(name) for name in head.columns]
    *axis, signal = plotted
    others = [name for name in names if name not in plotted]
    attributes: dict[str, Any] = {"signal": signal, COLUMNS: as_texts(names), ROW_TIME: times}
    attributes |= {"axes": as_texts(axis)} if axis else {}
    if len(axis) > 1:  # scattered points: each axis is one of the rows, which are the only dimension
        attributes |= {f"{name}_indices": 0 for name in axis}
    attributes |= {"auxiliary_signals": as_texts(others)} if others else {}
    write_attributes(group, attributes, "data")


def _dimensions(file: h5py.File, columns: Mapping[str, str], plotted: tuple[str, ...]) -> None:
    """Name the dimension of the rows of a table by one of its columns, as netCDF-4 does, for xarray."""
    if columns:
        _name_dimension(file["data"], plotted[0], [*map(link_name, columns), free_time_link(columns)])
    for name, dimension in DIMENSIONS.items():
        if name in file:
            dataset = file[name]
            # As long as the dataset, and nothing is ever written into it: no room is taken.
            growing = {"maxshape": (None,), "chunks": (2**20,)} if dataset.chunks else {}
            scale = dataset.parent.create_dataset(dimension, dataset.shape, dtype="<f4", **growing)
            scale.make_scale(f"{NO_VARIABLE}{0:10d}")
            _attach(dataset, scale)
    for name, fields in TABLES.items():
        if has_texts(fields):
            _name_dimension(file[name], fields[0].name, (field.name for field in fields))


def _name_dimension(group: h5py.Group, scale: str, names: Iterable[str]) -> None:
    axis = group[scale]
    axis.make_scale(scale)
    for name in names:
        if name != scale:
            _attach(group[name], axis)


def _attach(dataset: h5py.Dataset, scale: h5py.Dataset) -> None:
    """Give the dimension of a dataset its scale."""
    # By hand, without the way back (REFERENCE_LIST): nobody needs it, and PyTables stumbles over its type.
    reference = np.empty(1, _REFERENCES)
    reference[0] = np.array([scale.ref], h5py.ref_dtype)
    create_attribute(dataset, "DIMENSION_LIST", reference)


def _surroundings(file: h5py.File, head: RecordingHead) -> None:
    write_parameters(file["parameters"], head.parameters)
    if head.plan is not None:
        write_attributes(file["parameters"], {"plan": head.plan}, "parameters")
    file["bench"].create_dataset("toml", data=as_text(head.bench))
    write_attributes(file["bench"], {"simulated": bool(head.simulated)} | dict(head.bench_attributes), "bench")
    write_attributes(file["sample"], dict.fromkeys(SAMPLE_FIELDS, "") | dict(head.sample), "sample")
