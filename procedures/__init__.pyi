from .calibrate_amplitude import CalibrateAmplitude as CalibrateAmplitude
from .contact_check import ContactCheck as ContactCheck
from .endurance import Endurance as Endurance
from .live_bits import ENDLESS as ENDLESS
from .live_bits import LiveBits as LiveBits
from .measurements.block import Block as Block
from .measurements.column import Column as Column
from .measurements.column import recorded_columns as recorded_columns
from .measurements.events import AlarmEvent as AlarmEvent
from .measurements.events import BlockEvent as BlockEvent
from .measurements.events import CommitEvent as CommitEvent
from .measurements.events import Event as Event
from .measurements.events import FitProgressEvent as FitProgressEvent
from .measurements.events import ProgressEvent as ProgressEvent
from .measurements.events import ResultEvent as ResultEvent
from .measurements.events import RowEvent as RowEvent
from .measurements.events import RowsEvent as RowsEvent
from .measurements.events import StatusEvent as StatusEvent
from .measurements.events import event_of as event_of
from .measurements.fit_task import FitStopped as FitStopped
from .measurements.fit_task import FitTask as FitTask
from .measurements.limited_parameter import LimitedParameter as LimitedParameter
from .measurements.limited_parameter import tell_ranges as tell_ranges
from .measurements.measurement_procedure import MeasurementProcedure as MeasurementProcedure
from .measurements.measurement_procedure import measurement as measurement
from .measurements.parameter_groups import grouped_parameters as grouped_parameters
from .measurements.parameter_groups import parameter_note as parameter_note
from .measurements.parameters import assign as assign
from .measurements.parameters import parse as parse
from .measurements.parameters import refuse_unset as refuse_unset
from .measurements.parameters import same_value as same_value
from .measurements.parameters import set_values as set_values
from .measurements.parameters import stated_parameters as stated_parameters
from .measurements.parameters import value_of as value_of
from .measurements.registry import ProcedureNotInstalledError as ProcedureNotInstalledError
from .measurements.registry import find_procedure as find_procedure
from .measurements.registry import find_procedure_by_class as find_procedure_by_class
from .measurements.registry import procedure_name as procedure_name
from .measurements.registry import procedure_names as procedure_names
from .measurements.resumption import Resumption as Resumption
from .measurements.suggested_values import bench_defaults as bench_defaults
from .measurements.suggested_values import procedure_on as procedure_on
from .measurements.suggested_values import refuse_wrong_defaults as refuse_wrong_defaults
from .measurements.table_procedure import TableProcedure as TableProcedure
from .memory.calibrate_array import CalibrateArray as CalibrateArray
from .operating_point import FindOperatingPoint as FindOperatingPoint
from .power_ups import PowerUps as PowerUps
from .random_bitstream import RandomBitstream as RandomBitstream
from .resistance_against_field import ResistanceAgainstField as ResistanceAgainstField
from .resistance_against_voltage import ResistanceAgainstVoltage as ResistanceAgainstVoltage
from .resistance_noise import ResistanceNoise as ResistanceNoise
from .retention import Retention as Retention
from .running.one_run import run as run
from .running.plan import Plan as Plan
from .running.refit import fit as fit
from .running.run_executor import RunExecutor as RunExecutor
from .running.run_options import RunHooks as RunHooks
from .running.run_options import RunOptions as RunOptions
from .running.stopping import StopConditions as StopConditions
from .spin_orbit_torque.amr_angle import AmrAngle as AmrAngle
from .spin_orbit_torque.amr_loops import AmrLoops as AmrLoops
from .spin_orbit_torque.bar_contact_check import BarContactCheck as BarContactCheck
from .spin_orbit_torque.current_switching_loop import CurrentSwitchingLoop as CurrentSwitchingLoop
from .spin_orbit_torque.current_switching_map import CurrentSwitchingMap as CurrentSwitchingMap
from .spin_orbit_torque.harmonic_turn import HarmonicTurn as HarmonicTurn
from .spin_orbit_torque.pump_probe_switching import PumpProbeSwitching as PumpProbeSwitching
from .spin_orbit_torque.unidirectional_field import UnidirectionalField as UnidirectionalField
from .spin_orbit_torque.unidirectional_resistance import UnidirectionalResistance as UnidirectionalResistance
from .switching_probability import SwitchingProbability as SwitchingProbability
from .write_error_rate import WriteErrorRate as WriteErrorRate

__all__ = [
    "AlarmEvent",
    "AmrAngle",
    "AmrLoops",
    "assign",
    "BarContactCheck",
    "bench_defaults",
    "Block",
    "BlockEvent",
    "CalibrateAmplitude",
    "CalibrateArray",
    "Column",
    "CommitEvent",
    "ContactCheck",
    "CurrentSwitchingLoop",
    "CurrentSwitchingMap",
    "ENDLESS",
    "Endurance",
    "Event",
    "event_of",
    "find_procedure",
    "find_procedure_by_class",
    "FindOperatingPoint",
    "fit",
    "FitProgressEvent",
    "FitStopped",
    "FitTask",
    "grouped_parameters",
    "HarmonicTurn",
    "LimitedParameter",
    "LiveBits",
    "measurement",
    "MeasurementProcedure",
    "parameter_note",
    "parse",
    "Plan",
    "PowerUps",
    "procedure_name",
    "procedure_names",
    "procedure_on",
    "ProcedureNotInstalledError",
    "ProgressEvent",
    "PumpProbeSwitching",
    "RandomBitstream",
    "recorded_columns",
    "refuse_unset",
    "refuse_wrong_defaults",
    "ResistanceAgainstField",
    "ResistanceAgainstVoltage",
    "ResistanceNoise",
    "ResultEvent",
    "Resumption",
    "Retention",
    "RowEvent",
    "RowsEvent",
    "run",
    "RunExecutor",
    "RunHooks",
    "RunOptions",
    "same_value",
    "set_values",
    "stated_parameters",
    "StatusEvent",
    "StopConditions",
    "SwitchingProbability",
    "TableProcedure",
    "tell_ranges",
    "UnidirectionalField",
    "UnidirectionalResistance",
    "value_of",
    "WriteErrorRate",
]
