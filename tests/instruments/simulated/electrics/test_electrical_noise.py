"""Noise of a read: spectra, variances, telegraph levels, and the tilt of the free layer by heat."""

import math

import numpy as np
import pytest
from scipy.constants import Boltzmann, elementary_charge
from scipy.signal import welch
from scipy.stats import chi2, kstest, norm

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_parameters import ElectricalNoise
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import EnergyLandscape
from mtjlab.instruments.simulated.device.readout import AngleSpread, Readout
from mtjlab.instruments.simulated.electrics.flicker import Flicker
from mtjlab.instruments.simulated.electrics.noisy_readout import NoisyReadout
from mtjlab.instruments.simulated.electrics.telegraph import Telegraph

DEVICE = Device()
STATES = np.zeros(1, np.uint8)


def test_flicker_has_the_density_strength_over_f_over_six_decades() -> None:
    # Three sampling intervals, each read for 2¹⁷ windows with next to no averaging: f from 1e-3 Hz to 1e3 Hz.
    strength, count, segment = 1e-7, 1 << 17, 1 << 11
    for interval in (100.0, 1e-1, 1e-4):
        flicker = Flicker(strength, np.random.default_rng(1))
        signal = flicker.averages(count, interval, interval)
        f, density = welch(signal, 1 / interval, nperseg=segment, detrend="constant")
        # Below a tenth of the sampling rate aliases add 1 % or less; the lowest bins have lost power with the mean.
        band = (f * interval > 32 / segment) & (f * interval < 0.1)
        seen = density[band] * f[band] / np.sinc(f[band] * interval) ** 2 / strength
        # 127 half-overlapping Hann segments count as 67 independent ones (Welch 1967).
        relative = 1 / math.sqrt(67)
        assert seen.mean() == pytest.approx(1.0, abs=4 * relative / math.sqrt(band.sum() / 2) + 0.03)
        slope = np.polyfit(np.log(f[band]), np.log(density[band] / np.sinc(f[band] * interval) ** 2), 1)[0]
        spread = relative / (np.log(f[band]).std() * math.sqrt(band.sum() / 2))
        assert slope == pytest.approx(-1.0, abs=4 * spread + 0.02)


@pytest.mark.parametrize("share", [1.0, 0.5])
@pytest.mark.parametrize("lag", [1, 2, 30])
def test_flicker_differs_from_read_to_read_as_its_processes_do(share: float, lag: int) -> None:
    # E[(a(i+m) - a(i))²] = 2 Σ σ² [2(u - 1 + e⁻ᵘ)/u² - ((1 - e⁻ᵘ)/u)² e^(-r(mT - w))] with u = rw, for the averages a
    # over windows w every T of Ornstein-Uhlenbeck processes of rates r.
    interval, count = 1e-3, 1 << 17
    window = share * interval
    rates = 2 * np.pi * np.logspace(-6, 9, 31)
    u = rates * window
    alone = np.where(u < 1e-5, 1 - u / 3, 2 * (u + np.expm1(-u)) / u**2)
    together = (np.expm1(-u) / u) ** 2 * np.exp(-rates * (lag * interval - window))
    expected = 2 * float((alone - together).sum()) * math.log(10) / 2
    signal = Flicker(1.0, np.random.default_rng([lag, int(2 * share)])).averages(count, interval, window)
    parts = ((signal[lag:] - signal[:-lag])[: 128 * 1000] ** 2).reshape(128, -1).mean(axis=1)
    assert parts.mean() == pytest.approx(expected, abs=4.5 * parts.std() / math.sqrt(128))
    assert parts.std() / math.sqrt(128) < 0.02 * expected


def test_flicker_is_the_same_process_however_it_is_cut() -> None:
    # The variance of the difference of two windows an hour of blocks apart is that of one long run: blocks of one
    # window, and passing time between them, against one run of all.
    def differences(cut: bool) -> np.ndarray:
        found = []
        for seed in range(400):
            flicker = Flicker(1.0, np.random.default_rng([seed, cut]))
            if cut:
                first = flicker.averages(1, 1e-3, 1e-3)[0]
                for _ in range(9):
                    flicker.averages(3, 1e-3, 1e-3)
                flicker.pass_time(72e-3)
                found.append(flicker.averages(1, 1e-3, 1e-3)[0] - first)
            else:
                signal = flicker.averages(101, 1e-3, 1e-3)
                found.append(signal[100] - signal[0])
        return np.array(found)

    ratio = differences(True).var() / differences(False).var()
    assert ratio == pytest.approx(1.0, abs=4 * math.sqrt(4 / 400))


