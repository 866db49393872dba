"""Sequences of bits from a file of any size, read one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.long_sequence import LONGEST_IN_MEMORY, LongSequence
from mtjlab.analysis.randomness.sp800_22.packed_bytes import PackedBytes
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.core import Bits, InputError
from mtjlab.data import (
    HDF5_SIGNATURE,
    BitFormat,
    ascii_bits,
    checked_symbols,
    guess_bit_format,
    read_bits,
    symbol_bits,
    text_chunks,
)

__all__ = ["SequenceFile", "split"]

HEAD = 1 << 20
"""Bytes looked at to tell the format."""

CHUNK = 1 << 17
"""Bytes read at a time."""

Read = Callable[[int, int], NDArray[np.uint8]]
"""Returns the bits from a first one on, so many, packed."""

USUAL_LENGTH = 1_000_000


@dataclass(frozen=True)
class SequenceFile:
    """A file of bits that is never in memory as a whole.

    Parameters
    ----------
    path
        The file.
    format
        Its format; None to tell it from the first mebibyte.
    bits_per_symbol
        For symbols, 1 to 8.
    """

    path: Path
    format: BitFormat
    bits_per_symbol: int
    bits: int
    """Bits in the file."""

    @classmethod
    def open(cls, path: Path, format: str | None = None, bits_per_symbol: int | None = None) -> SequenceFile:  # noqa: A002
        """Look at the file and count its bits.

        Parameters
        ----------
        path
            The file.
        format
            recording, packed, symbols or ascii; None tells it by the content.
        bits_per_symbol
            Bits of each symbol, 1 to 8, of a file of symbols; None takes as many as its largest symbol has.

        Returns
        -------
        SequenceFile
            The file, with its format and its number of bits.

        Raises
        ------
        ValueError
            If it is missing, a directory, empty, or of a format that cannot be told; the message is one line.
        """
        head = _head(path)
        try:
            told = BitFormat.named(format) if format else _guess(head, bits_per_symbol)
        except ValueError as error:
            raise InputError(f"{path}: {error}", argument=getattr(error, "argument", "")) from None
        if told is BitFormat.SYMBOLS and bits_per_symbol is None:
            bits_per_symbol = max(1, max(int(chunk.max()) for chunk in _chunks(path)).bit_length())
        elif told is not BitFormat.SYMBOLS and bits_per_symbol is not None:
            raise InputError(f"{path}: is read as {told}, which has no symbols; leave out bits per symbol")
        width = bits_per_symbol or 1
        if told is BitFormat.RECORDING:
            from mtjlab.data import Recording  # h5py is slow to import

            bits = Recording(path).committed
        elif told is BitFormat.ASCII:
            bits = sum(part.size for part in _ascii(path))
        else:
            bits = path.stat().st_size * (8 if told is BitFormat.PACKED else width)
        if not bits:
            raise InputError(f"{path}: there is no bit in it; name a file with bits")
        return cls(path, told, width, bits)

    def sequences(self, length: int, count: int) -> Iterator[PackedSequence | LongSequence]:
        """Give the first `count` sequences of `length` bits, one after the other; long ones stay in the file.

        Parameters
        ----------
        length
            Bits a sequence.
        count
            Number of sequences.
        """
        long = length > LONGEST_IN_MEMORY
        if self.format is BitFormat.RECORDING:
            read = _recorded(self.path)
        elif self.format is BitFormat.PACKED:
            read = PackedBytes(self.path.open("rb")).read
        elif long:
            read = _packed_copy(self._parts()).read
        else:
            yield from _cut(self._parts(), length, count)
            return
        for index in range(count):
            from_here = partial(_read_from, read, index * length)
            yield LongSequence(from_here, length) if long else PackedSequence(from_here(0, length), length)

    def parts(self) -> Iterator[Bits]:
        """Give all bits, one part after the other; a part has a million or so."""
        if self.format is BitFormat.RECORDING:
            from mtjlab.data import Recording

            with Recording(self.path) as recording:
                for first in range(0, self.bits, 8 * CHUNK):
                    yield recording.packed_bits(first, min(first + 8 * CHUNK, self.bits))
        elif self.format is BitFormat.PACKED:
            yield from map(Bits.packed, _chunks(self.path))
        else:
            yield from map(Bits, self._parts())

    def _parts(self) -> Iterator[NDArray[np.uint8]]:
        if self.format is BitFormat.ASCII:
            yield from _ascii(self.path)
            return
        for chunk in _chunks(self.path):
            yield symbol_bits(checked_symbols(chunk, self.bits_per_symbol), self.bits_per_symbol)


def split(bits: int, length: int | None, count: int | None, what: str) -> tuple[int, int]:
    """Return length and number of the sequences to take from so many bits.

    Parameters
    ----------
    bits
        Bits that there are.
    length
        Bits a sequence; None takes a million, or fewer where there are fewer.
    count
        Number of sequences; None takes all there are.
    what
        What has the bits, the subject of the message.

    Raises
    ------
    ValueError
        If there are too few bits for what is asked.
    """
    if length is None:
        length = min(USUAL_LENGTH, bits // (count or 1))
    if count is None:
        count = bits // length if length else 0
    if length < 1 or count < 1 or length * count > bits:
        count, length = max(count, 1), max(length, 1)
        asked = f"for {_many(count, 'sequence')} of {_many(length, 'bit')} it needs {count * length:,}"
        raise InputError(f"{what}: has {_many(bits, 'bit')}, {asked}; ask for fewer or shorter ones")
    if length == 1:
        raise InputError(f"{what}: has {_many(bits, 'bit')} to make sequences of 1; a sequence takes two bits or more")
    return length, count


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' if count > 1 else ''}"


def _head(path: Path) -> NDArray[np.uint8]:
    if not path.is_file() or not path.stat().st_size:
        read_bits(path)  # says in one line what is wrong with it
    return np.fromfile(path, np.uint8, HEAD)


def _guess(head: NDArray[np.uint8], bits_per_symbol: int | None) -> BitFormat:
    if head[:8].tobytes() == HDF5_SIGNATURE:
        return BitFormat.RECORDING
    return guess_bit_format(head) if bits_per_symbol is None else BitFormat.SYMBOLS


def _recorded(path: Path) -> Read:
    from mtjlab.data import Recording

    recording = Recording(path)
    return lambda first, count: recording.packed_bits(first, first + count).packed_bytes


def _read_from(read: Read, begin: int, first: int, count: int) -> NDArray[np.uint8]:
    return read(begin + first, count)


def _packed_copy(parts: Iterator[NDArray[np.uint8]]) -> PackedBytes:
    """Write bits that come in parts of any length to a temporary file, packed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as what reads it
    copy = PackedBytes(file)
    left = Bits()
    for part in parts:
        bits = left + part
        whole = len(bits) // 8 * 8
        file.write(bits[:whole].packed_bytes.data)
        left = bits[whole:]
    file.write(left.packed_bytes.data)
    return copy


def _chunks(path: Path) -> Iterator[NDArray[np.uint8]]:
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            yield np.frombuffer(data, np.uint8)


def _ascii(path: Path) -> Iterator[NDArray[np.uint8]]:
    at = 0
    try:
        for chunk in text_chunks(path):
            yield ascii_bits(chunk)
            at += chunk.size
    except InputError as error:
        raise InputError(f"{path}: {f'after character {at:,}: ' if at else ''}{error}") from None


def _cut(parts: Iterator[NDArray[np.uint8]], length: int, count: int) -> Iterator[PackedSequence]:
    kept = np.empty(length, np.uint8)
    filled = 0
    for part in parts:
        at = 0
        while at < part.size:
            step = min(length - filled, part.size - at)
            kept[filled : filled + step] = part[at : at + step]
            filled, at = filled + step, at + step
            if filled == length:
                yield PackedSequence.of(kept)
                filled, count = 0, count - 1
                if not count:
                    return
