"""A recording of conditioned bits: the bits, and of what, how and on which condition they were made."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.core import InputError, new_file

if TYPE_CHECKING:
    from mtjlab.core import Bits
    from mtjlab.data import Recording

__all__ = ["CONDITIONED", "RAW_BITS", "Lineage", "file_sha256", "is_conditioned", "raw_bits_of", "write_conditioned"]

CONDITIONED = "conditioned-bits"
"""What such a recording has in the place of a procedure."""

RAW_BITS = "raw bits"
"""Result of a bitstream that conditions its bits: how many raw bits it took."""

BLOCK = 2**20
"""Bits of a block of the recording."""


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """Where conditioned bits come from: the parameters of their recording, each described by its field."""

    source: str
    """File of the raw bits; several with commas."""
    source_sha256: str
    """SHA-256 of the file; of several with commas, in the same order."""
    source_format: str
    """How the raw bits lie in it."""
    first_bit: int
    """Place of the first raw bit in it."""
    raw_bits: int
    """Raw bits that were taken from there on; of each file where there are several."""
    method: str
    """Word for the extractor."""
    claim: str
    """What holds of the bits that come out, and on which condition."""
    min_entropy_in: float | None = None
    """Min-entropy that was taken for granted of a raw bit [bit]; not set where the method takes none."""
    min_entropy_out: float | None = None
    """Min-entropy of a conditioned bit on that condition [bit]; not set where the method claims none."""
    block: int | None = None
    """Raw bits that were taken together."""
    epsilon: float | None = None
    """Statistical distance of all bits from uniform: the sum over the blocks."""
    seed: str = ""
    """Seed bits, in hexadecimal digits, the first bit most significant."""
    seed_source: str = ""
    """Where the seed comes from."""


def write_conditioned(
    path: str | os.PathLike[str],
    parts: Iterable[Bits],
    lineage: Lineage,
    *,
    recorded: Recording | None = None,
    overwrite: bool = False,
) -> tuple[int, int]:
    """Write conditioned bits as a recording, whole or not at all.

    Parameters
    ----------
    path
        Where.
    parts
        The conditioned bits, in parts of any lengths.
    lineage
        Where they come from.
    recorded
        Recording of the raw bits, whose sample is named again; None where it is none.
    overwrite
        Whether a file of that name may be replaced.

    Returns
    -------
    tuple
        Number of bits, and of ones among them.

    Raises
    ------
    FileError
        If it cannot be written, or there is such a file.
    """
    from mtjlab.analysis.extraction.conditioned_bits import pieces
    from mtjlab.data import Blocks, RecordingHead, RecordingParameter, RecordingWriter  # h5py is slow to import

    about = _descriptions()
    head = RecordingHead(
        CONDITIONED,
        {field.name: RecordingParameter(getattr(lineage, field.name), *about[field.name]) for field in fields(lineage)},
        simulated=recorded is not None and recorded.simulated,
        sample={} if recorded is None else recorded.sample,
    )
    count = ones = 0
    with new_file(Path(path), overwrite=overwrite) as temporary, RecordingWriter.create(temporary, head) as writer:
        for piece in pieces(parts, BLOCK):
            writer.append(Blocks(piece))
            count += len(piece)
            ones += piece.ones()
    return count, ones


def is_conditioned(recording: Recording) -> bool:
    """Tell whether the bits of a recording have been through an extractor.

    Parameters
    ----------
    recording
        A recording.
    """
    extract = recording.parameters.get("extract")
    return recording.procedure == CONDITIONED or (extract is not None and extract.value not in (None, "none"))


def raw_bits_of(recording: Recording) -> int:
    """Return how many raw bits the conditioned bits of a recording were made of.

    Parameters
    ----------
    recording
        A recording of conditioned bits.

    Raises
    ------
    InputError
        If it does not say so, as one that was resumed on a real bench.
    """
    if recording.procedure == CONDITIONED:
        return int(recording.parameters["raw_bits"].value)
    counts = [result.value for name, result in recording.results.items() if name.split(": ")[-1] == RAW_BITS]
    if not counts:
        raise InputError(f"{recording.path} does not say of how many raw bits its conditioned bits were made")
    return int(sum(counts))


def file_sha256(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits.

    Parameters
    ----------
    path
        The file.
    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _descriptions() -> dict[str, tuple[str, str]]:
    """Return unit and description of each parameter."""
    return {
        "source": ("", "file of the raw bits"),
        "source_sha256": ("", "SHA-256 of that file"),
        "source_format": ("", "how the raw bits lie in it"),
        "first_bit": ("bit", "place of the first raw bit in it"),
        "raw_bits": ("bit", "raw bits taken from there on"),
        "method": ("", "extractor"),
        "claim": ("", "what holds of the bits, and on which condition"),
        "min_entropy_in": ("bit", "min-entropy taken for granted of a raw bit"),
        "min_entropy_out": ("bit", "min-entropy of a conditioned bit on that condition"),
        "block": ("bit", "raw bits taken together"),
        "epsilon": ("", "statistical distance of all bits from uniform, summed over the blocks"),
        "seed": ("", "seed bits in hexadecimal digits, the first most significant"),
        "seed_source": ("", "where the seed comes from"),
    }
