from .contour import half_contour as half_contour
from .free_layer import FreeLayer as FreeLayer
from .gaussian_process import GaussianProcess as GaussianProcess
from .gaussian_process import Scales as Scales
from .map_sampler import MapSampler as MapSampler
from .plateaus import plateau as plateau
from .precession import Precession as Precession
from .precession_fit import USUAL_MODELS as USUAL_MODELS
from .precession_fit import PrecessionFit as PrecessionFit
from .precession_model import PrecessionModel as PrecessionModel

__all__ = [
    "FreeLayer",
    "GaussianProcess",
    "half_contour",
    "MapSampler",
    "plateau",
    "Precession",
    "PrecessionFit",
    "PrecessionModel",
    "Scales",
    "USUAL_MODELS",
]
