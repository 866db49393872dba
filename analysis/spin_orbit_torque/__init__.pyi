from .angle_dependence import AngleDependence as AngleDependence
from .bar_contact import BarContact as BarContact
from .bar_contact import BarContactState as BarContactState
from .current_induced_field import CurrentInducedField as CurrentInducedField
from .current_induced_field import oersted_field as oersted_field
from .damping_like import BarLayers as BarLayers
from .damping_like import density_in as density_in
from .damping_like import threshold_from_coercive_shifts as threshold_from_coercive_shifts
from .field_loops import FieldLoops as FieldLoops
from .harmonic_angle import HarmonicAngle as HarmonicAngle
from .power_law import PowerLaw as PowerLaw
from .pulse_likelihood import pulse_boundary as pulse_boundary
from .switching_loop import SwitchingLoop as SwitchingLoop
from .switching_loop import two_levels as two_levels
from .switching_phase_map import SwitchingPhaseMap as SwitchingPhaseMap
from .thermal_switching import ThermalSwitching as ThermalSwitching
from .thermal_switching import barrier_left as barrier_left
from .thermal_switching import switched_share as switched_share
from .unidirectional import UnidirectionalMagnetoresistance as UnidirectionalMagnetoresistance
from .unidirectional import torque_hall as torque_hall
from .unidirectional_turn import UnidirectionalTurn as UnidirectionalTurn
from .write_conditions import WriteConditions as WriteConditions

__all__ = [
    "AngleDependence",
    "BarContact",
    "BarContactState",
    "BarLayers",
    "barrier_left",
    "CurrentInducedField",
    "density_in",
    "FieldLoops",
    "HarmonicAngle",
    "oersted_field",
    "PowerLaw",
    "pulse_boundary",
    "switched_share",
    "SwitchingLoop",
    "SwitchingPhaseMap",
    "ThermalSwitching",
    "threshold_from_coercive_shifts",
    "torque_hall",
    "two_levels",
    "UnidirectionalMagnetoresistance",
    "UnidirectionalTurn",
    "WriteConditions",
]
