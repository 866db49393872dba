from .equivalence import MeanDifference as MeanDifference
from .equivalence import equivalence_power as equivalence_power
from .equivalence import least_margin as least_margin
from .equivalence import seeds_needed as seeds_needed

__all__ = [
    "equivalence_power",
    "least_margin",
    "MeanDifference",
    "seeds_needed",
]
