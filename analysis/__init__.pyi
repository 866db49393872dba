from .goodness import (Goodness as Goodness, POOR as POOR, poor_fits as poor_fits)
from .images_from_bits import ImagesFromBits as ImagesFromBits

__all__ = ["Goodness", "ImagesFromBits", "POOR", "poor_fits",]
