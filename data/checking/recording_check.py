"""Whether an HDF5 file is a recording, and whether what it says of itself agrees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mtjlab.data.checking.block_checks import block_faults
from mtjlab.data.contents.layout import (
    BITS,
    BLOCK_FIELDS,
    FORMAT,
    FORMAT_VERSION,
    GROUPS,
    LATER,
    TABLES,
    Field,
    Status,
)
from mtjlab.data.contents.recording_attributes import from_stored, read_text
from mtjlab.data.contents.recording_columns import column_links, time_link
from mtjlab.data.contents.table_rows import fields_of, read_rows, row_type
from mtjlab.data.recording_error import RecordingError

__all__ = ["check_recording", "check_agreement", "committed", "is_up_to_date", "tables_of"]

_COPY = "copy it again from where it was made"
_LAST_BLOCKS = 100
_LARGEST_RATIO = 1032  # deflate's; a file repacked with compression may claim no more than this


def committed(file: h5py.File | Mapping[str, Any], what: str = "bits") -> int:
    """Return how many bits, blocks, rows (of /data), segments, messages (log) or results of the file count.

    Its objects by their names will do for the file.
    """
    if what in ("bits", "blocks", "rows"):
        name = "committed" if what == "bits" else what
        return int(file[BITS].attrs[name])
    if what in ("results", "fits") and what not in file:  # those before did without
        return 0
    return int(file[what].attrs["committed"])


def tables_of(file: h5py.File) -> dict[str, tuple[Field, ...]]:
    """Return the fields that each table of a file of its format version has at least."""
    tables = {
        name: tuple(field for field in fields if field.name not in LATER.get(name, ()))
        for name, fields in TABLES.items()
        if name != "fits" or name in file
    }
    if from_stored(file.attrs.get("format_version", 0)) == 1:
        tables["blocks"] = tuple(f for f in BLOCK_FIELDS if f.name != "checksum")
        del tables["results"]
    return tables


def is_up_to_date(file: h5py.File) -> bool:
    """Tell whether a file has all tables, fields and times that are written today."""
    if column_links(file["data"]) and not time_link(file["data"]):
        return False
    return from_stored(file.attrs.get("format_version", 0)) == FORMAT_VERSION and all(
        name in file and _has_fields(row_type(file[name]), fields) for name, fields in TABLES.items()
    )


def check_recording(file: h5py.File, path: Path) -> None:
    """Refuse what is not a recording, or not one to be read safely.

    Raises
    ------
    RecordingError
        If the file is foreign or of a newer format, lacks an object, reaches into other files, or claims more than it
        holds.
    """
    if read_text(file, "format") != FORMAT:
        raise RecordingError(path, "is HDF5 but no mtjlab recording", "name a file that mtjlab recorded")
    version = from_stored(file.attrs.get("format_version", 0))
    if not isinstance(version, int) or not 1 <= version <= FORMAT_VERSION:
        raise RecordingError(
            path, f"has format version {version!r:.40}, this mtjlab reads 1 to {FORMAT_VERSION}", "update mtjlab"
        )
    objects = _objects(file, path)
    tables = tables_of(file)
    _check_objects(objects, tables, path)
    if read_text(file, "status") not in set(Status) - {Status.KILLED}:
        raise RecordingError(path, f"has status {read_text(file, 'status')!r:.40}, which no mtjlab writes", _COPY)
    _check_sizes(objects, tables, path)


def _objects(file: h5py.File, path: Path) -> dict[str, Any]:
    """Return everything in the file by its name, opened once each: that takes longer than all that is checked."""
    # Nothing a recording needs lies in another file; a link there could read what the file's sender may not see.
    strange: list[str] = []
    objects: dict[str, Any] = {}

    def visit(name: str, link: Any) -> None:
        if isinstance(link, h5py.HardLink) and not _reaches_out(item := file[name]):
            objects[name] = item
        else:
            strange.append(name)

    file.visititems_links(visit)
    if strange:
        raise RecordingError(
            path, f"points to data elsewhere at /{strange[0]}", "have it made whole by whoever made it"
        )
    return objects


def _within(group: str, objects: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is in a group, without what is in groups there."""
    start = f"{group}/"
    return {name: item for name, item in objects.items() if name.startswith(start) and "/" not in name[len(start) :]}


def _reaches_out(item: Any) -> bool:
    return isinstance(item, h5py.Dataset) and bool(item.external or item.is_virtual)


