from .conditioned_bits import conditioned as conditioned
from .conditioned_bits import pieces as pieces
from .extractor import EXTRACTORS as EXTRACTORS
from .extractor import Extractor as Extractor
from .pairs_of_a_state import StatePairs as StatePairs
from .pairs_of_a_state import von_neumann as von_neumann
from .pairs_of_a_state import von_neumann_packed as von_neumann_packed
from .pairs_of_bits import von_neumann_pairs as von_neumann_pairs
from .pairs_of_bits import von_neumann_pairs_packed as von_neumann_pairs_packed

__all__ = [
    "conditioned",
    "Extractor",
    "EXTRACTORS",
    "pieces",
    "StatePairs",
    "von_neumann",
    "von_neumann_packed",
    "von_neumann_pairs",
    "von_neumann_pairs_packed",
]
