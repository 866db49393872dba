"""The same table made of software: the device, SCPI instruments on loopback, and their wiring.

For the device alone: `load_device`, `Effects`, `Pulse`, `switching_probability`, `Macrospin`, `DwellTime`, `Rates`,
`SwitchingTable`. For whole benches: `SimulatedBench`, `open_direct_bench`. For an instrument of your own:
`ScpiInstrument`, `InstrumentContext`, `Wiring`. The names are imported when they are first used.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
