"""The simulated instruments answer what drivers that others wrote ask of them, on opening and in ordinary use.

The headers are those that QCoDeS 0.58, Lake Shore's own package and InstrumentKit put on the wire; where a driver is
installed it is run itself.
"""

import contextlib

import numpy as np
import pytest

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.roles.coil import CoilSettings
from mtjlab.instruments.roles.temperature_controller import TemperatureControllerSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_agilent33500 import SimulatedAgilent33500
from mtjlab.instruments.simulated.dialects.simulated_lakeshore3xx import SimulatedLakeShore3xx
from mtjlab.instruments.simulated.dialects.simulated_yokogawags200 import SimulatedYokogawaGS200
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer
from mtjlab.instruments.simulated.wiring import Wiring


class Junction:
    state = 0

    def __init__(self):
        self.surroundings = {}

    def set_surroundings(self, **surroundings):
        self.surroundings = surroundings

    def hold(self, duration, voltage):
        return 0

    def pulse_train(self, pulse, count, hold=None):
        return np.zeros(count, np.uint8)


@pytest.fixture
def table():
    return Wiring(Junction(), Clock())


@pytest.fixture
def source(table):
    role = CoilSettings(driver="yokogawags200", constant=0.5)
    return SimulatedYokogawaGS200(InstrumentContext(table, "coil", role, WiringSettings(), 1))


@pytest.fixture
def controller(table):
    def make(model="336"):
        role = TemperatureControllerSettings(driver="lakeshore3xx", identity=f"MODEL{model}")
        return SimulatedLakeShore3xx(InstrumentContext(table, "temperature_controller", role, WiringSettings(), 1))

    return make


GS200 = [
    ":STAT:EVEN?",
    ":STAT:COND?",
    ":PROG:INT?",
    ":PROG:SLOP?",
    ":PROG:TRIG?",
    ":PROG:LOAD?",
    ":PROG:REP?",
    ":PROG:COUN?",
    ":SENS:REM?",
    ":SENS:GUAR?",
    "SYST:LFR?",
    ":ROUT:BNCO?",
    ":ROUT:BNCI?",
    ":SENS?",
    ":SENS:NPLC?",
    ":SENS:DEL?",
    ":SENS:TRIG?",
    ":SENS:INT?",
    "OUTPUT?",
    "SOUR:FUNC?",
    ":SOUR:RANG?",
    ":SOUR:LEV?",
    ":SOUR:PROT:VOLT?",
    ":SOUR:PROT:CURR?",
    "*OPT?",
    "*STB?",
    "*ESR?",
]


@pytest.mark.parametrize("header", GS200)
def test_what_qcodes_asks_a_gs200(source, header):
    assert source.handle(header)
    assert source.handle(":SYST:ERR?") == b'0,"No error"'


LAKE_SHORE = """TLIMIT? A|RDGST? A|INNAME? A|INTYPE? A|INCRV? A|CRVHDR? 2|FILTER? A|ALARM? A|OUTMODE? 1|PID? 1|HTRSET? 1
RANGE? 1|HTR? 1|SETP? 1|RAMP? 1|RAMPST? 1|HTRST? 1|OPST?|OPSTE?|BRIGT?|DISPLAY?|DISPFLD? 1|RELAY? 1|WARMUP? 1|MODE?
LOCK?|LEDS?|*ESE?|*SRE?|KRDG? 0|KRDG?A|KRDG? 1|SRDG? B|AOUT? 3""".replace("\n", "|").split("|")


@pytest.mark.parametrize("header", LAKE_SHORE)
def test_what_qcodes_and_lake_shores_own_driver_ask_a_336(controller, header):
    instrument = controller()
    assert instrument.handle("*ESR?") == b"128"
    answer = instrument.handle(f"{header};*ESR?")
    assert answer is not None
    assert answer.endswith(b";0")


def test_a_336_tells_four_values_of_a_heater_and_a_335_five(controller):
    # Manual of the 336, HTRSET?: resistance, largest current, that of the user, current or power; the vendor's driver
    # reads these. Only a 335 tells the type of the output before them, which QCoDeS's driver expects of a 336 too.
    assert controller("336").handle("HTRSET? 1") == b"1,2,+1.000,1"
    assert controller("335").handle("HTRSET? 1") == b"0,1,2,+1.000,1"
    changed = controller("336")
    changed.handle("HTRSET 2,2,0,0.5,2")
    assert changed.handle("HTRSET? 2;HTRSET? 1") == b"2,0,+0.500,2;1,2,+1.000,1"


def test_a_record_is_set_at_once_and_given_back(controller):
    instrument = controller()
    instrument.handle('PID 1,35.5,12,1;INTYPE B,2,1,0,1,1;INNAME B,"Stage";OUTMODE 1,1,2,0')
    assert instrument.handle("PID? 1") == b"+035.5,+012.0,+001.0"
    assert instrument.handle("INTYPE? B") == b"2,1,0,1,1"
    assert instrument.handle("INNAME? B") == b"Stage          "
    assert instrument.handle("PID? 2") == b"+050.0,+020.0,+000.0"
    assert instrument.handle("PID 1,1;*ESR?") == b"160"  # a parameter is missing; the mains bit is the first reading's


