"""The reference device has the numbers it was chosen for, and bad parameters are refused by name."""

import numpy as np
import pytest
from pydantic import ValidationError

from mtjlab.instruments.simulated.device import Device, load_device
from mtjlab.instruments.simulated.pulse import Pulse


def test_the_reference_device_has_thermal_stability_45_and_anisotropy_172_6_millitesla() -> None:
    device = load_device("reference")
    assert device.thermal_stability == pytest.approx(45.0, abs=0.05)
    assert device.anisotropy_field(0.0) == pytest.approx(0.1726, rel=1e-12)


def test_a_pulse_of_1_5_volts_cancels_the_anisotropy_of_the_reference_device() -> None:
    # ξV/(tox·tf) = 90e-15·1.5/(1.4e-9·1.1e-9) = 8.766e4 J/m³ against Keff = 8.63e4 J/m³
    device = load_device("reference")
    assert device.anisotropy_field(1.5) == pytest.approx(2 * (8.63e4 - 8.7662e4) / 1e6, abs=1e-6)
    assert device.anisotropy_field(-1.5) > device.anisotropy_field(0.0)


def test_resistance_area_100_at_50_nanometres_gives_51_kiloohms() -> None:
    device = load_device("reference")
    assert device.area == pytest.approx(1.9635e-15, rel=1e-4)
    assert device.resistance_parallel == pytest.approx(100e-12 / 1.9635e-15, rel=1e-4)


def test_the_defaults_are_the_reference_device() -> None:
    assert Device() == load_device("reference")


def test_a_device_file_may_name_only_what_differs(tmp_path) -> None:
    path = tmp_path / "thick.toml"
    path.write_text('name = "thick barrier"\nresistance_area = 176e-9\n')
    device = load_device(path)
    assert device.resistance_parallel == pytest.approx(89.6e6, rel=1e-3)
    assert device.diameter == 50e-9


def test_an_unknown_name_is_answered_with_the_shipped_ones() -> None:
    with pytest.raises(ValueError, match=r"no device 'refrence': name a shipped one \(reference\)"):
        load_device("refrence")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("dampng = 0.02", "unknown key 'dampng'; allowed are name, saturation_magnetisation"),
        ("damping = -0.02", "'damping' = -0.02: Input should be greater than 0"),
        ("temperature = nan", "'temperature' = nan: Input should be a finite number"),
        ("diameter 50e-9", "not TOML"),
    ],
)
def test_a_bad_device_file_is_refused_with_file_and_key(tmp_path, text: str, complaint: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"bad\.toml") as caught:
        load_device(path)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_device_cannot_be_changed_behind_its_tables_back() -> None:
    with pytest.raises(ValidationError):
        Device().damping = 0.05


def test_the_fingerprint_follows_what_switches_and_nothing_else() -> None:
    device = Device()
    renamed = device.model_copy(update={"name": "other", "tmr": 1.2, "resistance_area": 1e-10})
    assert renamed.magnetic_fingerprint == device.magnetic_fingerprint
    for key in ("stray_field", "in_plane_field", "damping", "vcma_coefficient", "temperature", "thickness"):
        moved = device.model_copy(update={key: getattr(device, key) + 1e-4})
        assert moved.magnetic_fingerprint != device.magnetic_fingerprint, key


def test_the_area_under_a_trapezoid_is_amplitude_times_width_at_half_maximum() -> None:
    pulse = Pulse(1.25, 10e-9, 1e-9, 3e-9)
    time = np.linspace(-1e-9, 15e-9, 160_001)
    voltage = pulse.voltage(time)
    assert np.trapezoid(voltage, time) == pytest.approx(1.25 * 10e-9, rel=1e-6)
    above_half = time[voltage >= 0.625]
    assert above_half[-1] - above_half[0] == pytest.approx(10e-9, abs=1e-12)
    assert pulse.voltage([-1e-12, pulse.duration + 1e-12]).tolist() == [0.0, 0.0]


def test_a_pulse_with_vertical_edges_is_a_rectangle() -> None:
    pulse = Pulse(1.5, 1e-9, 0.0, 0.0)
    assert pulse.voltage([-1e-15, 1e-15, 0.5e-9, 1e-9 - 1e-15, 1e-9 + 1e-15]).tolist() == [0, 1.5, 1.5, 1.5, 0]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ((1.0, 0.0, 0.0, 0.0), "more than 0"),
        ((1.0, 1e-9, 1.5e-9, 1e-9), "too short to reach its amplitude"),
        ((1.0, 1e-9, -1e-12, 0.0), "rise -1e-12 s is negative"),
        ((float("nan"), 1e-9, 0.0, 0.0), "amplitude nan"),
    ],
)
def test_an_impossible_pulse_is_refused(values: tuple[float, float, float, float], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Pulse(*values)
