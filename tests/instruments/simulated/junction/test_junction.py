"""A junction keeps its state, switches with its table's probabilities, and says what it read."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.junction.fidelities import MacrospinJunction, TabulatedJunction
from mtjlab.instruments.simulated.junction.junction import Junction
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable
from mtjlab.instruments.simulated.junction.table_interpolation import Switching
from mtjlab.instruments.simulated.rates.rates import Rates

PULSE = Pulse(1.25, 10e-9, 1e-9, 1e-9)
HALF_TURN = Pulse(1.5, 0.7e-9, 50e-12, 50e-12)


class FlatTable(SwitchingTable):
    """A table with the same probabilities everywhere."""

    def __init__(self, from_p: float, from_ap: float) -> None:
        super().__init__(Device())
        self._flat = Switching((from_p, from_ap), (0.0, 0.0), (False, False))

    def switching(self, pulse: Pulse, surrounded: Device | None = None) -> Switching:
        return self._flat


def flat_table(from_p: float, from_ap: float) -> SwitchingTable:
    return FlatTable(from_p, from_ap)


def tabulated(seed: int) -> Junction:
    return TabulatedJunction(Device(), seed=seed)


def macrospin(seed: int) -> Junction:
    return MacrospinJunction(Device(), seed)


both = pytest.mark.parametrize("make", [tabulated, macrospin])


def test_unequal_probabilities_correlate_neighbours_by_one_minus_their_sum() -> None:
    from_p, from_ap, count = 0.453, 0.336, 2_000_000
    states = TabulatedJunction(Device(), flat_table(from_p, from_ap), seed=1).pulse_train(PULSE, count).astype(float)
    correlation = 1 - from_p - from_ap
    # The mean of a two-state chain has the variance of independent bits times (1 + ρ)/(1 - ρ).
    stationary = from_p / (from_p + from_ap)
    error = np.sqrt(stationary * (1 - stationary) * (1 + correlation) / (1 - correlation) / count)
    assert states.mean() == pytest.approx(stationary, abs=4 * error)
    found = np.corrcoef(states[:-1], states[1:])[0, 1]
    # ρ is one minus two frequencies, each counted on the pulses that found the junction in that state.
    variance = from_p * (1 - from_p) / (1 - stationary) + from_ap * (1 - from_ap) / stationary
    assert found == pytest.approx(correlation, abs=4 * np.sqrt(variance / count))


def test_each_state_leaves_with_its_own_probability() -> None:
    states = TabulatedJunction(Device(), flat_table(0.1, 0.8), seed=2).pulse_train(PULSE, 400_000)
    before, after = states[:-1], states[1:]
    for state, expected in ((State.P, 0.1), (State.AP, 0.8)):
        left = after[before == state] != state
        assert left.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / left.size))


def test_certain_and_impossible_switching_are_exactly_that() -> None:
    assert TabulatedJunction(Device(), flat_table(1, 1), seed=3).pulse_train(PULSE, 5).tolist() == [1, 0, 1, 0, 1]
    assert not TabulatedJunction(Device(), flat_table(0, 1), seed=3).pulse_train(PULSE, 300_000).any()


def test_the_table_of_another_device_is_refused() -> None:
    with pytest.raises(ValueError, match="switching table is for other parameters"):
        TabulatedJunction(Device(damping=0.05), flat_table(0.5, 0.5))


def test_half_a_precession_turn_after_the_other_toggles_the_macrospin() -> None:
    junction = MacrospinJunction(Device(), seed=1)
    assert junction.pulse_train(HALF_TURN, 6).tolist() == [1, 0, 1, 0, 1, 0]
    assert junction.pulse_train(HALF_TURN, 3).tolist() == [1, 0, 1]
    assert junction.state is State.AP
    junction.set_state(0)
    assert junction.pulse_train(HALF_TURN, 1).tolist() == [1]


def test_both_junctions_make_the_same_chain() -> None:
    # Where the two states differ, the chain shows it: P is .83 from P and .97 from AP at 1.25 V and 1.6 ns, so that
    # neighbours are correlated by -.8.
    pulse, counts = Pulse(1.25, 1.6e-9, 1e-9, 1e-9), []
    for junction in (tabulated(11), MacrospinJunction(Device(), 11)):
        states = junction.pulse_train(pulse, 4_000).astype(int)
        pairs = 2 * states[:-1] + states[1:]
        counts.append(np.bincount(pairs, minlength=4))
    assert chi2_contingency(counts).pvalue > 1e-4


@both
def test_a_train_in_parts_is_the_train_in_one(make: Callable[[int], Junction]) -> None:
    whole = make(5).pulse_train(PULSE, 300)
    junction = make(5)
    parts = [junction.pulse_train(PULSE, count) for count in (1, 0, 130, 169)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert junction.state == whole[-1]
    assert set(whole.tolist()) == {0, 1}
    assert (make(6).pulse_train(PULSE, 300) != whole).any()


@both
def test_reading_tells_the_states_apart_and_does_not_disturb_them(make: Callable[[int], Junction]) -> None:
    undisturbed, junction = make(7), make(7)
    states = junction.pulse_train(PULSE, 64)
    currents = junction.read(states, 0.1, 1e3)
    parallel, antiparallel = 0.1 / junction.device.resistance_parallel, 0.1 / (50930 * (1 + 1 / 1.04))
    np.testing.assert_array_equal(currents < (parallel + antiparallel) / 2, states == State.AP)
    undisturbed.pulse_train(PULSE, 64)
    np.testing.assert_array_equal(junction.pulse_train(PULSE, 64), undisturbed.pulse_train(PULSE, 64))


@both
def test_what_a_junction_cannot_do_is_refused(make: Callable[[int], Junction]) -> None:
    junction = make(8)
    with pytest.raises(ValueError, match="train of -1 pulses"):
        junction.pulse_train(PULSE, -1)
    with pytest.raises(ValueError, match="state 2"):
        junction.set_state(2)
    assert junction.state is State.P


@both
def test_a_rest_without_field_or_bias_leaves_a_stable_device_as_it_is(make: Callable[[int], Junction]) -> None:
    # Δ = 45 in 25.5 mT keeps its state for 10⁵ s and more.
    junction, undisturbed = make(9), make(9)
    junction.set_state(1)
    assert junction.hold(10.0, 0.0) is State.AP
    junction.set_state(0)
    rested = junction.pulse_train(PULSE, 200, HoldInterval(200e-6, 0.0))
    np.testing.assert_array_equal(rested, undisturbed.pulse_train(PULSE, 200))


@both
def test_a_perpendicular_field_beyond_the_anisotropy_field_sets_the_state(make: Callable[[int], Junction]) -> None:
    junction = make(10)
    for field, state in ((-0.3, State.AP), (0.3, State.P)):
        junction.set_surroundings(perpendicular_field=field)
        assert junction.hold(1e-6, 0.0) is state
    junction.set_surroundings()
    assert junction.hold(1.0, 0.0) is State.P


def test_rests_mix_into_both_junctions_by_the_two_state_chain() -> None:
    # In 90 mT in plane the barrier is low: a hold of 10 µs at zero bias flips with a probability between 0 and 1/2.
    device = Device(in_plane_field=90e-3)
    flips = Rates(device).flips(1e-5, 0.0)
    assert 0.02 < flips[0] < 0.45
    assert flips[0] == pytest.approx(flips[1])
    quick = Pulse(-0.2, 0.2e-9, 50e-12, 50e-12)  # raises the barrier and leaves the state as it is
    states = MacrospinJunction(device, seed=12).pulse_train(quick, 4000, HoldInterval(1e-5, 0.0))
    flipped = np.diff(np.concatenate(([0], states)).astype(int)) != 0
    assert flipped.mean() == pytest.approx(flips[0], abs=4 * np.sqrt(flips[0] * (1 - flips[0]) / 4000))


def test_impossible_rests_and_surroundings_are_refused() -> None:
    junction = macrospin(13)
    with pytest.raises(ValueError, match="hold interval of -1 s is not possible"):
        junction.hold(-1, 0.0)
    with pytest.raises(ValueError, match="hold interval at nan V"):
        HoldInterval(1.0, float("nan"))
    with pytest.raises(ValueError, match="temperature 0 K is not possible"):
        junction.set_surroundings(temperature=0)
    with pytest.raises(ValueError, match="perpendicular_field inf T"):
        junction.set_surroundings(perpendicular_field=float("inf"))
