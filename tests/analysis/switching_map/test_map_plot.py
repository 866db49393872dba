"""The picture of a map shows what was measured."""

import io

import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.plots.map import map_plot
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
