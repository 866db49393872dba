"""Thermally activated switching: rates against the Fokker-Planck equation, the macrospin and Sharrock's law."""

import dataclasses
import math

import numpy as np
import pytest
import scipy.sparse as sparse
from scipy.constants import Boltzmann
from scipy.sparse.linalg import eigs
from scipy.special import eval_legendre

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import EnergyLandscape
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.dwell_time import DwellTime
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.rates.in_plane_field import saddle_factor, torque_shares
from mtjlab.instruments.simulated.rates.rates import Rates, leaving, slowest_relaxation

GYROMAGNETIC_RATIO = 1.76e11


def device_of(stability: float, **update: float) -> Device:
    device = Device(**update)
    return device.model_copy(
        update={"anisotropy_energy": device.anisotropy_energy * stability / device.thermal_stability}
    )


@pytest.mark.parametrize(("stability", "reduced"), [(3, 0.078567), (4, 0.032459), (5, 0.013541), (6, 0.0056022)])
def test_the_slowest_eigenvalue_is_twice_the_inverse_dwell_time(stability: float, reduced: float) -> None:
    # λ1(1+α²)/(αγBk) of the axially symmetric Fokker-Planck equation (Brown 1963), to its five digits.
    device = device_of(stability, in_plane_field=0.0)
    from_p, from_ap = Rates(device).leaving(0.0)
    unit = device.damping * GYROMAGNETIC_RATIO * device.anisotropy_field(0.0) / (1 + device.damping**2)
    assert (from_p + from_ap) / unit == pytest.approx(reduced, rel=5e-5)
    assert from_p == pytest.approx(from_ap, rel=1e-9)


def test_over_a_high_barrier_the_rate_becomes_browns_asymptote() -> None:
    # λ1 → αγBk/(1+α²)·2√(Δ/π)·e^-Δ·(1 - 1/Δ - …); from above at Δ = 60 the rest is 1/Δ and less.
    device = device_of(60.0, in_plane_field=0.0)
    unit = device.damping * GYROMAGNETIC_RATIO * device.anisotropy_field(0.0) / (1 + device.damping**2)
    reduced = sum(Rates(device).leaving(0.0)) / unit
    asymptote = 2 * math.sqrt(60 / math.pi) * math.exp(-60)
    assert 1 - 2 / 60 < reduced / asymptote < 1


def test_the_ratio_of_the_rates_is_boltzmanns() -> None:
    device = device_of(30.0, in_plane_field=0.0, stray_field=2e-3)
    from_p, from_ap = Rates(device).leaving(0.0)
    moment = device.saturation_magnetisation * device.volume / (Boltzmann * device.temperature)
    # Both wells shift by ±bz and keep nearly the same width: populations as exp(2 bz).
    assert math.log(from_ap / from_p) == pytest.approx(2 * moment * 2e-3, rel=0.02)


def full_sphere_operator(
    stability: float, transverse: float, longitudinal: float, damping: float, push: float = 0.0
) -> tuple[sparse.csc_matrix, dict[tuple[int, int], int]]:
    """Build the backward Fokker-Planck operator over D on the whole sphere, and the place of each spherical harmonic.

    The torque `push` = (a/α)·Ms·Vol/kT damps as a field along z and turns the azimuth by -α² of what that field would.
    """
    degrees = int(14 + 5 * math.sqrt(stability) + math.sqrt(abs(push)))
    pairs = [(degree, order) for degree in range(degrees + 1) for order in range(-degree, degree + 1)]
    place = {pair: number for number, pair in enumerate(pairs)}
    size = len(pairs)
    z, x, turn = (sparse.lil_matrix((size, size)) for _ in range(3))
    for number, (k, m) in enumerate(pairs):
        for up in (k, k + 1):
            target = (2 * up - 1 - k, m)
            if target in place:
                z[place[target], number] = math.sqrt((up * up - m * m) / (4 * up * up - 1))
        for s in (1, -1):
            if (k + 1, m + s) in place:
                a = (k + s * m + 1) * (k + s * m + 2) / ((2 * k + 1) * (2 * k + 3))
                x[place[k + 1, m + s], number] = -s * math.sqrt(a) / 2
            if (k - 1, m + s) in place:
                a = (k - s * m) * (k - s * m - 1) / ((2 * k - 1) * (2 * k + 1))
                x[place[k - 1, m + s], number] = s * math.sqrt(a) / 2
            if (k, m + s) in place:
                turn[place[k, m + s], number] = math.sqrt(k * (k + 1) - m * (m + s)) / 2
    z, x, turn, one = z.tocsr(), x.tocsr(), turn.tocsr(), sparse.identity(size)
    laplace = sparse.diags([-float(k * (k + 1)) for k, _ in pairs])
    about_z = sparse.diags([float(m) for _, m in pairs])
    damped = longitudinal + push
    energy = -stability * (z @ z) - transverse * x - damped * z
    bent = -stability * (2 * one - 6 * (z @ z)) + 2 * transverse * x + 2 * damped * z
    drift = (laplace @ energy - energy @ laplace - bent) / 2
    precession = transverse * turn + (2 * stability * z + (longitudinal - damping**2 * push) * one) @ about_z
    return (laplace - drift + (1j / damping) * precession).tocsc(), place


