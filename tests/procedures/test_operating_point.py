"""The operating point of the simulated device, through drivers and sockets."""

import numpy as np
import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.procedures.operating_point import FindOperatingPoint
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.one_run import run


def test_bits_at_the_point_that_was_found_are_fair(bench, tmp_path):
    procedure = FindOperatingPoint(pulses=40_000)
    found = run(procedure, bench, tmp_path / "point.h5").results
    amplitude = procedure.point.setting
    assert found["amplitude"].value == pytest.approx(amplitude)
    assert 1.15 < amplitude < 1.35  # the plateau of the reference device at 10 ns
    bits = run(RandomBitstream(bits=400_000, amplitude=amplitude), bench, tmp_path / "bits.h5").bits[:]
    # The search leaves .5/sqrt(27,000), as all its pulses but the scans' and the sides' have; 4 of both errors.
    assert abs(bits.mean() - 0.5) < 4 * np.hypot(0.5 / np.sqrt(27_000), 0.5 / np.sqrt(400_000))


def test_the_rows_hold_every_pulse(bench, tmp_path):
    recording = run(FindOperatingPoint(pulses=12_000), bench, tmp_path / "point.h5")
    frame = recording.frame()
    assert recording.status == "finished"
    assert frame.attrs["units"]["Amplitude"] == "V"
    searched = frame[frame["Width"] == 10e-9]
    assert searched["Pulses"].sum() == 12_000
    np.testing.assert_allclose(frame["Share switched"], frame["Switched"] / frame["Pulses"])


def test_the_slope_with_the_field_is_that_of_the_device(tmp_path):
    with open_bench("simulated") as shipped:
        text = shipped.file.text.replace("compliance = 1e-4", "compliance = 1e-4\nfield = 0.02")
    coil = '[roles.coil]\ndriver = "yokogawags200"\nconstant = 0.1\nramp = 1.0\n\n[wiring]'
    (tmp_path / "bench.toml").write_text(text.replace("[wiring]", coil).replace('"tabulated"', '"macrospin"'))
    step = 8e-3
    with open_bench(tmp_path / "bench.toml", seed=3) as bench:
        procedure = FindOperatingPoint(pulses=12_000, lowest=1.1, width=6e-9, field_step=step)
        recording = run(procedure, bench, tmp_path / "point.h5")
        assert bench.coil.field() == 0.0
    both = np.tile(np.array([0, 1], np.uint8), 10_000)
    pulse = Pulse(recording.results["amplitude"].value + procedure.bias, 6e-9, 1e-9, 1e-9)
    shares = []
    for side in (-1, 1):
        device = Device(in_plane_field=Device().in_plane_field + side * step)
        ends = Macrospin(device, effects=Effects.parse("full")).switch(pulse, both, seed=5)
        up, down = ((ends != both)[state::2].mean() for state in (0, 1))
        shares.append(2 * up * down / (up + down))
    slope = recording.results["slope with field"]
    error = np.hypot(slope.uncertainty, np.sqrt(2 * 0.25 / both.size) / (2 * step))
    assert slope.value == pytest.approx((shares[1] - shares[0]) / (2 * step), abs=4 * error)
    assert abs(slope.value) > 4 * slope.uncertainty
    assert recording.frame()["Field"].iloc[-2:].tolist() == [-step, step]


def test_amplitudes_that_seldom_switch_end_with_a_diagnosis(tmp_path):
    with open_bench("simulated", seed=3) as bench:
        with pytest.raises(ValueError, match=r"P\(switch\) = 1/2 is not reached between 1 and 1.01"):
            run(FindOperatingPoint(lowest=1.0, highest=1.01, resolution=1e-4), bench, tmp_path / "point.h5")
        assert bench.pulse_generator.settings()["output"] == "False"


def test_a_stray_field_along_the_normal_is_told_by_the_states_apart(tmp_path):
    (tmp_path / "stray.toml").write_text('stray_field = 2e-3\nresistance_area = 100e-12\n[torque]\ntowards = "AP"\n')
    with open_bench("simulated") as shipped:
        text = shipped.file.text.replace('device = "reference"', f'device = "{(tmp_path / "stray.toml").as_posix()}"')
    (tmp_path / "bench.toml").write_text(text.replace('"tabulated"', '"macrospin"'))
    with open_bench(tmp_path / "bench.toml", seed=3) as bench:
        recording = run(FindOperatingPoint(pulses=12_000), bench, tmp_path / "point.h5")
    p, q = (recording.results[f"P(switch) from {state}"] for state in ("parallel", "antiparallel"))
    apart = recording.results["difference of the states"]
    assert apart.value == pytest.approx(q.value - p.value)
    assert abs(apart.value) > 5 * apart.uncertainty
    assert any("not one half from both" in text for _, level, _, text in recording.messages(99) if level == "warning")
