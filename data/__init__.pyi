from .bit_files.ascii_bits import ascii_bits as ascii_bits
from .bit_files.bit_file import read_bits as read_bits
from .bit_files.bit_format import BitFormat as BitFormat
from .bit_files.bit_format_guess import HDF5_SIGNATURE as HDF5_SIGNATURE
from .bit_files.bit_format_guess import guess_bit_format as guess_bit_format
from .bit_files.byte_counts import byte_counts as byte_counts
from .bit_files.marked_text import text_chunks as text_chunks
from .bit_files.symbols import checked_symbols as checked_symbols
from .bit_files.symbols import symbol_bits as symbol_bits
from .catalogue.facts_cache import FactsCache as FactsCache
from .catalogue.facts_filter import FactsFilter as FactsFilter
from .catalogue.facts_filter import fact as fact
from .catalogue.found_file import FoundFile as FoundFile
from .catalogue.found_file import find_recordings as find_recordings
from .catalogue.recording_facts import RecordingFacts as RecordingFacts
from .catalogue.recording_facts import facts_of as facts_of
from .catalogue.recording_facts import read_facts as read_facts
from .catalogue.recording_tags import annotate as annotate
from .catalogue.recording_tags import tags_of as tags_of
from .contents.layout import BLOCK_FIELDS as BLOCK_FIELDS
from .contents.layout import CHUNKS as CHUNKS
from .contents.layout import METADATA_BLOCK as METADATA_BLOCK
from .contents.layout import SHORT as SHORT
from .contents.layout import Status as Status
from .contents.recorded_result import ResultLike as ResultLike
from .contents.recording_columns import link_name as link_name
from .contents.recording_head import RecordingHead as RecordingHead
from .contents.recording_parameter import RecordingParameter as RecordingParameter
from .export.bit_encoding import PIECE as PIECE
from .export.bit_encoding import WORD_BITS as WORD_BITS
from .export.bit_encoding import bit_header as bit_header
from .export.bit_encoding import encode_bits as encode_bits
from .export.bits import export_bits as export_bits
from .export.export_format import ExportFormat as ExportFormat
from .export.exported import Exported as Exported
from .export.migrate import migrate as migrate
from .export.table import export_table as export_table
from .reading.recording_summary import RecordingSummary as RecordingSummary
from .recording import Recording as Recording
from .recording_error import RecordingError as RecordingError
from .recording_writer import RecordingWriter as RecordingWriter
from .writing.blocks import Blocks as Blocks

__all__ = [
    "annotate",
    "ascii_bits",
    "bit_header",
    "BitFormat",
    "BLOCK_FIELDS",
    "Blocks",
    "byte_counts",
    "checked_symbols",
    "CHUNKS",
    "encode_bits",
    "export_bits",
    "export_table",
    "Exported",
    "ExportFormat",
    "fact",
    "facts_of",
    "FactsCache",
    "FactsFilter",
    "find_recordings",
    "FoundFile",
    "guess_bit_format",
    "HDF5_SIGNATURE",
    "link_name",
    "METADATA_BLOCK",
    "migrate",
    "PIECE",
    "read_bits",
    "read_facts",
    "Recording",
    "RecordingError",
    "RecordingFacts",
    "RecordingHead",
    "RecordingParameter",
    "RecordingSummary",
    "RecordingWriter",
    "ResultLike",
    "SHORT",
    "Status",
    "symbol_bits",
    "tags_of",
    "text_chunks",
    "WORD_BITS",
]
