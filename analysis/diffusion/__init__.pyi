from .bernoulli_source import BernoulliSource as BernoulliSource
from .bernoulli_source import BernoulliTree as BernoulliTree
from .bernoulli_source import SoftwareBernoulli as SoftwareBernoulli
from .bit_flip_sampler import BitFlipSampler as BitFlipSampler
from .ddim import Ddim as Ddim
from .ddpm import Ddpm as Ddpm
from .denoiser import Denoiser as Denoiser
from .dpm_solver import DpmSolver as DpmSolver
from .dpm_solver import SdeDpmSolver as SdeDpmSolver
from .feature_distance import Features as Features
from .feature_statistics import FeatureStatistics as FeatureStatistics
from .flip_denoiser import FlipDenoiser as FlipDenoiser
from .flip_sampling import sample_planes as sample_planes
from .flip_schedule import FlipSchedule as FlipSchedule
from .gray_code import bit_planes as bit_planes
from .gray_code import images_of_planes as images_of_planes
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
    "BernoulliSource",
    "BernoulliTree",
    "bit_planes",
    "BitFlipSampler",
    "CosineSchedule",
    "Ddim",
    "Ddpm",
    "Denoiser",
    "DpmSolver",
    "Features",
    "FeatureStatistics",
    "FlipDenoiser",
    "FlipSchedule",
    "Heun",
    "images_of_planes",
    "MultistepSampler",
    "normals_per_image",
    "open_session",
    "sample",
    "sample_planes",
    "Sampler",
    "SamplerKind",
    "SAMPLERS",
    "SdeDpmSolver",
    "SoftwareBernoulli",
    "Trajectory",
    "VPrediction",
    "write_image_grid",
]
