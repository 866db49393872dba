"""How large a recording will be."""

import numpy as np

from mtjlab.data import BLOCK_FIELDS, CHUNKS, METADATA_BLOCK, SHORT

__all__ = ["recording_size"]

FIXED = METADATA_BLOCK
"""Everything but bits, blocks and rows [bytes]: HDF5's metadata comes in blocks."""
SHORTEST = 50_000
"""The same of a short recording that has ended, about [bytes]: it reserves nothing."""
ROW = np.dtype([(field.name, field.kind) for field in BLOCK_FIELDS]).itemsize


def recording_size(*, bits: int = 0, blocks: int = 0, rows: int = 0, columns: int = 0, resistances: int = 0) -> int:
    """Estimate the size of a recording [bytes].

    Parameters
    ----------
    bits, blocks, rows, columns, resistances
        How many of each it will hold. Room is taken in whole chunks, but for short recordings.
    """
    reserved = (
        FIXED
        + _chunks((bits + 7) // 8, CHUNKS["bits"])
        + _chunks(blocks, CHUNKS["blocks"]) * ROW
        + _chunks(rows, CHUNKS["data"]) * 8 * (columns + 1 if columns else 0)
        + (_chunks(resistances, CHUNKS["resistance"]) * 4 if resistances else 0)
    )
    if reserved > SHORT:
        return reserved
    return SHORTEST + (bits + 7) // 8 + blocks * ROW + rows * 8 * (columns + 1) + resistances * 4


def _chunks(elements: int, chunk: int) -> int:
    return -(-max(elements, 1) // chunk) * chunk
