"""Where things lie in a recording: names, types, units and chunk sizes.

A recording is an HDF5 file with these objects::

    /                     format, format_version, status, created, finished, procedure, software
    /parameters/<name>    one scalar a parameter, with units and description; /parameters@plan
    /instruments/<role>   idn, driver, resource; /instruments/<role>/settings as attributes
    /bench                simulated, and what the bench adds; /bench/toml the text
    /data/<column>        float64, one value a row, with units
    /data/row_time        float64, when each row was handed over (Unix time)
    /bits/packed          uint8, eight bits a byte, first bit in the most significant position
    /bits/resistance      float32, one value a bit [Ω], where the procedure keeps them
    /blocks               one row a block of bits
    /segments             one row a segment
    /log                  one row a message
    /results              one row a result: what the procedure found, with its uncertainty
    /fits                 one row a fit: when it was made, with which settings, and which result is its first
    /sample               wafer, die, device, operator, note

Three attributes of ``/bits/packed`` and one of four tables say how much of the file counts: `committed` (bits),
`blocks` and `rows` (of ``/data``) there, `committed` (rows) at ``/segments``, ``/log``, ``/results`` and ``/fits``. A
dataset may be longer than that when a writer was killed; what lies beyond is to be ignored.

A table that has texts (segments, log, results, fits) is a group with one dataset a field; ``/blocks`` is one dataset of
compound rows. Older recordings may lack /fits and /data/row_time. Version 2 kept all tables as compound rows.
Version 1 had no results, no checksums and no named dimensions.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "Status",
    "Field",
    "BLOCK_FIELDS",
    "SEGMENT_FIELDS",
    "FILLED_IN_LATER",
    "LOG_FIELDS",
    "RESULT_FIELDS",
    "FIT_FIELDS",
    "LATER",
    "TABLES",
    "BITS",
    "RESISTANCE",
    "CHUNKS",
    "METADATA_BLOCK",
    "SHORT",
    "COLUMNS",
    "ROW_TIME",
    "DIMENSIONS",
    "INDEX_CHUNKS",
    "CHUNK_GROWTH",
    "chunk_for",
    "has_texts",
    "SAMPLE_FIELDS",
    "GROUPS",
]

FORMAT: Final = "mtjlab-recording"
"""Root attribute `format`: by this a recording is known from any other HDF5 file."""

FORMAT_VERSION: Final = 3
"""Root attribute `format_version`: raised when an older reader would misread the file."""

BITS: Final = "bits/packed"
"""The dataset that holds the raw bits."""

RESISTANCE: Final = "bits/resistance"
"""The dataset that holds the resistance read with each bit, where it is kept."""

GROUPS: Final = {
    "parameters": "NXparameters",
    "instruments": "NXcollection",
    "bench": "NXcollection",
    "data": "NXdata",
    "bits": "NXcollection",
    "sample": "NXsample",
}
"""Groups under the root, each with its NeXus class."""

SAMPLE_FIELDS: Final = ("wafer", "die", "device", "operator", "note")
"""Attributes that /sample always has, empty where nothing was said."""


class Status(StrEnum):
    """What became of a run: the root attribute `status`."""

    RUNNING = "running"
    FINISHED = "finished"
    ABORTED = "aborted"
    FAILED = "failed"
    KILLED = "killed"
    """Never in a file: what a reader says of `running` in a file that nobody holds open."""


class Field(NamedTuple):
    """One field of a table."""

    name: str
    kind: str
    """A numpy type, or ``S`` and a number: UTF-8 text of at most so many bytes."""

    unit: str
    """SI unit, or ``bit`` for counts of bits, or nothing for text and plain counts."""


BLOCK_FIELDS: Final = (
    Field("first_bit", "u8", "bit"),
    Field("count", "u4", "bit"),
    Field("ones", "u4", "bit"),
    Field("start", "f8", "s"),
    Field("amplitude", "f8", "V"),
    Field("width", "f8", "s"),
    Field("field", "f8", "T"),
    Field("alarms", "u4", ""),
    Field("checksum", "u4", ""),
)
"""A block: place and number of its bits, ones among them, start (Unix time), operating point, health-test alarms, and
the CRC-32 of its bits: see `mtjlab.data.checking.block_checksum`."""

SEGMENT_FIELDS: Final = (
    Field("start", "f8", "s"),
    Field("end", "f8", "s"),
    Field("first_bit", "u8", "bit"),
    Field("first_row", "u8", ""),
    Field("process", "u8", ""),
    Field("host", "S64", ""),
    Field("software", "S64", ""),
    Field("why", "S240", ""),
)
"""A segment: Unix times (end is NaN while it runs), what it begins with, who wrote it and why it ended."""

FILLED_IN_LATER: Final = ("end", "why")
"""Fields of a segment that are written when it ends."""

LOG_FIELDS: Final = (
    Field("time", "f8", "s"),
    Field("level", "S16", ""),
    Field("source", "S48", ""),
    Field("message", "S240", ""),
)
"""A message. A long one continues in the rows that follow, with ``…`` as their source."""

RESULT_FIELDS: Final = (
    Field("time", "f8", "s"),
    Field("name", "S64", ""),
    Field("value", "f8", ""),
    Field("uncertainty", "f8", ""),
    Field("unit", "S24", ""),
    Field("low", "f8", ""),
    Field("high", "f8", ""),
)
"""A result: when it was found (Unix time), what, its value and standard uncertainty (NaN where unknown) in `unit`; or,
where that is not symmetric, the ends of its 95 % interval (NaN otherwise) in place of the uncertainty."""

FIT_FIELDS: Final = (
    Field("time", "f8", "s"),
    Field("first_result", "u8", ""),
    Field("software", "S64", ""),
    Field("settings", "S480", ""),
)
"""A fit: when it was begun (Unix time), the index in /results of the first that it found, what made it, and the
settings that differ from /parameters, each NAME=VALUE, separated by spaces. What comes before the first fit was found
while the recording was made."""

TABLES: Final = {
    "blocks": BLOCK_FIELDS,
    "segments": SEGMENT_FIELDS,
    "log": LOG_FIELDS,
    "results": RESULT_FIELDS,
    "fits": FIT_FIELDS,
}
"""The tables under the root; version 1 had no results."""

LATER: Final = {"results": ("low", "high"), "fits": tuple(field.name for field in FIT_FIELDS)}
"""Fields that version 2 did not have from the beginning: a recording without them is one like any other."""

METADATA_BLOCK: Final = 2**18
"""Bytes in which HDF5 takes room for its metadata."""

SHORT = 2**22
"""Length [bytes] up to which a recording that ends is made as short as it can be: what it reserved to grow in safely,
1.8 MB with bits and 0.35 MB without, is most of it."""

CHUNKS: Final = {
    "bits": 2**20,
    "resistance": 2**18,
    "blocks": 2**13,
    "segments": 2**5,
    "log": 2**8,
    "results": 2**8,
    "fits": 2**4,
    "data": 2**12,
}
"""Elements a chunk, while the recording is short."""

DIMENSIONS: Final = {BITS: "byte", RESISTANCE: "bit", "blocks": "block_number"}
"""The name of the dimension of growing datasets that have no column beside them to name it; see `GrowingDataset`."""

COLUMNS: Final = "columns"
"""Attribute of /data: the names of its columns in the order of the procedure."""

ROW_TIME: Final = "row_time"
"""Attribute of /data: the name of the dataset with the time of each row, which is this one unless a column has it."""

INDEX_CHUNKS: Final = 64
"""Chunks that one node of HDF5's index holds.

A sixty-fifth would split the node, and a kill between the writes of a split leaves an index that no longer finds what
was committed. So no index ever splits: a recording that needs more chunks is copied to one with larger chunks first.
"""

CHUNK_GROWTH: Final = 16
"""How much larger the chunks of such a copy are: half a gigabit of bits fits the first file, eight the second."""


def has_texts(fields: tuple[Field, ...]) -> bool:
    """Tell whether a table has texts, and so is a group with one dataset a field."""
    return any(field.kind[0] == "S" for field in fields)


def chunk_for(kind: str, count: int) -> int:
    """Return the elements a chunk of a dataset that holds `count` elements and is to grow.

    >>> chunk_for("bits", 10**6), chunk_for("bits", 10**9)
    (1048576, 268435456)
    """
    chunk = CHUNKS[kind]
    while count > chunk * INDEX_CHUNKS // 2:
        chunk *= CHUNK_GROWTH
    return chunk
