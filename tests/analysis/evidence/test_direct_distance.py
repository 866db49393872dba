"""Arms held against each other."""

import math

import numpy as np
import pytest

from mtjlab.analysis.evidence.direct_distance import DirectDistance


def table_of(points):
    points = np.asarray(points, float)
    return np.abs(points[:, None] - points)


def test_the_excess_is_its_definition():
    found = DirectDistance.of(table_of([0, 1, 10, 13]))
    assert found.between == (10 + 13 + 9 + 12) / 4
    assert found.within == (1 + 3) / 2
    assert found.excess == 9
    # The three ways to deal four sets into two arms: the one that was found is the furthest.
    assert found.p == pytest.approx(1 / 3)
    assert math.isnan(found.error)
    assert found.upper == math.inf


def test_arms_far_apart_have_the_smallest_p_that_there_is():
    points = np.concatenate((np.arange(5.0), 100 + np.arange(5.0)))
    found = DirectDistance.of(table_of(points))
    assert found.p == pytest.approx(1 / 126)
    assert found.upper > found.excess > 90


def test_equal_arms_have_any_p_and_an_excess_about_zero():
    random = np.random.default_rng(1)
    found = [DirectDistance.of(table_of(random.standard_normal(8))) for _ in range(200)]
    excess = np.array([each.excess for each in found])
    assert abs(excess.mean()) < 4 * excess.std() / np.sqrt(200)
    share = np.mean([each.p <= 0.2 for each in found])
    assert share == pytest.approx(7 / 35, abs=4 * np.sqrt(0.16 / 200))


def test_the_upper_limit_lies_above_the_true_excess_as_often_as_it_says():
    random = np.random.default_rng(1)
    true = 2.0  # mean distance of points scattered little around places two apart
    found = [
        DirectDistance.of(table_of(np.concatenate((random.normal(0, 0.1, 5), random.normal(2, 0.1, 5)))))
        for _ in range(200)
    ]
    noise = 2 * 0.1 / np.sqrt(np.pi)  # mean distance of two points of one arm
    assert np.mean([each.upper > true - noise for each in found]) > 0.95 - 4 * np.sqrt(0.05 * 0.95 / 200)


def test_many_seeds_are_dealt_at_random_and_alike_each_time():
    points = np.random.default_rng(1).standard_normal(40)
    first, again = (DirectDistance.of(table_of(points), seed=3).p for _ in range(2))
    assert first == again
    assert 0 < first <= 1


def test_what_is_no_table_of_two_arms_is_refused():
    with pytest.raises(ValueError, match="at least 2"):
        DirectDistance.of(np.zeros((3, 3)))
