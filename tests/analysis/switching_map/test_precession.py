"""The Fokker-Planck model of the map beside counted pulses, and what is fitted with it."""

import dataclasses

import numpy as np
import pytest

from mtjlab.analysis.switching_map.free_layer import FreeLayer
from mtjlab.analysis.switching_map.precession import Precession
from mtjlab.analysis.switching_map.precession_fit import PrecessionFit
from mtjlab.analysis.switching_map.precession_model import GYROMAGNETIC_RATIO, PrecessionModel
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.draw_devices import draw_devices
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import FreeLayer as MacrospinLayer
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

EDGE = 50e-12
GUESS = Precession(90e-15, 25.5e-3, 0.02, 260.0)


def layer_of(device):
    return FreeLayer(
        device.saturation_magnetisation, device.thickness, device.barrier_thickness, device.anisotropy_energy, EDGE
    )


def precession_of(device):
    moment = device.saturation_magnetisation * device.volume / (1.380649e-23 * device.temperature)
    return Precession(device.vcma_coefficient, device.in_plane_field, device.damping, moment)


def counted(device, amplitudes, widths, shots):
    macrospin, before = Macrospin(device), np.tile(np.array([0, 1], np.uint8), shots // 2)
    pulses = [Pulse(float(v), float(w), EDGE, EDGE) for v, w in zip(amplitudes, widths, strict=True)]
    return np.array([(macrospin.switch(each, before, seed=i) != before).sum() for i, each in enumerate(pulses)])


def test_the_model_says_what_is_counted():
    device, shots = Device(), 20_000
    amplitudes, widths = np.array([1.3, 1.3, 1.5, 1.5, 1.6]), np.array([0.3, 1.2, 0.45, 1.0, 1.7]) * 1e-9
    model = PrecessionModel(layer_of(device), precession_of(device))
    expected = model.probability(amplitudes, widths)
    shares = counted(device, amplitudes, widths, shots) / shots
    # .003 for the functions left out of the expansion.
    assert (np.abs(shares - expected) < 4 * np.sqrt(expected * (1 - expected) / shots) + 3e-3).all()


def test_the_torque_of_the_current_favours_one_state_as_it_does_in_counts():
    device, shots, effects = Device(), 20_000, Effects.parse("ideal,stt")
    amplitudes, widths = np.array([1.2, 1.3, 1.5, 1.6]), np.array([1.0, 2.2, 0.45, 1.7]) * 1e-9
    torque = float(MacrospinLayer(device, effects).torque_per_volt(device.temperature))
    macrospin, states = Macrospin(device, effects=effects), np.repeat(np.array([0, 1], np.uint8), shots)
    pulses = [Pulse(float(v), float(w), EDGE, EDGE) for v, w in zip(amplitudes, widths, strict=True)]
    shares = np.array(
        [
            (macrospin.switch(each, states, seed=i) != states).reshape(2, -1).mean(axis=1)
            for i, each in enumerate(pulses)
        ]
    ).T
    expected = PrecessionModel(layer_of(device), precession_of(device)._replace(torque=torque)).probabilities(
        amplitudes, widths
    )
    assert (np.abs(shares - expected) < 4 * np.sqrt(expected * (1 - expected) / shots) + 3e-3).all()
    assert np.abs(np.diff(shares, axis=0)).max() > 0.3
    # The other sign of the torque exchanges the states.
    other = PrecessionModel(layer_of(device), precession_of(device)._replace(torque=-torque))
    assert other.probabilities(amplitudes, widths)[::-1] == pytest.approx(expected, abs=1e-4)


def test_without_a_torque_both_states_switch_alike():
    model = PrecessionModel(layer_of(Device()), precession_of(Device()))
    p = model.probabilities(1.4, [0.5e-9, 1e-9])
    assert p[0] == pytest.approx(p[1])
    nearly = PrecessionModel(layer_of(Device()), precession_of(Device())._replace(torque=1e-12))
    assert nearly.probabilities(1.4, [0.5e-9, 1e-9]) == pytest.approx(p, abs=2e-4)  # the other path to the same


def test_a_whole_turn_at_cancelled_anisotropy_takes_the_period_of_the_field():
    # Without edges and with little heat: 2π/(γ'Bx) brings the moment back.
    layer = FreeLayer(1e6, 1.1e-9, 1.4e-9, 8.63e4, edge=1e-12)
    model = PrecessionModel(layer, Precession(90e-15, 25.5e-3, 0.005, 521.0))
    cancelled = 8.63e4 * 1.4e-9 * 1.1e-9 / 90e-15
    times, found = model.curves(np.array([cancelled]), 2.7e-9)
    p = found[0, :, 0]
    crossings = times[1:][(p[1:] > 0.8) != (p[:-1] > 0.8)]
    assert crossings.size == 4  # up and down about half a turn, and again about three halves
    period = 2 * np.pi / (GYROMAGNETIC_RATIO * 25.5e-3)
    assert crossings[2:] - crossings[:2] == pytest.approx(period, rel=0.015)


@pytest.fixture(scope="module")
def fits():
    # Half as stable as the reference device: the expansion is shorter, and the fit a matter of a second.
    soft = Device().model_copy(update={"anisotropy_energy": 4.3e4, "vcma_coefficient": 45e-15})
    rng, guess, done = np.random.default_rng(11), GUESS._replace(vcma=45e-15, moment=521.0), []
    for device in draw_devices(soft, 1, seed=5):
        amplitudes, widths = rng.uniform(1.2, 1.6, 120).round(2), rng.uniform(0.3e-9, 1.8e-9, 120).round(11)
        switched = counted(device, amplitudes, widths, 100)
        fit = PrecessionFit.fit(amplitudes, widths, switched, np.full(120, 100), layer_of(device), guess)
        done.append((device, fit))
    return done


def test_the_fit_finds_what_the_devices_have(fits):
    z = np.array(
        [
            [
                (fit.vcma.value - device.vcma_coefficient) / fit.vcma.uncertainty,
                (fit.in_plane_field.value - device.in_plane_field) / fit.in_plane_field.uncertainty,
            ]
            for device, fit in fits
        ]
    )
    assert (np.abs(z) < 3.5).all()  # `benchmarks/switching_map_fit.py` counts how often 1.96 holds


def test_a_stray_field_along_the_normal_favours_one_state_as_it_does_in_counts():
    device, shots = Device(stray_field=3e-3), 20_000
    amplitudes, widths = np.array([1.2, 1.3, 1.5, 1.6]), np.array([1.0, 2.2, 0.45, 1.7]) * 1e-9
    macrospin, states = Macrospin(device), np.repeat(np.array([0, 1], np.uint8), shots)
    pulses = [Pulse(float(v), float(w), EDGE, EDGE) for v, w in zip(amplitudes, widths, strict=True)]
    ends = [macrospin.switch(each, states, seed=i) for i, each in enumerate(pulses)]
    shares = np.array([(end != states).reshape(2, -1).mean(axis=1) for end in ends]).T
    known = precession_of(device)._replace(normal_field=3e-3)
    expected = PrecessionModel(layer_of(device), known).probabilities(amplitudes, widths)
    assert (np.abs(shares - expected) < 4 * np.sqrt(expected * (1 - expected) / shots) + 3e-3).all()
    assert np.abs(np.diff(shares, axis=0)).max() > 0.1


def test_torque_and_stray_field_are_found_from_the_two_states():
    soft = Device().model_copy(update={"anisotropy_energy": 4.3e4, "vcma_coefficient": 45e-15, "stray_field": 3e-3})
    effects, rng = Effects.parse("ideal,stt"), np.random.default_rng(3)
    torque = float(MacrospinLayer(soft, effects).torque_per_volt(soft.temperature))
    amplitudes, widths = rng.uniform(1.2, 1.6, 100).round(2), rng.uniform(0.3e-9, 1.8e-9, 100).round(11)
    macrospin, states = Macrospin(soft, effects=effects), np.repeat(np.array([0, 1], np.uint8), 60)
    pulses = [Pulse(float(v), float(w), EDGE, EDGE) for v, w in zip(amplitudes, widths, strict=True)]
    ends = [macrospin.switch(each, states, seed=i) for i, each in enumerate(pulses)]
    switched = np.array([(end != states).reshape(2, -1).sum(axis=1) for end in ends]).T
    guess, shots = GUESS._replace(vcma=45e-15, moment=521.0), np.full((2, 100), 60)
    fit = PrecessionFit.fit(amplitudes, widths, switched, shots, layer_of(soft), guess)
    truths = [(fit.torque, torque), (fit.normal_field, 3e-3), (fit.vcma, 45e-15)]
    for found, true in [*truths, (fit.in_plane_field, soft.in_plane_field)]:
        assert abs(found.value - true) < 3.5 * found.uncertainty
    assert fit.torque.uncertainty < 0.15 * torque
    assert fit.normal_field.uncertainty < 0.3e-3
    assert fit.p_value > 1e-4


def test_the_fit_knows_how_good_it_is(fits):
    for device, fit in fits:
        assert fit.p_value > 1e-4
        assert fit.vcma.uncertainty < 0.02 * fit.vcma.value
        assert fit.frequency.value == pytest.approx(GYROMAGNETIC_RATIO * fit.in_plane_field.value / 2 / np.pi)
        assert layer_of(device).anisotropy_field(fit.vcma.value, fit.cancelling_voltage.value) == pytest.approx(
            0, abs=1e-12
        )


def test_a_map_without_change_is_not_fitted():
    layer = layer_of(Device())
    settings = np.linspace(1.0, 1.1, 12)
    with pytest.raises(ValueError, match=r"P\(switch\) from 0 to 0 do not show precession: map at least 10 settings"):
        PrecessionFit.fit(settings, np.full(12, 1e-9), np.zeros(12), np.full(12, 100), layer, GUESS)


def test_widths_within_the_edges_are_refused():
    model = PrecessionModel(layer_of(Device()), GUESS)
    with pytest.raises(ValueError, match="a width of 4e-11 s is shorter than the edges"):
        model.probability(1.5, 40e-12)


def test_pulses_on_a_bias_rise_from_it():
    device, shots, effects, bias = Device(), 20_000, Effects.parse("ideal,stt"), 0.1
    torque = float(MacrospinLayer(device, effects).torque_per_volt(device.temperature))
    macrospin, states = Macrospin(device, effects=effects), np.repeat(np.array([0, 1], np.uint8), shots)
    amplitudes, widths, edge = np.array([1.2, 1.25, 1.4, 1.5]), np.array([1.5, 2.0, 2.1, 2.2]) * 1e-9, 1e-9
    pulses = [Pulse(float(v), float(w), edge, edge, base=bias) for v, w in zip(amplitudes, widths, strict=True)]
    ends = [macrospin.switch(each, states, seed=i) for i, each in enumerate(pulses)]
    shares = np.array([(end != states).reshape(2, -1).mean(axis=1) for end in ends]).T
    layer = dataclasses.replace(layer_of(device), edge=edge, rest=bias)
    known = precession_of(device)._replace(torque=torque)
    on_it = PrecessionModel(layer, known).probabilities(amplitudes, widths)
    from_nought = PrecessionModel(dataclasses.replace(layer, rest=0.0), known).probabilities(amplitudes, widths)
    error = 4 * np.sqrt(on_it * (1 - on_it) / shots) + 3e-3
    assert (np.abs(shares - on_it) < error).all()
    assert (np.abs(shares - from_nought) > error).any()


def test_pulses_heat_the_layer_and_the_line_rounds_them():
    device, shots, edge = Device(), 100_000, 1e-9
    effects = Effects.parse("ideal,temperature,heating,rc")
    macrospin, states = Macrospin(device, effects=effects), np.tile(np.array([0, 1], np.uint8), shots // 2)
    # The last one, which always switches, is there to be long: tops of half of it are what the fall is reckoned for.
    amplitudes, widths = np.array([1.2, 1.42, 1.4, 1.35, 1.5]), np.array([1.65, 1.65, 1.75, 1.85, 2.5]) * 1e-9
    pulses = [Pulse(float(v), float(w), edge, edge) for v, w in zip(amplitudes, widths, strict=True)]
    shares = np.array([(macrospin.switch(each, states, seed=i) != states).mean() for i, each in enumerate(pulses)])
    heating, line = device.heating, device.line
    layer = dataclasses.replace(
        layer_of(device),
        edge=edge,
        lag=line.source_resistance * line.pad_capacitance,
        warming_time=heating.time_constant,
    )
    # At these voltages a tenth or less of the magnetoresistance is left.
    resistance = device.resistance_area / device.area * 1.065
    known = precession_of(device)._replace(warming=heating.thermal_resistance / resistance)
    expected = PrecessionModel(layer, known).probability(amplitudes, widths)
    cool = PrecessionModel(layer, known._replace(warming=0.0)).probability(amplitudes, widths)
    sharp = PrecessionModel(dataclasses.replace(layer, lag=0.0), known).probability(amplitudes, widths)
    # .005: a third of a millivolt where P is steepest.
    error = 4 * np.sqrt(expected * (1 - expected) / shots) + 5e-3
    assert (np.abs(shares - expected) < error).all()
    assert (np.abs(shares - cool) > error).any()
    assert (np.abs(shares - sharp) > error).any()


def test_the_uncertainty_of_the_heating_is_part_of_that_of_xi():
    soft = Device().model_copy(update={"anisotropy_energy": 4.3e4, "vcma_coefficient": 45e-15})
    rng = np.random.default_rng(4)
    amplitudes, widths = rng.uniform(1.2, 1.6, 60).round(2), rng.uniform(0.3e-9, 1.8e-9, 60).round(11)
    switched, shots = counted(soft, amplitudes, widths, 400), np.full(60, 400)
    guess = GUESS._replace(vcma=45e-15, moment=521.0)
    known, vague, cold = (
        PrecessionFit.fit(
            amplitudes, widths, switched, shots, layer_of(soft), guess._replace(warming=warming), warming_error=error
        ).vcma
        for warming, error in ((4.6, 0.01), (4.6, 1.0), (0.0, 0.3))
    )
    assert abs(cold.value - 45e-15) < 3.5 * cold.uncertainty
    assert vague.uncertainty > 1.2 * known.uncertainty
    # These pulses did not heat: to a fit that is sure they did, less of what they do is left for ξ.
    assert known.value < cold.value - 0.5 * cold.uncertainty
