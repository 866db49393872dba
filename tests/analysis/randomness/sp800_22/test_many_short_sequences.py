"""What the p-values of fair bits depart from uniform ones by at short lengths is allowed for, and no more."""

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.tally import Tally

SEQUENCES = 5000


def uneven(departure):
    """P-values amid ten bins that hold in turn more and less than a tenth, by `departure` = 10 Σ (share - 1/10)²."""
    more = round(SEQUENCES * np.sqrt(departure) / 10)
    return np.repeat(np.arange(10) / 10 + 0.05, np.where(np.arange(10) % 2, -more, more) + SEQUENCES // 10)


def judged(test, departure, bits):
    tally = Tally(test, ("",))
    for p in uneven(departure):
        tally.add((float(p),), bits)
    (said,) = tally.proportions()
    return said


def test_the_steps_of_short_sequences_do_not_fail_fair_bits():
    said = judged("approximate_entropy", 0.012, 100_000)
    assert said.uniformity < 1e-6  # chi-square of 60 with 9 degrees of freedom: the standard fails these bits
    assert said.allowed_uniformity > 0.1  # 80 more are allowed for


@pytest.mark.parametrize(("test", "bits"), [("approximate_entropy", 1_000_000), ("serial", 100_000)])
def test_a_departure_that_fair_bits_do_not_have_is_seen(test, bits):
    assert judged(test, 0.012, bits).allowed_uniformity < 1e-4


def test_uniform_p_values_pass_either_way():
    said = judged("rank", 0.0, 100_000)
    assert said.uniformity == pytest.approx(1)
    assert said.allowed_uniformity == pytest.approx(1)
