from .bench import Bench as Bench
from .bench import StandIn as StandIn
from .bench.allowed_range import PulseSettings as PulseSettings
from .bench.allowed_range import allowed_range as allowed_range
from .bench.allowed_range import made_amplitudes as made_amplitudes
from .bench.check import check_bench as check_bench
from .bench.fault_settings import FaultSettings as FaultSettings
from .bench.fault_settings import load_faults as load_faults
from .bench.file import BenchFile as BenchFile
from .bench.file import Simulation as Simulation
from .bench.file import shipped_benches as shipped_benches
from .bench.in_plane_field import FieldVector as FieldVector
from .bench.in_plane_field import InPlaneField as InPlaneField
from .bench.lock import BenchHeldError as BenchHeldError
from .bench.lock import BenchLock as BenchLock
from .bench.lock import bench_lock as bench_lock
from .bench.lock import refuse_held as refuse_held
from .bench.null_bench import unplugged_bench as unplugged_bench
from .bench.opening import open_bench as open_bench
from .bench.opening import serve_bench as serve_bench
from .bench.pump_probe import PumpProbe as PumpProbe
from .bench.schema import bench_schema as bench_schema
from .bench.sections import UNITS as UNITS
from .bench.sections import Limits as Limits
from .bench.sections import Roles as Roles
from .bench.template import bench_template as bench_template
from .drivers.adapter import Adapter as Adapter
from .drivers.yokogawags200 import STEP as STEP
from .instrument_error import ComplianceError as ComplianceError
from .instrument_error import InstrumentError as InstrumentError
from .instrument_error import InstrumentLostError as InstrumentLostError
from .instrument_error import UnreachableError as UnreachableError
from .roles.coil import Coil as Coil
from .roles.coil import CoilSettings as CoilSettings
from .roles.coil import GuardedCoil as GuardedCoil
from .roles.current_source import CurrentSource as CurrentSource
from .roles.junction_array import JunctionArraySettings as JunctionArraySettings
from .roles.lock_in import LockInSettings as LockInSettings
from .roles.multiplexer import Multiplexer as Multiplexer
from .roles.multiplexer import MultiplexerSettings as MultiplexerSettings
from .roles.nanovoltmeter import Nanovoltmeter as Nanovoltmeter
from .roles.oscilloscope import Oscilloscope as Oscilloscope
from .roles.oscilloscope import OscilloscopeSettings as OscilloscopeSettings
from .roles.oscilloscope import Waveform as Waveform
from .roles.pulse_generator import GuardedPulseGenerator as GuardedPulseGenerator
from .roles.pulse_generator import PulseGenerator as PulseGenerator
from .roles.role import GuardedSetting as GuardedSetting
from .roles.role import InstrumentRole as InstrumentRole
from .roles.role import NullInstrument as NullInstrument
from .roles.role import OutputRole as OutputRole
from .roles.role import Role as Role
from .roles.source_meter import Reading as Reading
from .roles.source_meter import SourceMeter as SourceMeter
from .roles.temperature_controller import TemperatureController as TemperatureController
from .roles.temperature_controller import TemperatureControllerSettings as TemperatureControllerSettings
from .safety.guard import Guarded as Guarded
from .safety.guard import Switched as Switched
from .safety.limits import BenchLimit as BenchLimit
from .safety.limits import LimitError as LimitError
from .safety.limits import LimitSettings as LimitSettings
from .safety.mains import longest_reading as longest_reading
from .safety.signal_path import SignalPath as SignalPath
from .settings.array_imperfections import ArrayImperfections as ArrayImperfections
from .settings.bar_mounting import BarMounting as BarMounting
from .settings.role_settings import RoleSettings as RoleSettings
from .settings.role_settings import line_attributes as line_attributes
from .settings.wiring import WiringSettings as WiringSettings
from .visa import open_visa as open_visa
from .visa.answers import answered_number as answered_number
from .visa.connection import Connection as Connection
from .visa.discovery import discover as discover
from .visa.own_servers import forget_server as forget_server
from .visa.own_servers import register_server as register_server

__all__ = [
    "Adapter",
    "allowed_range",
    "answered_number",
    "ArrayImperfections",
    "BarMounting",
    "Bench",
    "bench_lock",
    "bench_schema",
    "bench_template",
    "BenchFile",
    "BenchHeldError",
    "BenchLimit",
    "BenchLock",
    "check_bench",
    "Coil",
    "CoilSettings",
    "ComplianceError",
    "Connection",
    "CurrentSource",
    "discover",
    "FaultSettings",
    "FieldVector",
    "forget_server",
    "Guarded",
    "GuardedCoil",
    "GuardedPulseGenerator",
    "GuardedSetting",
    "InPlaneField",
    "InstrumentError",
    "InstrumentLostError",
    "InstrumentRole",
    "JunctionArraySettings",
    "LimitError",
    "Limits",
    "LimitSettings",
    "line_attributes",
    "load_faults",
    "LockInSettings",
    "longest_reading",
    "made_amplitudes",
    "Multiplexer",
    "MultiplexerSettings",
    "Nanovoltmeter",
    "NullInstrument",
    "open_bench",
    "open_visa",
    "Oscilloscope",
    "OscilloscopeSettings",
    "OutputRole",
    "PulseGenerator",
    "PulseSettings",
    "PumpProbe",
    "Reading",
    "refuse_held",
    "register_server",
    "Role",
    "Roles",
    "RoleSettings",
    "serve_bench",
    "shipped_benches",
    "SignalPath",
    "Simulation",
    "SourceMeter",
    "StandIn",
    "STEP",
    "Switched",
    "TemperatureController",
    "TemperatureControllerSettings",
    "UNITS",
    "unplugged_bench",
    "UnreachableError",
    "Waveform",
    "WiringSettings",
]