def full_sphere_eigenvalue(stability: float, transverse: float, longitudinal: float, damping: float) -> float:
    """Find λ1/D of the Fokker-Planck equation on the whole sphere in spherical harmonics."""
    backward, _ = full_sphere_operator(stability, transverse, longitudinal, damping)
    return float(np.sort(-eigs(backward, k=3, sigma=1e-6, return_eigenvectors=False).real)[1])


def full_sphere_rates(landscape: EnergyLandscape) -> tuple[float, float]:
    """Find the rates of leaving P and AP over D under a spin torque: from λ1 and the stationary distribution."""
    longitudinal = landscape.longitudinal - landscape.push
    backward, place = full_sphere_operator(
        landscape.stability, landscape.transverse, longitudinal, landscape.damping, landscape.push
    )
    rate = float(np.sort(-eigs(backward, k=3, sigma=1e-6, return_eigenvectors=False).real)[1])
    stationary = eigs(backward.T.tocsc(), k=1, sigma=1e-6)[1][:, 0]
    theta = np.linspace(0.3, math.pi - 0.3, 20001)
    without = dataclasses.replace(landscape, longitudinal=longitudinal).at_azimuth_zero(theta)
    equator = math.cos(theta[int(without.argmax())])
    above = stationary[place[0, 0]] * (1 - equator)
    for (degree, order), number in place.items():
        if order == 0 and degree > 0:
            area = (eval_legendre(degree - 1, equator) - eval_legendre(degree + 1, equator)) / (2 * degree + 1)
            above += stationary[number] * math.sqrt(2 * degree + 1) * area
    parallel = float((above / (2 * stationary[place[0, 0]])).real)
    return rate * (1 - parallel), rate * parallel


@pytest.mark.parametrize(
    ("stability", "field", "tilt", "damping", "within"),
    [
        (5.0, 0.0, 0.0, 0.02, 1e-4),
        (8.0, 0.15, 0.0, 0.02, 0.03),
        (12.0, 0.15, 0.0, 0.02, 0.03),
        (12.0, 0.15, 0.0, 0.1, 0.03),
        (18.0, 0.15, 0.1, 0.02, 0.03),
        (18.0, 0.08, 0.25, 0.05, 0.03),
        (8.0, 0.03, 0.0, 0.02, 0.10),  # bx = 0.48, between the axially symmetric case and a saddle
        (4.0, 0.08, 0.0, 0.05, 0.10),
    ],
)
def test_an_in_plane_field_speeds_the_crossing_as_the_whole_fokker_planck_equation_says(
    stability: float, field: float, tilt: float, damping: float, within: float
) -> None:
    bx, bz = 2 * stability * field, 2 * stability * tilt
    landscape = EnergyLandscape(stability, bx, bz, damping, 1.0)
    along, *_ = slowest_relaxation(landscape)
    exact = full_sphere_eigenvalue(stability, bx, bz, damping)
    assert along * saddle_factor(landscape) == pytest.approx(exact, rel=within)


