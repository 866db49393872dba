"""The simulated instruments understand what PyMeasure's drivers send for every property that an adapter uses.

Nobody keeps a list: the adapter's source says which properties of its driver it uses, and the driver's properties say
which values they take.
"""

import ast
import dataclasses
import inspect
import textwrap
from importlib.metadata import entry_points

import pytest
from pymeasure.instruments.common_base import CommonBase

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.roles.coil import CoilSettings
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer

DRIVERS = {entry.name: entry for entry in entry_points(group="mtjlab.drivers")}
MAKERS = {entry.name: entry for entry in entry_points(group="mtjlab.simulated_instruments")}
SECTIONS = {
    "yokogawags200": lambda **keys: CoilSettings(constant=0.1, **keys),
    "keithley2700": lambda **keys: MultiplexerSettings(junctions={"A": 101, "B": 102}, **keys),
    "lakeshore3xx": TemperatureControllerSettings,
}
WIDER = {
    # PyMeasure allows what the instrument does at 60 Hz; this one is on 50 Hz (2182 manual, rate).
    ("keithley2182", "voltage_nplc", 60): -222,
    # PyMeasure sends six digits of it, which are 1000.
    ("keithley2400", "source_delay", 999.9999): -222,
    ("keithley2450", "source_delay", 999.9999): -222,
    # The 340 and the 350 have five ranges, this 336 three.
    ("lakeshore3xx", "range", "range 4"): -222,
    ("lakeshore3xx", "range", "range 5"): -222,
    # Ranges of the other function, which the adapter never chooses.
    ("yokogawags200", "source_range", 1): -222,
    ("yokogawags200", "source_range", 10): -222,
    ("yokogawags200", "source_range", 30): -222,
}
"""Values that a driver takes and the instrument refuses, with the number of its error."""
CONFLICT = -221
"""A value may contradict another setting, such as a low level above the high one; the instrument must say just that."""


@dataclasses.dataclass
class Used:
    """A property that an adapter uses."""

    owner: CommonBase
    """Driver, or channel of one."""
    name: str

    @property
    def descriptor(self):
        return inspect.getattr_static(type(self.owner), self.name)

    def detail(self, name, accessor="fset"):
        """Look up what the driver says about it: `values`, `set_command`, `map_values`."""
        # A subclass that corrects its driver says `shape_values = …`, which PyMeasure keeps under this name.
        given = vars(self.owner).get(f"___{self.name}_{name}")
        accessor = getattr(self.descriptor, accessor)
        parameter = inspect.signature(accessor).parameters.get(name) if accessor else None
        return given if given is not None else parameter.default if parameter else None

    @property
    def own(self):
        """Whether the driver wrote it out by hand, with nothing to be asked about it."""
        return "get_command" not in inspect.signature(self.descriptor.fget).parameters

    @property
    def readable(self):
        return self.own or self.detail("get_command", "fget") is not None

    @property
    def settable(self):
        return self.descriptor.fset is not None and (self.own or self.detail("set_command") is not None)

    def candidates(self):
        """Values to set: all of a choice, the ends of a range and tenths of them."""
        values, validator = self.detail("values"), getattr(self.detail("validator"), "__name__", "")
        if isinstance(values, dict) or (values and "discrete" in validator):
            return list(values)
        if values:
            low, high = min(values), max(values)
            parts = [round(end / 10) if "%d" in self.detail("set_command") else end / 10 for end in (low, high)]
            return [low, high, *(part for part in parts if low < part < high)]
        present = getattr(self.owner, self.name)
        if isinstance(present, list):
            return [101, 102]  # channels of a multiplexer
        return [not present, present] if isinstance(present, bool) else [2, 1, 0.1, 0.05]

    def is_equal(self, asked, taken):
        values = self.detail("values")
        if isinstance(values, dict) and self.detail("map_values"):
            return values[taken] == values[asked]
        if isinstance(values, dict):
            return taken == values[asked]
        if isinstance(asked, str):
            return taken == asked or asked.startswith(taken)  # asked in long form, answered in short form
        if isinstance(taken, list):
            return asked in taken  # a channel that is closed leaves others closed
        # As many digits as the driver sends.
        rounding = {"abs": 1e-6, "rel": 0} if "%f" in (self.detail("set_command") or "") else {"rel": 1e-5, "abs": 0}
        return taken == pytest.approx(asked, **rounding)


