from .ddim import Ddim as Ddim
from .denoiser import Denoiser as Denoiser
from .feature_distance import Features as Features
from .feature_statistics import FeatureStatistics as FeatureStatistics
from .image_grid import write_image_grid as write_image_grid
from .onnx_session import open_session as open_session
from .sampler import SAMPLERS as SAMPLERS
from .sampler import Sampler as Sampler
from .sampler import SamplerKind as SamplerKind
from .sampling import normals_per_image as normals_per_image
from .sampling import sample as sample
from .schedule import CosineSchedule as CosineSchedule
from .v_prediction import VPrediction as VPrediction

__all__ = [
    "CosineSchedule",
    "Ddim",
    "Denoiser",
    "Features",
    "FeatureStatistics",
    "normals_per_image",
    "open_session",
    "sample",
    "Sampler",
    "SamplerKind",
    "SAMPLERS",
    "VPrediction",
    "write_image_grid",
]
