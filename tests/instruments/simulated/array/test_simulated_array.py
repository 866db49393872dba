"""An array of junctions: what pulses do to a million cells, and what spread and neighbours do to them."""

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest

from mtjlab.analysis.diffusion import FlipSchedule
from mtjlab.instruments.settings.array_imperfections import ArrayImperfections
from mtjlab.instruments.simulated.array.simulated_array import SimulatedArray
from mtjlab.instruments.simulated.device.device import Device

IDEAL = ArrayImperfections.ideal()
WIDTH = 1.5e-9
FIVE_SIGMA = 5.0


class Sigmoid:
    """A table whose P(switch) is a sigmoid of the amplitude, from 1 at 40 mV less than from 0."""

    def __init__(self, shift: float = 0.04, steepness: float = 40.0):
        self.shift, self.steepness = shift, steepness

    def chance(self, amplitude, state):
        return 1 / (1 + np.exp(-self.steepness * (np.asarray(amplitude) - 1.2 + self.shift * state)))

    def switching(self, pulse):
        return SimpleNamespace(probability=tuple(float(self.chance(pulse.amplitude, state)) for state in (0, 1)))

    def amplitude(self, beta):
        return 1.2 + math.log(beta / (1 - beta)) / self.steepness


def ideal(rows, columns, seed=1, **table):
    return SimulatedArray(rows, columns, Device(), IDEAL, seed, table=Sigmoid(**table))


def spread_of(count, chance):
    return FIVE_SIGMA * math.sqrt(chance * (1 - chance) / count)


def test_flips_add_up_as_the_binomial_process_says():
    # A million cells and ten times; the amplitudes are those whose flip probability is the schedule's.
    table, schedule = Sigmoid(shift=0.0), FlipSchedule()
    array = SimulatedArray(1000, 1000, Device(), IDEAL, 3, table=table)
    image = np.random.default_rng(1).integers(0, 2, array.shape, dtype=np.uint8)
    array.write(image)
    left = 1.0
    for time, next_time in itertools.pairwise(np.linspace(0, 0.95, 11).tolist()):
        amplitude = table.amplitude(schedule.beta(time, next_time))
        array.pulse(amplitude, WIDTH)
        # The curve is straight between multiples of 10 mV: what the pulses do is what the curve says.
        low = math.floor(amplitude / 0.01) * 0.01
        share = (amplitude - low) / 0.01
        beta = (1 - share) * table.chance(low, 0) + share * table.chance(low + 0.01, 0)
        left *= 1 - 2 * beta
        flipped = (array.read() != image).mean()
        assert flipped == pytest.approx((1 - left) / 2, abs=spread_of(image.size, (1 - left) / 2))
        assert flipped == pytest.approx(float(schedule.flipped(next_time)), abs=0.01)
    assert np.all(array.pulses == 10)


def test_two_probabilities_that_differ_give_the_stationary_bias_of_their_chain():
    array = ideal(500, 500)
    array.write(np.zeros(array.shape, np.uint8))
    ud, du = (float(Sigmoid().chance(1.2, state)) for state in (0, 1))
    expected = 0.0
    for _ in range(12):
        array.pulse(1.2, WIDTH)
        expected = expected * (1 - du) + (1 - expected) * ud
        assert array.read().mean() == pytest.approx(expected, abs=spread_of(250_000, expected))
    assert expected == pytest.approx(ud / (ud + du), abs=1e-6)  # 0.36 ones, not one half
    assert abs(expected - 0.5) > 0.1


def test_the_macrospins_table_is_what_an_ideal_array_does():
    array = SimulatedArray(300, 300, imperfections=IDEAL, seed=2)
    for state in (0, 1):
        array.write(np.full(array.shape, state, np.uint8))
        array.pulse(1.2, WIDTH)
        from mtjlab.instruments.simulated.device.pulse import Pulse
        from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable

        chance = SwitchingTable(Device()).switching(Pulse(1.2, WIDTH, 1e-9, 1e-9)).probability[state]
        assert 0.4 < chance < 0.8
        assert (array.read() != state).mean() == pytest.approx(chance, abs=spread_of(90_000, chance))


def test_levels_send_each_cell_its_own_amplitude_and_leave_others_out():
    array, table = ideal(200, 200), Sigmoid()
    levels = np.random.default_rng(3).integers(-1, 3, array.shape)
    amplitudes = [1.1, 1.2, 1.3]
    array.pulse_levels(levels, amplitudes, WIDTH)
    found = array.read()
    assert not found[levels == -1].any()
    for number, amplitude in enumerate(amplitudes):
        chance, here = float(table.chance(amplitude, 0)), levels == number
        assert found[here].mean() == pytest.approx(chance, abs=spread_of(here.sum(), chance))
    assert np.array_equal(array.pulses, (levels >= 0).astype(int))