def _check_objects(objects: Mapping[str, Any], tables: Mapping[str, tuple[Field, ...]], path: Path) -> None:
    for name in GROUPS:
        if not isinstance(objects.get(name), h5py.Group):
            raise RecordingError(path, f"lacks the group /{name}", _COPY)
    packed = objects.get(BITS)
    if not isinstance(packed, h5py.Dataset) or packed.ndim != 1 or packed.dtype != np.uint8:
        raise RecordingError(path, f"lacks one-dimensional bytes at /{BITS}", _COPY)
    for name, fields in tables.items():
        if not _is_table(objects.get(name), fields):
            raise RecordingError(path, f"lacks the table /{name} or fields of it", _COPY)
    for name, column in _within("data", objects).items():
        if not isinstance(column, h5py.Dataset) or column.ndim != 1 or column.dtype.kind not in "fiu":
            raise RecordingError(path, f"has no column of numbers at /{name}", _COPY)
    toml = objects.get("bench/toml")
    if not isinstance(toml, h5py.Dataset) or toml.shape != () or toml.dtype.kind not in "SO":
        raise RecordingError(path, "lacks the text /bench/toml", _COPY)
    for what in ("bits", "rows", *TABLES):
        try:
            count = committed(objects, what)
        except (KeyError, TypeError, ValueError) as error:
            raise RecordingError(path, f"does not say how many {what} it holds", _COPY) from error
        if count < 0:
            raise RecordingError(path, f"says that it holds {count} {what}", _COPY)


def _is_table(table: Any, fields: tuple[Field, ...]) -> bool:
    if isinstance(table, h5py.Group):
        if any(table[name].ndim != 1 for name in fields_of(table)):
            return False
    elif not isinstance(table, h5py.Dataset) or table.ndim != 1:
        return False
    return _has_fields(row_type(table), fields)


def _has_fields(dtype: np.dtype[Any], fields: tuple[Field, ...]) -> bool:
    # A later minor version may add fields; those known must be there, as numbers or as text.
    return dtype.names is not None and all(
        name in dtype.names and (dtype[name].kind == "S") == (kind[0] == "S") and dtype[name].kind in "Sfiu"
        for name, kind, _ in fields
    )


def _check_sizes(objects: Mapping[str, Any], tables: Mapping[str, tuple[Field, ...]], path: Path) -> None:
    """Compare what is counted with what is there, so that no number in a file makes a reader ask for 2⁶⁰ bytes."""
    size = path.stat().st_size
    growing = {
        BITS: (committed(objects) + 7) // 8,
        **{part: committed(objects, name) for name in tables for part in _parts(name, objects[name])},
    } | dict.fromkeys(_within("data", objects), committed(objects, "rows"))
    for name, count in growing.items():
        dataset = objects[name]
        stored = min(dataset.id.get_storage_size(), size)
        if dataset.compression is not None:
            stored *= _LARGEST_RATIO
        if count > dataset.shape[0] or count * dataset.dtype.itemsize > stored:
            raise RecordingError(path, f"counts {count} elements in /{name} but holds fewer", _COPY)

    for name, item in (_within("parameters", objects) | _within("bench", objects)).items():
        if isinstance(item, h5py.Dataset) and item.size and item.nbytes > size:
            raise RecordingError(path, f"claims {item.nbytes} bytes for /{name} but has {size} in all", _COPY)


def _parts(name: str, table: h5py.Dataset | h5py.Group) -> list[str]:
    """Name the datasets that a table is made of."""
    return [name] if isinstance(table, h5py.Dataset) else [f"{name}/{field}" for field in fields_of(table)]


def check_agreement(file: h5py.File, path: Path) -> None:
    """Check that bits, blocks and segments of a recording tell one story; do so before appending to it.

    Raises
    ------
    RecordingError
        If blocks do not tile the committed bits, the last ones are not as they were written, or the segments do not
        follow each other.
    """
    bits = committed(file)
    blocks = file["blocks"][: committed(file, "blocks")]
    counts = blocks["count"].astype(np.uint64)
    begins = np.concatenate(([np.uint64(0)], np.cumsum(counts, dtype=np.uint64)))
    if int(begins[-1]) != bits or not np.array_equal(blocks["first_bit"], begins[:-1]):
        raise RecordingError(
            path, f"has blocks that do not add up to its {bits} bits", "keep it as it is and start again"
        )
    for fault in block_faults(file, range(max(0, len(blocks) - _LAST_BLOCKS), len(blocks)), bits):
        raise RecordingError(path, f"is damaged: {fault}", "verify it to see all")
    segments = read_rows(file, "segments", 0, committed(file, "segments"))
    first_bits = segments["first_bit"].astype(np.uint64)
    if (
        not len(segments)
        or first_bits[0] != 0
        or np.any(np.diff(first_bits.astype(np.int64)) < 0)
        or first_bits[-1] > bits
    ):
        raise RecordingError(path, "has segments that do not follow each other", "keep it as it is and start again")
