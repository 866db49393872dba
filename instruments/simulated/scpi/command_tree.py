"""The tree of an instrument's commands, as SCPI defines it.

A pattern such as ``:SOURce#:VOLTage[:LEVel]`` names a command: capitals are the short form, nodes in brackets
may be left out, ``#`` marks a numeric suffix (1 where the client gives none).
"""

import dataclasses
import itertools
import re
from collections.abc import Callable

from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["Command", "CommandTree", "MatchedCommand"]

LONGEST_MNEMONIC = 12
"""Characters of a header's node (IEEE 488.2-1992, section 7.6.1.4.1), its numeric suffix apart."""


@dataclasses.dataclass(frozen=True)
class Command:
    """What an instrument does on a command; both are called with the numeric suffixes first."""

    set: Callable[[tuple[int, ...], list[str]], None] | None = None
    """Called with the parameters of a command."""
    get: Callable[[tuple[int, ...], list[str]], str | bytes] | None = None
    """Called with the parameters of a query; returns the answer."""


@dataclasses.dataclass
class _Node:
    children: dict[str, "_Node"] = dataclasses.field(default_factory=dict)
    suffix: bool = False
    command: Command | None = None


@dataclasses.dataclass(frozen=True)
class MatchedCommand:
    """A command with what its header said."""

    command: Command
    suffixes: tuple[int, ...]
    parent: tuple[str, ...]
    """The nodes above the last one: where a command after a semicolon begins."""


class CommandTree:
    """Commands by their headers.

    Notes
    -----
    SCPI 1999.0, volume 1, sections 6.2.1 (short and long forms), 6.2.4 (tree traversal and path memory).
    """

    def __init__(self) -> None:
        self._root = _Node()
        self._common: dict[str, Command] = {}
        self.headers: list[str] = []
        """Patterns of all commands, as they were entered."""

    def add(self, pattern: str, command: Command) -> None:
        """Enter a command under all the spellings of its pattern; set and query may be entered one by one."""
        self.headers.append(pattern)
        if pattern.startswith("*"):
            self._common[pattern.upper()] = _joined(self._common.get(pattern.upper()), command)
            return
        nodes = re.findall(r"(\[)?:(\w+)(#)?", pattern)
        choices = [(True, False) if optional else (True,) for optional, _, _ in nodes]
        for kept in itertools.product(*choices):
            self._enter([node[1:] for node, keep in zip(nodes, kept, strict=True) if keep], command)

    def _enter(self, nodes: list[tuple[str, str]], command: Command) -> None:
        node = self._root
        for name, suffix in nodes:
            child = node.children.get(name.upper()) or _Node()
            child.suffix = child.suffix or bool(suffix)
            short = re.sub(r"[a-z]+", "", name)
            node.children[name.upper()] = node.children[short] = child
            node = child
        node.command = _joined(node.command, command)

    def find(self, header: str, path: tuple[str, ...] = ()) -> MatchedCommand:
        """Find the command of a header.

        Parameters
        ----------
        header
            As the client sent it, without the question mark.
        path
            Nodes that a header without a leading colon begins below (path memory).

        Raises
        ------
        ScpiError
            -113 where there is no such command, -112 for a node longer than SCPI allows, -114 for a suffix beyond
            reason.
        """
        # Keithley's own drivers send :*CLS, and its instruments take it.
        common = header.removeprefix(":")
        if common.startswith("*"):
            if common.upper() not in self._common:
                raise ScpiError(-113)
            return MatchedCommand(self._common[common.upper()], (), path)
        names = tuple(common.upper().split(":"))
        full = names if header.startswith(":") else path + names
        node, suffixes = self._root, []
        for name in full:
            node, suffix = self._child(node, name)
            if suffix is not None:
                suffixes.append(suffix)
        if node.command is None:
            raise ScpiError(-113)
        return MatchedCommand(node.command, tuple(suffixes), full[:-1])

    @staticmethod
    def _child(node: _Node, name: str) -> tuple[_Node, int | None]:
        child = node.children.get(name)
        if child is not None:
            return child, 1 if child.suffix else None
        letters = name.rstrip("0123456789")
        digits = name[len(letters) :]
        if len(letters) > LONGEST_MNEMONIC:
            raise ScpiError(-112)
        child = node.children.get(letters)
        if child is None or not child.suffix:
            raise ScpiError(-113)
        if len(digits) > 5:
            raise ScpiError(-114)
        return child, int(digits)


def _joined(before: Command | None, now: Command) -> Command:
    return Command(set=now.set or before.set, get=now.get or before.get) if before else now
