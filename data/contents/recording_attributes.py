"""Values as HDF5 keeps them: numbers as they are, texts of fixed length.

Variable-length texts live in a heap that a kill can leave behind half written; fixed-length ones lie where they are
named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np

from mtjlab.core import InputError

__all__ = [
    "as_text",
    "as_texts",
    "as_stored",
    "from_stored",
    "read_text",
    "read_attributes",
    "write_attributes",
    "rewrite_attribute",
    "checked_name",
    "create_attribute",
]

_LARGEST_ATTRIBUTE = 60_000  # bytes; the earliest HDF5 format stops at 64 KiB for the whole header message


def as_text(text: str, length: int | None = None) -> np.ndarray[Any, Any]:
    """Return `text` as a fixed-length UTF-8 scalar of `length` bytes, by default as long as it is."""
    encoded = text.encode()
    return np.array(encoded, dtype=h5py.string_dtype("utf-8", length or max(1, len(encoded))))


def as_texts(texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return several texts as one array of fixed-length UTF-8."""
    encoded = [text.encode() for text in texts]
    return np.array(encoded, dtype=h5py.string_dtype("utf-8", max(1, *map(len, encoded))))


def as_stored(value: Any, where: str) -> Any:
    """Return `value` in a form that h5py stores without variable-length data.

    Parameters
    ----------
    value
        Boolean, number, text, sequence of numbers or of texts, or None.
    where
        What the value belongs to, for the message.

    Raises
    ------
    ValueError
        If HDF5 has no plain form for it.
    """
    if value is None:
        return h5py.Empty(np.dtype("f8"))
    if isinstance(value, str):
        return as_text(str(value))
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
        return as_texts(value)
    try:
        array = np.asarray(value)
    except ValueError:  # ragged nesting
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise InputError(
            f"{where} is {value!r:.80}; a recording keeps numbers, booleans, texts and lists of them: convert it first"
        )
    return array


def from_stored(value: Any) -> Any:
    """Return a value read from HDF5 as a plain Python one: None, bool, int, float, str or a list of them."""
    if isinstance(value, h5py.Empty):
        return None
    if isinstance(value, bytes):  # numpy.bytes_ too
        return value.decode(errors="replace")
    if isinstance(value, np.ndarray):
        return [from_stored(item) for item in value.tolist()] if value.ndim else from_stored(value[()])
    if isinstance(value, list):
        return [from_stored(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def read_text(item: h5py.Group | h5py.Dataset, name: str) -> str:
    """Return the attribute `name` as text; empty if there is none."""
    return str(from_stored(item.attrs.get(name, "")))


def read_attributes(item: h5py.Group | h5py.Dataset) -> dict[str, Any]:
    """Return the attributes of `item` as plain values, without those of NeXus."""
    return {name: from_stored(value) for name, value in item.attrs.items() if name != "NX_class"}


def write_attributes(item: h5py.Group | h5py.Dataset, attributes: Mapping[str, Any], where: str) -> None:
    """Write each value of `attributes`.

    Raises
    ------
    ValueError
        If a value has no plain form or is too long for an attribute.
    """
    for name, value in attributes.items():
        stored = as_stored(value, f"{where}: {name}") if not isinstance(value, np.ndarray) else value
        if getattr(stored, "nbytes", 0) > _LARGEST_ATTRIBUTE:
            raise InputError(
                f"{where}: {name} has {stored.nbytes} bytes; an attribute holds {_LARGEST_ATTRIBUTE}: shorten it"
            )
        create_attribute(item, name, stored)


def create_attribute(item: h5py.Group | h5py.Dataset, name: str, value: Any) -> None:
    """Make an attribute; one of that name is replaced.

    Parameters
    ----------
    item
        What gets it.
    name
        Its name.
    value
        An array, of the type that is to be stored, or `h5py.Empty`.
    """
    if not isinstance(value, np.ndarray) or h5py.h5a.exists(item.id, name.encode()):
        item.attrs.create(name, value, dtype=getattr(value, "dtype", None))
        return
    # As h5py does it, without the copies and the second look at the name: a recording has a hundred attributes.
    kind = h5py.h5t.py_create(value.dtype, logical=True)
    space = h5py.h5s.create_simple(value.shape) if value.ndim else h5py.h5s.create(h5py.h5s.SCALAR)
    memory = h5py.h5t.py_create(value.dtype) if value.dtype.kind == "O" else None
    h5py.h5a.create(item.id, name.encode(), kind, space).write(value, memory)


def rewrite_attribute(item: h5py.Group | h5py.Dataset, name: str, value: str | int) -> None:
    """Overwrite an attribute in place, in the length and type it has (a longer text is cut)."""
    attribute = h5py.h5a.open(item.id, name.encode())
    stored = value.encode()[: attribute.dtype.itemsize] if isinstance(value, str) else value
    attribute.write(np.array(stored, dtype=attribute.dtype))


def checked_name(name: str, what: str) -> str:
    """Return `name` if an HDF5 object can have it, else raise InputError."""
    if not name or "/" in name or "\0" in name or name.strip(".") == "":
        raise InputError(f"{what} name {name!r} does not fit HDF5; leave out '/' and use more than dots")
    return name
