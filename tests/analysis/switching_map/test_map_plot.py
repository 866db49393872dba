"""The picture of a map shows what was measured."""

import io

import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.plots.map import FITTED, map_plot
from mtjlab.analysis.switching_map.plateaus import plateau


def test_low_probabilities_are_blue_and_high_ones_red():
    v, w = (each.ravel() for each in np.meshgrid(np.linspace(1.0, 1.4, 9), np.linspace(1e-9, 3e-9, 9), indexing="ij"))
    switched = np.random.default_rng(1).binomial(200, 1 / (1 + np.exp(-(v - 1.2) / 0.03)))
    picture = np.asarray(Image.open(io.BytesIO(map_plot(v, w, switched, np.full(81, 200), "a step"))).convert("RGB"))
    height, width = picture.shape[:2]
    # Inside the axes, near their lower and upper edge: the medians see past dots and lines.
    middle = slice(width * 3 // 10, width * 6 // 10)
    bottom = np.median(picture[height * 70 // 100 : height * 74 // 100, middle], axis=(0, 1))
    top = np.median(picture[height * 14 // 100 : height * 18 // 100, middle], axis=(0, 1))
    assert bottom[2] > bottom[0] + 50
    assert top[0] > top[2] + 50


def test_the_contours_of_a_fit_are_drawn_where_they_are():
    v, w = (each.ravel() for each in np.meshgrid(np.linspace(1.0, 1.4, 9), np.linspace(1e-9, 3e-9, 9), indexing="ij"))
    switched = np.random.default_rng(1).binomial(200, 1 / (1 + np.exp(-(v - 1.2) / 0.03)))

    def green(fitted):
        png = map_plot(v, w, switched, np.full(81, 200), "a step", fitted)
        rgb = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
        height, width = rgb.shape[:2]
        wanted = [int(FITTED[at : at + 2], 16) for at in (1, 3, 5)]
        inside = rgb[height // 10 : height * 3 // 4, width // 5 : width * 7 // 10]
        return np.flatnonzero((np.abs(inside - wanted).max(axis=-1) < 40).any(axis=1)) + height // 10, height

    assert not len(green(None)[0])
    rows, height = green(lambda volts, widths: 1 / (1 + np.exp(-(volts - 1.3) / 0.03)) + 0 * widths)
    # A quarter and three quarters lie 33 mV to either side: three lines, the middle one at 1.3 V of 1.0 to 1.4 V.
    lines = np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1)
    assert len(lines) == 3
    upper, middle, lower = (line.mean() for line in lines)
    assert upper - middle == pytest.approx(middle - lower, abs=2)
    assert 0.2 < middle / height < 0.4


def test_few_settings_and_settings_on_a_line_make_no_map():
    with pytest.raises(ValueError, match="5 settings make no map: measure at least 20"):
        map_plot(np.linspace(1, 2, 5), np.linspace(1, 2, 5), np.ones(5), np.full(5, 10), "")
    with pytest.raises(ValueError, match="30 settings make no map"):
        map_plot(np.linspace(1, 2, 30), np.full(30, 1e-9), np.ones(30), np.full(30, 10), "")


def test_a_plateau_is_flat_as_far_as_it_is_said_to_reach():
    volts = np.linspace(1.0, 2.0, 101)
    flat = np.where((volts > 1.295) & (volts < 1.605), 0.5, 0.8)[:, None]
    found = volts[plateau(volts, flat, reach=0.1)[:, 0]]
    assert [found[0], found[-1]] == pytest.approx([1.4, 1.5])
    assert not plateau(volts, np.full((101, 1), 0.53)).any()
