from .angle_dependence import AngleDependence as AngleDependence
from .bar_contact import BarContact as BarContact
from .bar_contact import BarContactState as BarContactState
from .current_induced_field import CurrentInducedField as CurrentInducedField
from .current_induced_field import oersted_field as oersted_field
from .damping_like import BarLayers as BarLayers
from .damping_like import threshold_from_coercive_shifts as threshold_from_coercive_shifts
from .field_loops import FieldLoops as FieldLoops
from .harmonic_angle import HarmonicAngle as HarmonicAngle
from .power_law import PowerLaw as PowerLaw
from .switching_loop import SwitchingLoop as SwitchingLoop
from .switching_phase_map import SwitchingPhaseMap as SwitchingPhaseMap
from .thermal_switching import ThermalSwitching as ThermalSwitching
from .thermal_switching import barrier_left as barrier_left
from .unidirectional import UnidirectionalMagnetoresistance as UnidirectionalMagnetoresistance

__all__ = [
    "AngleDependence",
    "barrier_left",
    "BarContact",
    "BarContactState",
    "BarLayers",
    "CurrentInducedField",
    "FieldLoops",
    "HarmonicAngle",
    "oersted_field",
    "PowerLaw",
    "SwitchingLoop",
    "SwitchingPhaseMap",
    "threshold_from_coercive_shifts",
    "ThermalSwitching",
    "UnidirectionalMagnetoresistance",
]
