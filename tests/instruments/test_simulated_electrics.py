"""The device's electrical effects as one meets them through drivers, each beside a bench without it."""

import contextlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest

from mtjlab.core.toml_document import TomlDocument
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.opening import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.simulated.device.readout import Readout

BENCH = """
name = "electrics"
[roles.pulse_generator]
driver = "keysight81160a"
[roles.source_meter]
driver = "keithley2400"
wires = {wires}
{roles}
[wiring]
lead_resistance = {leads}
[limits]
pulse_amplitude = 4.0
pulse_width = 1e-3
pulse_energy = 1e-6
duty_cycle = 1.0
read_bias = 1.0
compliance = 1e-3
[device]
name = "d"
resistance = 50.9e3
[simulation]
device = "{device}"
model = "{model}"
effects = "{effects}"
"""
MULTIPLEXER = """
[roles.multiplexer]
driver = "keithley2700"
[roles.multiplexer.junctions]
"""
SmallBench = Callable[..., contextlib.AbstractContextManager[Bench]]


@pytest.fixture
def electrics(tmp_path: Path) -> SmallBench:
    @contextlib.contextmanager
    def opened(
        device: str = "",
        *,
        effects: str = "full",
        model: str = "rates",
        roles: str = "",
        wires: int = 2,
        leads: float = 0.0,
    ) -> Iterator[Bench]:
        path = tmp_path / "device.toml"
        # So high a resistance that the torque of the current does next to nothing.
        path.write_text("resistance_area = 1e-9\n" * ("resistance_area" not in device) + device)
        if "[torque]" not in device:
            path.write_text(path.read_text() + '\n[torque]\ntowards = "P"\n')
        text = BENCH.format(device=path.as_posix(), effects=effects, model=model, roles=roles, wires=wires, leads=leads)
        with open_bench(BenchFile.parse(TomlDocument("a bench", text)), seed=4) as bench:
            yield bench

    return opened


def currents(bench: Bench, bias: float, count: int, cycles: float = 0.01) -> NDArray[np.float64]:
    meter = bench.source_meter
    meter.set_bias(bias, compliance=1e-3)
    meter.set_integration(cycles)
    meter.switch_on()
    return np.array([meter.read().current for _ in range(count)])


def block(bench: Bench, amplitude: float, width: float, count: int) -> NDArray[np.float64]:
    generator, meter = bench.pulse_generator, bench.source_meter
    generator.set_pulse(amplitude, width)
    meter.set_bias(0.05, compliance=5e-5)
    meter.set_integration(0.01)
    meter.switch_on()
    generator.arm_external()
    generator.switch_on()
    meter.prepare_block(count, 1e-5)
    meter.start_block()
    return meter.fetch_block()


def test_too_many_stressing_pulses_leave_a_short_which_the_source_meter_sees(electrics: SmallBench) -> None:
    # 3 V for 1 µs: a lifetime of 1e4·(1.8/3)^40 s = 13 µs, a dozen pulses.
    with electrics() as bench:
        with pytest.raises(InstrumentError, match="is the device shorted"):
            block(bench, 3.0, 1e-6, 200)
        bench.pulse_generator.switch_off()
        # A metal of half a kiloohm with leads of 100 Ω, from now on.
        assert 0.05 / currents(bench, 0.05, 3) == pytest.approx(600.0, rel=1e-3)
    with electrics(effects="full,-breakdown") as bench:
        assert np.abs(block(bench, 3.0, 1e-6, 200)).max() < 0.05 / 4e5


def test_a_steady_bias_wears_the_barrier_too(electrics: SmallBench) -> None:
    # A barrier that lasts for a tenth of a second at 0.9 V breaks within some fifty reads of 20 ms.
    device = "[wear]\nreference_voltage = 0.9\nlifetime = 0.1\n"
    with electrics(device) as bench:
        found = currents(bench, 0.9, 1)
        with pytest.raises(InstrumentError, match="is the device shorted"):
            currents(bench, 0.9, 50, cycles=1.0)
        assert found[0] < 1e-5


def test_telegraph_noise_is_seen_above_its_critical_bias_only(electrics: SmallBench) -> None:
    # Negative bias, which raises the barrier of the state.
    for effects, bias, jumps in (("full,-flicker", -0.31, True), ("full,-flicker", -0.28, False),
                                 ("full,-flicker,-telegraph", -0.31, False)):  # fmt: skip
        with electrics("[noise]\ntelegraph_amplitude = 0.01\n", effects=effects) as bench:
            found = currents(bench, bias, 400)
        levels = found / found.mean() - 1
        spread = float(np.ptp(levels))
        assert (spread > 0.009) == jumps
        if jumps:
            # Most reads of 0.2 ms lie in one of two levels, in each of which the trap stays for a millisecond.
            low, high = levels.min(), levels.max()
            near = np.minimum(levels - low, high - levels) < 0.1 * spread
            assert near.mean() > 0.6


