from .bench import (Bench as Bench, StandIn as StandIn)
from .bench.allowed_range import (PulseSettings as PulseSettings, allowed_range as allowed_range, made_amplitudes as made_amplitudes)
from .bench.check import check_bench as check_bench
from .bench.fault_settings import (FaultSettings as FaultSettings, load_faults as load_faults)
from .bench.file import (BenchFile as BenchFile, Simulation as Simulation, shipped_benches as shipped_benches)
from .bench.in_plane_field import (FieldVector as FieldVector, InPlaneField as InPlaneField)
from .bench.lock import (BenchHeldError as BenchHeldError, BenchLock as BenchLock, bench_lock as bench_lock, refuse_held as refuse_held)
from .bench.null_bench import unplugged_bench as unplugged_bench
from .bench.opening import (open_bench as open_bench, serve_bench as serve_bench)
from .bench.pump_probe import PumpProbe as PumpProbe
from .bench.schema import bench_schema as bench_schema
from .bench.sections import (Limits as Limits, Roles as Roles, UNITS as UNITS)
from .bench.template import bench_template as bench_template
from .drivers.adapter import Adapter as Adapter
from .drivers.yokogawags200 import STEP as STEP
from .instrument_error import (ComplianceError as ComplianceError, InstrumentError as InstrumentError, InstrumentLostError as InstrumentLostError, UnreachableError as UnreachableError)
from .roles.coil import (Coil as Coil, CoilSettings as CoilSettings, GuardedCoil as GuardedCoil)
from .roles.current_source import CurrentSource as CurrentSource
from .roles.lock_in import LockInSettings as LockInSettings
from .roles.multiplexer import (Multiplexer as Multiplexer, MultiplexerSettings as MultiplexerSettings)
from .roles.nanovoltmeter import Nanovoltmeter as Nanovoltmeter
from .roles.oscilloscope import (Oscilloscope as Oscilloscope, OscilloscopeSettings as OscilloscopeSettings, Waveform as Waveform)
from .roles.pulse_generator import (GuardedPulseGenerator as GuardedPulseGenerator, PulseGenerator as PulseGenerator)
from .roles.role import (GuardedSetting as GuardedSetting, InstrumentRole as InstrumentRole, NullInstrument as NullInstrument, OutputRole as OutputRole, Role as Role)
from .roles.source_meter import (Reading as Reading, SourceMeter as SourceMeter)
from .roles.temperature_controller import (TemperatureController as TemperatureController, TemperatureControllerSettings as TemperatureControllerSettings)
from .safety.guard import (Guarded as Guarded, Switched as Switched)
from .safety.limits import (BenchLimit as BenchLimit, LimitError as LimitError, LimitSettings as LimitSettings)
from .safety.mains import longest_reading as longest_reading
from .safety.signal_path import SignalPath as SignalPath
from .settings.bar_mounting import BarMounting as BarMounting
from .settings.role_settings import (RoleSettings as RoleSettings, line_attributes as line_attributes)
from .settings.wiring import WiringSettings as WiringSettings
from .visa import open_visa as open_visa
from .visa.answers import answered_number as answered_number
from .visa.connection import Connection as Connection
from .visa.discovery import discover as discover
from .visa.own_servers import (forget_server as forget_server, register_server as register_server)

__all__ = ["Adapter", "allowed_range", "answered_number", "BarMounting", "Bench", "bench_lock", "bench_schema", "bench_template", "BenchFile", "BenchHeldError", "BenchLimit", "BenchLock", "check_bench", "Coil", "CoilSettings", "ComplianceError", "Connection", "CurrentSource", "discover", "FaultSettings", "FieldVector", "forget_server", "Guarded", "GuardedCoil", "GuardedPulseGenerator", "GuardedSetting", "InPlaneField", "InstrumentError", "InstrumentLostError", "InstrumentRole", "LimitError", "Limits", "LimitSettings", "line_attributes", "load_faults", "LockInSettings", "longest_reading", "made_amplitudes", "Multiplexer", "MultiplexerSettings", "Nanovoltmeter", "NullInstrument", "open_bench", "open_visa", "Oscilloscope", "OscilloscopeSettings", "OutputRole", "PulseGenerator", "PulseSettings", "PumpProbe", "Reading", "refuse_held", "register_server", "Role", "Roles", "RoleSettings", "serve_bench", "shipped_benches", "SignalPath", "Simulation", "SourceMeter", "StandIn", "STEP", "Switched", "TemperatureController", "TemperatureControllerSettings", "UNITS", "unplugged_bench", "UnreachableError", "Waveform", "WiringSettings",]
