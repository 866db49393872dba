"""The driver walk: every property of its driver that an adapter uses is set, and read back, against the simulated twin.

Nobody keeps a list: the adapter's source says which properties of its driver it uses (`used_properties`), and the
driver's properties say which values they take.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import inspect
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pymeasure.instruments.common_base import CommonBase

from mtjlab.instruments import RoleSettings, WiringSettings
from mtjlab.instruments.simulated import (
    InstrumentContext,
    RatesJunction,
    ScpiInstrument,
    ScpiServer,
    Wiring,
    load_device,
)

__all__ = ["UsedProperty", "connected_twin", "used_properties", "walk_driver"]

CONFLICT = -221
"""A value may contradict another setting, such as a low level above the high one; the twin must say just that."""
OUT_OF_RANGE = -222

Driver = Callable[[RoleSettings, WiringSettings], Any]
Twin = Callable[[InstrumentContext], ScpiInstrument]


@contextlib.contextmanager
def connected_twin(
    driver: Driver,
    twin: Twin,
    role: RoleSettings | None = None,
    wiring: WiringSettings | None = None,
    table: Wiring | None = None,
) -> Iterator[tuple[Any, ScpiInstrument]]:
    """Connect a driver with its simulated instrument over a socket.

    Parameters
    ----------
    driver
        Class of the driver.
    twin
        Class of the simulated instrument.
    role
        Section of the role; its resource is replaced by that of the twin.
    wiring
        Section of the wiring; a load of 50 Ω unless given.
    table
        What the twin is wired to; the reference device, with seed 1, unless given.

    Yields
    ------
    tuple
        The driver and the twin.

    Raises
    ------
    InstrumentError
        If the driver does not open on what the twin answers.
    """
    section, cables = role or RoleSettings(driver="any"), wiring or WiringSettings(load=50)
    table = table or Wiring(RatesJunction(load_device("reference"), seed=1))
    instrument = twin(InstrumentContext(table, "role", section, cables, seed=1))
    server = ScpiServer(instrument)
    with contextlib.ExitStack() as opened:
        opened.callback(server.close)
        adapter = driver(section.model_copy(update={"resource": server.resource}), cables)
        opened.callback(adapter.close)
        yield adapter, instrument


def walk_driver(
    adapter: Any, instrument: ScpiInstrument, refused: Mapping[tuple[str, object], int] | None = None
) -> list[str]:
    """Set and read back every property of its driver that an adapter uses.

    Parameters
    ----------
    adapter
        Driver that is connected with `instrument`; it keeps PyMeasure's driver as `driver`.
    instrument
        Its simulated instrument.
    refused
        Values that the driver takes and the instrument refuses: property and value, with the number of its error.

    Returns
    -------
    list of str
        Names of the properties walked.

    Raises
    ------
    AssertionError
        If the twin reports an error for what the driver sends, or what is read back is not what was set; the message
        names property and value.
    """
    used = used_properties(adapter)
    for one in used:
        before = dict(instrument.settings)
        if one.readable:
            _read(one, adapter, instrument)
        if one.settable:
            _walk(one, adapter, instrument, refused or {})
        instrument.settings.update(before)
    return [one.name for one in used]


def _read(one: UsedProperty, adapter: Any, instrument: ScpiInstrument) -> None:
    """Ask for a property that must be there."""
    try:
        one.read()
    except Exception as error:  # by its own class: of the driver, of VISA, of the adapter
        raise AssertionError(
            f"{one.name}? raises {error}; the instrument reports {[each.number for each in instrument.status.errors]}"
        ) from error
    _expect(_refusals(adapter, instrument), [], f"{one.name}?")


def _expect(found: object, wanted: object, about: str) -> None:
    if found != wanted:
        raise AssertionError(f"{about}: the instrument reports {found}, expected {wanted}")


def _walk(one: UsedProperty, adapter: Any, instrument: ScpiInstrument, wider: Mapping[tuple[str, object], int]) -> None:
    """Set each candidate and read it back."""
    taken = []
    for value in one.candidates():
        try:
            setattr(one.owner, one.name, value)
        except ValueError:
            if not one.own:
                raise AssertionError(f"{one.name} = {value} is refused by the driver that lists it") from None
            continue
        numbers = _refusals(adapter, instrument)
        if numbers:
            guessed = one.own or not one.detail("values")
            if not (guessed and numbers == [OUT_OF_RANGE]):
                _expect(numbers, [wider.get((one.name, value), CONFLICT)], f"{one.name} = {value}")
            if numbers == [CONFLICT] and one.readable and one.is_equal(value, one.read()):
                taken.append(value)  # it was kept, and another setting gave way
            continue
        taken.append(value)
        if one.readable and not one.is_equal(value, read := one.read()):
            raise AssertionError(f"{one.name} was set to {value} and is {read}")
    if len(set(taken)) < 2:
        raise AssertionError(f"{one.name} takes none of {one.candidates()} but {taken}")


def _refusals(adapter: Any, instrument: ScpiInstrument) -> list[int]:
    """Numbers of the errors that the instrument has reported since the last call; bit numbers without a queue."""
    if not adapter.driver.id:  # answered once it has carried out all that came before
        raise AssertionError("the driver reads an empty identity")
    numbers = [error.number for error in instrument.status.errors]
    event = instrument.status.event & 0x3C
    instrument.clear()
    return numbers or ([event] if event else [])


@dataclasses.dataclass
class UsedProperty:
    """A property of its driver that an adapter uses."""

    owner: CommonBase
    """Driver, or channel of one."""
    name: str
    """Name of the property."""

    @property
    def descriptor(self) -> Any:
        """The property itself."""
        return inspect.getattr_static(type(self.owner), self.name)

    def read(self) -> Any:
        """Ask the instrument for it."""
        return getattr(self.owner, self.name)

    def detail(self, name: str, accessor: str = "fset") -> Any:
        """Look up what the driver says about it.

        Parameters
        ----------
        name
            PyMeasure's word: ``values``, ``set_command``, ``map_values``, ``validator``.
        accessor
            Where it is said: ``fset`` or ``fget``.

        Returns
        -------
        object
            What is said, or None.
        """
        # A subclass that corrects its driver says `shape_values = …`, which PyMeasure keeps under this name.
        given = vars(self.owner).get(f"___{self.name}_{name}")
        function = getattr(self.descriptor, accessor)
        parameter = inspect.signature(function).parameters.get(name) if function else None
        return given if given is not None else parameter.default if parameter else None

    @property
    def own(self) -> bool:
        """Whether the driver wrote it out by hand, with nothing to be asked about it."""
        return "get_command" not in inspect.signature(self.descriptor.fget).parameters

    @property
    def readable(self) -> bool:
        """Whether it can be read."""
        return self.own or self.detail("get_command", "fget") is not None

    @property
    def settable(self) -> bool:
        """Whether it can be set."""
        return self.descriptor.fset is not None and (self.own or self.detail("set_command") is not None)

    def candidates(self) -> list[Any]:
        """Values to set: all of a choice, the ends of a range and tenths of them.

        Returns
        -------
        list
            Values that the property takes.
        """
        values, validator = self.detail("values"), getattr(self.detail("validator"), "__name__", "")
        if isinstance(values, dict) or (values and "discrete" in validator):
            return list(values)
        if values and isinstance(values[0], list):  # validators joined: a range, or one of some words
            values = values[0]
        if values:
            low, high = min(values), max(values)
            parts = [round(end / 10) if "%d" in self.detail("set_command") else end / 10 for end in (low, high)]
            return [low, high, *(part for part in parts if low < part < high)]
        present = self.read()
        if isinstance(present, list):
            return [101, 102]  # channels of a multiplexer
        return [not present, present] if isinstance(present, bool) else [2, 1, 0.1, 0.05]

    def is_equal(self, asked: Any, taken: Any) -> bool:
        """Tell whether what was read back is what was set, to the digits that the driver sends.

        Parameters
        ----------
        asked, taken
            What was set and what was read back.

        Returns
        -------
        bool
            Whether they mean the same.
        """
        values = self.detail("values")
        if isinstance(values, dict) and self.detail("map_values"):
            return bool(values[taken] == values[asked])
        if isinstance(values, dict):
            return bool(taken == values[asked])
        if isinstance(asked, str):
            return bool(taken == asked or asked.startswith(taken))  # asked in long form, answered in short form
        if isinstance(taken, list):
            return asked in taken  # a channel that is closed leaves others closed
        if "%f" in (self.detail("set_command") or ""):
            return math.isclose(taken, asked, rel_tol=0.0, abs_tol=1e-6)
        return math.isclose(taken, asked, rel_tol=1e-5)


def used_properties(adapter: Any) -> list[UsedProperty]:
    """Find the properties of its driver, and of the driver's channels, that an adapter's source speaks of.

    Parameters
    ----------
    adapter
        Connected adapter; it keeps PyMeasure's driver as an attribute.

    Returns
    -------
    list of UsedProperty
        In the order of the source, each once.
    """
    found = {}
    for *owners, last in attribute_paths(type(adapter)):
        owner = adapter
        for name in owners:
            owner = getattr(owner, name, None)
        owner = getattr(owner, "_driver", owner)  # what `Answering` stands before
        if isinstance(owner, CommonBase) and isinstance(inspect.getattr_static(type(owner), last, None), property):
            found[id(owner), last] = UsedProperty(owner, last)
    return list(found.values())


def attribute_paths(kind: type) -> Iterator[tuple[str, ...]]:
    """List what the methods of a class reach from `self`, as tuples of names, through `driver = self.driver` too."""
    for method in _methods(kind):
        known: dict[str, tuple[str, ...]] = {"self": ()}
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                path = _dotted(node.value, known)
                if path:
                    known[node.targets[0].id] = path
        yield from filter(None, (_dotted(node, known) for node in ast.walk(method)))


def _methods(kind: type) -> Iterator[ast.FunctionDef]:
    """Give the syntax trees of the methods that a class of ours runs: not those that a subclass replaces."""
    replaced = set()
    for base in kind.__mro__:
        if base.__module__.startswith("pymeasure") or base is object:
            continue
        definition = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        for method in definition.body if isinstance(definition, ast.ClassDef) else ():
            if isinstance(method, ast.FunctionDef) and method.name not in replaced:
                if f"super().{method.name}(" not in ast.unparse(method):
                    replaced.add(method.name)
                yield method


def _dotted(node: ast.AST, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Give the names of `a.b.c`, with `a` replaced by what it stands for; None for anything else."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, known)
        return None if before is None else (*before, node.attr)
    return None
