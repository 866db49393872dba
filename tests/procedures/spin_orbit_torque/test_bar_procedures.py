"""Procedures on a simulated bar, whose device file says what they must find."""

import math

import numpy as np
import pytest

from mtjlab.data import Recording
from mtjlab.instruments import InstrumentError, open_bench
from mtjlab.instruments.simulated import load_bar
from mtjlab.procedures import (
    AmrAngle,
    AmrLoops,
    CurrentSwitchingLoop,
    CurrentSwitchingMap,
    PumpProbeSwitching,
    UnidirectionalResistance,
    run,
)
from mtjlab.procedures.running import recorded_picture
from mtjlab.testing import changed_bench

LAYERS = {
    "width_of_bar": 5e-6,
    "metal_thickness": 4e-9,
    "metal_share": 0.63,
    "thickness": 2e-9,
    "magnetisation": 1e6,
    "damping": 0.02,
    "anisotropy_field": 0.01,
    "demagnetising_field": 0.4,
}


@pytest.fixture(scope="module")
def bench():
    with open_bench("simulated-bar", seed=11) as opened:
        yield opened


@pytest.fixture(scope="module")
def device():
    return load_bar("w-cofeb")


def within(found, truth, deviations=4.0):
    return abs(found.value - truth) < deviations * found.uncertainty


def test_a_turn_finds_amr_and_planar_hall(bench, device, tmp_path):
    results = run(AmrAngle(points=14, integration=0.1), bench, tmp_path / "a.h5").results
    films = device.films
    assert results["AMR ratio"].value == pytest.approx(films.amr + films.smr, rel=1e-3)
    assert results["planar Hall resistance"].value == pytest.approx(results["AMR"].value / 4, rel=1e-3)
    assert results["Bk"].value == pytest.approx(device.anisotropy_field, rel=0.01)
    assert results["misalignment found"].value == 0
    with Recording(tmp_path / "a.h5") as recording:
        assert recorded_picture(recording).startswith(b"\x89PNG")


def test_loops_find_the_field_of_the_current(bench, device, tmp_path):
    procedure = AmrLoops(
        points=16, currents=2, largest=1.2e-3, along=2e-3, field=0.015, integration=0.1, width_of_bar=5e-6,
        metal_share=device.metal_share,
    )  # fmt: skip
    results = run(procedure, bench, tmp_path / "a.h5").results
    assert within(results["field per ampere"], device.field_per_current)
    assert results["field per ampere"].uncertainty < 0.15 * device.field_per_current
    assert results["Oersted field per ampere"].value == pytest.approx(device.oersted_per_current)
    assert within(results["field-like field per ampere"], device.field_like_per_current)


def test_umr_saturates_at_the_ratio_of_the_device_file(bench, device, tmp_path):
    procedure = UnidirectionalResistance(currents=3, smallest=1e-3, largest=3e-3, repeats=2, integration=0.1)
    results = run(procedure, bench, tmp_path / "a.h5").results
    truth = float(device.umr_ratio(device.current_density(3e-3)))
    # The Nernst effect is not told apart here: its bound says by how much the ratio may be off.
    assert results["UMR ratio at the largest current"].value == pytest.approx(
        truth, abs=results["Nernst share of the ratio"].high
    )
    assert results["Nernst share of the ratio"].high < 0.2 * truth
    assert results["UMR found"].value == 1
    assert results["power at the largest currents"].value < 0.5


def test_pulses_write_what_the_probe_reads(bench, tmp_path):
    results = run(PumpProbeSwitching(pulses=8, integration=0.1), bench, tmp_path / "a.h5").results
    assert results["contrast of the states"].value > 20
    assert results["positive current writes the higher"].value == 1
    assert results["P(switch) of positive pulses"].value == 1
    with pytest.raises(ValueError, match="does not tell two states apart"):
        run(PumpProbeSwitching(pulses=8, current=1e-4, integration=0.1), bench, tmp_path / "weak.h5")


def test_switching_loops_find_the_threshold_of_the_device_file(bench, device, tmp_path):
    heating = device.heating.thermal_resistance * device.resistance
    procedure = CurrentSwitchingLoop(
        points=20, loops=2, widths=2, integration=0.1, largest=2.2e-3, heating=heating,
        field_per_ampere=device.field_per_current, **LAYERS,
    )  # fmt: skip
    results = run(procedure, bench, tmp_path / "a.h5").results
    assert within(results["Ic0"], device.onset_current)
    assert within(results["thermal stability"], device.thermal_stability)
    assert within(results["damping-like efficiency"], abs(device.torque.damping_like))
    assert results["Jc0"].value == pytest.approx(results["Ic0"].value * 0.63 / 2e-14)
    with Recording(tmp_path / "a.h5") as recording:
        assert recorded_picture(recording).startswith(b"\x89PNG")


def test_the_map_has_boundaries(bench, tmp_path):
    procedure = CurrentSwitchingMap(fields=1, points=5, pulses=2, width=1e-4, integration=0.1)
    results = run(procedure, bench, tmp_path / "a.h5").results
    up, down = (results[f"critical current, {sign}, at 0 T"].value for sign in ("positive", "negative"))
    assert 1e-3 < up < 2.2e-3
    assert -2.2e-3 < down < -1e-3


def test_a_type_x_bar_is_read_by_the_planar_hall_effect(tmp_path):
    with open_bench(changed_bench("simulated-bar", device='"w-cofeb-x"'), seed=5) as bench:
        procedure = PumpProbeSwitching(
            pulses=8, current=6e-3, width=1e-4, state="planar Hall", bias_field=1e-3, integration=0.1
        )
        results = run(procedure, bench, tmp_path / "a.h5").results
    assert results["contrast of the states"].value > 20
    assert results["P(switch) of negative pulses"].value == 1


def test_a_source_meter_alone_reads_nothing_across(tmp_path):
    with (
        open_bench("simulated-bar-2400", seed=1) as bench,
        pytest.raises(InstrumentError, match="no nanovoltmeter on this bench"),
    ):
        run(PumpProbeSwitching(width=1e-3, state="planar Hall", pulses=8), bench, tmp_path / "a.h5")


def test_a_field_off_by_two_degrees_is_reported(tmp_path):
    with open_bench("simulated-bar", seed=2) as bench:
        bar = bench.stand_in.wiring.bar
        contacts = bar.parameters.contacts.model_copy(update={"field_tilt": math.radians(2)})
        bar.parameters = bar.parameters.model_copy(update={"contacts": contacts})
        results = run(AmrAngle(points=14, integration=0.1, transverse=False), bench, tmp_path / "a.h5").results
    assert results["misalignment found"].value == 1
    assert results["misalignment"].value == pytest.approx(math.radians(2), abs=1e-3)
    assert np.isnan(Recording(tmp_path / "a.h5").frame()["Transverse resistance"]).all()
