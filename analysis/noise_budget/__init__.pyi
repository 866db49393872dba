from .bit_response import BitResponse as BitResponse
from .brightness import BRIGHTNESS_LEVELS as BRIGHTNESS_LEVELS
from .brightness import brightness_weights as brightness_weights
from .budget import Answer as Answer
from .budget import NoiseBudget as NoiseBudget
from .damage import DAMAGE as DAMAGE
from .damage import Damage as Damage
from .damage import Flaws as Flaws
from .mending import remedies as remedies
from .sampler_setting import SamplerSetting as SamplerSetting
from .stream_quantities import StreamQuantities as StreamQuantities

__all__ = [
    "Answer",
    "BitResponse",
    "BRIGHTNESS_LEVELS",
    "brightness_weights",
    "DAMAGE",
    "Damage",
    "Flaws",
    "NoiseBudget",
    "remedies",
    "SamplerSetting",
    "StreamQuantities",
]
