"""Rows of a recording's tables, made from what a procedure hands over and checked before anything is written."""

from __future__ import annotations

import os
import platform
import time
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError, count_ones, pack_bits
from mtjlab.data.contents.recording_head import software

__all__ = ["block_rows", "checked_row_times", "column_rows", "resistance_values", "segment_row", "log_rows", "cut_text"]

Rows = np.ndarray[Any, Any]


def block_rows(
    dtype: np.dtype[Any],
    bits: NDArray[np.uint8],
    packed: NDArray[np.uint8],
    counts: Sequence[int] | None,
    values: Mapping[str, ArrayLike],
) -> Rows:
    """Return one row a block, with `first_bit` counted from the first of `bits`.

    Parameters
    ----------
    dtype
        Type of a row of /blocks.
    bits
        Zeros and ones of all blocks.
    packed
        The same, eight a byte.
    counts
        Bits in each block; None for one block.
    values
        The other fields, each a number or an array with one number a block.

    Raises
    ------
    ValueError
        If `counts` do not add up or a value does not fit.
    """
    sizes = np.array([len(bits)] * bool(len(bits)) if counts is None else counts, np.int64)
    if sizes.ndim != 1 or int(sizes.sum()) != len(bits) or (len(sizes) and (sizes.min() < 1 or sizes.max() >= 2**32)):
        raise InputError(
            f"counts {counts!r:.80} do not divide {len(bits)} bits into blocks of 1 to 4294967295; make them add up"
        )
    blocks = np.zeros(len(sizes), dtype)
    if not len(sizes):
        return blocks
    if len(sizes) == 1:
        blocks["count"], blocks["ones"], blocks["checksum"] = len(bits), count_ones(packed), zlib.crc32(packed.data)
    else:
        blocks["count"], blocks["first_bit"] = sizes, np.cumsum(sizes) - sizes
        pieces = np.split(bits, blocks["first_bit"][1:].astype(np.int64))
        blocks["ones"] = [np.count_nonzero(piece) for piece in pieces]
        blocks["checksum"] = [zlib.crc32(pack_bits(piece).data) for piece in pieces]
    for name, value in values.items():
        try:
            blocks[name] = value
        except (ValueError, TypeError, OverflowError) as error:
            raise InputError(
                f"{name} is {value!r:.80}; give a number, or one for each of {len(sizes)} blocks"
            ) from error
    return blocks


def column_rows(columns: Collection[str], rows: Mapping[str, ArrayLike] | None) -> dict[str, NDArray[np.float64]]:
    """Return the values of each column as one-dimensional arrays of one length; none if `rows` is None.

    Raises
    ------
    ValueError
        If a column is missing or unknown, or lengths differ.
    """
    if rows is None:
        return {}
    if set(rows) != set(columns):
        raise InputError(f"rows have columns {sorted(rows)}; this recording has {sorted(columns)}: give each of them")
    values = {name: np.atleast_1d(np.asarray(column, np.float64)) for name, column in rows.items()}
    shapes = {name: column.shape for name, column in values.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        raise InputError(f"rows have shapes {shapes}; give one-dimensional arrays of one length")
    return values


def checked_row_times(times: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return a time for each of `count` rows [Unix s]: one is that of all.

    Raises
    ------
    ValueError
        If they are neither one nor one a row.
    """
    given = np.asarray(times, np.float64)
    if given.shape not in ((), (count,)):
        raise InputError(f"row_times has shape {given.shape}; give one time, or one for each of {count} rows")
    return np.full(count, given) if not given.ndim else given


def resistance_values(kept: bool, count: int, values: ArrayLike | None) -> NDArray[np.float32]:
    """Return the resistances of `count` bits; empty where the recording keeps none.

    Raises
    ------
    ValueError
        If they are missing or not wanted, or not one a bit.
    """
    if not kept and values is None:
        return np.empty(0, np.float32)
    if not kept:
        raise InputError("resistance is given, and this recording keeps none: create it with resistance=True")
    resistances = np.asarray(np.empty(0) if values is None else values, np.float32)
    if resistances.shape != (count,):
        raise InputError(f"resistance has shape {resistances.shape}; give one number for each of {count} bits")
    return resistances


def segment_row(dtype: np.dtype[Any], first_bit: int, first_row: int) -> Rows:
    """Return the row of a segment that this process begins now."""
    segment = np.zeros(1, dtype)
    segment["start"], segment["end"] = time.time(), np.nan
    segment["first_bit"], segment["first_row"] = first_bit, first_row
    segment["process"] = os.getpid()
    segment["host"] = cut_text(platform.node(), dtype["host"].itemsize)
    segment["software"] = cut_text(software(), dtype["software"].itemsize)
    return segment


def log_rows(dtype: np.dtype[Any], level: str, message: str, source: str) -> Rows:
    """Return the rows of a message; where it needs more than one, the others have ``…`` as their source."""
    pieces = list(_pieces(message, dtype["message"].itemsize))
    rows = np.zeros(len(pieces), dtype)
    rows["time"] = time.time()
    rows["level"] = cut_text(level, dtype["level"].itemsize)
    rows["source"] = [cut_text(source, dtype["source"].itemsize), *["…".encode()] * (len(pieces) - 1)]
    rows["message"] = pieces
    return rows


def cut_text(text: str, length: int) -> bytes:
    """Return `text` as UTF-8 of at most `length` bytes, never cut inside a character."""
    return text.encode()[:length].decode(errors="ignore").encode()


def _pieces(text: str, length: int) -> Iterator[bytes]:
    rest = text.strip() or " "
    while rest:
        piece = cut_text(rest, length)
        yield piece
        rest = rest[len(piece.decode()) :]
