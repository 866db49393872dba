from .bit_converter import (AnyConverter as AnyConverter, BitConverter as BitConverter, NOISE_CONVERTERS as NOISE_CONVERTERS, PackedBitConverter as PackedBitConverter)
from .bit_noise import BitNoise as BitNoise
from .bit_sum import (BIT_SUM_1 as BIT_SUM_1, BitSum as BitSum)
from .bit_supplies import (HeldBits as HeldBits, RepeatedBits as RepeatedBits, SoftwareBits as SoftwareBits, StreamedBits as StreamedBits)
from .bit_supply import (BitSupply as BitSupply, NotEnoughBits as NotEnoughBits)
from .bits_in_file import BitsInFile as BitsInFile
from .distance_from_normal import distribution_error as distribution_error
from .inverse_cdf16 import (INVERSE_CDF16 as INVERSE_CDF16, InverseCdf16 as InverseCdf16)
from .noise_source import (NoiseSource as NoiseSource, PseudoRandomNoise as PseudoRandomNoise)
from .numpy_bits import numpy_generator as numpy_generator

__all__ = ["AnyConverter", "BIT_SUM_1", "BitConverter", "BitNoise", "BitsInFile", "BitSum", "BitSupply", "distribution_error", "HeldBits", "INVERSE_CDF16", "InverseCdf16", "NOISE_CONVERTERS", "NoiseSource", "NotEnoughBits", "numpy_generator", "PackedBitConverter", "PseudoRandomNoise", "RepeatedBits", "SoftwareBits", "StreamedBits",]
