"""Loops and retention on a bench: nobody pulses, and field, bias, temperature and time switch the device."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.core.toml_document import TomlDocument
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import BenchFile, shipped_benches
from mtjlab.instruments.bench.opening import open_bench
from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.rates.rates import Rates

DEVICE = """
resistance_area = {ra}
stray_field = {stray}
in_plane_field = {in_plane}
anisotropy_energy = {energy}
[torque]
towards = "P"
[noise]
hooge_parameter = 0.0
"""
BIAS, SETTLE, LINE = 0.02, 1e-3, 50.0
PERIOD = SETTLE + 0.01 / LINE + 285e-6
"""Time [s] from one read of 0.01 cycles to the next: the meter itself takes 285 µs (2400 manual, p. A-6 and A-8)."""
"""Bias of the reads [V]; the meter's own delay [s] and power line [Hz]."""

OpenBench = Callable[..., Bench]


@pytest.fixture
def opened(tmp_path: Path) -> OpenBench:
    def open_with(
        *, model: str = "rates", seed: int = 1, ra: float = 10e-9, stray: float = 0.0, in_plane: float = 25.5e-3,
        energy: float = 8.63e4,
    ) -> Bench:  # fmt: skip
        path = tmp_path / "device.toml"
        path.write_text(DEVICE.format(ra=ra, stray=stray, in_plane=in_plane, energy=energy))
        text = shipped_benches()["simulated-loops"]
        text = text.replace('device = "reference"', f'device = "{path}"').replace('"rates"', f'"{model}"')
        return open_bench(BenchFile.parse(TomlDocument("a bench", text)), seed=seed)

    return open_with


def device_of(bench: Bench) -> Device:
    simulation = bench.file.simulation
    assert simulation is not None
    return load_device(simulation.device)


def switch_on(bench: Bench, bias: float = BIAS, cycles: float = 1.0) -> None:
    bench.source_meter.set_bias(bias, compliance=1e-5)
    bench.source_meter.set_integration(cycles)
    bench.source_meter.switch_on()
    bench.perpendicular_coil.switch_on()


def resistance(bench: Bench) -> float:
    reading = bench.source_meter.read()
    return reading.voltage / reading.current


