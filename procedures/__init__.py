"""What is done with the bench: PyMeasure procedures, and `run`, which does one of them.

The names below are imported when they are first used: `mtjlab info` need not wait for PyMeasure.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.procedures.calibrate_amplitude import CalibrateAmplitude
    from mtjlab.procedures.contact_check import ContactCheck
    from mtjlab.procedures.endurance import Endurance
    from mtjlab.procedures.operating_point import FindOperatingPoint
    from mtjlab.procedures.random_bitstream import RandomBitstream
    from mtjlab.procedures.resistance_against_field import ResistanceAgainstField
    from mtjlab.procedures.resistance_against_voltage import ResistanceAgainstVoltage
    from mtjlab.procedures.resistance_noise import ResistanceNoise
    from mtjlab.procedures.retention import Retention
    from mtjlab.procedures.running.plan import Plan
    from mtjlab.procedures.running.plan_run import PlanRun
    from mtjlab.procedures.running.refit import fit
    from mtjlab.procedures.running.run import run
    from mtjlab.procedures.switching_probability import SwitchingProbability
    from mtjlab.procedures.write_error_rate import WriteErrorRate

__all__ = [
    "run",
    "fit",
    "Plan",
    "PlanRun",
    "CalibrateAmplitude",
    "ContactCheck",
    "Endurance",
    "FindOperatingPoint",
    "RandomBitstream",
    "ResistanceAgainstField",
    "ResistanceAgainstVoltage",
    "ResistanceNoise",
    "Retention",
    "SwitchingProbability",
    "WriteErrorRate",
]

HOMES = {
    "run": "running.run",
    "fit": "running.refit",
    "Plan": "running.plan",
    "PlanRun": "running.plan_run",
    "CalibrateAmplitude": "calibrate_amplitude",
    "ContactCheck": "contact_check",
    "Endurance": "endurance",
    "FindOperatingPoint": "operating_point",
    "RandomBitstream": "random_bitstream",
    "ResistanceAgainstField": "resistance_against_field",
    "ResistanceAgainstVoltage": "resistance_against_voltage",
    "ResistanceNoise": "resistance_noise",
    "Retention": "retention",
    "SwitchingProbability": "switching_probability",
    "WriteErrorRate": "write_error_rate",
}
"""Module of each public name."""


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
