"""The objects of a recording before its first bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import h5py
import numpy as np

from mtjlab.data.layout import (
    BITS,
    CHUNKS,
    FORMAT,
    FORMAT_VERSION,
    GROUPS,
    SAMPLE_FIELDS,
    TABLES,
    Field,
    Status,
)
from mtjlab.data.recording_attributes import as_text, as_texts, checked_name, write_attributes
from mtjlab.data.recording_parameter import ParameterLike, write_parameters

__all__ = ["RecordingHead", "write_skeleton", "software", "utc_now"]


@dataclass(frozen=True)
class RecordingHead:
    """What is known of a recording before it begins."""

    procedure: str
    """Name of the procedure; never imported by a reader."""

    parameters: Mapping[str, ParameterLike]
    """Procedure parameters."""

    columns: Mapping[str, str]
    """Unit of each column; the first column is the axis of the others."""

    bench: str
    """Text of the bench.toml."""

    simulated: bool
    """Whether the bench was made of software."""

    bench_attributes: Mapping[str, float | int | str] = field(default_factory=dict)
    """What else is to be known of the bench: seed, device parameters, limits in force."""

    sample: Mapping[str, str] = field(default_factory=dict)
    """Wafer, die, device, operator, note."""

    plan: str | None = None
    """Text of the plan file."""


def software() -> str:
    """Name and version of what writes."""
    return f"mtjlab {version('mtjlab')}"


def utc_now() -> str:
    """Time now, ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def write_skeleton(file: h5py.File, head: RecordingHead) -> None:
    """Make every group and dataset of a recording in the empty `file`.

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
            "created": utc_now(),
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "procedure": head.procedure,
            "software": software(),
            "NX_class": "NXroot",
        },
        "recording",
    )
    # The growing datasets come first: what changes at every commit then lies close together and is written at once.
    _bits(file)
    for name, fields in TABLES.items():
        _table(file, name, fields)
    for name, nx_class in GROUPS.items():
        write_attributes(file.require_group(name), {"NX_class": nx_class}, name)
    _columns(file["data"], head.columns)
    if head.columns:
        write_attributes(file, {"default": "data"}, "recording")
    _surroundings(file, head)


def _growing(group: h5py.Group, name: str, dtype: Any, chunk: int) -> h5py.Dataset:
    # Filling a chunk when it is allocated makes the file as long as its superblock will say, before it says so.
    dataset = group.create_dataset(
        name, shape=(1,), maxshape=(None,), chunks=(chunk,), dtype=dtype, fill_time="alloc", fillvalue=None
    )
    # A first row, written and dropped, makes the index of chunks now; else the first commit would have to.
    dataset[0] = np.zeros((), dataset.dtype)
    dataset.resize((0,))
    return dataset


def _bits(file: h5py.File) -> None:
    packed = _growing(file, BITS, np.uint8, CHUNKS["bits"])
    # The three counters must change in one write. An object header takes its first attributes into the room that it
    # has, the others into a second piece: these two fill the first, so that the counters share the second.
    write_attributes(packed, {"units": "bit", "bit_order": "first bit in the most significant position"}, BITS)
    write_attributes(packed, {name: np.array(0, np.uint64) for name in ("committed", "blocks", "rows")}, BITS)


def _table(file: h5py.File, name: str, fields: tuple[Field, ...]) -> None:
    kinds = [
        (f.name, h5py.string_dtype("utf-8", int(f.kind[1:])) if f.kind[0] == "S" else np.dtype(f"<{f.kind}"))
        for f in fields
    ]
    table = _growing(file, name, np.dtype(kinds), CHUNKS[name])
    attributes: dict[str, Any] = {"units": as_texts([f.unit for f in fields])}
    if name != "blocks":
        attributes["committed"] = np.array(0, np.uint64)
    write_attributes(table, attributes, name)


def _columns(group: h5py.Group, columns: Mapping[str, str]) -> None:
    for name, unit in columns.items():
        column = _growing(group, checked_name(name, "column"), np.dtype("<f8"), CHUNKS["data"])
        write_attributes(column, {"units": unit, "long_name": f"{name} [{unit}]" if unit else name}, f"column {name!r}")
    names = list(columns)
    if len(names) == 1:
        write_attributes(group, {"signal": names[0]}, "data")
    elif names:
        axis, signal, *others = names
        write_attributes(group, {"signal": signal, "axes": as_texts([axis])}, "data")
        if others:
            write_attributes(group, {"auxiliary_signals": as_texts(others)}, "data")


def _surroundings(file: h5py.File, head: RecordingHead) -> None:
    write_parameters(file["parameters"], head.parameters)
    if head.plan is not None:
        write_attributes(file["parameters"], {"plan": head.plan}, "parameters")
    file["bench"].create_dataset("toml", data=as_text(head.bench))
    write_attributes(file["bench"], {"simulated": bool(head.simulated)} | dict(head.bench_attributes), "bench")
    write_attributes(file["sample"], dict.fromkeys(SAMPLE_FIELDS, "") | dict(head.sample), "sample")
