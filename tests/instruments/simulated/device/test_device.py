"""The reference device has the numbers it was chosen for, and bad parameters are refused by name."""

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.constants import mu_0

from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.device_parameters import DeviceSection
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.special_functions import demagnetising_factor


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
    path.write_text('name = "thick barrier"\nresistance_area = 176e-9\n[torque]\ntowards = "AP"\n')
    device = load_device(path)
    assert device.resistance_parallel == pytest.approx(89.6e6, rel=1e-3)
    assert device.diameter == 50e-9


def test_an_unknown_name_is_answered_with_the_shipped_ones() -> None:
    with pytest.raises(ValueError, match=r"refrence does not exist: name a shipped device \(.*reference.*\)"):
        load_device("refrence")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('kind = "sot-bar"', "line 1: kind"),
        ("dampng = 0.02", "line 1: dampng: unknown key; allowed here: kind, name, saturation_magnetisation"),
        ("damping = -0.02", "line 1: damping: must be greater than 0 (found -0.02)"),
        ("temperature = nan", "temperature: must be a finite number (found nan)"),
        ("diameter 50e-9", "not TOML"),
        ("[line]\nlength = 1.0", "line 2: line.length: unknown key; allowed here: source_resistance"),
        ('[torque]\ntowards = "up"', "line 2: torque.towards: must be 'P' or 'AP' (found 'up')"),
        ('[torque]\ntowards = "P"', "resistance_area [Ω·m²] is missing"),
        ("resistance_area = 1e-10", 'torque.towards is missing: give "P" or "AP"'),
        ("vcma_coefficient = -9e-14", "vcma_coefficient: must be greater than or equal to 0"),
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


def test_a_disc_as_high_as_wide_and_a_film_have_the_known_demagnetising_factors() -> None:
    # 0.3116: Chen, Brug & Goldfarb, IEEE Trans. Magn. 27, 3601 (1991), table II, magnetometric, zero susceptibility
    assert demagnetising_factor(1.0, 1.0) == pytest.approx(0.3116, abs=5e-5)
    assert demagnetising_factor(1e-5, 1.0) == pytest.approx(1.0, abs=1e-4)
    assert 0 < demagnetising_factor(1e3, 1.0) < 1e-3


def test_interface_anisotropy_less_demagnetisation_is_what_is_left() -> None:
    device = Device()
    along = demagnetising_factor(device.thickness, device.diameter)
    shape = mu_0 * device.saturation_magnetisation**2 * (along - (1 - along) / 2) / 2
    left = device.interface_anisotropy / device.thickness - shape
    assert left == pytest.approx(device.anisotropy_energy, rel=1e-9)
    # 0.7 mJ/m², of the order of the 1.3 mJ/m² of Ikeda et al., Nat. Mater. 9, 721 (2010)
    assert device.interface_anisotropy == pytest.approx(0.72e-3, rel=0.01)


def test_coils_and_a_heater_move_the_surroundings_and_leave_the_device() -> None:
    device = Device(stray_field=1e-3)
    moved = device.in_surroundings(in_plane_field=-5e-3, perpendicular_field=2e-3, temperature=320.0)
    assert (moved.in_plane_field, moved.stray_field) == pytest.approx((20.5e-3, 3e-3))
    assert (moved.temperature, moved.thermal.nominal_temperature) == (320.0, 300.0)
    assert device.in_surroundings() == device
    with pytest.raises(ValueError, match="temperature"):
        device.in_surroundings(temperature=0.0)


def test_every_parameter_has_a_sentence_that_says_what_it_is_and_where_it_comes_from() -> None:
    sections = [Device, *(type(value) for value in dict(Device()).values() if isinstance(value, DeviceSection))]
    for section in sections:
        for name, field in section.model_fields.items():
            assert field.description, f"{section.__name__}.{name}"


def test_effects_are_read_from_left_to_right() -> None:
    assert set(Effects.parse("stt, ringing")) == {"stt", "ringing"}
    assert set(Effects.parse("ideal,stt")) == {"thermal", "stt"}
    assert "heating" not in Effects.parse("full,-heating")
    assert len(Effects.parse("full,-heating")) == len(Effects.full()) - 1
    assert Effects.parse("full,-full,rc") == Effects(["rc"])
    assert Effects.parse("") == Effects()
    with pytest.raises(ValueError, match="unknown effect 'sst': name some of thermal, temperature, stt"):
        Effects.parse("sst")
    with pytest.raises(ValueError, match="there is no effect 'noise'"):
        "noise" in Effects()  # noqa: B015


def test_the_switching_fingerprint_is_that_of_what_acts() -> None:
    device = Device()
    assert device.switching_fingerprint(Effects.ideal()) == device.magnetic_fingerprint
    assert device.switching_fingerprint(Effects.parse("ideal,johnson")) == device.magnetic_fingerprint
    torque = Effects.parse("ideal,stt")
    assert device.switching_fingerprint(torque) != device.magnetic_fingerprint
    other = device.model_copy(update={"resistance_area": 5e-9})
    assert device.switching_fingerprint(torque) != other.switching_fingerprint(torque)
