from .bit_energy import (BitEnergy as BitEnergy, SCOPES as SCOPES)
from .energy_inputs import (EnergyInput as EnergyInput, INPUTS as INPUTS, chosen_inputs as chosen_inputs, given as given)
from .energy_report import (EnergyReport as EnergyReport, PROCESSOR as PROCESSOR)
from .generators import (CLAIM as CLAIM, CLAIMED_BY as CLAIMED_BY, published_generators as published_generators)
from .ratios import DEFINITIONS as DEFINITIONS
from .recorded_inputs import (measured_junction as measured_junction, recorded_pulses as recorded_pulses)

__all__ = ["BitEnergy", "chosen_inputs", "CLAIM", "CLAIMED_BY", "DEFINITIONS", "EnergyInput", "EnergyReport", "given", "INPUTS", "measured_junction", "PROCESSOR", "published_generators", "recorded_pulses", "SCOPES",]
