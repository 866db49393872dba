from .block import Block as Block
from .calibrate_amplitude import CalibrateAmplitude as CalibrateAmplitude
from .column import Column as Column
from .column import recorded_columns as recorded_columns
from .contact_check import ContactCheck as ContactCheck
from .demo import Demo as Demo
from .demo import DemoResult as DemoResult
from .endurance import Endurance as Endurance
from .fit_task import FitStopped as FitStopped
from .fit_task import Fittable as Fittable
from .fit_task import FitTask as FitTask
from .operating_point import FindOperatingPoint as FindOperatingPoint
from .picture_titles import picture_title as picture_title
from .random_bitstream import RandomBitstream as RandomBitstream
from .resistance_against_field import ResistanceAgainstField as ResistanceAgainstField
from .resistance_against_voltage import ResistanceAgainstVoltage as ResistanceAgainstVoltage
from .resistance_noise import ResistanceNoise as ResistanceNoise
from .resumption import Resumable as Resumable
from .resumption import Resumption as Resumption
from .retention import Retention as Retention
from .running.plan import Plan as Plan
from .running.plan_run import PlanRun as PlanRun
from .running.refit import fit as fit
from .running.run import run as run
from .switching_probability import SwitchingProbability as SwitchingProbability
from .table_procedure import TableProcedure as TableProcedure
from .write_error_rate import WriteErrorRate as WriteErrorRate

__all__ = [
    "Block",
    "CalibrateAmplitude",
    "Column",
    "ContactCheck",
    "Demo",
    "DemoResult",
    "Endurance",
    "FindOperatingPoint",
    "fit",
    "FitStopped",
    "Fittable",
    "FitTask",
    "picture_title",
    "Plan",
    "PlanRun",
    "RandomBitstream",
    "recorded_columns",
    "ResistanceAgainstField",
    "ResistanceAgainstVoltage",
    "ResistanceNoise",
    "Resumable",
    "Resumption",
    "Retention",
    "run",
    "SwitchingProbability",
    "TableProcedure",
    "WriteErrorRate",
]
