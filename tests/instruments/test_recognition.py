"""An instrument is asked who it is before anything else is sent; a wrong one is named and left as it was."""

import contextlib
import json
import re
import socket
import threading
from importlib.metadata import entry_points

import pytest

from mtjlab.cli.main import main
from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.instrument_error import InstrumentError, WrongInstrumentError
from mtjlab.instruments.roles.coil import CoilSettings
from mtjlab.instruments.roles.lock_in import LockInSettings
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.roles.oscilloscope import OscilloscopeSettings
from mtjlab.instruments.roles.source_meter import SourceMeterSettings
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings
from mtjlab.instruments.settings.role_settings import RoleSettings

DRIVERS = {entry.name: entry for entry in entry_points(group="mtjlab.drivers") if entry.value.startswith("mtjlab.")}
SETTINGS = {
    "keithley2400": SourceMeterSettings,
    "keithley2450": SourceMeterSettings,
    "keithley2700": lambda **common: MultiplexerSettings(**common, junctions={"A1": 101}),
    "lakeshore3xx": TemperatureControllerSettings,
    "siglentsds1000xhd": OscilloscopeSettings,
    "sr7265": LockInSettings,
    "sr830": LockInSettings,
    "yokogawags200": lambda **common: CoilSettings(**common, constant=0.5),
}
# Answers as public lab code and manuals have them.
ANSWERS = {
    "Agilent Technologies,33522A,MY50005619,2.03-1.19-2.00-52-00": {"agilent33500"},
    "Agilent Technologies,33511B,MY52301259,3.03-1.19-2.00-52-00": {"agilent33500"},
    "Keysight Technologies,33622A,MY53800000,A.01.10-2.25-03-64-02": {"agilent33500"},
    "Agilent Technologies,81160A,MY51400292,1.0.3.0-2.6": {"keysight81160a"},
    "KEITHLEY INSTRUMENTS INC.,MODEL 2182A,1193143,C02  /A02": {"keithley2182"},
    "KEITHLEY INSTRUMENTS INC.,MODEL 2182,1234567,A05": {"keithley2182"},
    "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30   Mar 17 2006 09:29:29/A02  /K/J": {"keithley2400"},
    "KEITHLEY INSTRUMENTS INC.,MODEL 2420,1234567,C32   Oct  4 2010 14:20:11/A02  /D/B/E": {"keithley2400"},
    "KEITHLEY INSTRUMENTS,MODEL 2450,04000001,1.6.7c": {"keithley2450"},
    "KEITHLEY INSTRUMENTS INC.,MODEL 2700,1234567,B09  /A02": {"keithley2700"},
    "KEITHLEY INSTRUMENTS INC.,MODEL 6221,4559777,D04  /700x ": {"keithley6221"},
    "LSCI,MODEL335,335A12T/#######,1.2": {"lakeshore3xx"},
    "LSCI,MODEL336,12345,1.3": {"lakeshore3xx"},
    "Siglent Technologies,SDS1204X HD,SDS1HABC000001,3.8.12.1.1.4.9": {"siglentsds1000xhd"},
    "Siglent Technologies,SDS1104X-E,SDS1EBAC0L0098,7.6.1.15": set(),
    "YOKOGAWA,GS210,91T621492,2.02": {"yokogawags200"},
    "YOKOGAWA,GS211,91VB13481,2.02": {"yokogawags200"},
    "KEITHLEY INSTRUMENTS,MODEL 2636B,4000001,3.2.2": set(),
    "Stanford_Research_Systems,SR830,s/n12345,ver1.07": {"sr830"},
    "7265": {"sr7265"},
    "7270": set(),
    "Stanford_Research_Systems,SR860,003121,V1.47": set(),
}


