from .conditioned_bits import conditioned as conditioned
from .conditioned_bits import pieces as pieces
from .conditioned_bits import stretch as stretch
from .conditioned_recording import RAW_BITS as RAW_BITS
from .conditioned_recording import Lineage as Lineage
from .conditioned_recording import file_sha256 as file_sha256
from .conditioned_recording import is_conditioned as is_conditioned
from .conditioned_recording import raw_bits_of as raw_bits_of
from .conditioned_recording import write_conditioned as write_conditioned
from .exclusive_or import bias_and_correlation as bias_and_correlation
from .exclusive_or import excess_after_xor as excess_after_xor
from .exclusive_or import xor_at_distance as xor_at_distance
from .exclusive_or import xor_distance as xor_distance
from .exclusive_or import xor_streams as xor_streams
from .extractor import EXTRACTORS as EXTRACTORS
from .extractor import Extractor as Extractor
from .iterated_pairs import PERES as PERES
from .iterated_pairs import peres as peres
from .pairs_of_a_state import StatePairs as StatePairs
from .pairs_of_a_state import von_neumann as von_neumann
from .pairs_of_a_state import von_neumann_packed as von_neumann_packed
from .pairs_of_bits import von_neumann_pairs as von_neumann_pairs
from .pairs_of_bits import von_neumann_pairs_packed as von_neumann_pairs_packed
from .sha256_conditioning import Sha256Conditioning as Sha256Conditioning
from .sha256_conditioning import output_entropy as output_entropy
from .toeplitz_hash import Toeplitz as Toeplitz
from .toeplitz_hash import toeplitz_length as toeplitz_length

__all__ = [
    "bias_and_correlation",
    "conditioned",
    "excess_after_xor",
    "Extractor",
    "EXTRACTORS",
    "file_sha256",
    "is_conditioned",
    "Lineage",
    "output_entropy",
    "PERES",
    "peres",
    "pieces",
    "RAW_BITS",
    "raw_bits_of",
    "Sha256Conditioning",
    "StatePairs",
    "stretch",
    "Toeplitz",
    "toeplitz_length",
    "von_neumann",
    "von_neumann_packed",
    "von_neumann_pairs",
    "von_neumann_pairs_packed",
    "write_conditioned",
    "xor_at_distance",
    "xor_distance",
    "xor_streams",
]
