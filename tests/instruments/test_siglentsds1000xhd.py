"""The oscilloscope's adapter: the bytes of its settings, and sweeps over a socket."""

import socket

import numpy as np
import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.drivers.siglentsds1000xhd import SiglentSDS1000XHDOscilloscope
from mtjlab.instruments.instrument_error import InstrumentError, OutOfStepError
from mtjlab.instruments.roles.oscilloscope import OscilloscopeSettings
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_siglentsds1000xhd import SimulatedSiglentSDS1000XHD
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer
from mtjlab.instruments.simulated.wiring import Wiring
from mtjlab.instruments.visa.definite_block import read_block

NO_ERROR = (b"SYST:ERR?", b'0,"No error"')
SET_UP = [
    (b"*RST", None),
    (b"*OPC?", b"1"),
    (b":CHANnel2:SWITch ON", None),
    (b":CHANnel2:COUPling DC", None),
    (b":CHANnel2:PROBe 10", None),
    (b":CHANnel2:OFFSet 0.000000", None),
    (b":ACQuire:MDEPth 10K", None),
    (b":TIMebase:DELay 0.000000e+00", None),
    (b":TRIGger:MODE SINGle", None),
    (b":TRIGger:EDGE:SOURce EX5", None),
    (b":TRIGger:EDGE:SLOPe FALLing", None),
    (b":TRIGger:EDGE:LEVel -5.000000e-01", None),
    (b":WAVeform:SOURce C2", None),
    (b":WAVeform:WIDTh WORD", None),
    NO_ERROR,
    (b":TRIGger:EDGE:LEVel?", b"-5.00E-01"),
]
ROLE = {"driver": "siglentsds1000xhd", "channel": 2, "probe": 10}


def test_the_bytes_of_the_settings(wired):
    role = OscilloscopeSettings(trigger_level=-0.5, **ROLE)
    bytes_ = [
        *SET_UP,
        (b":CHANnel2:SCALe 1.500e-01", None),
        (b":CHANnel2:SCALe?", b"1.50E-01"),
        NO_ERROR,
        (b":TIMebase:SCALe 3.000000e-08", None),
        (b":TIMebase:SCALe?", b"5.00E-08"),
        NO_ERROR,
    ]
    with expected_protocol(wired(SiglentSDS1000XHDOscilloscope, role, WiringSettings()), bytes_) as scope:
        scope.set_vertical(0.6)
        scope.set_window(300e-9)
        with pytest.raises(ValueError, match=r"with probe = 10 the SDS1000X HD takes 0.04 to 40 V"):
            scope.set_vertical(0.01)


class Junction:
    state = 0

    def hold(self, duration, voltage):
        return 0

    def pulse_train(self, pulse, count, hold=None):
        return np.zeros(count, np.uint8)

    def observe(self, count, gap, window, voltage):
        return np.zeros(count)

    def read(self, states, voltage, bandwidth):
        return voltage / np.full(len(states), 50e3)


@pytest.fixture
def opened():
    """Open an oscilloscope on a table with a junction of 50 kΩ; give it with the wiring."""
    parts = []

    def open_(**keys):
        cables = WiringSettings(bias_tee_loss=6.0)
        wiring = Wiring(Junction(), cables=cables)
        role = OscilloscopeSettings(**{"driver": "siglentsds1000xhd", "accuracy": 0.0, **keys})
        server = ScpiServer(SimulatedSiglentSDS1000XHD(InstrumentContext(wiring, "oscilloscope", role, cables, seed=5)))
        scope = SiglentSDS1000XHDOscilloscope(role.model_copy(update={"resource": server.resource}), cables)
        parts.extend((scope, server))
        return scope, wiring

    yield open_
    for part in parts:
        part.close()


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        ({}, 50e3 * 1e6 / 1.05e6),
        ({"position": "instead"}, 1e6),
        ({"position": "instead", "impedance": 50.0}, 50.0),
        ({"channel": 3, "probe": 10, "impedance": 1e7}, 50e3 * 1e7 / 1.005e7),
    ],
)
def test_it_sees_what_is_at_the_end_of_the_line(opened, keys, end):
    scope, wiring = opened(**keys)
    scope.set_vertical(0.8)
    scope.set_window(400e-9)
    scope.start()
    wiring.pulse(Pulse(1.0, 100e-9, 1e-9, 1e-9), 1)
    sweep = scope.fetch()
    times = sweep.start + sweep.interval * np.arange(sweep.voltages.size)
    assert times[0] == pytest.approx(-250e-9)  # of 50 ns a division, the next step of the time base
    assert not sweep.clipped
    top, before = sweep.voltages[(times > 20e-9) & (times < 80e-9)], sweep.voltages[times < -1e-9]
    expected = 10 ** (-6 / 20) * end / (end + 50)
    # Noise of 0.01 divisions of 0.2 V, of which the mean of 120 is taken.
    assert top.mean() - before.mean() == pytest.approx(expected, abs=5 * 0.002 / np.sqrt(120))
    assert before.std() == pytest.approx(0.002, rel=0.3)


def test_a_pulse_beyond_the_screen_is_clipped(opened):
    scope, wiring = opened()
    scope.set_vertical(0.4)
    scope.start()
    wiring.pulse(Pulse(1.0, 100e-9, 1e-9, 1e-9), 1)
    assert scope.fetch().clipped


