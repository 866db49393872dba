"""Every role of a bench, from its guarded role through driver and socket to the simulated device and back."""

import time

import numpy as np
import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures import run
from mtjlab.procedures.random_bitstream import RandomBitstream


@pytest.fixture
def whole(tmp_path, whole_text):
    opened = []

    def make(*instruments):
        path = tmp_path / "whole.toml"
        path.write_text(whole_text(*instruments), encoding="utf-8")
        opened.append(open_bench(path))
        opened[-1].multiplexer.select("A1")
        return opened[-1]

    yield make
    for bench in opened:
        bench.close()


def deaf_to(instrument, command):
    """Let a simulated instrument pass over a command, from now on this one only."""
    handle = type(instrument).handle
    instrument.handle = lambda text: None if text.startswith(command) else handle(instrument, text)


def read_on(bench):
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.source_meter.switch_on()
    return bench.source_meter.read().current


def pulse_on(bench, parallel):
    """Send single pulses until the current has left that of the parallel state; half of them switch."""
    bench.pulse_generator.set_pulse(1.25, 10e-9)
    bench.pulse_generator.arm_manual()
    bench.pulse_generator.switch_on()
    for _ in range(60):
        if bench.source_meter.read().current < 0.75 * parallel:  # antiparallel is 0.5 to 0.6 of it
            return
        bench.pulse_generator.trigger()
    raise AssertionError("the junction did not switch")


def test_each_junction_behind_the_multiplexer_keeps_its_own_state(whole):
    bench = whole()
    parallel = read_on(bench)
    pulse_on(bench, parallel)
    antiparallel = bench.source_meter.read().current
    with pytest.raises(InstrumentError, match="no junction is connected while pulse_generator and source_meter may"):
        bench.multiplexer.select("A2")
    bench.make_safe()
    # To be safe is to have no junction connected.
    assert bench.multiplexer.selected() is None
    bench.multiplexer.select("A2")
    assert bench.multiplexer.selected() == "A2"
    other = read_on(bench)
    assert other > 1.2 * antiparallel  # parallel still, and of another resistance
    assert other != pytest.approx(parallel, rel=1e-3)
    bench.make_safe()
    bench.multiplexer.select("A1")
    assert read_on(bench) == pytest.approx(antiparallel, rel=0.01)
    assert antiparallel < 0.7 * parallel


def test_pulses_are_counted_for_the_junction_that_gets_them(whole):
    bench = whole()
    pulse_on(bench, read_on(bench))
    first = bench.stress.log.pulses
    assert first > 0
    bench.make_safe()
    bench.multiplexer.select("A2")
    assert bench.stress.log.pulses == 0
    bench.multiplexer.select("A1")
    assert bench.stress.log.pulses == first


def test_a_temperature_is_set_held_and_read(whole):
    bench = whole()
    controller = bench.temperature_controller
    assert controller.temperature() == pytest.approx(300.0, abs=0.5)
    controller.set_temperature(301.0)
    controller.switch_on()
    seen = [controller.temperature()]
    deadline = time.monotonic() + 60
    while abs(seen[-1] - 301.0) > 0.05 and time.monotonic() < deadline:
        seen.append(controller.temperature())  # each question lets the simulated time pass
    assert seen[-1] == pytest.approx(301.0, abs=0.05)
    # The junction stands where the sensor says.
    assert bench.stand_in.wiring.junction.surroundings.temperature == pytest.approx(301.0, abs=0.5)
    with pytest.raises(LimitError, match="temperature = 400 K is refused"):
        controller.set_temperature(400.0)
    assert controller.settings()["setpoint"] == 301.0


