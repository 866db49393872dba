"""A state is brought in by a field and watched, on the simulated device without its wires."""

import numpy as np
import pytest

from mtjlab.core.errors import InputError
from mtjlab.instruments.simulated.direct_bench import open_direct_bench
from mtjlab.instruments.simulated.junction.conditions import Surroundings
from mtjlab.instruments.simulated.rates.rates import Rates
from mtjlab.procedures.acquisition.state_watch import StateWatch

BIAS, COMPLIANCE = 0.02, 1e-5
IN_PLANE = -25.5e-3  # T, against the device's own field


@pytest.fixture
def bench():
    with open_direct_bench("simulated-loops", seed=3) as opened:
        opened.source_meter.set_bias(BIAS, COMPLIANCE)
        opened.source_meter.set_integration(0.01)
        for instrument in (opened.source_meter, opened.coil, opened.perpendicular_coil):
            instrument.switch_on()
        opened.coil.set_field(IN_PLANE)
        yield opened


def watch_of(bench, largest=0.1):
    return StateWatch(bench, largest=largest, bias=BIAS, compliance=COMPLIANCE, integration=0.01)


@pytest.fixture
def watch(bench):
    found = watch_of(bench)
    found.find_levels()
    return found


def lifetime(bench, state, size):
    """Mean time for which the simulated device stays in a state in a field against it [s]."""
    junction = bench.stand_in.wiring.junction
    surroundings = Surroundings(IN_PLANE, StateWatch.against(state, size))
    return 1 / Rates(surroundings.applied(junction.device), junction.effects).leaving(BIAS)[state]


def test_a_read_takes_its_integration_and_what_the_meter_takes_beside_it(watch):
    assert 0.01 / 50 < watch.read_time() < 0.01


def test_a_field_too_weak_to_switch_shows_no_two_states(bench):
    with pytest.raises(InputError, match=r"at 0\.005 T and .* at -0\.005 T: no two states.*widen the field"):
        watch_of(bench, 5e-3).find_levels()


def test_positive_fields_hold_the_parallel_state():
    assert (StateWatch.against(0, 0.03), StateWatch.against(1, 0.03)) == (-0.03, 0.03)


@pytest.mark.parametrize("state", [0, 1])
def test_a_ramp_switches_each_state_below_the_anisotropy_field(bench, watch, state):
    field = watch.switching_field(state, 2e-3)
    assert 5e-3 < field < bench.stand_in.wiring.junction.device.anisotropy_field(0.0)


@pytest.mark.parametrize("state", [0, 1])
def test_dwell_times_are_those_of_the_device(bench, watch, state):
    size = next(size for size in np.arange(0.0, 0.1, 1e-3) if lifetime(bench, state, size) < 0.2)
    expected = lifetime(bench, state, size)
    times = []
    while len(times) < 100:
        time, left, gap = watch.dwell(state, size, BIAS, expected=expected, longest=20.0, stop=lambda: False)
        assert left
        if gap:  # else it was left while the field was on its way
            times.append(time)
            assert gap < expected / 2
    assert np.mean(times) == pytest.approx(expected, rel=4 / np.sqrt(100))
    assert np.std(times) == pytest.approx(np.mean(times), rel=6 / np.sqrt(100))  # no memory: exponential


def test_a_state_that_outlasts_the_watch_was_not_left(watch):
    time, left, gap = watch.dwell(0, 0.0, BIAS, expected=0.0, longest=0.1, stop=lambda: False)
    assert (left, gap) == (False, 0.0)
    assert 0.1 <= time < 0.2


def test_a_stop_ends_a_watch_after_the_read_under_way(watch):
    time, left, _ = watch.dwell(0, 0.0, BIAS, expected=0.0, longest=1e6, stop=lambda: True)
    assert not left
    assert 0 < time < 0.1


def test_a_state_left_while_the_field_was_on_its_way_says_nothing(watch):
    assert watch.dwell(1, 0.1, BIAS, expected=0.0, longest=1.0, stop=lambda: False) == (0.0, True, 0.0)


def test_a_bias_is_put_on_for_the_watch_and_taken_back_to_bring_a_state_in(bench, watch):
    watch.dwell(0, 0.0, 0.2, expected=0.0, longest=1e-3, stop=lambda: False)
    assert bench.source_meter.read().voltage == 0.2
    watch.switching_field(0, 0.1)
    assert bench.source_meter.read().voltage == BIAS