def sweep(bench: Bench, fields: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Step the field and read once at each: whether it is antiparallel."""
    levels = device_of(bench).resistance_parallel * 1.5
    found = []
    for field in fields:
        bench.perpendicular_coil.set_field(float(field))
        found.append(resistance(bench) > levels)
    return np.array(found)


def switching_field(fields: NDArray[np.float64], antiparallel: NDArray[np.bool_]) -> float:
    flips = np.flatnonzero(antiparallel[1:] != antiparallel[:-1])
    assert flips.size == 1
    return float(fields[flips[0] : flips[0] + 2].mean())


def expected(device: Device, fields: NDArray[np.float64], state: int) -> tuple[float, float]:
    """Mean and standard deviation of the field at which a sweep leaves a state, from the rates at every field."""
    step = abs(fields[1] - fields[0])
    seconds = step / 1.0 + SETTLE + 1 / LINE  # ramp, delay, integration
    leaving = [Rates(device.in_surroundings(perpendicular_field=float(field))).leaving(BIAS)[state] for field in fields]
    stays = np.concatenate(([1.0], np.exp(-np.cumsum(np.array(leaving) * seconds))))
    switches = -np.diff(stays)
    # A flip in the first half of a read is seen in it, one in the second half in the next: half a step on average.
    mean = float(switches @ fields / switches.sum())
    return mean, float(math.sqrt(switches @ (fields - mean) ** 2 / switches.sum()))


@pytest.mark.parametrize("model", ["rates", "macrospin"])
def test_plain_reads_in_a_swept_field_draw_a_hysteresis_loop(opened: OpenBench, model: str) -> None:
    loops, stray = (3, 8e-3) if model == "rates" else (2, -6e-3)
    up = np.arange(-96e-3, 97e-3, 4e-3)
    found = np.empty((loops, 2))
    with opened(model=model, stray=stray) as bench:
        switch_on(bench)
        for loop in found:
            loop[:] = [switching_field(fields, sweep(bench, fields)) for fields in (up, up[::-1])]
        device = device_of(bench)
    theory = np.array([expected(device, up, 1), expected(device, up[::-1], 0)])
    # About minus the stray field, and at this pace far below the anisotropy field of 173 mT.
    assert theory.mean(axis=0)[0] == pytest.approx(-stray, abs=0.5e-3)
    assert (found[:, 0] > 0).all()
    assert (found[:, 1] < 0).all()
    # The seen field lies up to half a step off the one at which it happened.
    error = 4 * theory[:, 1] / math.sqrt(loops) + 2e-3
    np.testing.assert_array_less(np.abs(found.mean(axis=0) - theory[:, 0]), error)


def test_the_coercive_field_follows_sharrocks_law() -> None:
    # Without a field in the plane Hc = Bk·(1 - √(ln(f0·t/ln 2)/Δ)), Sharrock, J. Appl. Phys. 76, 6413 (1994), eq. 3
    # with n = 1/2, for a time t spent at each field; f0 is Brown's, αγBk/(1 + α²)·√(Δ/π)·(1 - h)(1 - h²).
    device = Device(in_plane_field=0.0, resistance_area=10e-9)
    up = np.arange(0.0, 172e-3, 1e-3)
    for seconds in (1e-3, 1.0, 1e3):
        leaving = np.array(
            [Rates(device.in_surroundings(perpendicular_field=float(field))).leaving(0.0)[1] for field in up]
        )
        coercive = float(np.interp(math.log(2) / seconds, leaving, up))
        bk, h = device.anisotropy_field(0.0), coercive / device.anisotropy_field(0.0)
        attempts = device.damping * 1.76e11 * bk / (1 + device.damping**2) * math.sqrt(45 / math.pi)
        attempts *= (1 - h) * (1 - h**2)
        assert coercive == pytest.approx(
            bk * (1 - math.sqrt(math.log(attempts * seconds / math.log(2)) / 45)), rel=0.03
        )


def test_a_slower_sweep_switches_earlier(opened: OpenBench) -> None:
    # Ten seconds more at each field: ln(10 s/0.025 s) = 6 kT less of a barrier are enough.
    up = np.arange(0.0, 97e-3, 4e-3)
    found = []
    with opened() as bench:
        switch_on(bench)
        for pause in (0.0, 10.0):
            bench.perpendicular_coil.set_field(-0.15)
            antiparallel = []
            for field in up:
                bench.perpendicular_coil.set_field(float(field))
                bench.wait(pause)
                antiparallel.append(resistance(bench) > 1.5 * device_of(bench).resistance_parallel)
            found.append(switching_field(up, np.array(antiparallel)))
    assert found[1] < found[0] - 4e-3


def test_a_field_in_the_plane_makes_the_loop_narrower(opened: OpenBench) -> None:
    up = np.arange(-96e-3, 97e-3, 4e-3)
    widths = []
    with opened() as bench:
        switch_on(bench)
        bench.coil.switch_on()
        for in_plane in (0.0, 40e-3):
            bench.coil.set_field(in_plane)
            ways = [switching_field(fields, sweep(bench, fields)) for fields in (up, up[::-1])]
            widths.append(ways[0] - ways[1])
    # Twice the field along x lowers the barrier by some 10 kT; one loop's jumps scatter by some 4 mT each.
    assert widths[1] < widths[0] - 25e-3


def test_heat_makes_the_loop_narrower_through_the_controller(opened: OpenBench) -> None:
    up = np.arange(-96e-3, 97e-3, 4e-3)
    widths = []
    with opened() as bench:
        switch_on(bench)
        for kelvin in (300.0, 400.0):
            bench.temperature_controller.set_temperature(kelvin)
            bench.temperature_controller.switch_on()
            bench.wait(60.0)
            assert bench.temperature_controller.temperature() == pytest.approx(kelvin, abs=0.1)
            ways = [switching_field(fields, sweep(bench, fields)) for fields in (up, up[::-1])]
            widths.append(ways[0] - ways[1])
    assert widths[1] < widths[0] - 25e-3


def flips_and_times(bench: Bench, reads: int) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Count the flips out of P and out of AP and the reads in each, one read after the other."""
    parallel = device_of(bench).resistance_parallel
    states = np.array([resistance(bench) for _ in range(reads)]) > 1.5 * parallel
    flips = np.array([np.sum(~states[:-1] & states[1:]), np.sum(states[:-1] & ~states[1:])])
    return flips, np.array([np.sum(~states[:-1]), np.sum(states[:-1])], float)


@pytest.mark.parametrize(("bias", "stability"), [(0.01, 16), (0.05, 17), (-0.05, 14)])
def test_a_weak_device_flips_by_itself_as_its_rates_say(opened: OpenBench, bias: float, stability: int) -> None:
    # No coil, no pulse: reads of 0.2 ms a millisecond apart of a device that stays for some ten milliseconds.
    with opened(energy=8.63e4 * stability / 45, in_plane=0.0, ra=5e-10, seed=stability) as bench:
        switch_on(bench, bias, cycles=0.01)
        flips, reads = flips_and_times(bench, 1500)
        device = device_of(bench)
    leaving = flips / reads
    for found, number, chance in zip(leaving, reads, Rates(device).flips(PERIOD, bias), strict=True):
        # Flips there and back between two reads are missed by both.
        assert found == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / number))
    # Read disturb: what lowers the barrier pushes towards P, and the other polarity towards AP.
    if abs(bias) > 0.02:
        assert (leaving[1] > leaving[0]) == (bias > 0)