def used_properties(adapter):
    """Find the properties of its driver, and of the driver's channels, that an adapter's source speaks of."""
    found = {}
    for *owners, last in attribute_paths(type(adapter)):
        owner = adapter
        for name in owners:
            owner = getattr(owner, name, None)
        owner = getattr(owner, "_driver", owner)  # what `Answering` stands before
        if isinstance(owner, CommonBase) and isinstance(inspect.getattr_static(type(owner), last, None), property):
            found[id(owner), last] = Used(owner, last)
    return list(found.values())


def attribute_paths(kind):
    """List what the methods of a class reach from `self`, as tuples of names, through `driver = self.driver` too."""
    for method in methods(kind):
        known = {"self": ()}
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                path = dotted(node.value, known)
                if path:
                    known[node.targets[0].id] = path
        yield from filter(None, (dotted(node, known) for node in ast.walk(method)))


def methods(kind):
    """Give the syntax trees of the methods that a class of ours runs: not those that a subclass replaces."""
    replaced = set()
    for base in kind.__mro__:
        if base.__module__.startswith("pymeasure") or base is object:
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        for method in tree.body[0].body:
            if isinstance(method, ast.FunctionDef) and method.name not in replaced:
                if f"super().{method.name}(" not in ast.unparse(method):
                    replaced.add(method.name)
                yield method


def dotted(node, known):
    """Give the names of `a.b.c`, with `a` replaced by what it stands for; None for anything else."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, known)
        return None if before is None else (*before, node.attr)
    return None


@pytest.fixture(params=list(DRIVERS))
def connected(request, wiring):
    """Connect an adapter with its simulated instrument over a socket."""
    name = request.param
    section = SECTIONS.get(name, RoleSettings)
    cables = WiringSettings(load=50)
    instrument = MAKERS[name].load()(InstrumentContext(wiring, "role", section(driver=name), cables, seed=1))
    server = ScpiServer(instrument)
    adapter = None
    try:
        adapter = DRIVERS[name].load()(section(driver=name, resource=server.resource), cables)
        yield name, adapter, instrument
    finally:
        if adapter is not None:
            adapter.close()
        server.close()


def refusals(adapter, instrument):
    """Numbers of the errors that the instrument has reported since the last call; bit numbers without a queue."""
    assert adapter.driver.id  # it has carried out all that came before
    numbers = [error.number for error in instrument.status.errors]
    event = instrument.status.event & 0x3C
    instrument.clear()
    return numbers or ([event] if event else [])


def test_what_the_driver_sends_is_understood_and_read_back_equal(connected):
    name, adapter, instrument = connected
    used = used_properties(adapter)
    assert len(used) > 1, "the walk no longer finds what the adapter uses"
    for one in used:
        before = dict(instrument.settings)
        if one.readable:
            getattr(one.owner, one.name)
            assert refusals(adapter, instrument) == [], f"{one.name}?"
        if one.settable:
            walk(name, one, adapter, instrument)
        instrument.settings.update(before)


def walk(name, one, adapter, instrument):
    """Set each candidate and read it back."""
    taken = set()
    for value in one.candidates():
        try:
            setattr(one.owner, one.name, value)
        except ValueError:
            assert one.own, f"{one.name} = {value} is refused by the driver that lists it"
            continue
        refused = refusals(adapter, instrument)
        if refused:
            allowed = [WIDER.get((name, one.name, value), CONFLICT)]
            guessed = one.own or not one.detail("values")
            assert refused == allowed or (guessed and refused == [-222]), f"{one.name} = {value}: {refused}"
            if refused == [CONFLICT] and one.readable and one.is_equal(value, getattr(one.owner, one.name)):
                taken.add(value)  # it was kept, and another setting gave way
        else:
            taken.add(value)
            if one.readable:
                read = getattr(one.owner, one.name)
                assert one.is_equal(value, read), f"{one.name} was set to {value} and is {read}"
    assert len(taken) > 1, f"{one.name} takes none of {one.candidates()} but {taken}"


def test_the_walk_sees_through_names_and_channels():
    class Adapter:
        def go(self):
            driver, other = self.driver, 1
            channel = self._channel
            channel.width = other
            return self.driver.ch_1.level, driver

    assert {("_channel", "width"), ("driver", "ch_1", "level")} <= set(attribute_paths(Adapter))
