from .bit_converter import NOISE_CONVERTERS as NOISE_CONVERTERS
from .bit_converter import BitConverter as BitConverter
from .bit_converter import PackedBitConverter as PackedBitConverter
from .bit_sum import BIT_SUM_1 as BIT_SUM_1
from .bit_sum import BitSum as BitSum
from .inverse_cdf16 import INVERSE_CDF16 as INVERSE_CDF16
from .inverse_cdf16 import InverseCdf16 as InverseCdf16
from .noise_source import BitNoise as BitNoise
from .noise_source import NoiseSource as NoiseSource
from .noise_source import NotEnoughBits as NotEnoughBits
from .noise_source import PseudoRandomNoise as PseudoRandomNoise
from .unfair_bits import UnfairBits as UnfairBits

__all__ = [
    "BIT_SUM_1",
    "BitConverter",
    "BitNoise",
    "BitSum",
    "INVERSE_CDF16",
    "InverseCdf16",
    "NOISE_CONVERTERS",
    "NoiseSource",
    "NotEnoughBits",
    "PackedBitConverter",
    "PseudoRandomNoise",
    "UnfairBits",
]
