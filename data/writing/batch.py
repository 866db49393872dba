"""What one commit brings to a recording: bits with the rows of their blocks, and rows of the columns."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import checked_bits, join_bits, pack_bits
from mtjlab.data.contents.layout import BITS
from mtjlab.data.contents.recording_columns import link_name
from mtjlab.data.writing.blocks import Blocks
from mtjlab.data.writing.recording_rows import block_rows, checked_row_times, column_rows, resistance_values
from mtjlab.data.writing.recording_tables import RecordingTables

__all__ = ["Batch"]


@dataclass
class Batch:
    """Bits and rows that go into a recording together."""

    count: int
    """Number of bits."""

    packed: NDArray[np.uint8]
    """The bits, eight a byte from the first on."""

    blocks: np.ndarray[Any, Any]
    """A row a block, `first_bit` counted from the first bit of these."""

    resistances: NDArray[np.float32]
    """Resistance read with each bit [Ω]; empty where the recording keeps none."""

    columns: dict[str, NDArray[np.float64]]
    """Values of each column, all of one length."""

    row_times: NDArray[np.float64]
    """When each of their rows was handed over [Unix s]."""

    @classmethod
    def checked(
        cls,
        tables: RecordingTables,
        bits: Blocks | ArrayLike | None,
        rows: Mapping[str, ArrayLike] | None = None,
        row_times: ArrayLike | None = None,
    ) -> Self:
        """Make a batch for these tables; see `RecordingWriter.append`.

        Parameters
        ----------
        tables
            What the recording holds.
        bits
            Blocks of bits with what they were made with; or zeros and ones, which are one block.
        rows
            Values of each column, by its name.
        row_times
            Unix time of each row [s], or one for all; None for now.

        Raises
        ------
        InputError
            If anything of it does not fit.
        """
        now = time.time()
        blocks = bits if isinstance(bits, Blocks) else Blocks(bits)
        rows = None if rows is None else {link_name(name): column for name, column in rows.items()}
        ones_and_zeros = checked_bits(np.empty(0, np.uint8) if blocks.bits is None else blocks.bits)
        packed = pack_bits(ones_and_zeros)
        columns = column_rows(tables.columns, rows)
        return cls(
            len(ones_and_zeros),
            packed,
            block_rows(tables.datasets["blocks"].dtype, ones_and_zeros, packed, blocks.counts, blocks.values(now)),
            resistance_values(tables.resistance is not None, len(ones_and_zeros), blocks.resistance),
            columns,
            checked_row_times(now if row_times is None else row_times, len(next(iter(columns.values()), ()))),
        )

    @property
    def added(self) -> dict[str, int]:
        """How many bits, blocks and rows it brings."""
        return {"bits": self.count, "blocks": len(self.blocks), "rows": len(next(iter(self.columns.values()), ()))}

    def write(self, tables: RecordingTables) -> None:
        """Put it behind what is committed; nobody counts it yet."""
        bits = tables.count["bits"]
        byte, filled = divmod(bits, 8)
        last_byte = int(tables.datasets[BITS].read(byte, 1)[0]) if filled else 0
        tables.datasets[BITS].write(byte, join_bits(last_byte, filled, self.packed, self.count))
        self.blocks["first_bit"] += np.uint64(bits)
        tables.datasets["blocks"].write(tables.count["blocks"], self.blocks)
        if tables.resistance is not None:
            tables.resistance.write(bits, self.resistances)
        for name, column in self.columns.items():
            tables.columns[name].write(tables.count["rows"], column)
        if tables.row_times is not None:
            tables.row_times.write(tables.count["rows"], self.row_times)
