from .bit_converter import NOISE_CONVERTERS as NOISE_CONVERTERS
from .bit_converter import AnyConverter as AnyConverter
from .bit_converter import BitConverter as BitConverter
from .bit_converter import PackedBitConverter as PackedBitConverter
from .bit_noise import BitNoise as BitNoise
from .bit_sum import BIT_SUM_1 as BIT_SUM_1
from .bit_sum import BitSum as BitSum
from .bit_supplies import HeldBits as HeldBits
from .bit_supplies import RepeatedBits as RepeatedBits
from .bit_supplies import SoftwareBits as SoftwareBits
from .bit_supplies import StreamedBits as StreamedBits
from .bit_supply import BitSupply as BitSupply
from .bit_supply import NotEnoughBits as NotEnoughBits
from .bits_in_file import BitsInFile as BitsInFile
from .distance_from_normal import distribution_error as distribution_error
from .inverse_cdf16 import INVERSE_CDF16 as INVERSE_CDF16
from .inverse_cdf16 import InverseCdf16 as InverseCdf16
from .noise_source import NoiseSource as NoiseSource
from .noise_source import PseudoRandomNoise as PseudoRandomNoise
from .numpy_bits import numpy_generator as numpy_generator

__all__ = [
    "AnyConverter",
    "BIT_SUM_1",
    "BitConverter",
    "BitNoise",
    "BitsInFile",
    "BitSum",
    "BitSupply",
    "distribution_error",
    "HeldBits",
    "INVERSE_CDF16",
    "InverseCdf16",
    "NOISE_CONVERTERS",
    "NoiseSource",
    "NotEnoughBits",
    "numpy_generator",
    "PackedBitConverter",
    "PseudoRandomNoise",
    "RepeatedBits",
    "SoftwareBits",
    "StreamedBits",
]