@pytest.mark.parametrize(
    ("stability", "field", "tilt", "damping", "push", "within"),
    [
        (8.0, 0.15, 0.0, 0.02, 2.0, 0.03),
        (6.476, 0.185, 0.0, 0.02, 2.25, 0.06),  # Δ 8, Bx .15 Bk at 50 mV, which lower the barrier
        (12.0, 0.15, 0.1, 0.02, -2.0, 0.05),
        (10.0, 0.05, 0.0, 0.3, 3.0, 0.06),
        (12.0, 0.03, 0.0, 0.02, 3.0, 0.13),
        (11.0, 0.15, 0.0, 0.1, 3.0, 0.10),
    ],
)
def test_a_torque_in_an_in_plane_field_counts_as_the_whole_fokker_planck_equation_says(
    stability: float, field: float, tilt: float, damping: float, push: float, within: float
) -> None:
    unit = 2 * stability
    landscape = EnergyLandscape(stability, unit * field, unit * tilt + push, damping, 1.0, push)
    found, exact = leaving(landscape), full_sphere_rates(landscape)
    assert found == pytest.approx(exact, rel=within)
    # As a field a/α it would be far off.
    as_field = slowest_relaxation(landscape)
    wrong = as_field[0] * saddle_factor(landscape) * as_field[2]
    assert abs(math.log(wrong / exact[0])) > 4 * within


def test_the_torque_is_a_field_without_an_in_plane_field_and_ever_less_of_one_in_it() -> None:
    shares = [torque_shares(EnergyLandscape(20.0, 40.0 * hx, 0.0, 0.02, 1.0)) for hx in (0, 1e-4, 0.01, 0.1, 0.5, 0.99)]
    assert shares[0] == (1.0, 1.0)
    assert shares[1][0] == pytest.approx(1.0, abs=0.01)
    assert (np.diff([each[0] for each in shares]) < 0).all()
    assert shares[-1][0] < 0.01
    favoured, other = torque_shares(EnergyLandscape(20.0, 6.0, 4.0, 0.02, 1.0))
    mirrored = torque_shares(EnergyLandscape(20.0, 6.0, -4.0, 0.02, 1.0))
    assert favoured > other
    assert mirrored == pytest.approx((other, favoured), rel=1e-9)


def test_a_positive_bias_shortens_the_stay_and_a_negative_one_lengthens_it() -> None:
    rates = Rates(Device(), Effects.full().without("stt"))
    lowered, rest, raised = (sum(rates.leaving(voltage)) for voltage in (0.1, 0.0, -0.1))
    # ξV·A/tox is 3.05 kT at 0.1 V; (1 - h)² and the prefactor make less of a difference.
    assert math.log(lowered / rest) == pytest.approx(2.9, abs=0.4)
    assert math.log(rest / raised) == pytest.approx(2.9, abs=0.4)


def test_effects_switch_heat_and_bias_off() -> None:
    assert Rates(Device(), Effects(["disturb"])).leaving(0.1) == (0.0, 0.0)
    undisturbed = Rates(Device(), Effects(["thermal"]))
    assert undisturbed.leaving(0.1) == undisturbed.leaving(0.0)
    assert sum(undisturbed.leaving(0.0)) > 0


def test_the_two_state_chain_ends_in_equilibrium_and_begins_with_its_rates() -> None:
    rates = Rates(device_of(8.0, stray_field=1e-3))
    from_p, from_ap = rates.leaving(0.0)
    long = rates.flips(1e3 / (from_p + from_ap), 0.0)
    assert sum(long) == pytest.approx(1.0, rel=1e-12)
    assert long[0] == pytest.approx(from_p / (from_p + from_ap), rel=1e-12)
    short = rates.flips(1e-9 / from_p, 0.0)
    assert short[0] == pytest.approx(1e-9, rel=1e-6)
    # Chapman-Kolmogorov: two rests are one of both durations.
    first, second, both = (rates.flips(t / from_p, 0.0) for t in (0.3, 0.5, 0.8))
    stays = (1 - first[0]) * second[0] + first[0] * (1 - second[1])
    assert both[0] == pytest.approx(stays, rel=1e-12)


