"""Spectra of resistance records."""

import numpy as np
import pytest

from mtjlab.analysis.junction.noise_spectrum import NoiseSpectrum

INTERVAL = 1e-3
RECORDS = 60


def record(seed, flicker, white, n=16_384):
    """Make noise of density A/f + B by shaping Gaussian noise in the frequency domain, over a longer stretch."""
    rng = np.random.default_rng(seed)
    f = np.fft.rfftfreq(4 * n, INTERVAL)
    density = np.zeros_like(f)
    density[1:] = flicker / f[1:] + white
    amplitude = np.sqrt(density * 4 * n / (4 * INTERVAL))
    spectrum = amplitude * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size))
    return 50e3 + np.fft.irfft(spectrum)[:n]


def test_white_noise_has_the_density_of_its_variance():
    readings = 50e3 + np.random.default_rng(1).normal(0, 20.0, 16_384)
    spectrum = NoiseSpectrum.of(readings, INTERVAL)
    # One-sided: variance over half the sampling rate.
    assert spectrum.white.value == pytest.approx(2 * 400.0 * INTERVAL, abs=4 * spectrum.white.uncertainty)


def test_parameters_lie_within_their_errors():
    pulls, p_values = [], []
    for seed in range(RECORDS):
        spectrum = NoiseSpectrum.of(record(seed, flicker=20.0, white=0.5), INTERVAL)
        pulls.append(
            (
                (spectrum.flicker.value - 20.0) / spectrum.flicker.uncertainty,
                (spectrum.white.value - 0.5) / spectrum.white.uncertainty,
            )
        )
        p_values.append(spectrum.p_value)
    pulls = np.array(pulls)
    # The powers of neighbouring lines are correlated to an approximation: their mean may be off by a tenth of an error.
    assert np.abs(pulls.mean(axis=0)).max() < 3 / np.sqrt(RECORDS) + 0.1
    assert (np.abs(pulls) < 1.96).mean(axis=0).min() > 0.95 - 3 * np.sqrt(0.95 * 0.05 / RECORDS)

    # The goodness is uniform where the law holds: Kolmogorov's 1 in 1000.
    ordered = np.sort(p_values)
    assert np.abs(ordered - (np.arange(RECORDS) + 0.5) / RECORDS).max() < 1.95 / np.sqrt(RECORDS)


def test_noise_of_another_law_has_no_goodness():
    # A fluctuator of 10 Hz: a Lorentzian, which neither falls as 1/f nor is white.
    flips = np.cumsum(np.random.default_rng(2).random(16_384) < 10 * np.pi * INTERVAL) % 2
    assert NoiseSpectrum.of(record(2, 20.0, 0.5) + 60.0 * flips, INTERVAL).p_value < 1e-6


def test_the_expected_density_is_that_of_the_window():
    mean = np.mean([NoiseSpectrum.of(record(seed, 20.0, 1e-3), INTERVAL).density for seed in range(RECORDS)], axis=0)
    one = NoiseSpectrum.of(record(0, 20.0, 1e-3), INTERVAL)
    expected = one.expected * 20.0 / one.flicker.value
    # At the second line of a Hann window 1/f noise reads a tenth high; a value's mean is known to 1/√(32·RECORDS).
    assert mean[0] / expected[0] == pytest.approx(1.0, abs=4 / np.sqrt(32 * RECORDS))
    assert expected[0] * one.frequencies[0] / 20.0 > 1.05


def test_several_records_are_worth_as_much_as_one_long_one():
    records = np.stack([record(seed, flicker=20.0, white=0.5, n=4096) for seed in range(8)])
    spectrum = NoiseSpectrum.of(records, INTERVAL, segments=7)
    assert spectrum.averages == 56
    assert abs(spectrum.white.value - 0.5) < 4 * spectrum.white.uncertainty
    one = NoiseSpectrum.of(records[0], INTERVAL, segments=7)
    assert one.white.uncertainty / spectrum.white.uncertainty == pytest.approx(np.sqrt(8), rel=0.25)


