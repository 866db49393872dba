"""A procedure parameter as a recording keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import h5py
import numpy as np

from mtjlab.core import InputError
from mtjlab.data.contents.recording_attributes import (
    as_stored,
    as_text,
    checked_name,
    from_stored,
    read_text,
    write_attributes,
)

__all__ = [
    "RecordingParameter",
    "ParameterLike",
    "write_parameters",
    "read_parameters",
    "read_values",
    "rewrite_parameter",
]


_UNSET = "not_set"
"""Attribute of a parameter that has no value; its NaN stands for none."""


class ParameterLike(Protocol):
    """Anything with a value, a unit and a description."""

    @property
    def value(self) -> Any:
        """A number, boolean, text, sequence of numbers, or None for "not set"."""

    @property
    def unit(self) -> str:
        """SI unit; empty where there is none."""

    @property
    def description(self) -> str:
        """A sentence about it; may be empty."""


class RecordingParameter(NamedTuple):
    """One parameter of the procedure that made a recording."""

    value: Any
    """A number, boolean, text, list of numbers, or None for "not set"."""

    unit: str = ""
    """SI unit; empty where there is none."""

    description: str = ""
    """A sentence about it."""


def write_parameters(group: h5py.Group, parameters: Mapping[str, ParameterLike]) -> None:
    """Write each parameter as a scalar (or short array) with `units` and `description`."""
    for name, parameter in parameters.items():
        where = f"parameter {name!r}"
        # Not as an empty dataspace: netCDF-4 opens no group that holds one.
        unset = parameter.value is None
        value = np.float64("nan") if unset else as_stored(parameter.value, where)
        dataset = group.create_dataset(checked_name(name, "parameter"), data=value)
        attributes = {"units": as_text(parameter.unit), "description": as_text(parameter.description)}
        write_attributes(dataset, attributes | ({_UNSET: True} if unset else {}), where)


def read_parameters(group: h5py.Group) -> dict[str, RecordingParameter]:
    """Read what `write_parameters` wrote."""
    return {name: _read(dataset) for name, dataset in group.items() if isinstance(dataset, h5py.Dataset)}


def read_values(group: h5py.Group) -> dict[str, tuple[Any, str]]:
    """Read value and unit of each parameter, in a third of the time of `read_parameters`: for long lists."""
    values: dict[str, tuple[Any, str]] = {}
    for name in group.id:  # the names, as bytes
        item = h5py.h5o.open(group.id, name)
        if isinstance(item, h5py.h5d.DatasetID):
            unset = h5py.h5a.exists(item, _UNSET.encode())
            value = None if unset else from_stored(_content(item))
            unit = h5py.h5a.open(item, b"units")
            values[name.decode()] = value, str(from_stored(_content(unit)))
    return values


def _content(item: h5py.h5d.DatasetID | h5py.h5a.AttrID) -> Any:
    """Read a dataset or an attribute as it lies in the file."""
    content = np.empty(item.shape, item.dtype)
    if isinstance(item, h5py.h5a.AttrID):
        item.read(content)
    else:
        item.read(h5py.h5s.ALL, h5py.h5s.ALL, content)
    return content[()]


def _read(dataset: h5py.Dataset) -> RecordingParameter:
    value = None if dataset.attrs.get(_UNSET, False) else from_stored(dataset[()])
    return RecordingParameter(value, read_text(dataset, "units"), read_text(dataset, "description"))


def rewrite_parameter(group: h5py.Group, name: str, value: float | int | bool) -> Any:
    """Overwrite a number in place, in the type it has; return what it was.

    Raises
    ------
    ValueError
        If there is no such parameter, or if it holds no single number.
    """
    dataset = group.get(name)
    if not isinstance(dataset, h5py.Dataset) or dataset.shape != () or dataset.dtype.kind not in "biuf":
        raise InputError(f"parameter {name!r} is not one number in this recording: it cannot be changed")
    old = from_stored(dataset[()])
    dataset[()] = value
    return old
