"""The settings of a simulated instrument: set by a command, read back by its query."""

import math
from collections.abc import Callable, Sequence
from typing import ClassVar

from mtjlab.instruments.simulated.scpi.command_tree import Command, CommandTree
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_number, parse_switch, parse_text, parse_word
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["ScpiSettings", "Setting", "short_form"]

Setting = float | int | str | bool


class ScpiSettings:
    """Settings by their keys.

    The key of a setting is its pattern unless the dialect gives it one, which lets several commands share a setting;
    with channels, the number of the channel stands in place of ``#``, or behind the key.

    Parameters
    ----------
    tree
        Tree that the commands are entered into.
    """

    channels: ClassVar[int] = 1
    """Channels that patterns with ``#`` have."""
    long_words: ClassVar[bool] = False
    """Whether a word is answered as the manual spells it, instead of in its short form."""

    def __init__(self, tree: CommandTree) -> None:
        self.tree = tree
        self.settings: dict[str, Setting] = {}
        self._defaults: dict[str, Setting] = {}

    def number(
        self,
        pattern: str,
        default: float,
        low: float,
        high: float,
        *,
        key: str = "",
        unit: str = "",
        integer: bool = False,
    ) -> None:
        """Enter a setting that is a number between `low` and `high`; `unit` may follow it where one is given."""
        named = {"MIN": low, "MINIMUM": low, "MAX": high, "MAXIMUM": high, "DEF": default, "DEFAULT": default}

        def parse(word: str) -> float:
            value = parse_number(word, unit, named)
            if not low <= value <= high:
                raise ScpiError(-222)
            return float(round(value)) if integer else value

        self._setting(pattern, default, parse, self.format_number, key)

    def choice(self, pattern: str, default: str, words: Sequence[str], *, key: str = "") -> None:
        """Enter a setting that is one of some words, written like ``EXTernal``; see `long_words` for its answer."""
        known = {form: self._spelling(word) for word in words for form in (word.upper(), short_form(word).upper())}
        self._setting(pattern, self._spelling(default), lambda word: parse_word(word, known), str, key)

    def _spelling(self, word: str) -> str:
        return word if self.long_words else short_form(word)

    def switch(self, pattern: str, default: bool, *, key: str = "") -> None:
        """Enter a setting that is on or off."""
        self._setting(pattern, default, parse_switch, lambda value: str(int(value)), key)

    def text(self, pattern: str, default: str, longest: int, *, key: str = "") -> None:
        """Enter a setting that is a string of so many characters at most."""

        def parse(word: str) -> str:
            value = parse_text(word)
            if len(value) > longest:
                raise ScpiError(-223)
            return value

        self._setting(pattern, default, parse, lambda value: '"' + value.replace('"', '""') + '"', key)

    def changed(self, key: str) -> None:
        """Take note that a setting was changed; a dialect may raise `ScpiError`, which takes the change back."""

    def value(self, key: str) -> float:
        """Give a setting that is a number."""
        return float(self.settings[key])

    def restore_defaults(self) -> None:
        """Put every setting back to its default."""
        self.settings.update(self._defaults)
        for key in self._defaults:
            self.changed(key)
        self.settings.update(self._defaults)  # what one setting makes of another, such as the end of its automatic

    def format_number(self, value: float) -> str:
        """Write a number as this instrument answers it."""
        return str(int(value)) if value == int(value) and abs(value) < 1e9 else f"{value:.9E}"

    @staticmethod
    def one_number(words: Sequence[str], low: float, high: float, unit: str = "") -> float:
        """Read the only parameter of a command, a number between `low` and `high`."""
        if not words:
            raise ScpiError(-109)
        if len(words) > 1:
            raise ScpiError(-108)
        value = parse_number(words[0], unit, {"MIN": low, "MAX": high})
        if not low <= value <= high or not math.isfinite(value):
            raise ScpiError(-222)
        return value

    def _setting(
        self,
        pattern: str,
        default: Setting,
        parse: Callable[[str], Setting],
        write: Callable[..., str],
        key: str,
    ) -> None:
        numbered = "#" in pattern
        stem = key + "#" if key and numbered else key or pattern
        keys = {number: stem.replace("#", str(number)) for number in range(1, 1 + (self.channels if numbered else 1))}
        for name in keys.values():
            self._defaults[name] = self.settings[name] = default

        def key_of(suffixes: tuple[int, ...]) -> str:
            try:
                return keys[suffixes[-1] if numbered and suffixes else 1]
            except KeyError:
                raise ScpiError(-114) from None

        def set_(suffixes: tuple[int, ...], words: list[str]) -> None:
            if len(words) != 1:
                raise ScpiError(-108 if words else -109)
            name = key_of(suffixes)
            before = self.settings[name]
            self.settings[name] = parse(words[0])
            try:
                self.changed(name)
            except ScpiError:
                self.settings[name] = before
                raise

        def get(suffixes: tuple[int, ...], words: list[str]) -> str:
            if len(words) > 1:
                raise ScpiError(-108)
            name = key_of(suffixes)
            # MIN, MAX and DEF ask for the limits instead of the value.
            return write(parse(words[0]) if words else self.settings[name])

        self.tree.add(pattern, Command(set=set_, get=get))


def short_form(word: str) -> str:
    """Give the short form of a word written like ``EXTernal``."""
    return "".join(letter for letter in word if not letter.islower())