def test_the_event_register_behind_a_faulty_command_tells_of_it(controller):
    # Lake Shore's driver asks *ESR? in the message of every command.
    instrument = controller()
    instrument.handle("*ESR?")
    assert instrument.handle("NONSENSE 1;*ESR?") == b"32"
    assert instrument.handle("KRDG? Z;*ESR?") == b"16"


@pytest.mark.parametrize("model", ["331", "340"])
def test_the_loop_of_an_older_model_is_set_up_by_cset(controller, model):
    instrument = controller(model)
    instrument.handle("CSET 1,B,1,1,0")
    assert instrument.handle("CSET? 1;HTR?;RANGE?") == b"B,1,1,0;+0.0;0"


def test_what_qcodes_asks_a_33500(table):
    generator = SimulatedAgilent33500(
        InstrumentContext(table, "pulse_generator", RoleSettings(driver="x"), WiringSettings(), 1)
    )
    for header in (
        "SOURce2:FREQuency:MODE?", "TRIGger1:COUNt?", "TRIGger2:DELay?", "TRIGger1:TIMer?", "OUTPut:SYNC:SOURce?",
        "SOURce1:BURSt:GATE:POLarity?", "SOURce1:BURSt:NCYCLes?", "SOURce1:FUNCtion:RAMP:SYMMetry?",
    ):  # fmt: skip
        assert generator.handle(header), header
    assert generator.handle(":SYST:ERR?") == b'0,"No error"'


RAMP = (
    "*CLS;:PROG:REP 0;:PROG:SLOP 8.0E-01;:PROG:INT 8.0E-01;:PROG:EDIT:STAR;:SOUR:LEV 4.0E-02;:PROG:EDIT:END;:PROG:RUN"
)


def ramping(source):
    for line in (":SOUR:FUNC CURR", ":SOUR:RANG 0.1", ":OUTP 1"):
        source.handle(line)
    source.handle(RAMP)


def test_a_hardware_ramp_is_a_program_of_one_step(source, table):
    ramping(source)
    assert source.program.running
    # Nothing but questions makes virtual time pass: it has ended when somebody asks.
    assert int(source.handle(":STAT:EVEN?")) & 0x80
    assert float(source.handle(":SOUR:LEV?")) == 0.04
    assert table.time == pytest.approx(0.8)
    assert table.junction.surroundings["in_plane_field"] == pytest.approx(0.02)


def test_the_level_goes_along_the_slope(source, table):
    ramping(source)
    table.clock.wait(0.2)
    source.program.follow()
    assert source.settings["level"] == pytest.approx(0.01)
    source.handle(":PROG:HOLD")
    table.clock.wait(10.0)
    assert float(source.handle(":SOUR:LEV?")) == pytest.approx(0.01)


def test_a_program_repeats_its_steps_until_it_is_stopped(source):
    ramping(source)
    source.handle(":PROG:EDIT:STAR;:SOUR:LEV 0.01;:SOUR:LEV 0.02;:PROG:EDIT:END;:PROG:INT 1;SLOP 0;REP 1;RUN")
    levels = [float(source.handle(":SOUR:LEV?")) for _ in range(4)]
    assert levels == [0.02, 0.01, 0.02, 0.01]


@pytest.fixture
def served():
    with contextlib.ExitStack() as ends:

        def serve(instrument):
            server = ScpiServer(instrument)
            ends.callback(server.close)
            return server

        yield serve


@pytest.mark.filterwarnings("default")
def test_qcodes_gs200_opens_and_ramps(served, source):
    drivers = pytest.importorskip("qcodes.instrument_drivers.yokogawa", reason="QCoDeS is not installed")
    supply = drivers.YokogawaGS200("supply", served(source).resource, visalib="@py", terminator="\n")
    try:
        supply.source_mode("CURR")
        supply.current_range(0.1)
        supply.output("on")
        supply.ramp_current(0.02, 0.01, 0.01)
        assert supply.current() == pytest.approx(0.02)
        supply.snapshot(update=True)
        assert supply.system_errors().startswith("0")
    finally:
        supply.close()


@pytest.mark.filterwarnings("default")
def test_lake_shores_own_driver_reads_a_336(served, controller):
    lakeshore = pytest.importorskip("lakeshore", reason="Lake Shore's package is not installed")
    server = served(controller())
    instrument = lakeshore.Model336(ip_address="127.0.0.1", tcp_port=server.port)
    try:
        assert instrument.get_all_kelvin_reading() == pytest.approx([300.0] * 4, abs=0.1)
        instrument.set_control_setpoint(1, 310.5)
        assert instrument.get_control_setpoint(1) == 310.5
    finally:
        instrument.disconnect_tcp()
