"""The formats that a recording can be exported to."""

from __future__ import annotations

from mtjlab.core import NamedFormat

__all__ = ["ExportFormat"]


class ExportFormat(NamedFormat):
    """A format of other programs, or the present format of recordings."""

    CSV = "csv"
    """A table as comma-separated text, one line of names with units, numbers in as many digits as they have."""

    PARQUET = "parquet"
    """A table as Apache Parquet; units and origin in its metadata."""

    PACKED = "packed"
    """Bits, eight a byte, the first in the most significant position: NIST STS in binary mode, ent, SP 800-90B."""

    ASCII = "ascii"
    """Bits as the characters 0 and 1, a hundred a line: NIST STS in ASCII mode."""

    DIEHARDER = "dieharder"
    """Bits as decimal words of 32, the first bit most significant, under dieharder's header: ``dieharder -g 202``."""

    DIEHARDER_RAW = "dieharder-raw"
    """The same words as four bytes each, in little-endian order: ``dieharder -g 201``, or ``-g 200`` from a pipe."""

    PRACTRAND = "practrand"
    """Bits, eight a byte, the first in the least significant position: the order in which PractRand joins bytes."""

    RECORDING = "recording"
    """A recording of the present format version, whole."""

    @property
    def is_table(self) -> bool:
        """Whether a table goes into it, and not the bits alone."""
        return self in (ExportFormat.CSV, ExportFormat.PARQUET)

    @property
    def suffix(self) -> str:
        """What the name of such a file ends with."""
        return {
            ExportFormat.CSV: ".csv",
            ExportFormat.PARQUET: ".parquet",
            ExportFormat.ASCII: ".txt",
            ExportFormat.DIEHARDER: ".dieharder.txt",
            ExportFormat.RECORDING: ".h5",
        }.get(self, f".{self}.bin")
