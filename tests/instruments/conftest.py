import sys

import pytest

from mtjlab.instruments.bench import Bench


@pytest.fixture
def wired(monkeypatch):
    """Make what `expected_protocol` wants: an adapter connected to a protocol instead of a VISA resource."""

    def wire(kind, role, wiring):
        def connect(adapter, **_):
            for module in {sys.modules[base.__module__] for base in kind.__mro__}:
                if hasattr(module, "open_visa"):
                    monkeypatch.setattr(module, "open_visa", lambda role, driver=None: adapter)
            return kind(role, wiring)

        return connect

    return wire


WHOLE = """\
name = "whole"
[roles]
pulse_generator = {{ driver = "{generator}" }}
current_source = {{ driver = "keithley6221" }}
source_meter = {{ driver = "{meter}" }}
nanovoltmeter = {{ driver = "keithley2182" }}
oscilloscope = {{ driver = "siglentsds1000xhd" }}
multiplexer = {{ driver = "keithley2700", junctions = {{ A1 = 101, A2 = 102 }} }}
coil = {{ driver = "yokogawags200", constant = 0.5, ramp = 1.0 }}
temperature_controller = {{ driver = "lakeshore3xx" }}
[wiring]
load = {load}
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
current = {current}
current_pulse_width = 1e-3
compliance_voltage = 10
field = 0.05
temperature = 350
{more_limits}
[device]
name = "W1"
resistance = 50.9e3
[simulation]
seed = 3
# Any pulse at once; a switching table of a device or of edges that are new is counted first.
model = "macrospin"
"""


@pytest.fixture
def whole_text():
    """Write the file of a bench with an instrument in every role but the second coil."""

    def write(generator="keysight81160a", meter="keithley2400", load=1e6, current=1e-5, more_limits=""):
        return WHOLE.format(generator=generator, meter=meter, load=load, current=current, more_limits=more_limits)

    return write


class Instrument:
    """An instrument that writes down what it is told: role, method, arguments."""

    junctions = ("A1", "A2")
    line_frequency = 60.0

    def __init__(self, role, calls):
        self.role, self.calls, self.fault = role, calls, None
        self.stuck = False
        self.answers = {}

    def integration_time(self, cycles):
        return cycles / self.line_frequency

    def __getattr__(self, method):
        def call(*arguments):
            self.calls.append((self.role, method, *arguments))
            if self.fault is not None and (method != "switch_off" or self.stuck):
                raise self.fault
            if method == "settings":
                return self.answers.get(method, {"output": str(self.on)})
            return self.answers.get(method)

        return call

    @property
    def on(self):
        """Whether it was switched on, and not off since."""
        switched = [call[1] for call in self.calls if call[0] == self.role and call[1].startswith("switch_")]
        return switched[-1:] == ["switch_on"]


@pytest.fixture
def make_bench():
    """Open a bench whose instruments only write down what they are told, into its `calls`."""

    def make(file, folder=None):
        calls = []
        instruments = {role: Instrument(role, calls) for role, _ in file.roles}
        bench = Bench(file, instruments, resources=dict.fromkeys(instruments, "none"), folder=folder)
        bench.calls, bench.instruments = calls, instruments
        return bench

    return make
