"""The curve of very many cells asks the table at multiples of 10 mV, each once."""

from types import SimpleNamespace

import numpy as np
import pytest

from mtjlab.instruments.simulated.array.switching_curve import SwitchingCurve


class Counted:
    def __init__(self):
        self.asked = []

    def switching(self, pulse):
        self.asked.append(round(pulse.amplitude, 9))
        return SimpleNamespace(probability=(min(1.0, pulse.amplitude / 2), min(1.0, pulse.amplitude**2 / 4)))


def test_between_two_points_the_curve_is_straight():
    curve = SwitchingCurve(Counted(), 1e-9, 1e-9)
    from_zero, from_one = curve.at(np.array([[1.0, 1.005], [1.01, 0.0]]))
    assert from_zero == pytest.approx(np.array([[0.5, 0.5025], [0.505, 0.0]]))
    assert from_one[0, 1] == pytest.approx((1.0**2 + 1.01**2) / 8)
    assert from_one[1, 1] == 0


def test_each_point_is_asked_for_once_and_only_what_is_needed():
    table = Counted()
    curve = SwitchingCurve(table, 1e-9, 1e-9)
    curve.at(np.linspace(1.101, 1.149, 1000))
    assert table.asked == pytest.approx([1.1, 1.11, 1.12, 1.13, 1.14, 1.15])
    curve.at(np.linspace(1.12, 1.155, 1000))
    assert table.asked[6:] == pytest.approx([1.16])


def test_no_cells_ask_for_nothing_and_no_number_is_refused():
    table = Counted()
    curve = SwitchingCurve(table, 1e-9, 1e-9)
    assert [each.size for each in curve.at(np.empty(0))] == [0, 0]
    assert not table.asked
    with pytest.raises(ValueError, match="no finite number"):
        curve.at(np.array([1.0, np.inf]))