class Stranger:
    """An instrument that says who it is and writes down what it hears."""

    def __init__(self, identity):
        self.identity, self.heard = identity, []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.resource = f"TCPIP::127.0.0.1::{self.server.getsockname()[1]}::SOCKET"
        self.gone = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            connection, _ = self.server.accept()
            with connection, connection.makefile("rb") as lines:
                for line in lines:
                    self.heard.append(line.decode().strip())
                    if line in (b"*IDN?\n", b"ID\n"):
                        connection.sendall(self.identity.encode() + b"\n")
        self.gone.set()


@pytest.fixture
def stranger():
    made = Stranger("ACME,ROADRUNNER TRAP,1,1")
    yield made
    made.server.close()


def open_driver(name, resource, **more):
    settings = SETTINGS.get(name, RoleSettings)(driver=name, resource=resource, timeout=2.0, **more)
    return DRIVERS[name].load()(settings, WiringSettings(load=50.0))


@pytest.mark.parametrize("name", sorted(DRIVERS))
def test_a_stranger_hears_nothing_but_the_question_who_it_is(name, stranger):
    with pytest.raises(WrongInstrumentError, match=rf"answers 'ACME,ROADRUNNER TRAP,1,1'.*{name} \(for "):
        open_driver(name, stranger.resource)
    assert stranger.gone.wait(10)  # the connection is given back
    assert stranger.heard == ["ID" if name == "sr7265" else "*IDN?"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_model_is_taken_by_its_driver_and_by_no_other(answer):
    takes = {name for name, entry in DRIVERS.items() if re.search(entry.load().IDENTITIES, answer, re.IGNORECASE)}
    assert takes == ANSWERS[answer]


def test_the_bench_file_may_name_one_instrument_by_its_serial_number(stranger):
    with pytest.raises(WrongInstrumentError, match="identity = 'MY123'"):
        open_driver("keithley2400", stranger.resource, identity="MY123")
    assert stranger.heard == ["*IDN?"]


BENCH = """\
name = "lab"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "{pulse_generator}"
[roles.source_meter]
driver = "keithley2400"
resource = "{source_meter}"
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
[device]
name = "W1"
resistance = 50.9e3
"""


@pytest.fixture
def lab(tmp_path):
    """Give served instruments, and a bench file of them with some resources exchanged."""
    instruments = serve_bench("simulated", seed=1)
    path = tmp_path / "lab.toml"

    def write(**changes):
        path.write_text(BENCH.format(**{**instruments.resources, **changes}), encoding="utf-8")
        return path

    write.resources = instruments.resources
    yield write
    instruments.close()


def test_two_swapped_instruments_are_told_as_such(lab):
    generator, meter = lab.resources["pulse_generator"], lab.resources["source_meter"]
    with pytest.raises(InstrumentError) as refused:
        open_bench(lab(pulse_generator=meter, source_meter=generator))
    assert re.search(
        rf"{meter} answers 'KEITHLEY .*MODEL 2400.*' and the bench file says keysight81160a .* for pulse_generator: "
        "it would fit source_meter; are the two swapped",
        str(refused.value).replace("',", "'"),
    )


def test_a_check_goes_through_all_roles_though_one_does_not_open(lab, capsys):
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"TCPIP::127.0.0.1::{free.getsockname()[1]}::SOCKET"
    assert main(["bench", "check", "--bench", str(lab(pulse_generator=nobody)), "--json", "-"]) == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)["roles"]
    assert "cannot be opened" in told["pulse_generator"]["trouble"]
    assert told["source_meter"]["trouble"] == ""
    assert "MODEL 2400" in told["source_meter"]["idn"]
    lines = [line for line in printed.err.splitlines() if "pulse_generator" in line]
    assert len(lines) == 1
    assert "not asked" in lines[0]


def test_what_is_no_resource_name_is_told_as_such(lab):
    with pytest.raises(
        InstrumentError, match=r"'nonsense' is neither a VISA resource name nor an alias.*such as GPIB0::24::INSTR"
    ) as refused:
        open_bench(lab(pulse_generator="nonsense"))
    assert "attribute" not in str(refused.value)
