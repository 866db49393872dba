"""The steering finds the operating point, holds it against drift, and says what it can promise."""

import math

import numpy as np
import pytest

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.steering.actuators import OperatingPoint
from mtjlab.procedures.steering.steering import Steering, SteeringSettings

CONSTANT = 100_000.0


def steered(device, blocks, **settings):
    """Steer a device after it has settled; give the steering and P at each of these blocks."""
    steering = Steering(device, SteeringSettings(constant=CONSTANT, **settings))
    steering.begin(device.count)
    held = []
    for _ in range(blocks):
        held.append(device.probability)
        steering.update(*device.count())
    return steering, np.array(held)


def test_it_rehearses_both_ends_of_its_range_and_comes_back(device):
    linear = device()
    Steering(linear, SteeringSettings(span=0.02)).rehearse()
    assert linear.made == pytest.approx([1.23, 1.27, 1.25])


def test_from_a_start_that_is_off_it_settles_on_one_half(device):
    # P is .54 at the start; a loop constant of pulses leaves 1/sqrt(4 T) of scatter after a cold start, and the last
    # block that of its setting.
    linear = device(middle=1.23)
    steering, _ = steered(linear, 0)
    assert steering.ready
    assert linear.probability == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(CONSTANT))
    assert steering.slope.value == pytest.approx(2.0, abs=4 * steering.slope.error)


def test_under_a_steady_drift_p_lags_by_the_drift_over_a_loop_constant(device):
    # 1e-8 a pulse over a thousand blocks is 0.025; the lag is 1e-8 × 1e5, the scatter that of 25 loop constants.
    linear = device(drift=1e-8, slope=2.0)
    steering, held = steered(linear, 1000, slope=2.0)
    scatter = 1 / math.sqrt(8 * CONSTANT)
    assert held.mean() - 0.5 == pytest.approx(1e-3, abs=4 * scatter / math.sqrt(25 / 2))
    assert held.std() == pytest.approx(scatter, rel=0.6)
    results = steering.results(2_500_000)
    assert results["observed drift"][0] == pytest.approx(1e-8, rel=0.25)
    assert np.abs(held - 0.5).max() < results["bound of the deviation"][0]
    assert results["slope"][0] == 2.0
    assert math.isnan(results["slope"][1])  # it was given


def test_beyond_its_range_it_promises_nothing_however_it_goes_on(device, caplog):
    linear = device(drift=1e-7, slope=2.0, span=0.005)
    steering, held = steered(linear, 200, slope=2.0)
    assert held[-1] > 0.52
    assert linear.point.amplitude == pytest.approx(1.245)
    assert caplog.text.count("P(switch) is no longer held") >= 1
    linear.drift = 0.0
    for _ in range(200):
        steering.update(*linear.count())
    assert steering.bound(1_000_000).min_entropy == 0.0


def test_it_resumes_at_the_setting_of_an_earlier_block_if_that_is_in_its_range(device):
    linear = device()
    steering, _ = steered(linear, 0, slope=2.0, span=0.02)
    settled = steering.setting
    for amplitude, expected in ((1.3, settled), (math.nan, settled), (1.26, 1.26)):
        steering.resume_at(OperatingPoint(amplitude, 1e-8))
        assert steering.setting == expected == linear.point.amplitude


def test_an_instrument_that_fails_while_it_settles_leaves_it_to_begin_again(device):
    linear = device(middle=1.23)
    steering = Steering(linear, SteeringSettings(constant=CONSTANT, slope=2.0))
    blocks = 0

    def count():
        nonlocal blocks
        blocks += 1
        if blocks == 10:
            raise InstrumentError("no answer")
        return linear.count()

    with pytest.raises(InstrumentError):
        steering.begin(count)
    assert not steering.ready
    assert steering.setting == 1.25
    steering.begin(count)
    assert blocks - 10 >= CONSTANT / linear.block  # it settles a whole loop constant again
    assert steering.ready


def test_sacrificed_pulses_let_the_bits_follow_the_chance_that_steered_them(device):
    # sqrt(1 + 1/share) of a fair stream's scatter over long windows, and below 1 where the bits steer themselves.
    for by_output, share, far in ((False, 0.5, math.sqrt(3)), (True, 1.0, math.sqrt(CONSTANT / 1e6))):
        steering, _ = steered(device(), 50, slope=2.0, share=share, by_output=by_output)
        spread = steering.results(125_000)["spread over 1,000,000 bits by theory"][0]
        assert spread == pytest.approx(far, rel=0.15)
