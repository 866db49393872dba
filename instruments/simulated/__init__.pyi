from .bar.bar_macrospin import BarMacrospin as BarMacrospin
from .bar.bar_voltages import BarVoltages as BarVoltages
from .bar.draw_bars import draw_bars as draw_bars
from .bar.landscape import Landscape as Landscape
from .bar.simulated_bar import Harmonics as Harmonics
from .bar.simulated_bar import SimulatedBar as SimulatedBar
from .device.bar_parameters import BarParameters as BarParameters
from .device.device import Device as Device
from .device.device import load_device as load_device
from .device.device_file import DeviceModel as DeviceModel
from .device.device_file import load_bar as load_bar
from .device.device_file import load_device_file as load_device_file
from .device.device_parameters import Drift as Drift
from .device.draw_devices import draw_devices as draw_devices
from .device.effects import Effects as Effects
from .device.free_layer import EnergyLandscape as EnergyLandscape
from .device.free_layer import FreeLayer as FreeLayer
from .device.pulse import DeliveredPulse as DeliveredPulse
from .device.pulse import HoldInterval as HoldInterval
from .device.pulse import Pulse as Pulse
from .device.readout import Readout as Readout
from .device.state import State as State
from .device_bits import DeviceBits as DeviceBits
from .dialects.instrument_context import InstrumentContext as InstrumentContext
from .direct_bench import open_direct_bench as open_direct_bench
from .electrics.telegraph import Telegraph as Telegraph
from .electrics.wear_and_drift import SlowDrift as SlowDrift
from .junction.conditions import Surroundings as Surroundings
from .junction.fidelities import MacrospinJunction as MacrospinJunction
from .junction.fidelities import RatesJunction as RatesJunction
from .junction.fidelities import TabulatedJunction as TabulatedJunction
from .junction.state_chain import StateChain as StateChain
from .junction.switching_node import NodeFile as NodeFile
from .junction.switching_table import SwitchingTable as SwitchingTable
from .macrospin.dwell_time import DwellTime as DwellTime
from .macrospin.macrospin import Macrospin as Macrospin
from .macrospin.switching_probability import CountedProbability as CountedProbability
from .macrospin.switching_probability import switching_probability as switching_probability
from .rates.in_plane_field import saddle_factor as saddle_factor
from .rates.rates import Rates as Rates
from .rates.rates import slowest_relaxation as slowest_relaxation
from .scpi.scpi_instrument import ScpiInstrument as ScpiInstrument
from .scpi.scpi_server import ScpiServer as ScpiServer
from .scpi.scpi_status import ScpiError as ScpiError
from .simulated_bench import SimulatedBench as SimulatedBench
from .three_terminal import ThreeTerminalJunction as ThreeTerminalJunction
from .wiring import Wiring as Wiring

__all__ = [
    "BarMacrospin",
    "BarParameters",
    "BarVoltages",
    "CountedProbability",
    "DeliveredPulse",
    "Device",
    "DeviceBits",
    "DeviceModel",
    "draw_bars",
    "draw_devices",
    "Drift",
    "DwellTime",
    "Effects",
    "EnergyLandscape",
    "FreeLayer",
    "Harmonics",
    "HoldInterval",
    "InstrumentContext",
    "Landscape",
    "load_bar",
    "load_device",
    "load_device_file",
    "Macrospin",
    "MacrospinJunction",
    "NodeFile",
    "open_direct_bench",
    "Pulse",
    "Rates",
    "RatesJunction",
    "Readout",
    "saddle_factor",
    "ScpiError",
    "ScpiInstrument",
    "ScpiServer",
    "SimulatedBar",
    "SimulatedBench",
    "SlowDrift",
    "slowest_relaxation",
    "State",
    "StateChain",
    "Surroundings",
    "switching_probability",
    "SwitchingTable",
    "TabulatedJunction",
    "Telegraph",
    "ThreeTerminalJunction",
    "Wiring",
]
