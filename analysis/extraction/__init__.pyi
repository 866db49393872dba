from .conditioned_bits import conditioned as conditioned, pieces as pieces
from .exclusive_or import xor_at_distance as xor_at_distance, xor_streams as xor_streams
from .extractor import EXTRACTORS as EXTRACTORS, Extractor as Extractor
from .iterated_pairs import PERES as PERES
from .pairs_of_a_state import (
    StatePairs as StatePairs,
    von_neumann as von_neumann,
    von_neumann_packed as von_neumann_packed,
)
from .pairs_of_bits import von_neumann_pairs as von_neumann_pairs, von_neumann_pairs_packed as von_neumann_pairs_packed
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
