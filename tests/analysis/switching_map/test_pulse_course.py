"""A trapezoid behind a line, and the heat that it leaves: against their differential equations."""

import numpy as np
import pytest

from mtjlab.analysis.switching_map.free_layer import FreeLayer
from mtjlab.analysis.switching_map.pulse_course import PulseCourse
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import FreeLayer as MacrospinLayer


@pytest.mark.parametrize(("edge", "lag", "warming_time"), [(1e-9, 25e-12, 1e-9), (50e-12, 40e-12, 0.3e-9)])
def test_voltage_and_heat_follow_their_time_constants(edge, lag, warming_time):
    top, step = 1e-9, 2e-14
    course = PulseCourse(edge, lag, warming_time)
    times = np.arange(0.0, 2 * edge + top + 6 * lag, step)
    drive = np.interp(times, [0.0, edge, edge + top, 2 * edge + top], [0.0, 1.0, 1.0, 0.0])
    share, warmth = np.zeros_like(times), np.zeros_like(times)
    for i in range(1, times.size):
        share[i] = share[i - 1] + step / lag * ((drive[i] + drive[i - 1]) / 2 - share[i - 1])
        warmth[i] = warmth[i - 1] + step / warming_time * ((drive[i] ** 2 + drive[i - 1] ** 2) / 2 - warmth[i - 1])
    rising, falling = times < edge, times >= edge + top
    on_top = ~rising & ~falling
    parts = [
        course.rising(times[rising]),
        course.on_top(times[on_top] - edge),
        course.falling(times[falling] - edge - top, top),
    ]
    shares, warmths = (np.concatenate(each) for each in zip(*parts, strict=True))
    assert shares == pytest.approx(share, abs=2e-3)
    heated = times <= 2 * edge + top  # what cools down afterwards is of no consequence
    assert warmths[heated] == pytest.approx(warmth[heated], abs=2e-3)


def test_without_a_lag_the_pulse_is_the_trapezoid_itself():
    course = PulseCourse(1e-9, 0.0, 1e-9)
    assert course.fall_time == 1e-9
    assert course.rising([0.0, 0.25e-9, 1e-9]).share.tolist() == pytest.approx([0.0, 0.25, 1.0])
    assert course.on_top([0.0, 1e-9]).share.tolist() == [1.0, 1.0]
    assert course.falling([0.0, 0.25e-9, 1e-9], 1e-9).share.tolist() == pytest.approx([1.0, 0.75, 0.0])


def test_a_warm_layer_feels_the_voltage_that_its_anisotropy_field_says():
    device = Device()
    layer = FreeLayer(
        device.saturation_magnetisation, device.thickness, device.barrier_thickness, device.anisotropy_energy, 1e-9
    )
    truth = MacrospinLayer(device, Effects.full())
    volts, warmer = np.array([0.5, 1.0, 1.25, 1.5]), 8.0
    felt = layer.felt_voltage(device.vcma_coefficient, volts, warmer)
    found = layer.anisotropy_field(device.vcma_coefficient, felt) - truth.anisotropy_field(volts, 300.0)
    lost = truth.anisotropy_field(volts, 300.0 + warmer) - truth.anisotropy_field(volts, 300.0)
    # Ki falls as Ms^2.18 and the demagnetisation as Ms²: of a film there is more of both than of this disc.
    film = 4e-7 * np.pi * device.saturation_magnetisation**2 / 2
    excess = 0.18 * 8e-4 * warmer * (film - device.demagnetising_energy) * 2 / device.saturation_magnetisation
    assert found == pytest.approx(lost - excess, rel=0.03)
    assert layer.felt_voltage(device.vcma_coefficient, volts, 0.0) == pytest.approx(volts)
