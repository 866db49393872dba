"""The program of a Yokogawa GS200: levels that it takes one after the other, each along a slope."""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["GS200Program", "Step"]


class Step(NamedTuple):
    """What the source is to give."""

    function: str
    scale: float
    level: float


@dataclasses.dataclass(frozen=True)
class _Run:
    """A program that runs."""

    steps: tuple[Step, ...]
    start: float
    """Level before it [A] or [V]."""
    began: float
    """Instant [s]."""
    interval: float
    slope: float
    repeats: bool

    def step_at(self, instant: float) -> Step:
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

    def __init__(self, instrument: ScpiInstrument, take: Callable[[Step], None]) -> None:
        self._instrument, self._take = instrument, take
        self.steps: list[Step] = []
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

    def record(self, step: Step) -> None:
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