def test_the_limits_are_the_instruments_own_too_and_one_that_is_not_taken_is_said(whole):
    bench = whole()
    settings = {role: guard.settings() for role, guard in bench.roles.items()}
    generator = settings["pulse_generator"]
    # Rounded up to a microvolt, so that it refuses nothing that the interlock allows.
    assert [generator["limit_high"], -generator["limit_low"]] == [pytest.approx(1.8 / 1.00005, abs=1e-6)] * 2
    assert settings["source_meter"]["compliance_current"] == 1e-4
    assert settings["current_source"]["source_compliance"] == 10.0
    assert settings["coil"]["source_range"] == 0.1  # A, the smallest that makes 50 mT at 0.5 T/A
    for role, command, limit, value, message in (
        ("pulse_generator", ":VOLT1:LIM:HIGH ", "pulse_amplitude", 1.2, r"highest .*: 1\.19994 V .* took 1\.79991 V"),
        ("pulse_generator", ":VOLT1:LIM:LOW ", "pulse_amplitude", 1.0, r"lowest .*: -0\.999951 V .* took -1\.19994 V"),
        ("source_meter", ":SENSE:CURRENT:PROTECTION ", "compliance", 5e-5, r"compliance: 5e-05 A .* took 0\.0001 A"),
        ("current_source", ":SOUR:CURR:COMP ", "compliance_voltage", 5.0, "compliance: 5 V .* took 10 V"),
        ("coil", "SOURce:RANGe ", "field", 4e-3, r"range: 0\.01 A .* took 0\.1 A"),
    ):
        bench.interlock.limits = bench.interlock.limits.model_copy(update={limit: value})
        deaf_to(bench.stand_in.instruments[role], command)
        with pytest.raises(InstrumentError, match=message):
            bench.roles[role].set_backstop()


@pytest.mark.parametrize("field", [0.02, -0.03])
def test_a_coil_constant_turns_tesla_into_amperes_and_the_field_is_at_the_junction(whole, field):
    bench = whole()
    bench.coil.switch_on()
    bench.coil.set_field(field)
    assert bench.coil.settings()["source_level"] == pytest.approx(field / 0.5)  # 0.5 T/A
    assert bench.coil.field() == pytest.approx(field)
    assert bench.stand_in.wiring.junction.surroundings.in_plane_field == pytest.approx(field)
    bench.make_safe()
    assert bench.coil.settings()["output"] == "False"


def test_current_source_and_nanovoltmeter_see_the_resistance_that_the_source_meter_sees(whole):
    bench = whole()
    resistance = 0.05 / read_on(bench)
    bench.source_meter.switch_off()
    assert bench.source_meter.settings()["output"] == "False"
    source, voltmeter = bench.current_source, bench.nanovoltmeter
    voltmeter.set_integration(1.0)
    source.set_current(1e-6, 5.0)
    source.switch_on()
    # At 1 µA the junction stands at about 0.05 V too.
    assert voltmeter.read() / 1e-6 == pytest.approx(resistance, rel=0.02)
    source.send_pulse(5e-6, 1e-4, 5.0)
    assert (bench.stress.log.pulses, bench.stress.log.stress_time) == (1, pytest.approx(1e-4))
    # After the pulse the steady current is back, and with it the same reading.
    assert source.settings()["source_current"] == pytest.approx(1e-6)
    assert voltmeter.read() / 1e-6 == pytest.approx(resistance, rel=0.02)
    source.switch_off()
    assert source.settings()["output"] == "False"  # asked over its connection before the other one reads
    assert abs(voltmeter.read()) < 1e-6


@pytest.mark.parametrize(
    ("generator", "meter", "width", "load"),
    [
        ("keysight81160a", "keithley2450", 10e-9, 1e6),
        ("picosecond10070a", "keithley2400", 10e-9, 50.0),
        ("agilent33500", "keithley2400", 20e-9, 1e6),  # no pulse below 16 ns
    ],
)
def test_every_pulse_generator_and_source_meter_acquires_bits(whole, tmp_path, generator, meter, width, load):
    bench = whole(generator, meter, load)
    # An open end doubles what a generator means into 50 Ω; the attenuator has steps of 1 dB: 1.19 V.
    amplitude = 1.25 if load > 50 else 7.5 * 10 ** (-22 / 20)
    procedure = RandomBitstream(bits=400, block=200, width=width, amplitude=amplitude)
    recording = run(procedure, bench, tmp_path / "a.h5")
    assert recording.status == "finished"
    assert len(recording.bits[:]) == 400
    # Both outcomes come: a fair bit has fewer than 40 of 400 once in 10^60.
    assert 40 < np.count_nonzero(recording.bits[:]) < 360
    found = recording.results
    assert found["parallel current"].value > 1.5 * found["antiparallel current"].value > 0
    assert bench.pulse_generator.settings()["output"] == "False"
    assert recording.instruments["pulse_generator"].driver.lower().startswith(generator[:9])
