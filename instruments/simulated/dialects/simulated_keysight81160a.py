"""A simulated Keysight 81160A: pulses on a trigger, on command, or by itself; user waveforms in its memory."""

import re
from collections.abc import Iterable

from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_function_generator import SimulatedFunctionGenerator, TimeRange
from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_block
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["UserWaveforms", "SimulatedKeysight81160A"]

SLOTS = 4
"""Waveforms that the non-volatile memory of a channel holds."""
BUILT_IN = ("EXP_RISE", "EXP_FALL", "NEG_RAMP", "SINC", "CARDIAC")


class UserWaveforms:
    """The waveforms of an 81160A's two channels.

    Parameters
    ----------
    instrument
        Its commands are entered there.
    """

    def __init__(self, instrument: ScpiInstrument) -> None:
        self.volatile = dict.fromkeys((1, 2), b"")
        """Waveform that each channel was sent, 16 bits a point."""
        self.kept: dict[int, dict[str, bytes]] = {1: {}, 2: {}}
        """Waveforms of each channel by their names."""
        self._chosen = dict.fromkeys((1, 2), "VOLATILE")
        add = instrument.tree.add
        add(":DATA#:DAC", Command(set=self._send))
        add(":DATA#:COPY", Command(set=self._copy))
        add(":DATA#:DELete[:NAME]", Command(set=self._delete))
        add(":DATA#:CATalog", Command(get=lambda suffixes, words: _listed(self._names(_channel(suffixes)))))
        kept = Command(get=lambda suffixes, words: _listed(self.kept[_channel(suffixes)]))
        add(":DATA#:NVOLatile:CATalog", kept)
        add(":DATA#:NVOLatile:FREE", Command(get=lambda suffixes, words: str(self._free(_channel(suffixes)))))
        add(":FUNCtion#:USER", Command(set=self._choose, get=lambda suffixes, words: self._chosen[_channel(suffixes)]))

    def _names(self, channel: int) -> list[str]:
        return ["VOLATILE"] * bool(self.volatile[channel]) + [*BUILT_IN, *self.kept[channel]]

    def _free(self, channel: int) -> int:
        return SLOTS - len(self.kept[channel])

    def _send(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        """Take ``VOLATILE,`` and a block of 16-bit values, or values one by one."""
        channel = _channel(suffixes)
        if len(words) < 2:
            raise ScpiError(-109)
        if words[0].upper() != "VOLATILE":
            raise ScpiError(-224)
        if not words[1].startswith("#"):
            raise ScpiError(-161)
        if len(words) > 2:
            raise ScpiError(-108)
        block = parse_block(words[1])
        if len(block) % 2:
            raise ScpiError(-161)
        self.volatile[channel] = block

    def _copy(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        """Keep what was sent under a name."""
        channel = _channel(suffixes)
        if not 1 <= len(words) <= 2:
            raise ScpiError(-108 if words else -109)
        name = words[0].upper()
        if not re.fullmatch(r"[A-Z]\w{0,11}", name) or name in BUILT_IN or words[1:] not in ([], ["VOLATILE"]):
            raise ScpiError(-224)
        if not self.volatile[channel]:
            raise ScpiError(-230)
        if name not in self.kept[channel] and not self._free(channel):
            raise ScpiError(-225)
        self.kept[channel][name] = self.volatile[channel]

    def _delete(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        if len(words) != 1:
            raise ScpiError(-108 if words else -109)
        if self.kept[_channel(suffixes)].pop(words[0].upper(), None) is None:
            raise ScpiError(-224)

    def _choose(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        if len(words) != 1:
            raise ScpiError(-108 if words else -109)
        channel = _channel(suffixes)
        if words[0].upper() not in ("VOLATILE", *self._names(channel)):
            raise ScpiError(-224)
        self._chosen[channel] = words[0].upper()


def _channel(suffixes: tuple[int, ...]) -> int:
    channel = suffixes[0] if suffixes else 1
    if channel not in (1, 2):
        raise ScpiError(-114)
    return channel


def _listed(names: Iterable[str]) -> str:
    return ",".join(f'"{name}"' for name in names) or '""'


SHAPES = {
    "SINusoid": "SIN", "SQUare": "SQU", "RAMP": "RAMP", "PULSe": "PULS", "NOISe": "NOIS", "DC": "DC", "USER": "USER",
}  # fmt: skip


class SimulatedKeysight81160A(SimulatedFunctionGenerator):
    """The two-channel pulse generator.

    Parameters
    ----------
    context
        What the bench gives it; the trigger line of its cables reaches the external arm input.

    Notes
    -----
    Headers and ranges after the Keysight 81160A user's guide as PyMeasure states them; the shortest period is the
    3.03 ns of the guide (330 MHz), not PyMeasure's 2 ns. Levels that the user's limits refuse switch the output off.
    """

    REACH, SWING = 5.0, (0.05, 5.0)

    def __init__(self, context: InstrumentContext) -> None:
        self.time = TimeRange(width=1.5e-9, edge=1e-9, period=1e6)
        self.fastest = {"SIN": 500e6, "": 330e6}
        super().__init__("Agilent Technologies,81160A,MY00000000,1.0.3.0-2.6", context)
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
