"""Tunnel magnetoresistance and its bias dependence, through drivers and sockets."""

import math

import pytest

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.resistance_against_voltage import ResistanceAgainstVoltage
from mtjlab.procedures.running.one_run import run


def test_the_devices_own_numbers_come_out(bench, tmp_path):
    procedure = ResistanceAgainstVoltage(points=6, readings=10)
    results = run(procedure, bench, tmp_path / "rv.h5").results
    device = bench.stand_in.wiring.junction.device
    # The in-plane field tilts the layer by asin(Bx/Bk), heat shakes it by 1 - <mz> = .0114 (Δ = 45) or a little more in
    # the field: each state has a share of the other's conductance.
    tilt = device.in_plane_field / device.anisotropy_field(0.0)
    aligned = math.sqrt(1 - tilt**2) - 0.01137 / (1 - tilt**2)
    tmr = (1 + device.tmr * (1 + aligned) / 2) / (1 + device.tmr * (1 - aligned) / 2) - 1
    apparent = results["apparent TMR"]
    assert apparent.value == pytest.approx(tmr, abs=0.005 + 4 * apparent.uncertainty)
    # Of the upright layer, uncertain by what the procedure was not told of the tilt.
    assert abs(results["TMR"].value - device.tmr) < 1.96 * results["TMR"].uncertainty < 0.1 * device.tmr
    assert results["Vh"].value == pytest.approx(device.tmr_bias, abs=0.02 + 4 * results["Vh"].uncertainty)
    assert results["Rp"].value == pytest.approx(device.resistance_parallel, rel=0.02)
    assert results["Vh"].unit == "V"


def test_a_bias_beyond_the_limit_is_refused_before_anything_is_switched_on(bench, tmp_path):
    with pytest.raises(LimitError, match="read bias"):
        run(ResistanceAgainstVoltage(largest=0.5), bench, tmp_path / "rv.h5")
    assert bench.source_meter.settings()["output"] == "False"


def test_a_broken_barrier_ends_the_run_with_the_outputs_off(bench, tmp_path, monkeypatch):
    junction = bench.stand_in.wiring.junction
    original, reads = junction.read, []

    def breaking(states, voltage, bandwidth):
        reads.append(voltage)
        # Breaks down at the third bias, to a tenth of its resistance.
        return original(states, voltage, bandwidth) * (10 if len(reads) > 30 else 1)

    monkeypatch.setattr(junction, "read", breaking)
    with pytest.raises(InstrumentError, match="broken down"):
        run(ResistanceAgainstVoltage(points=6, readings=10), bench, tmp_path / "rv.h5")
    assert bench.source_meter.settings()["output"] == "False"