def test_without_a_trigger_it_says_where_to_look(opened):
    scope, wiring = opened(trigger="C2")
    scope.start()
    wiring.pulse(Pulse(1.0, 100e-9, 1e-9, 1e-9), 1)
    with pytest.raises(InstrumentError, match=r"no trigger above 0.5 V came at C2: check the cable"):
        scope.fetch()
    assert scope.driver.trigger.status == "Stop"


def test_its_own_channel_can_be_the_trigger(opened):
    scope, wiring = opened(trigger="C1", trigger_level=0.3)
    scope.start()
    wiring.pulse(Pulse(0.5, 100e-9, 1e-9, 1e-9), 1)  # 0.25 V at the end
    wiring.pulse(Pulse(1.0, 100e-9, 1e-9, 1e-9), 1)
    assert scope.fetch().voltages.max() > 0.4


@pytest.mark.parametrize(
    ("sent", "block"),
    [
        (b"#15ab\ncd\n", b"ab\ncd"),
        (b"DESC,#210##########\n", b"##########"),
        (b"\n#12ab\n", b"ab"),
        (b"#12ab\r\n", b"ab"),
        (b"nonsense\n", None),
        (b"#0abc\n", None),
        (b"#13abcd\n", None),
    ],
)
def test_a_block_has_the_length_that_it_says(sent, block):
    left = bytearray(sent)

    def receive(count):
        taken = bytes(left[:count])
        del left[:count]
        return taken

    if block is None:
        with pytest.raises(OutOfStepError):
            read_block(receive)
    else:
        assert read_block(receive) == block
        assert not left


def test_a_second_line_end_after_a_block_is_taken(opened):
    # HD models end preamble and data with two (ngscopeclient's scopehal, SiglentSCPIOscilloscope.cpp).
    scope, wiring = opened()
    scope.start()
    wiring.pulse(Pulse(1.0, 100e-9, 1e-9, 1e-9), 1)
    connection = scope.driver.adapter
    for _ in range(2):
        assert connection.query_bytes(":WAV:PRE?")[:8] == b"WAVEDESC"
    assert scope.identify().startswith("Siglent Technologies,SDS1204X HD")
    assert connection.query_bytes(":WAV:DATA?")
    assert scope.errors() == []
    assert scope.fetch().voltages.size


def test_the_simulated_one_ends_a_block_with_two_line_ends(opened):
    scope, wiring = opened()
    scope.start()
    wiring.pulse(Pulse(1.0, 100e-9, 1e-9, 1e-9), 1)
    address = scope.resource.split("::")
    with socket.create_connection((address[1], int(address[2]))) as line:
        line.sendall(b":WAV:PRE?\n")
        with line.makefile("rb") as answer:
            assert answer.read(11) == b"#9000000346"
            answer.read(346)
            assert answer.read(2) == b"\n\n"


def simulated():
    """Give a simulated oscilloscope whose channel 1 hangs at its CAL terminal."""
    cables = WiringSettings()
    role = OscilloscopeSettings(driver="siglentsds1000xhd", channel=2)
    return SimulatedSiglentSDS1000XHD(
        InstrumentContext(Wiring(Junction(), cables=cables), "oscilloscope", role, cables, seed=5)
    )


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        (":TRIG:EDGE:SLOP FALL", b"FALLing"),
        (":ACQ:TYPE average", b"AVERage"),
        (":ACQ:AMOD SLOW", b"SLOW"),
        (":CHAN2:LAB:TEXT 'MTJ'", b'"MTJ"'),
        (":MEAS:ADV:P3:SOUR1 C2", b"C2"),
    ],
)
def test_words_are_answered_as_the_programming_guide_spells_them(setting, answer):
    # PyMeasure's test with the instrument on the table wants "RISing" and "NORMal" back.
    scope = simulated()
    scope.handle(setting)
    assert scope.handle(setting.partition(" ")[0] + "?") == answer


def test_automatic_setup_finds_the_square_wave_at_the_cal_terminal():
    scope = simulated()
    scope.handle(":AUToset")
    scope.handle(":MEAS:ADV:P1 ON;:MEAS:ADV:P1:SOUR1 C1;TYPE FREQ;:MEAS:ADV:STAT ON")
    # 1 kHz and 3 V, to the sample of half a microsecond and to the 0.5 % of the scale with its noise of 0.01 divisions.
    assert float(scope.handle(":MEAS:ADV:P1:STAT? CURR")) == pytest.approx(1000.0, rel=1e-3)
    assert float(scope.handle(":MEAS:SIMP:VAL? MAX")) == pytest.approx(3.0, abs=0.1)
    # The channel that looks at the device sees no swing.
    scope.handle(":MEAS:ADV:P1:SOUR1 C2")
    assert scope.handle(":MEAS:ADV:P1:VAL?") == b"****"


def test_an_oscilloscope_that_was_just_switched_on_shows_what_it_sees():
    scope = simulated()
    assert scope.handle(":TRIG:STAT?") == b"Auto"
    assert scope.handle(":WAV:PRE?").startswith(b"#9000000346WAVEDESC")
    assert len(scope.handle(":MEAS:SIMP:VAL? ALL").split(b",")) > 80
    # Waiting for one trigger, it shows nothing new.
    scope.handle(":TRIG:MODE SING")
    assert scope.handle(":TRIG:STAT?") == b"Stop"
