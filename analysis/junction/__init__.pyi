from .bias_dependence import BiasDependence as BiasDependence
from .contact import Contact as Contact
from .contact import ContactState as ContactState
from .contact import diagnosis_of as diagnosis_of
from .dwell_times import DwellTimes as DwellTimes
from .flicker_error import USUAL_INTERVAL as USUAL_INTERVAL
from .hard_axis import HardAxis as HardAxis
from .hysteresis_loop import HysteresisLoop as HysteresisLoop
from .known_tilt import KnownTilt as KnownTilt
from .noise_spectrum import NoiseSpectrum as NoiseSpectrum
from .read_disturb import ReadDisturb as ReadDisturb
from .scatter_fit import student_factor as student_factor
from .thermal_stability import ThermalStability as ThermalStability
from .thermal_stability import brown_rate as brown_rate
from .tunnel_resistance import TunnelResistance as TunnelResistance
from .wear import Wear as Wear
from .write_errors import Decision as Decision
from .write_errors import WriteErrors as WriteErrors
from .write_errors import decide_required as decide_required

__all__ = [
    "BiasDependence",
    "brown_rate",
    "Contact",
    "ContactState",
    "decide_required",
    "Decision",
    "diagnosis_of",
    "DwellTimes",
    "HardAxis",
    "HysteresisLoop",
    "KnownTilt",
    "NoiseSpectrum",
    "ReadDisturb",
    "student_factor",
    "ThermalStability",
    "TunnelResistance",
    "USUAL_INTERVAL",
    "Wear",
    "WriteErrors",
]