def test_spread_between_cells_makes_the_flips_of_one_cell_agree_with_themselves():
    flaws = IDEAL.model_copy(update={"vcma_spread": 0.05})
    array = SimulatedArray(100, 100, Device(), flaws, 4, table=Sigmoid(shift=0.0))
    tries, counts = 400, np.zeros((100, 100))
    for _ in range(tries):
        array.write(np.zeros(array.shape, np.uint8))
        array.pulse(1.2, WIDTH)
        counts += array.read()
    # The variance over cells beyond the binomial one is that of the sigmoid over the spread of the amplitude.
    amplitudes = 1.2 * (1 + 0.05 * np.random.default_rng(5).standard_normal(100_000))
    expected = Sigmoid(shift=0.0).chance(amplitudes, 0)
    found = counts.var() / tries**2 - (counts / tries * (1 - counts / tries)).mean() / tries
    assert found == pytest.approx(expected.var(), rel=FIVE_SIGMA * math.sqrt(2 / 10_000))


def test_the_far_end_of_a_word_line_sees_less():
    flaws = IDEAL.model_copy(update={"line_drop": 0.1})
    array = SimulatedArray(4000, 11, Device(), flaws, 5, table=Sigmoid())
    array.pulse(1.2, WIDTH)
    for column in (0, 5, 10):
        chance = float(Sigmoid().chance(1.2 * (1 - 0.1 * column / 10), 0))
        assert array.read()[:, column].mean() == pytest.approx(chance, abs=spread_of(4000, chance))


def test_half_selected_neighbours_are_disturbed_as_often_as_their_lines_are_pulsed():
    flaws = IDEAL.model_copy(update={"half_select": True})
    table = Sigmoid(shift=0.0, steepness=5.0)
    half = float(table.chance(0.6, 0))
    on_line, apart = [], []
    for seed in range(60):
        array = SimulatedArray(40, 40, Device(), flaws, seed, table=table)
        cells = np.zeros(array.shape, bool)
        cells[3, ::2] = True  # every second cell of one row: each other cell of its columns sees it once
        array.pulse(1.2, WIDTH, cells)
        found = array.read()
        on_line += [found[3, 1::2].mean(), found[5:, ::2].mean()]
        apart.append(found[5:, 1::2].any())
    assert not any(apart)
    assert np.mean(on_line) == pytest.approx(half, abs=spread_of(60 * 20, half))


def test_stuck_weak_and_misread_cells_are_as_many_as_was_said():
    flaws = IDEAL.model_copy(update={"stuck": 0.01, "weak": 0.02, "read_error": 0.001})
    array = SimulatedArray(500, 500, Device(), flaws, 6, table=Sigmoid())
    ones = np.ones(array.shape, np.uint8)
    array.write(ones)
    wrong = 0.01 / 2 + 0.02 / 2 + 0.001
    assert (array.read() == 0).mean() == pytest.approx(wrong, abs=spread_of(250_000, wrong))
    assert array.stuck.mean() == pytest.approx(0.01, abs=spread_of(250_000, 0.01))
    never = np.ones(array.shape, bool)
    before = array.read()
    for _ in range(20):
        array.pulse(1.2, WIDTH)
        never &= array.read() == before
    # Stuck cells that were read rightly every time have stayed; of the others one in 2^20 or so may have.
    assert never.sum() == pytest.approx(array.stuck.sum() * 0.999**21, rel=0.05)


def test_what_cannot_be_is_refused():
    array = ideal(3, 4)
    with pytest.raises(ValueError, match="array of 0 x 4 cells"):
        ideal(0, 4)
    with pytest.raises(ValueError, match="expected uint8 0 and 1"):
        array.write(np.zeros((4, 3), np.uint8))
    with pytest.raises(ValueError, match="expected bool"):
        array.pulse(1.2, WIDTH, np.ones((3, 4), np.uint8))
    with pytest.raises(ValueError, match="-1 to 1"):
        array.pulse_levels(np.full((3, 4), 2), [1.0, 1.1], WIDTH)
    with pytest.raises(ValueError, match="no finite number"):
        array.pulse(math.nan, WIDTH)
    array.pulse(1.2, WIDTH, np.zeros((3, 4), bool))
    assert not array.pulses.any()
