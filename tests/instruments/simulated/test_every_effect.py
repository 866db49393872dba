"""Each effect can be switched off by its name: what belongs to it then changes nothing, and without it less happens.

For every effect there is a device on which it is loud: the same junction but for the parameters of that effect. With
it on the two differ; with it off, everything else being on, they are the same to the last bit.
"""

from collections.abc import Callable

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.fidelities import RatesJunction
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

PULSE = Pulse(1.5, 0.7e-9, 50e-12, 50e-12)
CHANCE = ("thermal", "jitter")
NOISE = ("angle", "johnson", "shot", "flicker", "telegraph")


def loud(section: str, **parameters: float) -> Device:
    quiet = Device()
    return quiet.model_copy(update={section: getattr(quiet, section).model_copy(update=parameters)})


def pulsed(device: Device, effects: Effects) -> np.ndarray:
    """Where the layer points after a pulse at 360 K; without chance, so that equal means equal."""
    warm = device.in_surroundings(temperature=360.0)
    return Macrospin(warm, effects=effects.without(*CHANCE)).pulsed(PULSE, [0, 1], settle=1e-9)


def read(device: Device, effects: Effects) -> np.ndarray:
    """Give currents above the critical bias of the telegraph noise."""
    return RatesJunction(device, seed=2, effects=effects).read(np.arange(400) % 2, 0.35, 1e5)


def lived_through(device: Device, effects: Effects) -> np.ndarray:
    """Give states and currents of a junction that is pulsed again and again."""
    junction = RatesJunction(device, seed=3, effects=effects)
    states = junction.pulse_train(Pulse(1.0, 1e-6, 50e-12, 50e-12), 1000)
    return np.concatenate((states, junction.read(states, 0.1, 0.0)))


CASES: dict[str, tuple[Callable[[Device, Effects], np.ndarray], Device]] = {
    "temperature": (pulsed, loud("thermal", vcma_exponent=1.0)),
    "stt": (pulsed, loud("torque", efficiency=1.0)),
    "rc": (pulsed, loud("line", pad_capacitance=2e-12)),
    "ringing": (pulsed, loud("line", overshoot=0.3)),
    "leads": (pulsed, loud("line", lead_resistance=2e3)),
    "heating": (pulsed, loud("heating", thermal_resistance=1e6)),
    "resolution": (pulsed, loud("drive", amplitude_step=0.4)),
    "flicker": (read, loud("noise", hooge_parameter=2e-20)),
    "telegraph": (read, loud("noise", telegraph_amplitude=0.1)),
    "breakdown": (lived_through, loud("wear", lifetime=1e-9, reference_voltage=1.0)),
    "drift": (lived_through, loud("drift", resistance_rate=1e-4, interval=250)),
}


@pytest.mark.parametrize("name", CASES)
def test_what_belongs_to_an_effect_acts_while_it_is_on_and_only_then(name: str) -> None:
    observed, device = CASES[name]
    on, off = Effects.full(), Effects.full().without(name)
    assert (observed(device, on) != observed(Device(), on)).any()
    assert (observed(device, on) != observed(device, off)).any()
    np.testing.assert_array_equal(observed(device, off), observed(Device(), off))


@pytest.mark.parametrize("name", CHANCE)
def test_what_is_left_to_chance_within_a_pulse(name: str) -> None:
    steep, before = Pulse(1.5, 0.45e-9, 50e-12, 50e-12), np.zeros(64, np.uint8)
    neither = Effects.full().without(*CHANCE)
    alone = Macrospin(Device(), effects=Effects([*neither, name])).pulsed(steep, before, settle=1e-9, seed=1)
    assert len(np.unique(alone[:, 2])) > 60
    without = [Macrospin(Device(), effects=neither).pulsed(steep, before, settle=1e-9, seed=seed) for seed in (1, 2)]
    assert len(np.unique(without, axis=1)[0]) == 1
    np.testing.assert_array_equal(*without)


@pytest.mark.parametrize("name", NOISE)
def test_each_noise_of_a_read_stands_alone(name: str) -> None:
    others = Effects.full().without(*NOISE)
    quiet, noisy = read(Device(), others), read(Device(), Effects([*others, name]))
    assert len(np.unique(quiet)) == 2
    assert np.unique(noisy[::2]).size > 2
    # It leaves the levels where they are: the telegraph's trap raises the resistance half the time by 0.2 %.
    np.testing.assert_allclose(noisy[:2], quiet[:2], rtol=0.05)


def test_a_bias_disturbs_a_rest_by_its_effect_alone() -> None:
    weak = Device(anisotropy_energy=8.63e4 / 3, in_plane_field=0.0)  # Δ = 15
    flips = {}
    for effects in (Effects.full(), Effects.full().without("disturb")):
        for voltage in (0.1, 1e-6):
            junction = RatesJunction(weak, seed=4, effects=effects.without("drift", "heating", "breakdown"))
            shares = junction.observe(2000, 0.0, 1e-4, voltage)
            flips["disturb" in effects, voltage] = np.count_nonzero(np.diff(np.rint(shares)))
    assert flips[False, 0.1] == flips[False, 1e-6]
    assert flips[True, 1e-6] == flips[False, 1e-6]
    assert abs(flips[True, 0.1] - flips[True, 1e-6]) > 4 * np.sqrt(flips[True, 0.1] + flips[True, 1e-6])


def test_every_effect_is_tried() -> None:
    # How devices of a wafer spread is tried where they are drawn and behind a multiplexer.
    assert {*CASES, *CHANCE, *NOISE, "disturb", "spread"} == set(Effects.SENTENCES)
