"""Devices, shorts and open contacts are told apart."""

import numpy as np
import pytest

from mtjlab.analysis.junction.contact import Contact, ContactState
from mtjlab.analysis.junction.flicker_error import pink_covariance
from mtjlab.instruments import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.simulated.direct_bench import open_direct_bench
from mtjlab.procedures.contact_check import ContactCheck
from mtjlab.procedures.running.one_run import run

BENCH = """
name = "contact"
[roles.source_meter]
driver = "keithley2400"
[limits]
read_bias = 0.2
compliance = 1e-4
[device]
name = "d"
resistance = 50.9e3
[simulation]
device = "{device}"
"""
DEVICE = """
resistance_area = 100e-12
[torque]
towards = "AP"
[fault]
kind = "{kind}"
"""


@pytest.fixture
def faulty(tmp_path):
    def write(kind):
        device, bench = tmp_path / "device.toml", tmp_path / "bench.toml"
        device.write_text(DEVICE.format(kind=kind))
        bench.write_text(BENCH.format(device=device.as_posix()))
        return bench

    return write


def test_a_device_has_the_resistance_it_should(bench, tmp_path):
    results = run(ContactCheck(), bench, tmp_path / "contact.h5").results
    # Parallel at the start; heat and the in-plane field raise it by some per mille.
    assert results["resistance"].value == pytest.approx(50.93e3, rel=0.02)


@pytest.mark.parametrize(("kind", "words"), [("open", "no contact"), ("short", "shorted")])
def test_a_faulty_device_fails_the_run_with_a_diagnosis(faulty, tmp_path, kind, words):
    with open_bench(faulty(kind), seed=1) as bench:
        with pytest.raises(InstrumentError, match=words):
            run(ContactCheck(), bench, tmp_path / "contact.h5")
        assert bench.source_meter.settings()["output"] == "False"


@pytest.mark.parametrize(("relative", "white"), [(1e-3, 0.0), (1e-3, 5e-10), (0.0, 5e-9)])
def test_the_resistance_lies_within_its_error_from_run_to_run(relative, white):
    rng, held, runs = np.random.default_rng(2), 0, 100
    volts = np.repeat([0.01, -0.01, 0.02, -0.02], 5)
    root = relative * np.linalg.cholesky(pink_covariance(volts.size))
    for _ in range(runs):
        # 1/f noise of a device that is read again after hours, and the white noise of the meter.
        currents = volts / 50e3 * (1 + root @ rng.standard_normal(volts.size)) + 1e-9
        currents += rng.normal(0, white, volts.size)
        low, high = Contact.judge(volts, currents, 50e3, 100e3).resistance.interval
        held += low <= 50e3 <= high
    # Which of the two noises it is, twenty readings do not tell for sure: 85 or fewer of 95 come once in ten thousand.
    assert held > 85


def test_runs_scatter_as_the_uncertainty_says(tmp_path):
    found = []
    for seed in range(12):
        with open_direct_bench("simulated", seed=seed) as bench:
            found.append(run(ContactCheck(), bench, tmp_path / f"{seed}.h5").results["resistance"])
    scatter, said = np.std([each.value for each in found], ddof=1), np.median([each.uncertainty for each in found])
    # Eleven degrees of freedom: between a half and 1.6 of what is said in 99 of 100.
    assert 0.4 < scatter / said < 1.7


def test_a_dancing_needle_is_a_bad_contact():
    volts = np.repeat([0.01, -0.01, 0.02, -0.02], 10)
    currents = volts / 50e3 * np.random.default_rng(3).choice([0.3, 1.7], volts.size)
    assert Contact.judge(volts, currents, 50e3, 100e3).state is ContactState.BAD
    assert "needles" in Contact.judge(volts, volts / 1e6, 50e3, 100e3).diagnosis


def test_one_polarity_is_not_enough():
    with pytest.raises(ValueError, match="both polarities"):
        Contact.judge([0.1] * 5, [1e-6] * 5, 5e4, 1e5)


LINE = """
[roles.pulse_generator]
driver = "keysight81160a"

[[wiring.elements]]
name = "attenuator"
loss = 6.0
uncertainty = 0.05
"""


def test_what_the_device_gets_of_a_pulse_is_told(tmp_path):
    bench = tmp_path / "bench.toml"
    limits = "pulse_amplitude = 1.5\npulse_width = 1e-6\npulse_energy = 1e-10\n"
    bench.write_text(BENCH.format(device="reference").replace("[limits]\n", LINE + "[limits]\n" + limits))
    with open_bench(bench, seed=1) as opened:
        results = run(ContactCheck(), opened, tmp_path / "contact.h5").results
    gain = results["gain at the device"]
    # A generator of 50 Ω in front of 51 kΩ, behind 6 dB.
    assert gain.value == pytest.approx(10**-0.3 * (1 - 50 / 51e3) * (1 + 50e-6), rel=1e-4)
    assert gain.uncertainty / gain.value == pytest.approx(0.05 * np.log(10) / 20)
