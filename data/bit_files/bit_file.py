"""Bits from a file of any of the formats that labs exchange."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import Bits, InputError, free_memory, refuse_irregular
from mtjlab.data.bit_files.ascii_bits import ascii_bits, strange_character
from mtjlab.data.bit_files.bit_format import BitFormat
from mtjlab.data.bit_files.bit_format_guess import HDF5_SIGNATURE, guess_bit_format
from mtjlab.data.bit_files.marked_text import unmarked
from mtjlab.data.bit_files.symbols import checked_symbols, symbol_bits
from mtjlab.data.recording_error import RecordingError

__all__ = ["read_bits", "BitFile"]


@dataclass(frozen=True, eq=False)
class BitFile:
    """Bits as read from a file."""

    path: Path
    """The file."""

    packed: Bits
    """The bits in the order of the file, eight a byte."""

    symbols: NDArray[np.uint8] | None
    """The symbols whose bits these are; None where the format has none."""

    format: BitFormat
    """How the bits lie in the file."""

    bits_per_symbol: int
    """Bits a symbol; 1 where the format has no symbols."""

    guessed: bool
    """Whether anything of this was told from the content and not by the caller."""

    remark: str
    """One sentence on how the file was read and what was guessed, for the user."""

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """The bits one a byte, 0 or 1, shape (N,), in the order of the file; unpacked when first asked for."""
        return self.packed.unpacked()


def read_bits(
    path: str | os.PathLike[str],
    format: str | None = None,  # noqa: A002 - what a user says: --format
    bits_per_symbol: int | None = None,
) -> BitFile:
    r"""Read the bits of a file.

    Parameters
    ----------
    path
        The file.
    format
        ``recording``, ``packed``, ``symbols`` or ``ascii``; by default told from the content where that is safe.
    bits_per_symbol
        1 to 8, for symbols; by default as many as the largest symbol in the file takes.

    Raises
    ------
    ValueError
        If the file is missing, a directory, empty, not of this format, or of a format that cannot be told safely; the
        message is one line.

    Examples
    --------
    >>> _ = Path("bits.txt").write_text("0110\n1001\n")  # doctest: +SKIP
    >>> file = read_bits("bits.txt")  # doctest: +SKIP
    >>> file.bits, file.format  # doctest: +SKIP
    (array([0, 1, 1, 0, 1, 0, 0, 1], dtype=uint8), <BitFormat.ASCII: 'ascii'>)
    """
    path = Path(path)
    told = None if format is None else BitFormat.named(format)
    try:
        if told is BitFormat.RECORDING or (_head(path) == HDF5_SIGNATURE and told is None):
            return _recording(path, bits_per_symbol, told)
        return _bytes(path, bits_per_symbol, told)
    except RecordingError:
        raise  # names the file itself
    except ValueError as error:
        raise InputError(f"{path}: {error}", argument=getattr(error, "argument", "")) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a file that you may read") from None


def _head(path: Path) -> bytes:
    """Return the first bytes of what must be a file with something in it."""
    refuse_irregular(path)
    if path.is_dir():
        raise InputError("is a directory; name one file of bits in it")
    if not path.exists():
        raise InputError("no such file; name a recording or a file of bits")
    with path.open("rb") as file:
        head = file.read(len(HDF5_SIGNATURE))
    if not head:
        raise InputError("is empty; name a file with bits in it")
    return head


def _recording(path: Path, bits_per_symbol: int | None, told: BitFormat | None) -> BitFile:
    _head(path)
    _refuse_symbols(bits_per_symbol, BitFormat.RECORDING)
    from mtjlab.data.recording import Recording  # h5py is slow to import

    recording = Recording(path)
    count = recording.committed
    if not count:
        raise InputError("is a recording without any committed bit; name one that has run longer")
    return BitFile(
        path,
        recording.packed_bits(0, count),
        None,
        BitFormat.RECORDING,
        1,
        told is None,
        f"{count:,} bits of a recording",
    )


def _bytes(path: Path, bits_per_symbol: int | None, told: BitFormat | None) -> BitFile:
    _head(path)
    _refuse_larger_than_memory(path)
    data = np.fromfile(path, np.uint8)
    if told is None and bits_per_symbol is not None and strange_character(data):
        told = BitFormat.SYMBOLS  # who counts the bits of a symbol has symbols
    chosen = told or guess_bit_format(data)
    by_content = "" if told else ", told by the content: name the format to overrule it"
    if chosen is BitFormat.SYMBOLS:
        largest = int(data.max())
        width = max(1, largest.bit_length()) if bits_per_symbol is None else bits_per_symbol
        symbols = checked_symbols(data, width)
        fewest = f", the fewest that hold the largest, {largest}" if bits_per_symbol is None else ""
        remark = f"{data.size:,} symbols, bits per symbol {width}{fewest}{by_content}"
        guessed = told is None or bits_per_symbol is None
        return BitFile(path, Bits(symbol_bits(symbols, width)), symbols, chosen, width, guessed, remark)
    _refuse_symbols(bits_per_symbol, chosen)
    bits = Bits(ascii_bits(unmarked(data))) if chosen is BitFormat.ASCII else _packed(data)
    if not bits.size:
        raise InputError("is white space only: there is no bit in it")
    how = "ASCII bits" if chosen is BitFormat.ASCII else "packed bits, most significant first"
    return BitFile(path, bits, None, chosen, 1, told is None, f"{bits.size:,} {how}{by_content}")


def _packed(data: NDArray[np.uint8]) -> Bits:
    data.flags.writeable = False  # it was read for this: it needs no copy
    return Bits.packed(data)


def _refuse_larger_than_memory(path: Path) -> None:
    """Refuse a file whose bits, one byte each, do not fit into the memory that is free."""
    needed, free = 9 * path.stat().st_size, free_memory()
    if free is not None and needed > free:
        raise InputError(
            f"has {path.stat().st_size / 1e9:.3g} GB, whose bits take {needed / 1e9:.3g} GB of memory, and "
            f"{free / 1e9:.3g} GB are free; cut it into parts, or judge it with the suite sp800-22, which reads piece "
            "by piece"
        )


def _refuse_symbols(bits_per_symbol: int | None, chosen: BitFormat) -> None:
    if bits_per_symbol is not None:
        raise InputError(
            f"is read as {chosen}, which has no symbols; leave out bits per symbol, or name the format symbols",
            argument="format",
        )
