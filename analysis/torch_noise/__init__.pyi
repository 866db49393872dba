from .feeding import FedTorch as FedTorch
from .feeding import feeding_torch as feeding_torch
from .sampler_noise import noise_sampler as noise_sampler
from .sampler_noise import variance_noise as variance_noise

__all__ = [
    "FedTorch",
    "feeding_torch",
    "noise_sampler",
    "variance_noise",
]
