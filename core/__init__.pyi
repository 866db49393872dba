from .bits import Bits as Bits
from .blas_threads import one_blas_thread as one_blas_thread
from .constants import BOLTZMANN as BOLTZMANN
from .constants import ELEMENTARY_CHARGE as ELEMENTARY_CHARGE
from .constants import NORMAL_95 as NORMAL_95
from .constants import REDUCED_PLANCK as REDUCED_PLANCK
from .constants import VACUUM_PERMEABILITY as VACUUM_PERMEABILITY
from .duration_text import show_bytes as show_bytes
from .duration_text import show_duration as show_duration
from .duration_text import show_end as show_end
from .errors import FileError as FileError
from .errors import FitError as FitError
from .errors import InputError as InputError
from .errors import MtjlabError as MtjlabError
from .files import give_name as give_name
from .files import new_file as new_file
from .files import refuse_irregular as refuse_irregular
from .files import temporary_name as temporary_name
from .folders import STATE_VARIABLE as STATE_VARIABLE
from .folders import cache_folder as cache_folder
from .folders import config_folder as config_folder
from .folders import state_folder as state_folder
from .folders import writing_state as writing_state
from .jit_cache import jit as jit
from .memory import free_memory as free_memory
from .named_format import NamedFormat as NamedFormat
from .number_text import exact_number as exact_number
from .packed_bits import align_bits as align_bits
from .packed_bits import checked_bits as checked_bits
from .packed_bits import count_ones as count_ones
from .packed_bits import join_bits as join_bits
from .packed_bits import pack_bits as pack_bits
from .progress import Progress as Progress
from .progress import Stage as Stage
from .progress import show_progress as show_progress
from .progress import silent as silent
from .quantity import Quantity as Quantity
from .registry import Entry as Entry
from .registry import Registry as Registry
from .text_encoding import encoding_of as encoding_of
from .toml_document import TomlDocument as TomlDocument
from .value_text import UnitMismatchError as UnitMismatchError
from .value_text import example_value as example_value
from .value_text import read_value as read_value
from .value_text import show_value as show_value

__all__ = [
    "align_bits",
    "Bits",
    "BOLTZMANN",
    "cache_folder",
    "checked_bits",
    "config_folder",
    "count_ones",
    "ELEMENTARY_CHARGE",
    "encoding_of",
    "Entry",
    "exact_number",
    "example_value",
    "FileError",
    "FitError",
    "free_memory",
    "give_name",
    "InputError",
    "jit",
    "join_bits",
    "MtjlabError",
    "NamedFormat",
    "new_file",
    "NORMAL_95",
    "one_blas_thread",
    "pack_bits",
    "Progress",
    "Quantity",
    "read_value",
    "REDUCED_PLANCK",
    "refuse_irregular",
    "Registry",
    "show_bytes",
    "show_duration",
    "show_end",
    "show_progress",
    "show_value",
    "silent",
    "Stage",
    "state_folder",
    "STATE_VARIABLE",
    "temporary_name",
    "TomlDocument",
    "UnitMismatchError",
    "VACUUM_PERMEABILITY",
    "writing_state",
]
