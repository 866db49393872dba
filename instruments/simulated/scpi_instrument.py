"""What all simulated instruments share: the reading of lines, the common commands, the settings."""

import collections
from collections.abc import Callable, Sequence

from mtjlab.instruments.simulated.command_tree import Command, CommandTree
from mtjlab.instruments.simulated.scpi_error import ScpiError

__all__ = ["ScpiInstrument"]

Setting = float | int | str | bool

QUEUE_LENGTH = 30
"""Errors kept before the last one becomes -350."""


class ScpiInstrument:
    """An instrument that understands SCPI.

    A dialect enters its commands in `__init__`: `number`, `choice` and `switch` for settings that are set
    and read back, `action` and `query` for the rest.

    Parameters
    ----------
    identity
        Answer to ``*IDN?``: maker, model, serial number, firmware.
    """

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.settings: dict[str, Setting] = {}
        self._defaults: dict[str, Setting] = {}
        self._errors: collections.deque[ScpiError] = collections.deque()
        self._event_status = 0
        self._tree = CommandTree()
        self.query("*IDN", lambda: self.identity)
        self.query("*STB", lambda: str(4 if self._errors else 0))
        self.query("*ESR", self._read_event_status)
        self.query("*TST", lambda: "0")
        self.action("*RST", self.reset)
        self.action("*CLS", self.clear)
        self.action("*WAI", lambda: None)
        self._tree.add("*OPC", Command(set=self._complete, get=lambda suffixes, words: "1"))
        self.number("*SRE", 0, 0, 255)
        self.number("*ESE", 0, 0, 255)
        self.query(":SYSTem:ERRor[:NEXT]", self.next_error)
        self.query(":SYSTem:VERSion", lambda: "1999.0")

    # what a dialect says

    def number(self, pattern: str, default: float, low: float, high: float, *, channels: int = 1) -> None:
        """Enter a setting that is a number between `low` and `high`."""

        def parse(word: str) -> float:
            limits = {"MIN": low, "MINIMUM": low, "MAX": high, "MAXIMUM": high, "DEF": default, "DEFAULT": default}
            if word.upper() in limits:
                return limits[word.upper()]
            try:
                value = float(word)
            except ValueError:
                raise ScpiError(-104) from None
            if not low <= value <= high:
                raise ScpiError(-222)
            return value

        self._setting(pattern, default, parse, _format_number, channels)

    def choice(self, pattern: str, default: str, words: Sequence[str], *, channels: int = 1) -> None:
        """Enter a setting that is one of some words, written like ``EXTernal``; it answers the short form."""
        short = {word.upper(): _short(word) for word in words} | {_short(word): _short(word) for word in words}

        def parse(word: str) -> str:
            try:
                return short[word.strip("\"'").upper()]
            except KeyError:
                raise ScpiError(-224) from None

        self._setting(pattern, _short(default), parse, str, channels)

    def switch(self, pattern: str, default: bool, *, channels: int = 1) -> None:
        """Enter a setting that is on or off."""

        def parse(word: str) -> bool:
            try:
                return {"ON": True, "1": True, "OFF": False, "0": False}[word.upper()]
            except KeyError:
                raise ScpiError(-224) from None

        self._setting(pattern, default, parse, lambda value: str(int(value)), channels)

    def action(self, pattern: str, act: Callable[[], None]) -> None:
        """Enter a command without parameters."""

        def run(suffixes: tuple[int, ...], words: list[str]) -> None:
            if words:
                raise ScpiError(-108)
            act()

        self._tree.add(pattern, Command(set=run))

    def query(self, pattern: str, answer: Callable[[], str | bytes]) -> None:
        """Enter a query without parameters."""
        self._tree.add(pattern, Command(get=lambda suffixes, words: answer()))

    def changed(self, key: str) -> None:
        """Take note that a setting was changed; dialects override it where a change has consequences."""

    # what a client sees

    def handle(self, line: str) -> bytes | None:
        """Carry out one line.

        Parameters
        ----------
        line
            One or more commands and queries, separated by semicolons, without the newline.

        Returns
        -------
        bytes or None
            The answers, separated by semicolons, without the newline; None where nothing was asked.
        """
        answers: list[bytes] = []
        path: tuple[str, ...] = ()
        for part in _split(line, ";"):
            header, _, rest = part.partition(" ")
            try:
                found = self._tree.find(header.removesuffix("?"), path)
                path = found.parent
                words = [word.strip() for word in _split(rest, ",")]
                if header.endswith("?"):
                    if found.command.get is None:
                        raise ScpiError(-113)
                    answer = found.command.get(found.suffixes, words)
                    answers.append(answer.encode() if isinstance(answer, str) else answer)
                elif found.command.set is None:
                    raise ScpiError(-113)
                else:
                    found.command.set(found.suffixes, words)
            except ScpiError as error:
                self.report(error)
                break  # the rest of the line is discarded, as IEEE 488.2 has it
        return b";".join(answers) if answers else None

    def report(self, error: ScpiError) -> None:
        """Put an error into the queue."""
        command_error = -199 <= error.number <= -100
        self._event_status |= 0x20 if command_error else 0x10
        if len(self._errors) >= QUEUE_LENGTH:
            self._errors[-1] = ScpiError(-350)
        else:
            self._errors.append(error)

    def next_error(self) -> str:
        """Take the oldest error out of the queue."""
        return str(self._errors.popleft() if self._errors else ScpiError(0))

    def reset(self) -> None:
        """Return to the settings of ``*RST``."""
        self.settings.update(self._defaults)
        for key in self._defaults:
            self.changed(key)

    def clear(self) -> None:
        """Empty the error queue and the status registers."""
        self._errors.clear()
        self._event_status = 0

    # how it is done

    def _setting(
        self,
        pattern: str,
        default: Setting,
        parse: Callable[[str], Setting],
        write: Callable[..., str],
        channels: int,
    ) -> None:
        for channel in range(1, channels + 1):
            self._defaults[_key(pattern, channel)] = self.settings[_key(pattern, channel)] = default

        def key_of(suffixes: tuple[int, ...]) -> str:
            key = _key(pattern, suffixes[-1] if suffixes else 1)
            if key not in self.settings:
                raise ScpiError(-113)
            return key

        def set_(suffixes: tuple[int, ...], words: list[str]) -> None:
            if not words:
                raise ScpiError(-109)
            if len(words) > 1:
                raise ScpiError(-108)
            key = key_of(suffixes)
            before = self.settings[key]
            self.settings[key] = parse(words[0])
            try:
                self.changed(key)
            except ScpiError:
                self.settings[key] = before
                raise

        def get(suffixes: tuple[int, ...], words: list[str]) -> str:
            # MIN, MAX and DEF ask for the limits instead of the value.
            return write(parse(words[0]) if words else self.settings[key_of(suffixes)])

        self._tree.add(pattern, Command(set=set_, get=get))

    def _read_event_status(self) -> str:
        status, self._event_status = self._event_status, 0
        return str(status)

    def _complete(self, suffixes: tuple[int, ...], words: list[str]) -> None:
        self._event_status |= 0x01


def _key(pattern: str, channel: int) -> str:
    return pattern.replace("#", str(channel))


def _format_number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e9 else f"{value:.9E}"


def _short(word: str) -> str:
    return "".join(letter for letter in word if not letter.islower())


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands outside quotes; parts without content are left out."""
    if '"' not in text and "'" not in text:
        return [part.strip() for part in text.split(separator) if part.strip()]
    parts, quote, start = [], "", 0
    for index, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == separator:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]
