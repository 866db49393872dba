from .bit_noise import BitNoise as BitNoise
from .bit_sum import BitSum as BitSum
from .inverse_cdf16 import InverseCdf16 as InverseCdf16
from .noise_source import NoiseSource as NoiseSource
from .pseudo_random_noise import PseudoRandomNoise as PseudoRandomNoise
from .unfair_bits import SHIFT_OF_TABLE as SHIFT_OF_TABLE
from .unfair_bits import UnfairBits as UnfairBits

__all__ = [
    "BitNoise",
    "BitSum",
    "InverseCdf16",
    "NoiseSource",
    "PseudoRandomNoise",
    "SHIFT_OF_TABLE",
    "UnfairBits",
]
