"""What all simulated instruments share: messages carried out, the common commands, status, settings, time."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from mtjlab.instruments import FaultSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.scpi.command_tree import Command, CommandTree
from mtjlab.instruments.simulated.scpi.scpi_message import split_units, split_words
from mtjlab.instruments.simulated.scpi.scpi_settings import ScpiSettings
from mtjlab.instruments.simulated.scpi.scpi_status import OPERATION_COMPLETE, SERVICE, ScpiError, ScpiStatus

__all__ = ["ScpiInstrument"]

Unit = tuple[Callable[[tuple[int, ...], list[str]], str | bytes | None], tuple[int, ...], list[str]]

MEMORY = 4096
"""Messages that are remembered in parsed form; a client that sends nonsense must not fill the memory."""
LONGEST_REMEMBERED = 200
"""Characters of the longest message remembered."""


class ScpiInstrument(ScpiSettings):
    """An instrument that understands SCPI.

    A dialect enters its commands in `__init__`: `number`, `choice`, `switch` and `text` for settings that are set and
    read back, `action` and `query` for the rest, `command` where there are parameters. It overrides `changed` where a
    setting has consequences, `trigger` where ``*TRG`` does something, `reset` where there is more than settings.

    Parameters
    ----------
    identity
        Answer to ``*IDN?``: maker, model, serial number, firmware.
    clock
        Clock of the bench.
    """

    scpi: ClassVar[bool] = True
    """Whether it has SCPI's system and status commands, beyond the common ones of IEEE 488.2."""
    termination: ClassVar[bytes] = b"\n"
    """What ends its answers."""
    gives_up: ClassVar[bool] = True
    """Whether the rest of a message is discarded after an error in it, as IEEE 488.2 has it."""
    measures: ClassVar[bool] = False
    """Whether it takes readings, which a fault may spoil."""

    def __init__(self, identity: str, clock: Clock | None = None) -> None:
        super().__init__(CommandTree())
        self.identity = identity
        self.clock = clock or Clock()
        self.status = ScpiStatus()
        self._busy_until: float | None = None
        self._complete_wanted = False
        self.spoiled = ""
        """Fault of the next readings: ``overflow`` or ``compliance``."""
        self._answers: list[bytes] = []
        self._parsed: dict[str, list[Unit]] = {}
        self._enter_common()
        if self.scpi:
            self._enter_system()

    # what a dialect says

    def command(
        self, pattern: str, act: Callable[[list[str]], None], ask: Callable[[list[str]], str | bytes] | None = None
    ) -> None:
        """Enter a command that takes parameters, and its query.

        Parameters
        ----------
        pattern
            Header as manuals write it, such as ``SOURce:VOLTage``: short forms in capitals.
        act
            Called with the parameters' words.
        ask
            Answers the query, with its words; None where there is no query.
        """
        query = None if ask is None else lambda suffixes, words: ask(words)
        self.tree.add(pattern, Command(set=lambda suffixes, words: act(words), get=query))

    def action(self, pattern: str, act: Callable[[], None]) -> None:
        """Enter a command without parameters.

        Parameters
        ----------
        pattern
            Header as manuals write it.
        act
            Does it.
        """

        def run(suffixes: tuple[int, ...], words: list[str]) -> None:
            _refuse_words(words)
            act()

        self.tree.add(pattern, Command(set=run))

    def query(self, pattern: str, answer: Callable[[], str | bytes]) -> None:
        """Enter a query without parameters.

        Parameters
        ----------
        pattern
            Header as manuals write it.
        answer
            Gives the answer, text or a block of bytes.
        """

        def run(suffixes: tuple[int, ...], words: list[str]) -> str | bytes:
            _refuse_words(words)
            return answer()

        self.tree.add(pattern, Command(get=run))

    def trigger(self) -> None:
        """Do what ``*TRG`` asks for.

        Raises
        ------
        ScpiError
            Number -211, where the instrument has no such trigger.
        """
        raise ScpiError(-211)

    def reset(self) -> None:
        """Return to the settings of ``*RST``; what is under way ends."""
        self.abort()
        self.restore_defaults()

    def completed(self) -> None:
        """Take note that an overlapped operation has ended."""

    # time

    def begin(self, duration: float) -> None:
        """Begin an overlapped operation that takes so long [s].

        Parameters
        ----------
        duration
            Time that it takes [s].
        """
        self._busy_until = self.clock.now + duration

    @property
    def busy(self) -> bool:
        """Whether an operation is under way."""
        if self._busy_until is not None and self.clock.now >= self._busy_until:
            self._end_operation()
        return self._busy_until is not None

    def finish(self) -> None:
        """Let the time pass up to the end of what is under way."""
        while (end := self._busy_until) is not None and self.busy:
            self.clock.wait_until(end)

    def abort(self) -> None:
        """End what is under way."""
        self._busy_until = None

    def _end_operation(self) -> None:
        self._busy_until = None
        self.completed()
        if self._complete_wanted:
            self._complete_wanted = False
            self.status.event |= OPERATION_COMPLETE

    def _polled(self, answer: str) -> str:
        """Let a client that polls for the end see it at its next poll: nothing else would make virtual time pass."""
        if self.busy and not self.clock.real_time:
            self.finish()
        return answer

    # what a client sees

    def handle(self, message: str) -> bytes | None:
        """Carry out one message.

        Parameters
        ----------
        message
            One or more commands and queries, separated by semicolons, without the newline; one character a byte.

        Returns
        -------
        bytes or None
            The answers, separated by semicolons, without the newline; None where nothing was asked.
        """
        units = self._parsed.get(message)
        if units is None:
            units = self._parse(message)
        answers = self._answers = []
        for run, suffixes, words in units:
            try:
                answer = run(suffixes, words)
            except ScpiError as error:
                self.report(error)
                if self.gives_up:
                    break
                continue
            if answer is not None:
                answers.append(answer.encode("latin-1") if isinstance(answer, str) else answer)
        self._answers = []
        return b";".join(answers) if answers else None

    def report(self, error: ScpiError) -> None:
        """Put an error into the queue.

        Parameters
        ----------
        error
            Error, with its number.
        """
        self.status.report(error)

    def fail(self, fault: FaultSettings) -> None:
        """Suffer a fault that is the instrument's own: an error, or readings that are none.

        Parameters
        ----------
        fault
            What happens, such as an entry of `faults` in a bench file.
        """
        if fault.kind == "error":
            self.report(ScpiError(fault.number))
        elif fault.kind in ("overflow", "compliance"):
            self.spoiled = fault.kind

    def clear(self) -> None:
        """Empty the error queue and forget all events."""
        self.status.clear()
        self._complete_wanted = False

    def power_on(self) -> None:
        """Start as after switching the mains on: settings, readings and errors are lost."""
        self.reset()
        self.status = ScpiStatus()
        self.spoiled = ""

    # how it is done

    def _parse(self, message: str) -> list[Unit]:
        units: list[Unit] = []
        path: tuple[str, ...] = ()
        try:
            for part in split_units(message):
                try:
                    unit, path = self._parse_unit(part, path)
                except ScpiError as error:
                    if self.gives_up:
                        raise
                    unit = (_raiser(error), (), [])
                units.append(unit)
        except ScpiError as error:
            units.append((_raiser(error), (), []))
        if len(message) <= LONGEST_REMEMBERED and len(self._parsed) < MEMORY:
            self._parsed[message] = units
        return units

    def _parse_unit(self, part: str, path: tuple[str, ...]) -> tuple[Unit, tuple[str, ...]]:
        """Find the command of a unit; give it with the path that the next one begins below."""
        header, *parameters = part.split(None, 1)
        rest = parameters[0] if parameters else ""
        if not part.isascii() and not any(mark in part for mark in "\"'#"):
            raise ScpiError(-101)
        found = self.tree.find(header.removesuffix("?"), path)
        run = found.command.get if header.endswith("?") else found.command.set
        if run is None:
            raise ScpiError(-113)
        return (run, found.suffixes, split_words(rest if "#" in rest else rest.rstrip())), found.parent

    def _enter_common(self) -> None:
        self.query("*IDN", lambda: self.identity)
        self.query("*STB", lambda: self._polled(str(self.status.byte(bool(self._answers)))))
        self.query("*ESR", lambda: self._polled(str(self.status.take_event())))
        self.query("*TST", lambda: "0")
        self.query("*OPT", lambda: "0")
        self.action("*RST", self.reset)
        self.action("*CLS", self.clear)
        self.action("*WAI", self.finish)
        self.action("*TRG", self.trigger)
        self.action("*OPC", self._want_complete)
        self.query("*OPC", self._complete)
        self._mask("*SRE", lambda: self.status.service_enable, self._set_service_enable)
        self._mask("*ESE", lambda: self.status.event_enable, self._set_event_enable)

    def _enter_system(self) -> None:
        self.query(":SYSTem:ERRor[:NEXT]", lambda: self.status.next_error())
        self.query(":SYSTem:ERRor:COUNt", lambda: str(len(self.status.errors)))
        self.query(":SYSTem:VERSion", lambda: "1999.0")
        self.query(":STATus:QUEue[:NEXT]", lambda: self.status.next_error())
        self.action(":STATus:QUEue:CLEar", lambda: self.status.errors.clear())
        self.action(":STATus:PRESet", lambda: self.status.preset())
        for name in ScpiStatus.REGISTERS:
            self._enter_register(name)

    def _enter_register(self, name: str) -> None:
        self.query(f":STATus:{name}[:EVENt]", lambda: self._polled(str(self.status.registers[name].take_event())))
        self.query(f":STATus:{name}:CONDition", lambda: self._polled(str(self.status.registers[name].condition)))
        self._mask(
            f":STATus:{name}:ENABle",
            lambda: self.status.registers[name].enable,
            lambda mask: setattr(self.status.registers[name], "enable", mask),
            65535,
        )

    def _mask(self, pattern: str, get: Callable[[], int], put: Callable[[int], None], most: int = 255) -> None:
        def set_(suffixes: tuple[int, ...], words: list[str]) -> None:
            put(round(self.one_number(words, 0, most)))

        self.tree.add(pattern, Command(set=set_, get=lambda suffixes, words: str(get())))

    def _set_service_enable(self, mask: int) -> None:
        # The master summary cannot request service by itself: its bit stays zero (IEEE 488.2, section 11.3.2.3).
        self.status.service_enable = mask & ~SERVICE

    def _set_event_enable(self, mask: int) -> None:
        self.status.event_enable = mask

    def _want_complete(self) -> None:
        if self.busy:
            self._complete_wanted = True
        else:
            self.status.event |= OPERATION_COMPLETE

    def _complete(self) -> str:
        self.finish()
        return "1"


def _refuse_words(words: Sequence[str]) -> None:
    if words:
        raise ScpiError(-108)


def _raiser(error: ScpiError) -> Callable[[tuple[int, ...], list[str]], None]:
    def run(suffixes: tuple[int, ...], words: list[str]) -> None:
        raise ScpiError(error.number, error.text)

    return run
