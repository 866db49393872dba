from .bit_response import BitResponse as BitResponse
from .brightness_weights import BRIGHTNESS_LEVELS as BRIGHTNESS_LEVELS
from .brightness_weights import brightness_weights as brightness_weights
from .sampler_setting import SamplerSetting as SamplerSetting

__all__ = ["BRIGHTNESS_LEVELS", "BitResponse", "SamplerSetting", "brightness_weights"]
