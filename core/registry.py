"""What packages bring under a name: drivers, procedures, extractors, tests, commands, all found by entry point.

A package that is installed says in its metadata (`entry_points.txt`) which object stands for which name of a group.
The files are read here rather than by `importlib.metadata`, whose import alone takes as long as `mtjlab --help` may.
"""

import functools
import importlib
import os
import sys
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from mtjlab.core.errors import InputError

__all__ = ["Entry", "Names", "Registry"]

T = TypeVar("T")


class Entry(NamedTuple):
    """One name of a group, and what stands for it."""

    name: str
    """The name."""
    module: str
    """Module that has the object."""
    attribute: str
    """Where in the module it is, with dots; empty where the module itself is meant."""
    distribution: str
    """Distribution that brings it, such as ``mtjlab-0.1.0``."""

    def load(self) -> Any:
        """Import the module and return the object.

        Returns
        -------
        Any
            The object; the module where no attribute is named.

        Raises
        ------
        Exception
            Whatever importing raises, and AttributeError where the module has no such object.
        """
        found: Any = importlib.import_module(self.module)
        for part in filter(None, self.attribute.split(".")):
            found = getattr(found, part)
        return found


class Names(list[str]):
    """Names of things; ``sum-K`` among them stands for ``sum-1``, ``sum-2`` and so on, which are in it as well.

    Examples
    --------
    >>> names = Names(["sum-K", "table"])
    >>> "sum-12" in names, "sum-x" in names, names
    (True, False, ['sum-K', 'table'])
    """

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (
            isinstance(name, str) and (parts := _numbered(name)) is not None and super().__contains__(parts[0])
        )


class Registry(Generic[T]):
    """The things of one kind that are installed, each loaded when it is asked for.

    An entry point whose name ends in ``-K`` stands for a family: it is a function that returns the thing of a number,
    and is called with 12 for the name that ends in ``-12``, unless that name has an entry point of its own.

    A name that two packages bring means the thing of mtjlab where it is one of them, else that of the package which
    stands first on `sys.path`.

    Parameters
    ----------
    group
        Group of entry points, such as ``mtjlab.extractors``.
    noun
        What a thing of the group is called in messages.
    kind
        Class, or union of classes, of which every thing is an instance; by default anything will do.

    Examples
    --------
    >>> Registry("mtjlab.procedures", "procedure").load("retention").__name__
    'Retention'
    """

    def __init__(self, group: str, noun: str, kind: type[Any] | UnionType = object) -> None:
        self.group = group
        """Group of entry points."""
        self.noun = noun
        """What a thing is called in messages."""
        self._kind = kind

    def entries(self) -> dict[str, Entry]:
        """Return the entry points by name, in the order of the alphabet; nothing is imported."""
        return _groups(tuple(sys.path)).get(self.group, {})

    def names(self) -> list[str]:
        """Name what is installed, in the order of the alphabet; nothing is imported."""
        return Names(self.entries())

    def load(self, name: str) -> T:
        """Return the thing of a name.

        Parameters
        ----------
        name
            Name of its entry point.

        Raises
        ------
        InputError
            If nothing of this name is installed, or the package that brings it is broken.
        """
        entries = self.entries()
        entry = entries.get(name)
        numbered = _numbered(name)
        if entry is None and numbered is not None and numbered[0] in entries:
            family = entries[numbered[0]]
            return self._checked(family, self._found(family)(numbered[1]))
        if entry is None or _is_family(name):
            there_are = ", ".join(self.names()) or "none; install mtjlab again"
            raise InputError(f"{self.noun} {name!r} is not known; installed: {there_are}")
        return self._load(entry)

    def all(self) -> dict[str, T]:
        """Return all things by name, without families; one whose package is broken is named in the log and left out."""
        import logging  # slow to import, and a command that is only looked up needs none of it

        things = {}
        for name, entry in self.entries().items():
            if _is_family(name):
                continue
            try:
                things[name] = self._load(entry)
            except InputError as error:
                logging.getLogger(__name__).warning("%s", error)
        return things

    def _load(self, entry: Entry) -> T:
        return self._checked(entry, self._found(entry))

    def _found(self, entry: Entry) -> Any:
        try:
            return _loaded(entry)
        except Exception as error:
            raise InputError(
                f"{self._of(entry)} cannot be loaded ({type(error).__name__}: {error}): correct or remove that package"
            ) from error

    def _checked(self, entry: Entry, found: Any) -> T:
        if not isinstance(found, self._kind):
            kinds: tuple[Any, ...] = get_args(self._kind) or (self._kind,)
            expected = " and no ".join(kind.__name__ for kind in kinds)
            raise InputError(f"{self._of(entry)} is no {expected}: correct or remove that package")
        thing: T = found
        return thing

    def _of(self, entry: Entry) -> str:
        return f"{self.noun} {entry.name!r} of {entry.distribution}"


def _is_family(name: str) -> bool:
    return name.endswith("-K")


def _numbered(name: str) -> tuple[str, int] | None:
    """Return the family that a name belongs to, and its number in it; None for a name without a number."""
    stem, dash, number = name.rpartition("-")
    plain = number.isascii() and number.isdecimal() and not number.startswith("0") and len(number) < 10
    return (stem + dash + "K", int(number)) if stem and plain else None


@functools.cache
def _loaded(entry: Entry) -> Any:
    """Return the object of an entry point, which stays the same as long as the process."""
    return entry.load()


@functools.lru_cache(maxsize=4)
def _groups(folders: tuple[str, ...]) -> dict[str, dict[str, Entry]]:
    """Return the entry points of mtjlab's groups that the folders of modules have: group, name, entry."""
    groups: dict[str, dict[str, Entry]] = {}
    for entry, group in _found(folders):
        known = groups.setdefault(group, {})
        if entry.name not in known or (_is_own(entry) and not _is_own(known[entry.name])):
            known[entry.name] = entry
    return {group: dict(sorted(entries.items())) for group, entries in groups.items()}


def _is_own(entry: Entry) -> bool:
    return entry.module.startswith("mtjlab.")


def _found(folders: Iterable[str]) -> Iterator[tuple[Entry, str]]:
    """Give each entry point with its group, in the order of the folders; of a distribution found twice the first."""
    seen = set()
    for folder in dict.fromkeys(folders):
        try:
            names = sorted(os.listdir(folder or "."))  # noqa: PTH208 - pathlib would take most of the time
        except OSError:  # no folder: an archive of modules brings no entry points
            continue
        for name in names:
            distribution, suffix = os.path.splitext(name)  # noqa: PTH122
            project = distribution.split("-")[0].lower()
            if suffix not in (".dist-info", ".egg-info") or project in seen:
                continue
            try:
                with open(f"{folder or '.'}/{name}/entry_points.txt", encoding="utf-8") as file:  # noqa: PTH123
                    text = file.read()
            except OSError:  # most distributions have none
                continue
            seen.add(project)
            yield from _parsed(text, distribution)


def _parsed(text: str, distribution: str) -> Iterator[tuple[Entry, str]]:
    """Give the entry points of a file: ``[group]``, and under it lines ``name = module:attribute``."""
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line[1:].partition("]")[0].strip()
        elif group.startswith("mtjlab.") and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            module, _, attribute = value.partition("[")[0].partition(":")
            yield Entry(name.strip(), module.strip(), attribute.strip(), distribution), group
