"""A simulated Yokogawa GS210, feeding a coil, with its program of levels and slopes."""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

from mtjlab.core import InputError
from mtjlab.instruments import CoilSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["GS200Program", "ProgramStep", "SimulatedYokogawaGS200"]


class ProgramStep(NamedTuple):
    """What the source is to give."""

    function: str
    scale: float
    level: float


@dataclasses.dataclass(frozen=True)
class _Run:
    """A program that runs."""

    steps: tuple[ProgramStep, ...]
    start: float
    """Level before it [A] or [V]."""
    began: float
    """Instant [s]."""
    interval: float
    slope: float
    repeats: bool

    def step_at(self, instant: float) -> ProgramStep:
        """Give the step at an instant, its level as far along its slope as it is then."""
        count, since = len(self.steps), max(instant - self.began, 0.0)
        number = int(since / self.interval)
        if number >= count and not self.repeats:
            return self.steps[-1]
        step = self.steps[number % count]
        before = self.steps[(number - 1) % count].level if number else self.start
        share = min(1.0, (since - number * self.interval) / self.slope) if self.slope else 1.0
        return step._replace(level=before + (step.level - before) * share)


class GS200Program:
    """The `:PROGram` commands.

    Parameters
    ----------
    instrument
        Its commands are entered there.
    take
        Lets the source give a step; raises `ScpiError` where it cannot.

    Notes
    -----
    Between ``:PROGram:EDIT:STARt`` and ``:PROGram:EDIT:END`` a level that is set is a step of the program and not the
    output's. A program that ends sets bit 7 of the extended event register (QCoDeS's driver waits for it).
    """

    def __init__(self, instrument: ScpiInstrument, take: Callable[[ProgramStep], None]) -> None:
        self._instrument, self._take = instrument, take
        self.steps: list[ProgramStep] = []
        self.editing = False
        """Whether levels that are set become steps."""
        self._run: _Run | None = None
        instrument.number(":PROGram:INTerval", 1.0, 0.1, 3600.0, key="program_interval")
        instrument.number(":PROGram:SLOPe", 1.0, 0.0, 3600.0, key="program_slope")
        instrument.switch(":PROGram:REPeat", False, key="program_repeat")
        instrument.choice(":PROGram:TRIGger", "NORMal", ("NORMal", "MEND"))
        instrument.number(":PROGram:COUNt", 1, 1, 10000, integer=True)
        instrument.text(":PROGram:LOAD", "", 64, key="program_file")
        instrument.command(":PROGram:SAVE", lambda words: None)
        instrument.action(":PROGram:EDIT:STARt", self._begin_editing)
        instrument.action(":PROGram:EDIT:END", self._end_editing)
        instrument.action(":PROGram:RUN", self._start)
        instrument.action(":PROGram:CONTinue", self._start)
        for word in ("HOLD", "PAUSe"):
            instrument.action(f":PROGram:{word}", self.stop)

    @property
    def running(self) -> bool:
        """Whether a program runs."""
        return self._run is not None

    def record(self, step: ProgramStep) -> None:
        """Add a step."""
        self.steps.append(step)

    def follow(self) -> None:
        """Let the source be where the program is by now."""
        if self._instrument.busy or (self._run is not None and self._run.repeats):
            assert self._run is not None
            self._take(self._run.step_at(self._instrument.clock.now))

    def let_time_pass(self) -> None:
        """Let who asks see something happen where nothing but questions makes time pass: the end, or the next step."""
        if self._run is not None and self._run.repeats:
            self._instrument.clock.wait(self._run.interval)
            self.follow()
        else:
            self._instrument.finish()

    def stop(self) -> None:
        """Stay where it is."""
        self.follow()
        self._run = None
        self._instrument.abort()

    def completed(self) -> None:
        """Come to the last level."""
        run, self._run = self._run, None
        if run is not None:
            self._take(run.steps[-1])

    def _begin_editing(self) -> None:
        self.steps.clear()
        self.editing = True

    def _end_editing(self) -> None:
        self.editing = False

    def _start(self) -> None:
        instrument = self._instrument
        if not self.steps or self.editing:
            raise ScpiError(-221)
        instrument.abort()
        settings = [instrument.value(key) for key in ("level", "program_interval", "program_slope")]
        repeats = bool(instrument.settings["program_repeat"])
        start, interval, slope = settings
        self._run = _Run(tuple(self.steps), start, instrument.clock.now, interval, slope, repeats)
        if not repeats:
            instrument.begin(len(self.steps) * interval)
        self.follow()


RANGES = {"CURR": (1e-3, 10e-3, 100e-3, 200e-3), "VOLT": (10e-3, 100e-3, 1.0, 10.0, 30.0)}
"""Full scale of each range [A], [V]; the level reaches 1.2 times it, but for the largest ones."""
AXES = {"perpendicular_coil": "perpendicular_field", "coil_y": "field_y"}
"""Field that the coil of a role makes; that of any other lies in the plane, along x."""
STEP_ENDED, PROGRAM_ENDED, READY, LOW, HIGH = 0x40, 0x80, 0x100, 0x400, 0x800
"""Bits of the extended event register: end of a step and of a program, ready for one, low and high limiting."""
COIL_RESISTANCE = 10.0
"""Resistance of the coil [Ω]: what a voltage source drives its current through. Chosen here."""


class SimulatedYokogawaGS200(ScpiInstrument):
    """The dc source with a coil at its output, whose field the junction stands in.

    Parameters
    ----------
    context
        What the bench gives it; its section of the bench file has the coil's constant.

    Notes
    -----
    Headers as PyMeasure's and QCoDeS's drivers speak them. A change of the function puts the smallest range, and the
    output off. The bits of the extended event register are those that QCoDeS's driver knows.
    """

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("YOKOGAWA,GS210,00000000,2.02", context.wiring.clock)
        self._wiring = context.wiring
        self._axis = AXES.get(context.role, "in_plane_field")
        if self._axis == "field_y" and context.bar is None:
            raise InputError(
                f"[roles.{context.role}]: the simulated junction has no field along y; take this coil off the bench, "
                "or name a bar as [simulation] device"
            )
        self._constant = context.settings.constant if isinstance(context.settings, CoilSettings) else 0.0
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
        self.query(":SYSTem:LFRequency", lambda: str(round(context.wiring.line_frequency)))
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
            self.program.record(ProgramStep(str(self.settings["function"]), self.value("range"), level))
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

    def _take_step(self, step: ProgramStep) -> None:
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