@pytest.mark.parametrize("field", [-0.4, -0.1, -0.02, 0.02, 0.1, 0.4])
def test_far_from_equilibrium_the_unlikely_state_still_has_its_rate(field: float) -> None:
    from_p, from_ap = Rates(Device(stray_field=field, in_plane_field=0.0)).leaving(0.0)
    mirrored = Rates(Device(stray_field=-field, in_plane_field=0.0)).leaving(0.0)
    assert (from_p, from_ap) == pytest.approx(mirrored[::-1], rel=1e-6)
    unlikely = from_p if field < 0 else from_ap
    if abs(field) == 0.4:
        # Beyond the anisotropy field it falls down the slope: in nanoseconds, 1/(αγ(B - Bk)) times a logarithm.
        assert 0.5 < unlikely / (0.02 * GYROMAGNETIC_RATIO * (0.4 - 0.1726)) < 5
    else:
        assert 0 < unlikely < 1e9


@pytest.mark.parametrize(("voltage", "kelvin"), [(0.05, 300.0), (-0.03, 300.0), (0.03, 330.0)])
def test_a_biased_and_warm_macrospin_dwells_as_long_as_its_rates_say(voltage: float, kelvin: float) -> None:
    # Torque, VCMA, Ms(T), Ki(T) and ξ(T) act in both: what pushes towards P, and how far, must be the same.
    stability = 6.0 if voltage > 0 else 4.0
    device = device_of(stability, in_plane_field=0.0, damping=0.1).in_surroundings(temperature=kelvin)
    effects = Effects.parse("thermal,temperature,stt,disturb")
    found = DwellTime.count(Macrospin(device, effects=effects), 12_800, voltage=voltage, seed=7, dt=8e-12)
    from_p, from_ap = Rates(device, effects).leaving(voltage)
    assert found.rate == pytest.approx(from_p + from_ap, abs=0.05 * found.rate + 3 * found.rate_error)
    share = found.parallel / (found.parallel + found.antiparallel)
    assert share == pytest.approx(from_ap / (from_p + from_ap), abs=4 / math.sqrt(12_800))
    assert (share > 0.5) == (voltage > 0)
    # Without them the rates are far off.
    for name in ("stt", "disturb") if kelvin == 300 else ("temperature",):
        other = Rates(device, effects.without(name)).leaving(voltage)
        assert abs(math.log(other[0] / from_p)) > 0.1


def test_a_biased_macrospin_in_an_in_plane_field_dwells_as_long_as_its_rates_say() -> None:
    device = device_of(8.0, in_plane_field=0.0)
    device = device.model_copy(update={"in_plane_field": 0.15 * device.anisotropy_field(0.0)})
    effects = Effects.parse("thermal,stt,disturb")
    found = DwellTime.count(Macrospin(device, effects=effects), 6_400, voltage=0.05, seed=11, dt=8e-12)
    from_p, from_ap = Rates(device, effects).leaving(0.05)
    assert found.rate == pytest.approx(from_p + from_ap, abs=0.03 * found.rate + 3 * found.rate_error)
    share = found.parallel / (found.parallel + found.antiparallel)
    assert share == pytest.approx(from_ap / (from_p + from_ap), abs=4 * math.sqrt(share * (1 - share) / 6_400) + 0.01)


@pytest.mark.parametrize("voltage", [1.3, 1.35, 1.5])
def test_a_long_pulse_that_takes_the_barrier_away_leaves_either_state(voltage: float) -> None:
    # The moment precesses about the field in the plane, which turns the torque aside: neither state is favoured much.
    device, effects = Device(), Effects.parse("thermal,stt,disturb")
    pulse = Pulse(amplitude=voltage, width=150e-9, rise=50e-12, fall=50e-12)
    states = np.tile(np.array([0, 1], np.uint8), 1000)
    after = Macrospin(device, effects=effects).switch(pulse, states, seed=5, dt=4e-12)
    for state, found in enumerate(Rates(device, effects).flips(pulse.width, voltage)):
        switched = np.mean(after[state::2] != state)
        assert found == pytest.approx(switched, abs=4 * 0.5 / math.sqrt(1000) + 0.02)
