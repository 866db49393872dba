"""The pictures show the readings, the fits, and what is missing."""

import io
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from mtjlab.analysis.junction.bias_dependence import BiasDependence, resistance
from mtjlab.analysis.junction.hysteresis_loop import HysteresisLoop
from mtjlab.analysis.junction.noise_spectrum import NoiseSpectrum
from mtjlab.analysis.junction.tilt import Tilt
from mtjlab.analysis.plots.bias import bias_plot
from mtjlab.analysis.plots.bitstream_plots import p_one_plot
from mtjlab.analysis.plots.dwell import WatchedState, WatchedStates, dwell_plot
from mtjlab.analysis.plots.endurance import endurance_plot
from mtjlab.analysis.plots.error_rate import error_rate_plot
from mtjlab.analysis.plots.line import line_plot
from mtjlab.analysis.plots.loop import loop_plot
from mtjlab.analysis.plots.png import BLUE, RED
from mtjlab.analysis.plots.point import point_plot
from mtjlab.analysis.plots.spectrum import spectrum_plot
from mtjlab.analysis.plots.table import table_plot


def pixels(png, colour):
    """Give the rows and columns of the pixels that are a colour with up to 70 % of white: thin lines are smoothed."""
    ink = 255.0 - np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    wanted = 255 * (1 - np.array(to_rgb(colour)))
    share = ink @ wanted / (wanted @ wanted)
    return np.argwhere((share > 0.3) & (np.abs(ink - share[..., None] * wanted).max(axis=-1) < 12))


def loops():
    way = np.linspace(-0.1, 0.1, 41)
    fields = np.broadcast_to(np.stack([way, way[::-1]]), (2, 2, 41))
    ohms = np.where(np.stack([way < 0.03, way[::-1] < -0.04]), 100e3, 50e3) * np.ones((2, 1, 1))
    return fields, ohms, np.tile([[1.0] * 41, [2.0] * 41], (2, 1, 1))


def test_a_loop_is_drawn_with_and_without_its_fit():
    fields, ohms, ways = loops()
    fitted = HysteresisLoop.analyse(fields, ohms)
    for fit in (fitted, None):
        up, down = (
            pixels(loop_plot(fields.ravel(), ohms.ravel(), ways.ravel(), fit, "a loop"), each) for each in (BLUE, RED)
        )
        # The way up jumps at a higher field than the way down: its steep part is further to the right.
        columns = [np.bincount(each[:, 1]).argmax() for each in (up, down)]
        assert columns[0] > columns[1] + 100


def test_a_part_of_a_loop_is_drawn():
    fields, ohms, ways = (each.ravel()[:10] for each in loops())
    assert len(pixels(loop_plot(fields, ohms, ways, None, "a part"), BLUE)) > 100


def test_the_fit_of_noise_goes_through_the_spectrum():
    readings = 50e3 + np.random.default_rng(1).normal(0, 20.0, 16_384)
    png = spectrum_plot(NoiseSpectrum.of(readings, 1e-3), "white noise")
    # White noise: the fit is level, so its pixels lie on few rows.
    rows = pixels(png, RED)[:, 0]
    rows = rows[rows > np.median(rows) - 40]
    assert np.quantile(rows, 0.9) - np.quantile(rows, 0.1) < 12


def test_a_dwell_that_nobody_saw_end_lasts_longer_than_the_others():
    at, times = np.array([-0.03] * 2 + [-0.02] * 4), np.array([5.0, 5.0, 0.1, 0.2, 0.3, 0.1])
    left = np.array([False] * 2 + [True] * 4)
    nothing = WatchedState(np.empty(0), np.empty(0), np.empty(0, bool), None)
    png = dwell_plot([WatchedStates("field", "T", WatchedState(at, times, left, None), nothing)], "dwells")
    seen = pixels(png, BLUE)
    first, others = seen[seen[:, 1] < 400], seen[(seen[:, 1] > 400) & (seen[:, 0] > 100)]  # 100 rows for the legend
    assert first[:, 0].max() < others[:, 0].min()


def test_no_error_at_all_has_an_interval():
    png = error_rate_plot([2500.0, 5000.0], [0.0, 0.0], [0.0, 0.0], [1.5e-3, 7e-4], 1e-3, "no errors")
    assert len(pixels(png, BLUE)) > 50
    assert len(pixels(png, RED)) > 100


def test_the_point_is_marked_where_the_curve_crosses_one_half():
    volts, pulses = np.linspace(1.0, 1.4, 41), np.full(41, 400)
    switched = np.random.default_rng(2).binomial(pulses, 1 / (1 + np.exp(-(volts - 1.1) / 0.02)))
    png = point_plot(volts, switched, pulses, (1.1, 1.098, 1.102), "a point")
    columns = pixels(png, RED)[:, 1]
    left = np.bincount(columns[columns < 468]).argmax()
    # A quarter of the way along the axis, which takes the left half of 936 pixels but for the labels.
    assert pytest.approx((left - 60) / 400, abs=0.08) == 0.25
    assert len(pixels(point_plot(volts[:3], switched[:3], pulses[:3], None, "three"), "black")) > 50


