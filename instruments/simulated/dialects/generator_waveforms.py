"""User waveforms in a generator's memory: sent, kept under a name, listed, deleted."""

import re
from collections.abc import Iterable

from mtjlab.instruments.simulated.scpi.command_tree import Command
from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_block

__all__ = ["UserWaveforms"]

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
