from .conditioned_bits import conditioned as conditioned
from .conditioned_bits import pieces as pieces
from .exclusive_or import xor_at_distance as xor_at_distance
from .exclusive_or import xor_streams as xor_streams
from .extractor import EXTRACTORS as EXTRACTORS
from .extractor import Extractor as Extractor
from .iterated_pairs import PERES as PERES
from .pairs_of_a_state import StatePairs as StatePairs
from .pairs_of_a_state import von_neumann as von_neumann
from .pairs_of_a_state import von_neumann_packed as von_neumann_packed
from .pairs_of_bits import von_neumann_pairs as von_neumann_pairs
from .pairs_of_bits import von_neumann_pairs_packed as von_neumann_pairs_packed
from .sha256_conditioning import Sha256Conditioning as Sha256Conditioning
from .toeplitz_hash import Toeplitz as Toeplitz

__all__ = [
    "conditioned",
    "Extractor",
    "EXTRACTORS",
    "PERES",
    "pieces",
    "Sha256Conditioning",
    "StatePairs",
    "Toeplitz",
    "von_neumann",
    "von_neumann_packed",
    "von_neumann_pairs",
    "von_neumann_pairs_packed",
    "xor_at_distance",
    "xor_streams",
]