def test_residuals_come_with_a_line_only():
    x = np.linspace(-0.02, 0.02, 9)
    with_line, without = (line_plot(("bias", "V", x), ("current", "A", x / 5e4), None, line, "a line")
                          for line in ((2e-5, 0.0), None))  # fmt: skip
    assert len(pixels(with_line, RED)) > 100
    assert not len(pixels(without, RED))


def test_a_table_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no row to draw"):
        table_plot([("a", "V")], np.empty((0, 1)), "")
    columns = [("time", "s"), ("voltage", "V")]
    ordered, shuffled = (table_plot(columns, [[t, 0.1] for t in times], "t") for times in ([1, 2, 3], [3, 1, 2]))
    heights = [Image.open(io.BytesIO(each)).height for each in (ordered, shuffled)]
    assert heights[1] == 2 * heights[0]  # out of order, the first column is drawn, too


def test_no_failure_is_an_upper_limit_and_no_point_below():
    # The rate of no failure in 2,500 is below 1.5e-3; where between there and zero it lies is not known.
    png = error_rate_plot([2500.0], [0.0], [0.0], [1.47e-3], 1e-2, "no errors")
    rows = pixels(png, BLUE)
    shaft = rows[rows[:, 1] > 600]  # right of the legend
    required = pixels(png, RED)[:, 0].min()
    decade = 121  # rows of a decade: the axis shows 2.8 of them
    assert shaft[:, 0].min() - required == pytest.approx(np.log10(1e-2 / 1.47e-3) * decade, abs=8)
    assert np.ptp(shaft[:, 0]) < 0.6 * decade  # an arrow, not an interval to the bottom


def axes_of(plot, *arguments):
    """Give the axes that a plot has drawn, whose limits and ticks matplotlib has computed."""
    from matplotlib.figure import Figure

    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        save = Figure.savefig
        patch.setattr(Figure, "savefig", lambda figure, *a, **k: (drawn.append(figure), save(figure, *a, **k))[1])
        plot(*arguments)
    return drawn[0].axes


def test_ticks_of_few_decades_of_pulses_do_not_overlap():
    pulses = np.array([2500.0, 5386.0, 11604.0, 20000.0])
    for axes in axes_of(endurance_plot, pulses, np.full(4, 5e4), np.full(4, 1e5), np.full(4, 0.5), False, "few"):
        ticks = [*axes.xaxis.get_major_ticks(), *axes.xaxis.get_minor_ticks()]
        boxes = sorted(
            (tick.label1.get_window_extent() for tick in ticks if tick.label1.get_text()), key=lambda box: box.x0
        )
        low, high = axes.get_window_extent().intervalx
        boxes = [box for box in boxes if low - 20 < box.x0 < high]
        assert len(boxes) >= 2
        assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_the_top_of_the_curve_is_inside_its_panel():
    volts = np.tile(np.linspace(-0.1, 0.1, 20), 2)
    states = np.repeat([0, 1], 20)
    tilt = Tilt(44.7, 0.147, 1.48)
    exact = volts / resistance(states, volts, 50e3, 0.96, 0.5)
    noisy = exact * (1 + np.random.default_rng(4).normal(0, 1e-4, 40))
    fitted = BiasDependence.fit(volts, noisy, states, 1e-4 * np.abs(exact), tilt)
    _, ratio = axes_of(bias_plot, volts, noisy, 1e-4 * np.abs(exact), states, fitted, "a junction")
    low, high = ratio.get_ylim()
    assert low == 0
    curves = {line.get_label(): np.max(line.get_ydata()) for line in ratio.lines if len(line.get_xdata()) > 100}
    assert all(value < high for value in curves.values())
    # The caption's number is the top of a curve that is drawn; the points lie on the other one.
    assert curves["of an upright layer"] == pytest.approx(100 * fitted.tmr.value, rel=1e-3)
    assert curves["fit, as it reads"] == pytest.approx(96, abs=0.3)


def test_the_band_of_a_single_block_is_drawn():
    blocks = (np.array([0]), np.array([2500]), np.array([1260]))
    (axes,) = axes_of(p_one_plot, *blocks)
    (band,) = (each for each in axes.collections if "fair" in str(each.get_label()))
    box = band.get_datalim(axes.transData)
    assert (box.x0, box.x1) == (0, 2500)
    assert (box.y0, box.y1) == pytest.approx((0.5 - 0.98 / 50, 0.5 + 0.98 / 50))
