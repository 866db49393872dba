"""A simulated Keysight 81160A: pulses on a trigger, on command, or by itself."""

from mtjlab.instruments.simulated.dialects.generator_timing import TimeRange
from mtjlab.instruments.simulated.dialects.generator_waveforms import UserWaveforms
from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.dialects.simulated_function_generator import SimulatedFunctionGenerator
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError

__all__ = ["SimulatedKeysight81160A"]

SHAPES = {
    "SINusoid": "SIN", "SQUare": "SQU", "RAMP": "RAMP", "PULSe": "PULS", "NOISe": "NOIS", "DC": "DC", "USER": "USER",
}  # fmt: skip


class SimulatedKeysight81160A(SimulatedFunctionGenerator):
    """The two-channel pulse generator.

    Parameters
    ----------
    place
        Its place on the bench; the trigger line of its cables reaches the external arm input.

    Notes
    -----
    Headers and ranges after the Keysight 81160A user's guide as PyMeasure states them; the shortest period is the
    3.03 ns of the guide (330 MHz), not PyMeasure's 2 ns. Levels that the user's limits refuse switch the output off.
    """

    REACH, SWING = 5.0, (0.05, 5.0)

    def __init__(self, place: Place) -> None:
        self.time = TimeRange(width=1.5e-9, edge=1e-9, period=1e6)
        self.fastest = {"SIN": 500e6, "": 330e6}
        super().__init__("Agilent Technologies,81160A,MY00000000,1.0.3.0-2.6", place)
        self._enter_levels()
        self._enter_times()
        self._enter_triggers()
        self.choice("[:SOURce]:FUNCtion#[:SHAPe]", "SINusoid", tuple(SHAPES), key="shape")
        self.number("[:SOURce]:FUNCtion#:SQUare:DCYCle", 50.0, 1e-4, 99.9999, unit="PCT")
        self.number("[:SOURce]:FUNCtion#:RAMP:SYMMetry", 100.0, 0.0, 100.0, unit="PCT")
        self.number(":PHASe#[:ADJust]", 0.0, -360.0, 360.0, unit="DEG")
        for pattern in (":OUTPut#:LOAD", ":OUTPut#:IMPedance:EXTernal"):
            self.number(pattern, 50.0, 0.3, 1e6, key="load", unit="OHM")
        self.number(":OUTPut#:IMPedance[:INTernal]", 50.0, 5.0, 50.0, unit="OHM")
        self.choice(":OUTPut#:POLarity", "NORMal", ("NORMal", "INVerted"), key="polarity")
        self.switch(":OUTPut#:COMPlement", False)
        self.switch(":OUTPut#[:STATe]", False, key="output")
        self.switch(":TRACk:CHANnel#", False)
        self.switch(":DISPlay", True)
        self.choice(":FORMat:BORDer", "NORMal", ("NORMal", "SWAPped"))
        self.action(":SYSTem:BEEPer[:IMMediate]", lambda: None)
        self.enter_apply(":APPLy#", SHAPES)
        self.user_waveforms = UserWaveforms(self)

    def _enter_levels(self) -> None:
        source = "[:SOURce]:VOLTage#"
        self.number(f"{source}[:LEVel][:IMMediate][:AMPLitude]", 1.0, 0.0, 10.0, key="amplitude", unit="V")
        self.number(f"{source}[:LEVel][:IMMediate]:OFFSet", 0.0, -10.0, 10.0, key="offset", unit="V")
        self.number(f"{source}[:LEVel][:IMMediate]:HIGH", 0.5, -4.95, 5.0, key="high", unit="V")
        self.number(f"{source}[:LEVel][:IMMediate]:LOW", -0.5, -5.0, 4.95, key="low", unit="V")
        self.choice(f"{source}:UNIT", "VPP", ("VPP", "VRMS", "DBM"))
        self.number(f"{source}:LIMit:HIGH", 10.0, -9.99, 10.0, key="limit_high", unit="V")
        self.number(f"{source}:LIMit:LOW", -10.0, -10.0, 9.99, key="limit_low", unit="V")
        self.switch(f"{source}:LIMit:STATe", False, key="limited")

    def _enter_times(self) -> None:
        self.number("[:SOURce]:FREQuency#[:CW]", 1e3, 1e-6, 500e6, key="frequency", unit="HZ")
        for pattern in ("[:SOURce]:PULSe:{}#", "[:SOURce]:FUNCtion#:PULSe:{}"):
            self.number(pattern.format("PERiod"), 1e-3, 3.03e-9, 1e6, key="period", unit="S")
            self.number(pattern.format("WIDTh"), 100e-6, 1.5e-9, 1e6, key="width", unit="S")
            self.number(pattern.format("DCYCle"), 10.0, 0.0, 100.0, key="duty", unit="PCT")
            self.number(pattern.format("DELay"), 0.0, 0.0, 1e6, key="delay", unit="S")
            self.choice(pattern.format("HOLD"), "WIDTh", ("WIDTh", "DCYCle"), key="hold")
        for pattern in ("[:SOURce]:FUNCtion#:PULSe:TRANsition", "[:SOURce]:PULSe:TRANsition#"):
            self.number(f"{pattern}[:LEADing]", 1e-9, 1e-9, 1e3, key="edge", unit="S")
            self.number(f"{pattern}:TRAiling", 1e-9, 1e-9, 1e3, key="fall", unit="S")
            self.switch(f"{pattern}:TRAiling:AUTO", True, key="same_edges")

    def _enter_triggers(self) -> None:
        self.choice(":ARM:SOURce#", "IMMediate", ("IMMediate", "INTernal2", "EXTernal", "MANual"), key="arm")
        self.choice(":ARM:SLOPe#", "POSitive", ("POSitive", "NEGative", "EITHer"))
        self.choice(":ARM:SENSe#", "EDGE", ("EDGE", "LEVel"))
        self.number(":ARM:LEVel#", 1.0, -10.0, 10.0, unit="V")
        self.number(":ARM:IMPedance", 10e3, 50.0, 10e3, unit="OHM")
        self.number(":ARM:PERiod#", 1e-2, 3.03e-9, 1e6, key="burst_period", unit="S")
        self.number(":TRIGger#:COUNt", 1, 1, 2147483647, key="burst", integer=True)
        self.number("[:SOURce]:BURSt#:NCYCles", 1, 2, 2147483647, key="burst", integer=True)
        self.switch("[:SOURce]:BURSt#:STATe", False, key="bursting")
        self.choice("[:SOURce]:BURSt#:MODE", "TRIGgered", ("TRIGgered", "GATed"))
        self.number("[:SOURce]:BURSt#:PHASe", 0.0, -360.0, 360.0, unit="DEG")
        self.number("[:SOURce]:BURSt#:INTernal:PERiod", 1e-2, 3.03e-9, 1e6, key="burst_period", unit="S")

    def changed(self, key: str) -> None:
        """Refuse levels beyond the user's limits, and switch the output off; edges follow each other."""
        name, channel = key[:-1], key[-1]
        if name in ("edge", "same_edges") and self.settings[f"same_edges{channel}"]:
            self.settings[f"fall{channel}"] = self.settings[f"edge{channel}"]
        elif name == "fall":
            self.settings[f"same_edges{channel}"] = False
        elif name == "burst" and self.value(key) > 1:
            self.settings[f"bursting{channel}"] = True
        try:
            super().changed(key)
        except ScpiError as error:
            if error.number == -221:
                self.settings[f"output{channel}"] = False
                super().changed(f"output{channel}")
            raise

    def armed(self, source: str) -> bool:
        """Whether the arm source of channel 1 is this one."""
        return self.settings["arm1"] == source

    def free_run(self) -> tuple[float, int] | None:
        """Give a pulse a period without an arm source, a burst each time of the internal one."""
        if self.settings["arm1"] == "IMM":
            return self.value("period1"), 1
        return (self.value("burst_period1"), self.burst) if self.settings["arm1"] == "INT2" else None

    def apply_runs(self, channel: str) -> None:
        """Let a channel run freely."""
        self.settings.update({f"arm{channel}": "IMM", f"bursting{channel}": False, f"burst{channel}": 1.0})
