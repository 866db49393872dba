from .block import Block as Block
from .calibrate_amplitude import CalibrateAmplitude as CalibrateAmplitude
from .column import Column as Column
from .column import recorded_columns as recorded_columns
from .contact_check import ContactCheck as ContactCheck
from .demo import Demo as Demo
from .demo import DemoResult as DemoResult
from .endurance import Endurance as Endurance
from .events import AlarmEvent as AlarmEvent
from .events import BlockEvent as BlockEvent
from .events import CommitEvent as CommitEvent
from .events import Event as Event
from .events import FitProgressEvent as FitProgressEvent
from .events import ProgressEvent as ProgressEvent
from .events import ResultEvent as ResultEvent
from .events import RowEvent as RowEvent
from .events import RowsEvent as RowsEvent
from .events import StatusEvent as StatusEvent
from .events import event_of as event_of
from .fit_task import FitStopped as FitStopped
from .fit_task import FitTask as FitTask
from .measurement_procedure import MeasurementProcedure as MeasurementProcedure
from .measurement_procedure import measurement as measurement
from .operating_point import FindOperatingPoint as FindOperatingPoint
from .picture_titles import picture_title as picture_title
from .random_bitstream import RandomBitstream as RandomBitstream
from .resistance_against_field import ResistanceAgainstField as ResistanceAgainstField
from .resistance_against_voltage import ResistanceAgainstVoltage as ResistanceAgainstVoltage
from .resistance_noise import ResistanceNoise as ResistanceNoise
from .resumption import Resumption as Resumption
from .retention import Retention as Retention
from .running.one_run import run as run
from .running.plan import Plan as Plan
from .running.plan_run import PlanRun as PlanRun
from .running.refit import fit as fit
from .switching_probability import SwitchingProbability as SwitchingProbability
from .table_procedure import TableProcedure as TableProcedure
from .write_error_rate import WriteErrorRate as WriteErrorRate

__all__ = [
    "AlarmEvent",
    "Block",
    "BlockEvent",
    "CalibrateAmplitude",
    "Column",
    "CommitEvent",
    "ContactCheck",
    "Demo",
    "DemoResult",
    "Endurance",
    "Event",
    "event_of",
    "FindOperatingPoint",
    "fit",
    "FitProgressEvent",
    "FitStopped",
    "FitTask",
    "measurement",
    "MeasurementProcedure",
    "picture_title",
    "Plan",
    "PlanRun",
    "ProgressEvent",
    "RandomBitstream",
    "recorded_columns",
    "ResistanceAgainstField",
    "ResistanceAgainstVoltage",
    "ResistanceNoise",
    "ResultEvent",
    "Resumption",
    "Retention",
    "RowEvent",
    "RowsEvent",
    "run",
    "StatusEvent",
    "SwitchingProbability",
    "TableProcedure",
    "WriteErrorRate",
]
