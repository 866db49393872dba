from .extractor import EXTRACTORS as EXTRACTORS
from .extractor import Extractor as Extractor
from .von_neumann_pairs import von_neumann as von_neumann

__all__ = [
    "Extractor",
    "EXTRACTORS",
    "von_neumann",
]
