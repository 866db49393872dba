"""A simulated Keysight 81160A: pulses on a trigger or on command."""

from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.dialects.simulated_function_generator import SimulatedFunctionGenerator
from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_block

__all__ = ["SimulatedKeysight81160A"]


class SimulatedKeysight81160A(SimulatedFunctionGenerator):
    """The two-channel pulse generator.

    Parameters
    ----------
    place
        Its place on the bench; the trigger line of its cables reaches the external arm input.

    Notes
    -----
    Ranges after the Keysight 81160A user's guide as PyMeasure states them; the shortest period is the 3.03 ns
    of the guide (330 MHz), not PyMeasure's 2 ns.
    """

    def __init__(self, place: Place) -> None:
        super().__init__("Agilent Technologies,81160A,MY00000000,1.0.3.0-2.6", place)
        self.number(":VOLTage#:HIGH", 0.5, -4.95, 5.0, key="high", unit="V")
        self.number(":VOLTage#:LOW", -0.5, -5.0, 4.95, key="low", unit="V")
        self.number(":VOLTage#:LIMit:HIGH", 10.0, -9.99, 10.0, key="limit_high", unit="V")
        self.number(":VOLTage#:LIMit:LOW", -10.0, -10.0, 9.99, key="limit_low", unit="V")
        self.switch(":VOLTage#:LIMit:STATe", False, key="limited")
        shapes = ("SINusoid", "SQUare", "RAMP", "PULSe", "NOISe", "DC", "USER")
        self.choice(":FUNCtion#[:SHAPe]", "SINusoid", shapes, key="shape")
        self.number(":PULSe:WIDTh#", 100e-6, 1.5e-9, 1e6, key="width", unit="S")
        self.number(":PULSe:PERiod#", 1e-3, 3.03e-9, 1e6, key="period", unit="S")
        self.number(":FUNCtion#:PULSe:TRANsition[:LEADing]", 1e-9, 1e-9, 1e3, key="edge", unit="S")
        self.number(":OUTPut#:LOAD", 50.0, 0.3, 1e6, key="load", unit="OHM")
        self.choice(":OUTPut#:POLarity", "NORMal", ("NORMal", "INVerted"), key="polarity")
        self.switch(":OUTPut#[:STATe]", False, key="output")
        self.choice(":ARM:SOURce#", "IMMediate", ("IMMediate", "INTernal2", "EXTernal", "MANual"), key="arm")
        self.choice(":ARM:SLOPe#", "POSitive", ("POSitive", "NEGative", "EITHer"))
        self.number(":ARM:LEVel#", 1.0, -10.0, 10.0, unit="V")
        self.number(":TRIGger#:COUNt", 1, 1, 2147483647, key="burst", integer=True)
        self.waveforms = dict.fromkeys((1, 2), b"")
        """Waveform that each channel was sent."""
        self.tree.add(":DATA#:DAC", Command(set=self._set_waveform))

    def changed(self, key: str) -> None:
        """Refuse levels that the instrument can not give, and switch the output off."""
        try:
            self.check_levels(key)
        except ScpiError:
            self.settings[f"output{key[-1]}"] = False
            raise

    def armed(self, source: str) -> bool:
        """Whether the arm source of channel 1 is this one."""
        return self.settings["arm1"] == source

    def _set_waveform(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        """Take ``VOLATILE,`` and a block of 16-bit values."""
        if suffixes[0] not in self.waveforms:
            raise ScpiError(-114)
        if len(words) != 2:
            raise ScpiError(-109 if len(words) < 2 else -108)
        if words[0].upper() != "VOLATILE":
            raise ScpiError(-224)
        block = parse_block(words[1])
        if len(block) % 2:
            raise ScpiError(-161)
        self.waveforms[suffixes[0]] = block
