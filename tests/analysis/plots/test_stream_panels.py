"""Each plot of a stream draws the numbers it is of, where they belong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch

from mtjlab.analysis.bitstream import (
    Correlation,
    NotApplicable,
    StreamPhysics,
    correlation,
    smallest_bias_seen,
    stream_physics,
)
from mtjlab.analysis.plots.stream_bit_panels import (
    draw_autocorrelation,
    draw_bias,
    draw_bytes,
    draw_entropy,
    draw_runs,
    draw_transitions,
)
from mtjlab.analysis.plots.stream_colours import DARK, LIGHT
from mtjlab.analysis.plots.stream_time_panels import (
    BINS,
    SHOWN,
    draw_allan,
    draw_correlation,
    draw_spectrum,
    draw_windows,
)

Found = TypeVar("Found")


def drawn(draw: Callable[..., None], of: StreamPhysics | Correlation) -> Axes:
    """Draw into axes of their own."""
    axes = Figure().subplots()
    draw(axes, of, LIGHT)
    axes.figure.canvas.draw()
    return axes


def lines_of(axes: Axes, colour: str) -> list[Any]:
    """Give the lines of a colour."""
    return [line for line in axes.lines if to_hex(line.get_color()) == colour]


def given(found: Found | NotApplicable) -> Found:
    """Give what was found, which is there."""
    assert not isinstance(found, NotApplicable)
    return found


@pytest.fixture(scope="module")
def fair() -> StreamPhysics:
    return stream_physics(np.random.default_rng(101).integers(0, 2, 40_000))


@pytest.fixture(scope="module")
def stepping() -> StreamPhysics:
    """P jumps once, and the mains are on it; a bit every 0.1 ms."""
    rng = np.random.default_rng(102)
    hum = 0.05 * np.cos(2 * np.pi * 50e-4 * np.arange(120_000))
    return stream_physics(rng.random(120_000) < np.repeat([0.45, 0.55], 60_000) + hum, period=1e-4, lags=40)


@pytest.fixture(scope="module")
def uneven() -> StreamPhysics:
    """Toggle a junction whose probabilities differ much."""
    draws = np.random.default_rng(103).random(60_000).tolist()
    bits, state = [], 0
    for draw in draws:
        bit = int(draw < (0.7 if state else 0.35))
        bits.append(bit)
        state ^= bit
    return stream_physics(bits)


def test_the_bias_stands_at_its_bits_under_the_line_of_what_is_seen(fair: StreamPhysics) -> None:
    axes = drawn(draw_bias, fair)
    (seen,) = lines_of(axes, LIGHT.muted)
    for count, bias in zip(seen.get_xdata()[::20], seen.get_ydata()[::20], strict=True):
        assert bias == pytest.approx(smallest_bias_seen(int(count)), rel=1e-9)
    (bars,) = axes.containers
    assert bars[0].get_xdata() == [fair.bits]
    assert bars[0].get_ydata()[0] < smallest_bias_seen(fair.bits)
    # The interval holds zero: its bar goes down to the edge, and up to the end that is farther from zero.
    low, high = bars[2][0].get_segments()[0][:, 1]
    assert low == pytest.approx(axes.get_ylim()[0])
    assert high == pytest.approx(max(abs(fair.bias.low), fair.bias.high))


def test_a_bias_that_is_seen_stands_above_the_line(uneven: StreamPhysics) -> None:
    (bars,) = drawn(draw_bias, uneven).containers
    assert bars[0].get_ydata()[0] == pytest.approx(abs(uneven.bias.value))
    assert bars[0].get_ydata()[0] > smallest_bias_seen(uneven.bits)
    low, high = bars[2][0].get_segments()[0][:, 1]
    assert (low, high) == pytest.approx(sorted((abs(uneven.bias.low), abs(uneven.bias.high))))


def test_squares_of_transitions_have_the_probabilities_as_areas(uneven: StreamPhysics) -> None:
    axes = drawn(draw_transitions, uneven)
    areas = [patch.get_width() * patch.get_height() for patch in axes.patches if isinstance(patch, Rectangle)]
    matrix = given(uneven.transitions).matrix
    assert np.divide(areas, 0.94**2) == pytest.approx(matrix.ravel())
    words = [text.get_text() for text in axes.texts]
    assert f"{matrix[0, 1]:.5f} ± {given(uneven.transitions).p_ud.uncertainty:.5f}" in words
    # Row "up" is above row "down".
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_a_state_that_never_was_is_said_to_be_so() -> None:
    axes = drawn(draw_transitions, stream_physics([0] * 200))
    assert [text.get_text() for text in axes.texts].count("never there") == 2


def test_lags_outside_stand_out_and_the_junction_is_beside_them(uneven: StreamPhysics) -> None:
    axes = drawn(draw_autocorrelation, uneven)
    found = given(uneven.autocorrelation)
    (points,) = lines_of(axes, LIGHT.first)
    assert np.array_equal(points.get_ydata(), found.coefficients)
    (outside,) = lines_of(axes, LIGHT.second)
    assert outside.get_xdata().tolist() == found.outside.tolist()
    assert 1 in found.outside
    (law,) = lines_of(axes, LIGHT.third)
    assert law.get_ydata()[0] == pytest.approx(found.coefficients[0], abs=0.02)
    edges = lines_of(axes, LIGHT.muted)
    assert [line.get_ydata()[5] for line in edges] == pytest.approx(found.family_band[5])
    assert f"p = {found.ljung_box.p_value:.2g}" in axes.texts[0].get_text() or "1e-300" in axes.texts[0].get_text()


def test_few_lags_have_stems_and_many_a_logarithmic_axis(stepping: StreamPhysics) -> None:
    axes = drawn(draw_autocorrelation, stepping)
    assert max(len(each.get_segments()) for each in axes.collections if hasattr(each, "get_segments")) == 40
    assert axes.get_xscale() == "linear"
    many = stream_physics(np.random.default_rng(104).integers(0, 2, 5000), lags=1500)
    assert drawn(draw_autocorrelation, many).get_xscale() == "log"


def test_runs_stand_at_their_lengths_with_both_laws(uneven: StreamPhysics) -> None:
    axes = drawn(draw_runs, uneven)
    runs = given(uneven.runs)
    assert axes.get_yscale() == "log"
    for row, bars in enumerate(axes.containers):
        counts = np.asarray(bars[0].get_ydata())
        there = np.isfinite(counts)
        assert counts[there].tolist() == runs.counts[row, : counts.size][there].tolist()
        assert np.round(bars[0].get_xdata()).tolist() == list(range(1, counts.size + 1))
    dashed = [line.get_ydata() for line in axes.lines if line.get_linestyle() == "--" and len(line.get_ydata())]
    assert [law[2] for law in dashed] == pytest.approx(runs.expected[:, 2])
    dotted = [line.get_ydata() for line in axes.lines if line.get_linestyle() == ":" and len(line.get_ydata())]
    # Runs of ones go to and fro between the states: the junction's law has steps that the geometric one has not.
    law = given(uneven.junction).run_lengths(64)[1] * runs.counts[1].sum()
    assert dotted[1][:6] == pytest.approx(law[:6])


def test_entropies_have_their_intervals_and_the_floor_of_the_junction(uneven: StreamPhysics) -> None:
    axes = drawn(draw_entropy, uneven)
    (bars,) = axes.containers
    entropies = given(uneven.entropy).entropies
    assert bars[0].get_ydata() == pytest.approx([each.value for each in entropies])
    low, high = bars[2][0].get_segments()[3][:, 1]
    assert high - low == pytest.approx(2 * 1.96 * entropies[3].uncertainty)
    law, known = lines_of(axes, LIGHT.third)
    assert law.get_ydata() == pytest.approx(given(uneven.junction).entropies(8))
    assert known.get_ydata()[0] == pytest.approx(given(uneven.junction).entropy_rate)


def test_bytes_have_colours_that_are_as_far_to_either_side(fair: StreamPhysics, uneven: StreamPhysics) -> None:
    for physics in (fair, uneven):
        (image,) = drawn(draw_bytes, physics).images
        deviations = given(physics.byte_counts).deviations
        assert np.ravel(image.get_array()).tolist() == deviations.tolist()
        low, high = image.get_clim()
        assert -low == high == max(4.0, float(np.abs(deviations).max()))
        assert image.cmap(0.5)[:3] == pytest.approx(to_rgb(LIGHT.background), abs=0.01)


def test_steps_are_drawn_where_p_changes(stepping: StreamPhysics) -> None:
    axes = drawn(draw_windows, stepping)
    steps = given(stepping.steps)
    (stairs,) = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
    levels, edges, _ = stairs.get_data()
    assert levels.tolist() == [each.value for each in steps.shares]
    assert edges[1:-1].tolist() == [change.time for change in steps.changes]
    assert edges[1] == pytest.approx(6.0, abs=0.1)  # 60,000 bits
    assert axes.get_xlabel() == "time (s)"
    (points,) = [line for line in lines_of(axes, LIGHT.first) if len(line.get_xdata()) > 2]
    assert len(points.get_xdata()) <= SHOWN


def test_without_time_windows_stand_over_pulses(fair: StreamPhysics) -> None:
    axes = drawn(draw_windows, fair)
    assert axes.get_xlabel() == "pulses"
    assert any("k" in label.get_text() for label in axes.get_xticklabels())


def test_deviations_above_chance_are_marked(fair: StreamPhysics, stepping: StreamPhysics) -> None:
    for physics, marked in ((fair, False), (stepping, True)):
        axes = drawn(draw_allan, physics)
        allan = given(physics.allan)
        (odd,) = lines_of(axes, LIGHT.second)
        assert bool(len(odd.get_xdata())) is marked
        assert set(odd.get_xdata()) <= set(allan.bits)
        (white,) = lines_of(axes, LIGHT.third)
        assert np.array_equal(white.get_ydata(), allan.white)


def test_lines_are_named_and_the_mains_marked_where_there_are_hertz(
    fair: StreamPhysics, stepping: StreamPhysics
) -> None:
    axes = drawn(draw_spectrum, stepping)
    words = [text.get_text() for text in axes.texts]
    assert "50 Hz\nmains (50 Hz)" in words
    guides = [line.get_xdata()[0] for line in lines_of(axes, LIGHT.muted) if line.get_linestyle() == ":"]
    assert guides == [50, 60]
    assert axes.get_xlabel() == "frequency (Hz)"
    axes = drawn(draw_spectrum, fair)
    assert axes.get_xlabel() == "frequency (1/pulse)"
    assert not axes.texts
    assert not [line for line in lines_of(axes, LIGHT.muted) if line.get_linestyle() == ":"]


def test_a_spectrum_that_is_thinned_keeps_its_peaks(stepping: StreamPhysics) -> None:
    spectrum = given(stepping.spectrum)
    assert spectrum.powers.size > BINS
    powers, threshold = lines_of(drawn(draw_spectrum, stepping), LIGHT.first)
    assert len(powers.get_ydata()) <= BINS + 1
    for line in spectrum.lines:
        assert line.power in powers.get_ydata()
    assert threshold.get_ydata()[0] == spectrum.threshold


@pytest.mark.parametrize("slope", [0.0, 3e-3])
def test_a_correlation_has_its_line_which_stands_out_if_it_is_one(slope: float) -> None:
    rng = np.random.default_rng(105)
    ohms = rng.normal(50e3, 100, 300)
    shares = 0.5 + slope * (ohms - 50e3) / 100 + rng.normal(0, 0.003, 300)
    found = correlation(ohms, shares, "parallel resistance", "ohm")
    axes = drawn(draw_correlation, found)
    assert axes.get_xlabel() == "parallel resistance (kΩ)"
    (line,) = lines_of(axes, LIGHT.second if slope else LIGHT.muted)
    (x0, x1), (y0, y1) = line.get_xdata(), line.get_ydata()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope * 10, abs=5e-3)
    assert f"Pearson {found.pearson.value:+.2f}" in axes.texts[0].get_text() or not slope


def test_states_and_laws_have_different_colours_in_light_and_dark() -> None:
    for colours in (LIGHT, DARK):
        assert len({colours.first, colours.second, colours.third, colours.text, colours.muted, colours.grid}) == 6
