"""The tables of a recording, whichever way its format version keeps them.

Since version 3 a table that has texts is a group with one dataset a field, of one length: netCDF-4 takes the process
down at texts inside compound rows. Other tables, and all of older versions, are datasets of compound rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import h5py
import numpy as np

from mtjlab.data.contents.layout import COLUMNS
from mtjlab.data.contents.recording_attributes import from_stored

__all__ = ["field_datasets", "field_units", "fields_of", "read_rows", "row_count", "row_type"]

Table: TypeAlias = Any
"""A dataset of rows, or a group of datasets; h5py has no types."""


def fields_of(table: Table) -> list[str]:
    """Return the names of the fields of a row, in their order."""
    if isinstance(table, h5py.Dataset):
        return list(table.dtype.names or ())
    return list(field_datasets(table))


def field_datasets(table: h5py.Group) -> dict[str, h5py.Dataset]:
    """Return the datasets of the fields of a row, in their order: opening one takes longer than most that is asked."""
    ordered = [str(from_stored(name)) for name in np.atleast_1d(table.attrs.get(COLUMNS, []))]
    items = {name: table.get(name) for name in ordered}
    return {name: item for name, item in items.items() if isinstance(item, h5py.Dataset)}


def row_type(table: Table) -> np.dtype[Any]:
    """Return the type of a row."""
    if isinstance(table, h5py.Dataset):
        compound: np.dtype[Any] = table.dtype
        return compound
    kind: np.dtype[Any] = np.dtype([(name, item.dtype) for name, item in field_datasets(table).items()])
    return kind


def row_count(table: Table) -> int:
    """Return how many rows there are, committed or not."""
    if isinstance(table, h5py.Dataset):
        return int(table.shape[0])
    return min((int(item.shape[0]) for item in field_datasets(table).values()), default=0)


def read_rows(file: h5py.File | Mapping[str, Any], name: str, start: int, stop: int) -> np.ndarray[Any, Any]:
    """Return rows of a table, shape (stop - start,), of a type with a field for each of theirs."""
    table = file[name]
    if isinstance(table, h5py.Dataset):
        rows: np.ndarray[Any, Any] = table[start:stop]
        return rows
    fields = field_datasets(table)
    there = min((int(item.shape[0]) for item in fields.values()), default=0)
    rows = np.empty(max(0, min(stop, there) - start), [(field, item.dtype) for field, item in fields.items()])
    for field, item in fields.items():
        rows[field] = item[start : start + len(rows)]
    return rows


def field_units(table: Table) -> dict[str, str]:
    """Return the unit of each field."""
    if isinstance(table, h5py.Dataset):
        return dict(zip(fields_of(table), from_stored(table.attrs.get("units", [])), strict=False))
    return {name: str(from_stored(item.attrs.get("units", ""))) for name, item in field_datasets(table).items()}
