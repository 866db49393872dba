from .conditioned_bits import conditioned as conditioned
from .conditioned_bits import pieces as pieces
from .extractor import EXTRACTORS as EXTRACTORS
from .extractor import Extractor as Extractor
from .von_neumann_pairs import von_neumann as von_neumann
from .von_neumann_pairs import von_neumann_packed as von_neumann_packed

__all__ = [
    "conditioned",
    "Extractor",
    "EXTRACTORS",
    "pieces",
    "von_neumann",
    "von_neumann_packed",
]
