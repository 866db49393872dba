"""A simulated Agilent 33500: longer pulses, with its own words for the same things."""

from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.dialects.simulated_function_generator import SimulatedFunctionGenerator
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError

__all__ = ["SimulatedAgilent33500"]

OPEN = 9.9e37
"""Load that stands for an open end."""


class SimulatedAgilent33500(SimulatedFunctionGenerator):
    """The two-channel function generator with 8.4 ns edges.

    Parameters
    ----------
    place
        Its place on the bench; the trigger line of its cables reaches the external trigger input.

    Notes
    -----
    Ranges as PyMeasure states them. ``:SOURce1`` may be left out.
    """

    def __init__(self, place: Place) -> None:
        super().__init__("Agilent Technologies,33522A,MY00000000,2.03-1.19-2.00-52-00", place)
        source = "[:SOURce#]"
        shapes = ("SINusoid", "SQUare", "TRIangle", "RAMP", "PULSe", "PRBS", "NOISe", "ARB", "DC")
        self.choice(f"{source}:FUNCtion[:SHAPe]", "SINusoid", shapes, key="shape")
        self.number(f"{source}:VOLTage:HIGH", 0.05, -9.998, 10.0, key="high", unit="V")
        self.number(f"{source}:VOLTage:LOW", -0.05, -10.0, 9.998, key="low", unit="V")
        self.number(f"{source}:VOLTage:LIMit:HIGH", 10.0, -10.0, 10.0, key="limit_high", unit="V")
        self.number(f"{source}:VOLTage:LIMit:LOW", -10.0, -10.0, 10.0, key="limit_low", unit="V")
        self.switch(f"{source}:VOLTage:LIMit:STATe", False, key="limited")
        self.number(f"{source}:FUNCtion:PULSe:WIDTh", 1e-4, 16e-9, 1e6, key="width", unit="S")
        self.number(f"{source}:FUNCtion:PULSe:PERiod", 1e-3, 33e-9, 1e6, key="period", unit="S")
        self.number(f"{source}:FUNCtion:PULSe:TRANsition[:BOTH]", 1e-8, 8.4e-9, 1e-6, key="edge", unit="S")
        self.switch(f"{source}:BURSt:STATe", False, key="bursting")
        self.choice(f"{source}:BURSt:MODE", "TRIGgered", ("TRIGgered", "GATed"))
        self.number(f"{source}:BURSt:NCYCles", 1, 1, 100000, key="burst", integer=True)
        self.choice(":TRIGger#:SOURce", "IMMediate", ("IMMediate", "EXTernal", "TIMer", "BUS"), key="source")
        self.choice(":TRIGger#:SLOPe", "POSitive", ("POSitive", "NEGative"))
        self.number(":OUTPut#:LOAD", 50.0, 1.0, OPEN, key="load", unit="OHM")
        self.choice(":OUTPut#:POLarity", "NORMal", ("NORMal", "INVerted"), key="polarity")
        self.switch(":OUTPut#[:STATe]", False, key="output")
        self.switch(":OUTPut:TRIGger[:STATe]", False)
        self.action(":SYSTem:BEEPer[:IMMediate]", lambda: None)

    def changed(self, key: str) -> None:
        """Refuse levels that the instrument can not give, and loads between 10 kΩ and an open end."""
        if key[:-1] == "load" and 1e4 < self.value(key) < OPEN:
            raise ScpiError(-222)
        self.check_levels(key)

    def armed(self, source: str) -> bool:
        """Whether channel 1 waits for a trigger from this source; one on the bus is what ``*TRG`` sends."""
        return bool(self.settings["bursting1"]) and self.settings["source1"] == {"MAN": "BUS"}.get(source, source)
