from .extractor import EXTRACTORS as EXTRACTORS
from .von_neumann_pairs import von_neumann as von_neumann

__all__ = [
    "EXTRACTORS",
    "von_neumann",
]
