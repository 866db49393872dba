"""The bits of a recording as other programs' input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from mtjlab.core import InputError, align_bits, new_file
from mtjlab.data.export.bit_encoding import PIECE, WORD_BITS, bit_header, encode_bits
from mtjlab.data.export.export_format import ExportFormat
from mtjlab.data.export.exported import Exported
from mtjlab.data.reading.recorded_tables import checked_range
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError

__all__ = ["export_bits"]


def export_bits(
    recording: Recording,
    output: Path | BinaryIO,
    format_: ExportFormat,
    *,
    first: int = 0,
    count: int | None = None,
    overwrite: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Exported:
    """Write raw bits as other programs read them; memory does not go with their number.

    Parameters
    ----------
    recording
        Where they are.
    output
        File, which appears when it is complete; or a stream that takes bytes, such as a pipe.
    format_
        A format of bits.
    first
        The first bit.
    count
        How many bits; by default all that follow.
    overwrite
        Whether a file of that name may be replaced.
    progress
        Called with how many bits are done and how many there are.

    Returns
    -------
    Exported
        What was written; bits at the end that fill no word of the format are left out and counted.

    Raises
    ------
    ValueError
        If there are not so many bits, if they fill not one word, or if the format is none of bits.
    RecordingError
        If the file exists or cannot be written.

    Examples
    --------
    >>> export_bits(Recording("run.h5"), Path("run.txt"), ExportFormat.ASCII, count=1_000_000)  # doctest: +SKIP
    Exported(path=PosixPath('run.txt'), count=1000000, size=1010000, left_out=0)
    """
    if format_ not in WORD_BITS:
        raise InputError(f"format {format_} is none of bits; choose one of {', '.join(WORD_BITS)}")
    with recording:
        start, stop = checked_range(first, None if count is None else first + count, recording.committed, "bits")
        word = WORD_BITS[format_]
        whole, left_out = (stop - start) // word * word, (stop - start) % word
        if not whole:
            raise InputError(f"{stop - start} bits fill no word of {word}, the least that {format_} holds: take more")
        origin = f"mtjlab {recording.path.name} {recording.procedure} first bit {start}"
        header = bit_header(format_, whole, origin)

        def write(stream: BinaryIO) -> int:
            size = stream.write(header)
            for begin in range(start, start + whole, PIECE):
                bits = min(PIECE, start + whole - begin)
                packed = align_bits(recording.read_packed(begin, begin + bits), begin % 8, bits)
                size += stream.write(encode_bits(format_, packed, bits))
                progress(begin + bits - start, whole)
            stream.flush()
            return size

        if not isinstance(output, Path):
            return Exported(None, whole, write(output), left_out)
        with new_file(output, overwrite=overwrite, error=RecordingError) as unnamed, unnamed.open("xb") as file:
            size = write(file)
        return Exported(output, whole, size, left_out)
