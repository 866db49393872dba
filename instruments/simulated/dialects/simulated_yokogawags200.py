"""A simulated Yokogawa GS210, feeding a coil."""

from mtjlab.instruments import CoilSettings
from mtjlab.instruments.simulated.dialects.gs200_program import GS200Program, Step
from mtjlab.instruments.simulated.dialects.place import Place
from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["SimulatedYokogawaGS200"]

RANGES = {"CURR": (1e-3, 10e-3, 100e-3, 200e-3), "VOLT": (10e-3, 100e-3, 1.0, 10.0, 30.0)}
"""Full scale of each range [A], [V]; the level reaches 1.2 times it, but for the largest ones."""
AXES = {"perpendicular_coil": "perpendicular_field"}
"""Field that the coil of a role makes; others lie in the plane."""
STEP_ENDED, PROGRAM_ENDED, READY, LOW, HIGH = 0x40, 0x80, 0x100, 0x400, 0x800
"""Bits of the extended event register: end of a step and of a program, ready for one, low and high limiting."""
COIL_RESISTANCE = 10.0
"""Resistance of the coil [Ω]: what a voltage source drives its current through. Chosen here."""


class SimulatedYokogawaGS200(ScpiInstrument):
    """The dc source with a coil at its output, whose field the junction stands in.

    Parameters
    ----------
    place
        Its place on the bench; its section of the bench file has the coil's constant.

    Notes
    -----
    Headers as PyMeasure's and QCoDeS's drivers speak them. A change of the function puts the smallest range, and the
    output off. The bits of the extended event register are those that QCoDeS's driver knows.
    """

    def __init__(self, place: Place) -> None:
        super().__init__("YOKOGAWA,GS210,00000000,2.02", place.wiring.clock)
        self._wiring = place.wiring
        self._axis = AXES.get(place.role, "in_plane_field")
        self._constant = place.settings.constant if isinstance(place.settings, CoilSettings) else 0.0
        self.switch(":OUTPut[:STATe]", False, key="output")
        self.choice(":SOURce:FUNCtion", "VOLTage", ("VOLTage", "CURRent"), key="function")
        self.number(":SOURce:RANGe", 10.0, 1e-3, 30.0, key="range")
        self.number(":SOURce:LEVel[:FIXed]", 0.0, -32.0, 32.0, key="level")
        self.tree.add(":SOURce:LEVel[:FIXed]", Command(set=self._set_level))
        self.number(":SOURce:LEVel:AUTO", 0.0, -32.0, 32.0, key="auto_level")
        self.number(":SOURce:PROTection:VOLTage", 30.0, 1.0, 30.0, key="voltage_limit")
        self.number(":SOURce:PROTection:CURRent", 0.2, 1e-3, 0.2, key="current_limit")
        self.switch(":SENSe[:STATe]", False, key="sensing")
        self.switch(":SENSe:REMote", False)
        self.switch(":SENSe:GUARd", False)
        self.switch(":SENSe:ZERO:AUTO", True)
        self.number(":SENSe:NPLC", 1, 1, 25, key="cycles", integer=True)
        self.number(":SENSe:DELay", 0, 0, 999999, integer=True)
        self.number(":SENSe:INTerval", 0.1, 0.1, 3600.0)
        self.choice(":SENSe:TRIGger", "READy", ("READy", "TIMer", "COMMunicate", "IMMediate"))
        self.choice(":ROUTe:BNCOut", "TRIGger", ("TRIGger", "OUTPut", "READy"))
        self.choice(":ROUTe:BNCIn", "TRIGger", ("TRIGger", "OUTPut"))
        self.query(":SYSTem:LFRequency", lambda: str(round(place.wiring.line_frequency)))
        self.switch(":SYSTem:LOCal", True)
        self.query(":STATus:CONDition", lambda: str(self._condition()))
        self.query(":STATus:EVENt", self._take_event)
        self.number(":STATus:ENABle", 0, 0, 65535, integer=True)
        self._event = 0
        self.program = GS200Program(self, self._take_step)

    def changed(self, key: str) -> None:
        """Check range and level, and let the field follow; while a program is edited, a level is a step of it."""
        settings = self.settings
        ranges = RANGES[str(settings["function"])]
        if key == "function":
            settings["range"], settings["level"], settings["output"] = ranges[0], 0.0, False
        elif key == "range":
            # The smallest range that holds what was asked for.
            fitting = [scale for scale in ranges if scale >= self.value("range") * (1 - 1e-9)]
            if not fitting:
                raise ScpiError(-222)
            settings["range"] = fitting[0]
            if abs(self.value("level")) > self._largest():
                settings["level"] = 0.0
        elif key == "auto_level":
            settings["range"] = next(scale for scale in ranges if scale >= min(abs(self.value(key)), ranges[-1]))
            settings["level"] = settings[key]
        if abs(self.value("level")) > self._largest():
            raise ScpiError(-222)
        self._drive_coil()

    def _drive_coil(self) -> None:
        self._wiring.set_surroundings(**{self._axis: self._current() * self._constant})
        self._event |= self._condition()

    def _set_level(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        level = self.one_number(words, -self._largest(), self._largest())
        if self.program.editing:
            self.program.record(Step(str(self.settings["function"]), self.value("range"), level))
            return
        self.settings["level"] = level
        self.changed("level")

    def handle(self, message: str) -> bytes | None:
        """Carry out one message, a program having gone on meanwhile."""
        if self.program.running and "?" in message and not self.clock.real_time:
            self.program.let_time_pass()
        elif self.program.running:
            self.program.follow()
        return super().handle(message)

    def completed(self) -> None:
        """Tell that a program has ended."""
        self.program.completed()
        self._event |= STEP_ENDED | PROGRAM_ENDED

    def _condition(self) -> int:
        """Give the condition register: whether a limiter acts, and whether it is ready for a program."""
        current, level = self._current(), self.value("level")
        driven = level if self.settings["function"] == "CURR" else level / COIL_RESISTANCE
        limited = bool(self.settings["output"]) and abs(current) < abs(driven) * (1 - 1e-9)
        ready = 0 if self.program.running else READY
        return ready | (0 if not limited else HIGH if driven > 0 else LOW)

    def _take_event(self) -> str:
        event, self._event = self._event, 0
        return str(event)

    def clear(self) -> None:
        """Empty the error queue and forget all events."""
        super().clear()
        self._event = 0

    def _take_step(self, step: Step) -> None:
        """Take a step of a program, whose function must be the one chosen."""
        if step.function != self.settings["function"]:
            raise ScpiError(-221)
        self.settings |= {"range": step.scale, "level": step.level}
        self._drive_coil()

    def _largest(self) -> float:
        scale = self.value("range")
        return 1.2 * scale if scale not in (200e-3, 30.0) else (scale if scale < 1 else 32.0)

    def _current(self) -> float:
        if not self.settings["output"]:
            return 0.0
        level = self.value("level")
        if self.settings["function"] == "CURR":
            limit = self.value("voltage_limit") / COIL_RESISTANCE
        else:
            level, limit = level / COIL_RESISTANCE, self.value("current_limit")
        return max(-limit, min(limit, level))
