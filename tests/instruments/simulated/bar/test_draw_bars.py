"""Bars of one wafer."""

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarParameters, draw_bars, load_bar

COUNT = 400
BARS = draw_bars(BarParameters(), COUNT, seed=5)


@pytest.mark.parametrize(
    ("name", "relative"),
    [
        ("width", 0.02),
        ("anisotropy_field", 0.05),
        ("demagnetising_field", 0.05),
        ("damping", 0.05),
        ("activation_volume", 0.05),
        ("torque.damping_like", 0.05),
        ("torque.field_like", 0.05),
        ("umr.saturation", 0.05),
        ("films.metal_resistivity", 0.03),
    ],
)
def test_a_parameter_spreads_as_the_file_says(name, relative):
    mean = BarParameters().flat()[name]
    values = np.array([bar.flat()[name] for bar in BARS]) / mean
    assert np.mean(values) == pytest.approx(1, abs=4 * relative / np.sqrt(COUNT))
    assert np.std(values) == pytest.approx(relative, rel=4 / np.sqrt(2 * COUNT))


def test_the_tilt_spreads_about_its_own():
    tilts = [bar.easy_axis_tilt for bar in BARS]
    assert np.mean(tilts) == pytest.approx(0.05, abs=4 * 0.01 / np.sqrt(COUNT))
    assert np.std(tilts) == pytest.approx(0.01, rel=4 / np.sqrt(2 * COUNT))


def test_what_has_no_spread_is_the_same_in_all():
    kept = {"length", "thickness", "metal_thickness", "films.amr", "films.smr", "nernst.coefficient", "temperature"}
    for name in kept:
        assert {bar.flat()[name] for bar in BARS} == {BarParameters().flat()[name]}


def test_both_films_are_as_good_as_each_other():
    shares = np.array([bar.metal_share for bar in BARS])
    assert np.ptp(shares) < 1e-12


def test_parameters_are_drawn_independently():
    table = np.array([[bar.anisotropy_field, bar.damping, bar.torque.damping_like, bar.width] for bar in BARS])
    beside = np.corrcoef(table.T)[np.triu_indices(4, 1)]
    assert np.abs(beside).max() < 4.5 / np.sqrt(COUNT)


def test_names_count_up_and_none_is_drawn_of_nothing():
    assert [bar.name for bar in draw_bars(load_bar("pt-cofeb"), 2, seed=1)] == ["pt-cofeb-000", "pt-cofeb-001"]
    assert draw_bars(BarParameters(), 0) == []
    with pytest.raises(ValueError, match="give 0 or more"):
        draw_bars(BarParameters(), -1)


def test_a_wide_spread_leaves_no_parameter_at_nothing():
    wide = BarParameters.model_validate({"spread": {"damping": 0.29, "anisotropy": 0.29, "width": 0.29}})
    assert min(bar.damping for bar in draw_bars(wide, 300, seed=1)) >= 0.1 * 0.02
