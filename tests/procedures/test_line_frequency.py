"""On 60 Hz mains nothing is counted in cycles of 50 Hz."""

import ast
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

import mtjlab.procedures.resistance_noise
from mtjlab.core.toml_document import TomlDocument
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.null_bench import unplugged_bench
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.simulated.direct_bench import open_direct_bench
from mtjlab.procedures.measurements.reading_time import START
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.resistance_noise import ResistanceNoise
from mtjlab.procedures.running.one_run import run

OVERHEAD = 285e-6
"""Time of a 2400 beside integration [s]: 185 µs and 100 µs (user's manual, p. A-6 and A-8)."""


def bench_at(frequency):
    file = BenchFile.load("simulated")
    simulation = file.simulation.model_copy(update={"line_frequency": frequency, "seed": 4})
    return file.model_copy(update={"simulation": simulation})


@pytest.mark.parametrize("frequency", [50, 60])
def test_the_instruments_clock_the_reading_and_the_estimate_are_those_of_the_mains(frequency):
    lasts = 10 / frequency + OVERHEAD
    with open_bench(bench_at(frequency)) as bench:
        meter = bench.source_meter
        assert meter.integration_time(10) == pytest.approx(10 / frequency)
        assert meter.settings()["line_frequency"] == frequency
        meter.set_bias(0.05, 1e-5)
        meter.set_integration(10)
        meter.switch_on()
        began = bench.time
        meter.read()
        assert bench.time - began == pytest.approx(1e-3 + lasts)  # with the delay of the source after *RST
        meter.set_integration(0.1)
        meter.prepare_block(500, 1e-4)
        meter.start_block()
        meter.fetch_block()
        # The stamps tick 1024 times a second; a line through 500 of them is far finer.
        assert meter.block_interval() == pytest.approx(1e-4 + 0.1 / frequency + OVERHEAD, rel=1e-3)
        assert meter.reading_duration(10) == pytest.approx(lasts)


@pytest.mark.parametrize("frequency", [50, 60])
def test_the_corner_of_a_spectrum_does_not_depend_on_the_mains(frequency, tmp_path):
    with open_direct_bench(bench_at(frequency), seed=5) as bench:
        procedure = ResistanceNoise(records=60)
        recording = run(procedure, bench, tmp_path / "noise.h5")
        device = bench.stand_in.wiring.junction.device
    interval = 0.01 / frequency + OVERHEAD
    assert recording.results["interval of the readings"].value == pytest.approx(interval, rel=1e-6)
    assert procedure.spectrum.frequencies[-1] == pytest.approx(0.5 / interval, rel=0.01)
    hooge = procedure.spectrum.hooge(recording.results["resistance"].value, device.area)
    assert hooge.value == pytest.approx(device.noise.hooge_parameter, abs=4 * hooge.uncertainty)
    times = recording.frame()["Time"].dropna().to_numpy()
    np.testing.assert_allclose(times[:2500], np.arange(2500) * interval, rtol=1e-6)
    assert procedure.picture(recording).startswith(b"\x89PNG")


def test_without_an_instrument_to_ask_an_estimate_is_the_longest():
    bits = RandomBitstream(bits=10_000, block=1000, settle=1e-6, integration=1.0)
    alone = bits.estimated_duration
    assert alone == pytest.approx(START + 11_000 * (1e-6 + 1 / 50 + OVERHEAD))


def test_a_simulated_bench_takes_the_time_that_it_computes_unless_it_is_to_take_that_of_instruments():
    bits = RandomBitstream(bits=10_000, block=1000, settle=1e-6, integration=1.0)
    alone = bits.estimated_duration
    for real_time in (False, True):
        text = BenchFile.load("simulated").text + f"real_time = {str(real_time).lower()}\n"
        bits.bench = unplugged_bench(BenchFile.parse(TomlDocument("a bench", text)))
        assert (bits.estimated_duration == alone) is real_time
        assert bits.estimated_duration == alone or bits.estimated_duration < 2 * START


def test_the_duty_cycle_counts_with_the_mains_of_the_meter():
    # A tenth of the time may be pulse: of 0.2 ms on 50 Hz mains, 20 µs; on 60 Hz mains 16.7 µs.
    for frequency, allowed in ((50, True), (60, False)):
        with open_direct_bench(bench_at(frequency), seed=1) as bench:
            bench.interlock.limits = bench.interlock.limits.model_copy(
                update={"pulse_width": 1e-3, "pulse_energy": 1.0, "duty_cycle": 0.1}
            )
            bench.source_meter.set_integration(0.01)
            bench.source_meter.prepare_block(10, 0.0)
            with nullcontext() if allowed else pytest.raises(LimitError, match="duty cycle"):
                bench.pulse_generator.set_pulse(0.5, 18e-6)


def test_no_procedure_divides_by_a_line_frequency():
    for path in Path(mtjlab.procedures.resistance_noise.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            by = getattr(node, "right", None) if isinstance(node, ast.BinOp) else None
            assert not (isinstance(by, ast.Constant) and by.value in (50, 60)), f"{path.name}:{node.lineno}"
            assert not (isinstance(node, ast.Name) and node.id.upper().startswith("LINE_FREQ")), path.name
