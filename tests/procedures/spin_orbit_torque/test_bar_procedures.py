"""Procedures on a simulated bar, whose device file says what they must find."""

import math

import numpy as np
import pytest

from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.instruments import InstrumentError, open_bench
from mtjlab.instruments.simulated import load_bar
from mtjlab.procedures import (
    AmrAngle,
    AmrLoops,
    BarContactCheck,
    CurrentSwitchingMap,
    HarmonicTurn,
    PumpProbeSwitching,
    UnidirectionalField,
    UnidirectionalResistance,
    run,
)
from mtjlab.procedures.running.recorded_pictures import recorded_picture
from mtjlab.testing import changed_bench


@pytest.fixture(scope="module")
def bench():
    with open_bench("simulated-bar", seed=11) as opened:
        yield opened


@pytest.fixture(scope="module")
def device():
    return load_bar("w-cofeb")


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


def test_reversed_leads_are_told_and_nothing_is_measured(tmp_path):
    wrong = changed_bench("simulated-bar", device='"w-cofeb"\nbar = { reversed_leads = "voltage" }')
    with open_bench(wrong, seed=5) as bench, pytest.raises(InstrumentError, match="reversed wiring: -1"):
        run(PumpProbeSwitching(pulses=8, integration=0.1), bench, tmp_path / "a.h5")


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
    turned = changed_bench("simulated-bar", device=f'"w-cofeb"\nbar = {{ misalignment = {math.radians(2)} }}')
    with open_bench(turned, seed=2) as bench:
        results = run(AmrAngle(points=14, integration=0.1, transverse=False), bench, tmp_path / "a.h5").results
        assert results["misalignment found"].value == 1
        assert results["misalignment"].value == pytest.approx(math.radians(2), abs=1e-3)
        recording = Recording(tmp_path / "a.h5")
        assert np.isnan(recording.frame()["Transverse resistance"]).all()
        (warning,) = recording.log().query("level == 'warning'")["message"]
        assert warning.startswith("the field is turned by 2.0")
        # What it says to do does it: the canting that the loops find is the bar's own again.
        loops = AmrLoops(along=2e-3, currents=2, points=30, integration=0.1, misalignment=results["misalignment"].value)
        told = run(loops, bench, tmp_path / "b.h5").results
    assert told["field per ampere"].value == pytest.approx(0.18, abs=4 * told["field per ampere"].uncertainty)


FAULTS = {
    "open": ('fault = "open"', "no contact: the bar should have about 1.3e.03 Ω"),
    "short": ('fault = "short"', "shorted: .* where the bar should have about"),
    "voltage leads": ('reversed_leads = "voltage"', "reversed wiring: -1"),
    "current leads": ('reversed_leads = "current"', "reversed wiring: -1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_leads_that_are_no_bars_are_a_diagnosis_and_no_fit(fault, tmp_path):
    setting, words = FAULTS[fault]
    wrong = changed_bench("simulated-bar", device=f'"w-cofeb"\nbar = {{ {setting} }}')
    with open_bench(wrong, seed=5) as bench:
        with pytest.raises(InstrumentError, match=words):
            run(BarContactCheck(readings=2, integration=0.1), bench, tmp_path / "check.h5")
        checked = Recording(tmp_path / "check.h5")
        assert checked.status == "failed"
        assert len(checked.frame()) == 8  # what was read is there
        with pytest.raises(InstrumentError, match=words):
            run(AmrAngle(points=14, integration=0.1), bench, tmp_path / "angle.h5")
    assert not (tmp_path / "angle.h5").exists()  # nothing was measured


def test_both_pairs_of_leads_reversed_are_as_they_should_be(tmp_path):
    both = changed_bench("simulated-bar", device='"w-cofeb"\nbar = { reversed_leads = "both" }')
    with open_bench(both, seed=5) as bench:
        results = run(BarContactCheck(readings=2, integration=0.1), bench, tmp_path / "a.h5").results
    assert results["resistance"].value == pytest.approx(1260, rel=0.05)


def test_the_check_of_a_bar_runs_on_one_source_meter_as_well(tmp_path):
    with open_bench("simulated-bar-2400", seed=1) as bench:
        results = run(BarContactCheck(readings=2), bench, tmp_path / "a.h5").results
    found = results["resistance"]
    assert 1200 < found.value < 1500  # two wires: the contacts are in it
    assert recorded_picture(Recording(tmp_path / "a.h5")).startswith(b"\x89PNG")


def test_the_harmonics_tell_the_field_of_the_current_from_the_umr(bench, device, tmp_path):
    results = run(HarmonicTurn(points=14), bench, tmp_path / "a.h5").results
    assert results["field per ampere"].value == pytest.approx(device.field_per_current, rel=0.1)
    # Between linear and cubic: of both, half of the peak is at the second harmonic.
    ratio = float(device.umr_ratio(device.current_density(5e-4)))
    assert results["UMR ratio at the peak"].value == pytest.approx(ratio, rel=0.02)
    assert results["AMR"].value / device.resistance == pytest.approx(device.films.amr + device.films.smr, rel=0.01)


def test_loops_along_the_bar_give_the_field_of_the_current(bench, device, tmp_path):
    loops = AmrLoops(axis="along", across=3e-3, largest=1.5e-3, currents=2, points=24, integration=0.1)
    results = run(loops, bench, tmp_path / "a.h5").results
    found = results["field per ampere"]
    assert found.value == pytest.approx(device.field_per_current, abs=max(4 * found.uncertainty, 0.01))
    assert results["Bk"].value == pytest.approx(device.anisotropy_field, rel=0.02)
    assert "coercive field" not in results


@pytest.mark.parametrize(("axis", "held"), [("along", "along"), ("across", "across")])
def test_the_field_that_is_swept_is_not_held(bench, axis, held, tmp_path):
    with pytest.raises(InputError, match=rf"{held} = 0\.001 T: the field {held} the bar is the one that is swept"):
        run(AmrLoops(axis=axis, **{held: 1e-3}), bench, tmp_path / "a.h5")


def test_umr_follows_the_angle_in_every_field(bench, device, tmp_path):
    procedure = UnidirectionalField(fields=2, points=13, integration=0.1)
    results = run(procedure, bench, tmp_path / "a.h5").results
    truth = float(device.umr_ratio(device.current_density(2e-3)))
    for which in ("lowest", "highest"):
        assert results[f"UMR ratio in the {which} field"].value == pytest.approx(truth, rel=0.05)
    assert results["field per ampere"].value == pytest.approx(device.field_per_current, rel=0.05)
    assert abs(results["power of the field"].value) < 0.01
    assert recorded_picture(Recording(tmp_path / "a.h5")).startswith(b"\x89PNG")


def test_fields_in_the_wrong_order_are_refused(bench, tmp_path):
    with pytest.raises(InputError, match=r"lowest = 0\.09 T is above highest = 0\.05 T"):
        run(UnidirectionalField(lowest=0.09, highest=0.05), bench, tmp_path / "a.h5")
