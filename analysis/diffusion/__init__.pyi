from .denoiser import Denoiser as Denoiser
from .feature_distance import Features as Features
from .feature_statistics import FeatureStatistics as FeatureStatistics
from .image_grid import write_image_grid as write_image_grid
from .onnx_session import open_session as open_session
from .sampler import Sampler as Sampler
from .schedule import CosineSchedule as CosineSchedule
from .v_prediction import VPrediction as VPrediction

__all__ = [
    "CosineSchedule",
    "Denoiser",
    "Features",
    "FeatureStatistics",
    "open_session",
    "Sampler",
    "VPrediction",
    "write_image_grid",
]