def test_slow_flicker_does_not_start_anew_with_a_block() -> None:
    flicker = Flicker(1.0, np.random.default_rng(3))
    last = np.array([flicker.averages(50, 1e-4, 1e-4) for _ in range(2000)])
    across = np.corrcoef(last[:-1, -1], last[1:, 0])[0, 1]
    within = np.corrcoef(last[:, -2], last[:, -1])[0, 1]
    assert across == pytest.approx(within, abs=4 * (1 - within**2) / math.sqrt(2000) * math.sqrt(2))


def test_flicker_of_the_reference_device_is_hooges_in_area_and_bias() -> None:
    # α = 2e-10 µm² over 1.96e-3 µm² at 0.1 V: S_V = 1e-7·0.01/f, 3.2e-5 V/√Hz at 1 Hz, 0.03 % a decade and e.
    effects = Effects(["flicker"])
    for area in (1.0, 4.0):
        device = DEVICE.model_copy(update={"diameter": DEVICE.diameter * math.sqrt(area)})
        ratio = []
        for seed in range(300):
            reading = NoisyReadout(device, effects, np.random.default_rng(seed))
            currents = reading.currents(np.zeros(101, np.uint8), 0.1, 500.0, 0.0, False)
            ratio.append(currents[-1] / currents[0] - 1)
        # Windows of T = 1 ms, 100 T apart: the variance of the difference is 2·strength·(C(0) - C(τ)), for 1/f noise
        # 4·strength·∫ sinc²(fT) sin²(πfτ)/f df·... evaluated numerically here.
        f = np.logspace(-4, 8, 400_001)
        integrand = np.sinc(f * 1e-3) ** 2 * np.sin(np.pi * f * 0.1) ** 2 / f
        expected = 4 * 2e-22 / device.area * np.trapezoid(integrand, f)
        assert np.var(ratio) / expected == pytest.approx(1.0, abs=4 * math.sqrt(2 / 300))


def test_shot_noise_takes_over_from_johnson_noise_above_2kt_over_e() -> None:
    count, bandwidth, rng = 200_000, 1e6, np.random.default_rng(4)
    low, high = chi2.ppf([norm.sf(4), norm.cdf(4)], count - 1) / (count - 1)
    for voltage in (0.0, 0.05, 0.5):
        readout = Readout(DEVICE, Effects(["johnson", "shot"]))
        variance = readout.current(np.zeros(count, np.uint8), voltage, bandwidth, rng).var(ddof=1)
        resistance = DEVICE.resistance_parallel
        x = elementary_charge * voltage / (2 * Boltzmann * 300)
        expected = 4 * Boltzmann * 300 * bandwidth / resistance * (x / math.tanh(x) if x else 1.0)
        assert low < variance / expected < high
        if voltage == 0.5:  # 2eI·B, full shot noise
            assert expected == pytest.approx(2 * elementary_charge * voltage / resistance * bandwidth, rel=1e-6)


def test_telegraph_noise_begins_above_the_critical_bias() -> None:
    noise = ElectricalNoise()
    telegraph = Telegraph(noise, np.random.default_rng(5))
    assert not telegraph.averages(1000, 1e-4, 1e-4, 0.29).any()
    levels = telegraph.averages(200_000, 1e-5, 1e-9, 0.3)
    assert set(np.round(levels).astype(int)) == {0, 1}
    assert np.isin(levels, (0.0, 1.0)).mean() > 0.999  # a nanosecond hardly ever holds a jump
    # Two levels with 1 ms in each: the autocorrelation is exp(-2t/τ), Machlup, J. Appl. Phys. 25, 341 (1954).
    jumps = np.abs(np.diff(np.round(levels)))
    expected = (1 - math.exp(-2 * 1e-5 / 1e-3)) / 2
    assert jumps.mean() == pytest.approx(expected, abs=4 * math.sqrt(expected / levels.size))


@pytest.mark.parametrize("voltage", [0.3, 0.55])
def test_a_window_averages_the_telegraph_signal(voltage: float) -> None:
    # Variance of the average over T of a symmetric telegraph signal: with u = 2T/τ, (1/4)·2(u - 1 + e^-u)/u². At 0.3 V
    # T is ten dwell times, at 0.55 V 1500: the jumps are followed one by one, or taken together.
    telegraph = Telegraph(ElectricalNoise(), np.random.default_rng(6))
    window, count = 1e-2, 20_000
    shares = telegraph.averages(count, 3 * window, window, voltage)
    u = 2 * window / telegraph.dwell(voltage)
    expected = (u - 1 + math.exp(-u)) / (2 * u**2)
    assert shares.mean() == pytest.approx(0.5, abs=4 * math.sqrt(expected / count))
    assert shares.var() / expected == pytest.approx(1.0, abs=4 * math.sqrt(2 / count) + 1 / u**2)