def test_the_corner_is_where_both_are_equal():
    spectrum = NoiseSpectrum.of(record(3, flicker=20.0, white=0.5), INTERVAL)
    assert spectrum.corner == pytest.approx(40.0, rel=0.2)


def test_the_hooge_parameter_of_a_mgo_junction():
    area = 1.96e-15
    spectrum = NoiseSpectrum.of(record(4, flicker=2e-22 / area * 50e3**2, white=1.0), INTERVAL)
    hooge = spectrum.hooge(50e3, area)
    assert abs(hooge.value - 2e-22) < 4 * hooge.uncertainty


@pytest.mark.parametrize(("depth", "seen"), [(0.0, False), (100.0, True)])
def test_telegraph_noise_is_told_from_1_over_f_noise(depth, seen):
    rng = np.random.default_rng(5)
    flips = np.cumsum(rng.random(16_384) < 0.01) % 2
    assert NoiseSpectrum.of(record(5, 20.0, 0.1) + depth * flips, INTERVAL).telegraph is seen


def test_a_record_too_short_or_without_noise_is_refused():
    with pytest.raises(ValueError, match="take more readings"):
        NoiseSpectrum.of(np.arange(100.0), INTERVAL)
    with pytest.raises(ValueError, match="resolution hides"):
        NoiseSpectrum.of(np.full(10_000, 5e4), INTERVAL)


def records_of_one_over_f(seed, count):
    return np.stack([record(100 * seed + k, flicker=20.0, white=0.5, n=2500) for k in range(count)])


@pytest.mark.parametrize(
    ("first", "last", "events", "left_out"),
    [(500, 540, 2, 1), (500, 2500, 2, 1), (7, 8, 2, 1)],
    ids=["a visit", "a visit to a record's end", "one reading"],
)
def test_one_visit_to_the_other_state_is_no_telegraph_noise(first, last, events, left_out):
    readings = records_of_one_over_f(1, 8)
    readings[3, first:last] += 50e3  # a TMR of one
    spectrum = NoiseSpectrum.of(readings, INTERVAL, segments=7)
    assert (spectrum.telegraph, spectrum.events, spectrum.left_out) == (False, events, left_out)
    assert abs(spectrum.flicker.value - 20.0) < 4 * spectrum.flicker.uncertainty
    assert spectrum.p_value > 1e-3
    assert spectrum.mean.value == pytest.approx(50e3, abs=100)


def test_a_device_that_switched_and_stayed_keeps_the_records_of_its_usual_state():
    readings = records_of_one_over_f(2, 8)
    readings[5, 1200:] += 50e3
    readings[6:] += 50e3
    spectrum = NoiseSpectrum.of(readings, INTERVAL, segments=7)
    assert (spectrum.telegraph, spectrum.events, spectrum.left_out) == (False, 1, 3)
    assert abs(spectrum.flicker.value - 20.0) < 4 * spectrum.flicker.uncertainty


def test_a_step_in_the_only_record_is_taken_out():
    readings = record(3, flicker=20.0, white=0.5)
    readings[9000:9500] += 50e3
    spectrum = NoiseSpectrum.of(readings, INTERVAL)
    assert (spectrum.telegraph, spectrum.events, spectrum.left_out) == (False, 2, 0)
    assert spectrum.flicker.value == pytest.approx(20.0, rel=0.2)
    assert spectrum.mean.value == pytest.approx(50e3, abs=100)


def test_noise_of_one_state_has_no_events():
    assert all(NoiseSpectrum.of(records_of_one_over_f(seed, 4), INTERVAL, segments=7).events == 0 for seed in range(20))


@pytest.mark.parametrize("rate", [0.002, 0.4], ids=["slow", "faster than the readings"])
def test_hops_again_and_again_are_telegraph_noise(rate):
    flips = np.cumsum(np.random.default_rng(6).random(16_384) < rate) % 2
    spectrum = NoiseSpectrum.of(record(6, 20.0, 0.1) + 150.0 * flips, INTERVAL)
    assert (spectrum.telegraph, spectrum.events) == (True, 0)
