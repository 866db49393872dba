"""The tree of an instrument's commands, as SCPI defines it.

A pattern such as ``:SOURce#:VOLTage[:LEVel]`` names a command: capitals are the short form, nodes in brackets
may be left out, ``#`` marks a numeric suffix (1 where the client gives none).
"""

import dataclasses
import itertools
import re
from collections.abc import Callable

from mtjlab.instruments.simulated.scpi_error import ScpiError

__all__ = ["Command", "CommandTree"]


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
class _Found:
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
        self._found: dict[tuple[tuple[str, ...], str], _Found] = {}

    def add(self, pattern: str, command: Command) -> None:
        """Enter a command under all the spellings of its pattern."""
        if pattern.startswith("*"):
            self._common[pattern.upper()] = command
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
        node.command = command

    def find(self, header: str, path: tuple[str, ...] = ()) -> _Found:
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
            -113 where there is no such command.
        """
        key = (path, header)
        found = self._found.get(key)
        if found is None:
            found = self._search(header, path)
            if len(self._found) < 4096:  # a client that sends nonsense must not fill the memory
                self._found[key] = found
        return found

    def _search(self, header: str, path: tuple[str, ...]) -> _Found:
        if header.startswith("*"):
            if header.upper() not in self._common:
                raise ScpiError(-113)
            return _Found(self._common[header.upper()], (), path)
        absolute = header.startswith(":")
        names = tuple(header.removeprefix(":").upper().split(":"))
        full = names if absolute else path + names
        node, suffixes = self._root, []
        for name in full:
            node, suffix = self._child(node, name)
            if suffix is not None:
                suffixes.append(suffix)
        if node.command is None:
            raise ScpiError(-113)
        return _Found(node.command, tuple(suffixes), full[:-1])

    @staticmethod
    def _child(node: _Node, name: str) -> tuple[_Node, int | None]:
        child = node.children.get(name)
        if child is not None:
            return child, 1 if child.suffix else None
        letters = name.rstrip("0123456789")
        child = node.children.get(letters)
        if child is None or not child.suffix:
            raise ScpiError(-113)
        return child, int(name[len(letters) :])
