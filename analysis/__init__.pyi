from .goodness import POOR as POOR
from .goodness import Goodness as Goodness
from .goodness import poor_fits as poor_fits
from .images_from_bits import ImagesFromBits as ImagesFromBits

__all__ = [
    "Goodness",
    "ImagesFromBits",
    "POOR",
    "poor_fits",
]
