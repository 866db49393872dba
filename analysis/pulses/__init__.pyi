from .amplitude_calibration import AmplitudeCalibration as AmplitudeCalibration
from .pulse_shape import PulseShape as PulseShape

__all__ = [
    "AmplitudeCalibration",
    "PulseShape",
]
