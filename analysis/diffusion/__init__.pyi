from .ddim import Ddim as Ddim
from .ddpm import Ddpm as Ddpm
from .denoiser import Denoiser as Denoiser
from .dpm_solver import DpmSolver as DpmSolver
from .dpm_solver import SdeDpmSolver as SdeDpmSolver
from .feature_distance import Features as Features
from .feature_statistics import FeatureStatistics as FeatureStatistics
from .heun import Heun as Heun
from .image_grid import write_image_grid as write_image_grid
from .onnx_session import open_session as open_session
from .sampler import SAMPLERS as SAMPLERS
from .sampler import MultistepSampler as MultistepSampler
from .sampler import Sampler as Sampler
from .sampler import SamplerKind as SamplerKind
from .sampling import normals_per_image as normals_per_image
from .sampling import sample as sample
from .schedule import CosineSchedule as CosineSchedule
from .trajectory import Trajectory as Trajectory
from .v_prediction import VPrediction as VPrediction

__all__ = [
    "CosineSchedule",
    "Ddim",
    "Ddpm",
    "Denoiser",
    "DpmSolver",
    "Features",
    "FeatureStatistics",
    "Heun",
    "MultistepSampler",
    "normals_per_image",
    "open_session",
    "sample",
    "Sampler",
    "SamplerKind",
    "SAMPLERS",
    "SdeDpmSolver",
    "Trajectory",
    "VPrediction",
    "write_image_grid",
]