def test_heat_tilts_by_boltzmanns_integral() -> None:
    for stability, tilt in ((20.0, 0.02644), (45.0, 0.01137), (80.0, 0.00633)):
        spread = AngleSpread(EnergyLandscape(stability, 0.0, 0.0, 0.02, 1e6))
        assert 1 - spread.mean[0] == pytest.approx(tilt, abs=6e-6)


def test_a_slow_read_sees_the_mean_conductance_and_a_fast_one_its_distribution() -> None:
    device, rng = DEVICE.model_copy(update={"in_plane_field": 0.0}), np.random.default_rng(7)
    readout = Readout(device, Effects(["thermal", "angle"]))
    states = np.repeat([0, 1], 50_000).astype(np.uint8)
    instant = readout.resistances(states, 0.0, math.inf, rng)
    assert instant[states == 0].min() > device.resistance_parallel
    assert instant[states == 1].max() < device.resistance_parallel * 2
    for state in (0, 1):
        conductance = 1 / instant[states == state]
        error = conductance.std() / math.sqrt(conductance.size)
        assert conductance.mean() == pytest.approx(1 / readout.levels(0.0)[state], abs=4 * error)
    # At Δ = 45 the tilt 1 - cosθ is exponential with mean 1/(2Δ) but for terms of 1/Δ: Kolmogorov's distance says so.
    tilt = (device.resistance_parallel / instant[states == 0] - 1) * -2 * (1 + device.tmr) / device.tmr
    assert kstest(tilt, "expon", args=(0, tilt.mean())).statistic < 0.01 + 1.95 / math.sqrt(tilt.size)
    # A read of 1 ms averages 1e6 memories of a nanosecond: the spread is gone.
    slow = readout.resistances(states, 0.0, 500.0, rng)
    assert slow[states == 0].std() / instant[states == 0].std() < 2e-3


def test_a_read_of_ten_nanoseconds_averages_ten_memories() -> None:
    landscape = EnergyLandscape.of(DEVICE.model_copy(update={"in_plane_field": 0.0}))
    spread, rng = AngleSpread(landscape), np.random.default_rng(8)
    assert spread.memory == pytest.approx(1 / (2 * 0.02 * 1.76e11 * 0.1726), rel=1e-3)
    states = np.zeros(100_000, np.uint8)
    means = spread.draw(states, 20 * spread.memory, rng)
    assert means.mean() == pytest.approx(spread.mean[0], abs=4 * means.std() / math.sqrt(states.size))
    kurtosis = 3 + 6 / 10  # of a gamma variate of shape 10
    error = math.sqrt((kurtosis - 1) / states.size)
    assert means.var() / (spread.variance[0] / 10) == pytest.approx(1.0, abs=4 * error + 0.01)


def test_two_wires_put_the_leads_in_series_and_four_do_not() -> None:
    leads = DEVICE.line.model_copy(update={"lead_resistance": 5e3})
    for wires in (2, 4):
        contacts = DEVICE.contacts.model_copy(update={"wires": wires})
        device = DEVICE.model_copy(update={"line": leads, "contacts": contacts})
        current = Readout(device, Effects(["leads"])).current([0, 1], 0.1, 0.0, np.random.default_rng(9))
        resistance = 0.1 / current
        extra = 5e3 if wires == 2 else 0.0
        assert resistance[0] == pytest.approx(DEVICE.resistance_parallel + extra, rel=1e-9)
        # The bias at the antiparallel junction is what the leads leave of 0.1 V.
        across = 0.1 - current[1] * extra
        antiparallel = float(Readout(DEVICE).resistance(math.pi, across))
        assert resistance[1] == pytest.approx(antiparallel + extra, rel=1e-9)


def test_without_effects_a_read_is_ohms_law() -> None:
    reading = NoisyReadout(DEVICE, Effects(), np.random.default_rng(10))
    currents = reading.currents(np.array([0, 1], np.uint8), 0.1, 1e6, 0.0, False)
    np.testing.assert_allclose(0.1 / currents, [50930, 99900], rtol=1e-4)