def test_a_long_read_of_a_weak_device_sees_the_mean_of_its_states(opened: OpenBench) -> None:
    # Δ = 11 stays for 100 µs: a read of 20 ms holds a hundred flips, and lies between the levels.
    with opened(energy=8.63e4 * 11 / 45, in_plane=0.0, seed=3) as bench:
        switch_on(bench)
        currents = np.array([bench.source_meter.read().current for _ in range(200)])
        device = device_of(bench)
    from_p, from_ap = Rates(device).leaving(BIAS)
    share = from_p / (from_p + from_ap)
    parallel, antiparallel = BIAS / Readout(device).levels(BIAS)
    found = (parallel - currents) / (parallel - antiparallel)
    variance = 2 * share * (1 - share) / ((from_p + from_ap) / LINE)
    assert found.mean() == pytest.approx(share, abs=4 * math.sqrt(variance / 200))
    assert found.var() / variance == pytest.approx(1.0, abs=4 * math.sqrt(2 / 200))


def test_a_device_keeps_its_state_for_a_time_that_is_exponential(opened: OpenBench) -> None:
    # Retention: set by the coil, left alone for a time, read. In 20 mT the state AP of Δ = 24 lasts for half a second.
    survived, times = [], (0.05, 0.5, 2.0)
    with opened(energy=8.63e4 * 24 / 45, in_plane=0.0, seed=5) as bench:
        device = device_of(bench)
        switch_on(bench)
        for pause in times:
            kept = 0
            for _ in range(60):
                bench.perpendicular_coil.set_field(-0.15)
                bench.perpendicular_coil.set_field(10e-3)
                bench.wait(pause)
                kept += resistance(bench) > 1.5 * device.resistance_parallel
            survived.append(kept)
    leaving = Rates(device.in_surroundings(perpendicular_field=10e-3)).leaving(BIAS)[1]
    for kept, pause in zip(survived, times, strict=True):
        # Until the middle of the read that looks; a step of the ramp down has little time.
        chance = math.exp(-leaving * (pause + SETTLE + 0.5 / LINE))
        assert kept / 60 == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 60) + 0.02)