def test_leads_are_in_two_wire_readings_and_not_in_four_wire_ones(electrics: SmallBench) -> None:
    found = {}
    for wires in (2, 4):
        with electrics(wires=wires, leads=5e3, effects="full,-flicker") as bench:
            found[wires] = 0.05 / currents(bench, 0.05, 50, cycles=1.0).mean()
            device = bench.stand_in.wiring.junction.device  # type: ignore[union-attr]
    # The device's own leads, 100 Ω on the chip, have two contacts all the same.
    alone = float(Readout(device).levels(0.05)[0]) + 100.0
    assert found[4] == pytest.approx(alone, rel=1e-4)
    assert found[2] == pytest.approx(alone + 5e3, rel=1e-4)


def test_four_contacts_on_the_device_leave_out_its_own_leads(electrics: SmallBench) -> None:
    found = []
    for wires in (2, 4):
        device = f"[line]\nlead_resistance = 1e4\n[contacts]\nwires = {wires}\n"
        with electrics(device, effects="full,-flicker") as bench:
            found.append(0.05 / currents(bench, 0.05, 20, cycles=1.0).mean())
    assert found[0] - found[1] == pytest.approx(1e4, rel=5e-3)


def test_the_leads_share_of_a_pulse_is_missing_at_the_junction(electrics: SmallBench) -> None:
    # The partial cancellation at 1.25 V and 10 ns loses a fifth of it on leads of a quarter of the junction's 510 kΩ.
    switched = {}
    for effects in ("full", "full,-leads"):
        with electrics("[line]\nlead_resistance = 1.3e5\n", model="macrospin", effects=effects) as bench:
            states = block(bench, 1.25, 10e-9, 400) < 0.05 / 8e5
            switched[effects] = float(np.mean(states[1:] != states[:-1]))
    error = 4 * math.sqrt(0.25 / 400)
    assert switched["full,-leads"] == pytest.approx(0.5, abs=error + 0.03)
    assert switched["full"] < 0.25


def test_leads_of_the_wiring_divide_pulses_as_the_devices_own_do(electrics: SmallBench) -> None:
    # The same 1.3e5 Ω outside the device: one series circuit, one voltage at the junction, one P(switch).
    switched = {}
    for leads, own in ((1.3e5, 0.0), (0.0, 1.3e5), (0.0, 0.0)):
        device = f"[line]\nlead_resistance = {own}\n"
        with electrics(device, model="macrospin", leads=leads) as bench:
            states = block(bench, 1.25, 10e-9, 400) < 0.05 / 9e5
            switched[leads, own] = float(np.mean(states[1:] != states[:-1]))
    error = 4 * math.sqrt(0.25 / 400)
    assert switched[1.3e5, 0.0] == pytest.approx(switched[0.0, 1.3e5], abs=error)
    assert switched[1.3e5, 0.0] < 0.25 < switched[0.0, 0.0]


@pytest.mark.parametrize("kind", ["stuck-P", "stuck-AP"])
def test_a_stuck_device_reads_and_does_not_switch(electrics: SmallBench, kind: str) -> None:
    with electrics(f'[fault]\nkind = "{kind}"\n', model="macrospin") as bench:
        states = block(bench, 1.25, 10e-9, 100) < 0.05 / 8e5
    assert set(states.tolist()) == {kind == "stuck-AP"}


def test_junctions_behind_a_multiplexer_differ_by_their_spread(electrics: SmallBench) -> None:
    names = [f"J{number}" for number in range(40)]
    roles = MULTIPLEXER + "".join(f"{name} = {101 + number}\n" for number, name in enumerate(names))
    for effects in ("full,-flicker", "full,-flicker,-spread"):
        found = []
        with electrics(roles=roles, effects=effects) as bench:
            for name in names:
                bench.source_meter.switch_off()
                bench.multiplexer.select(name)
                found.append(0.05 / currents(bench, 0.05, 1, cycles=1.0)[0])
        ln = np.log(np.array(found) / 5.12e5)
        if "spread" in effects:
            assert ln.std() < 1e-3
            continue
        # 5 % of ln(RA) and twice the 3 % of the diameter.
        expected = math.hypot(0.05, 0.06)
        assert ln.std(ddof=1) / expected == pytest.approx(1.0, abs=4 / math.sqrt(2 * 39))
        assert kstest(ln / expected, "norm").pvalue > 1e-3


def test_effects_of_a_bench_are_told_and_unknown_ones_refused(electrics: SmallBench) -> None:
    with electrics(effects="ideal") as bench:
        assert bench.stand_in is not None
        assert bench.stand_in.attributes["effects"] == "thermal"
        # Nothing but heat: all readings are the same but for the meter's own noise of 5 pA at one cycle.
        assert currents(bench, 0.05, 50, cycles=1.0).std() < 1e-11
    with pytest.raises(ValueError, match="unknown effect 'trubo'"), electrics(effects="trubo"):
        pass


def test_a_current_through_the_device_disturbs_it_at_its_own_voltage(electrics: SmallBench) -> None:
    # 2 µA make 1 V in P and nearly 2 V in AP less what the bias takes: the anisotropy is cancelled, and it flips.
    with electrics() as bench:
        wiring = bench.stand_in.wiring  # type: ignore[union-attr]
        for current, settles in ((1e-8, True), (2e-6, False)):
            wiring.set_drive(current)
            shares = wiring.observe(50, 1e-3, 1e-3)
            assert (np.unique(shares).size == 1) == settles
        wiring.set_drive(None)
