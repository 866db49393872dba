from .bit_energy import SCOPES as SCOPES
from .bit_energy import BitEnergy as BitEnergy
from .energy_inputs import INPUTS as INPUTS
from .energy_inputs import EnergyInput as EnergyInput
from .energy_inputs import chosen_inputs as chosen_inputs
from .energy_inputs import given as given
from .energy_report import PROCESSOR as PROCESSOR
from .energy_report import EnergyReport as EnergyReport
from .generators import CLAIM as CLAIM
from .generators import CLAIMED_BY as CLAIMED_BY
from .generators import published_generators as published_generators
from .ratios import DEFINITIONS as DEFINITIONS
from .recorded_inputs import measured_junction as measured_junction
from .recorded_inputs import recorded_pulses as recorded_pulses

__all__ = [
    "BitEnergy",
    "chosen_inputs",
    "CLAIM",
    "CLAIMED_BY",
    "DEFINITIONS",
    "EnergyInput",
    "EnergyReport",
    "given",
    "INPUTS",
    "measured_junction",
    "PROCESSOR",
    "published_generators",
    "recorded_pulses",
    "SCOPES",
]
