"""The verdict: right rate on fair bits, and no mercy with bias and correlation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from mtjlab.analysis.randomness.assessment import assess
from mtjlab.analysis.randomness.test_result import Verdict

Bits = Callable[..., NDArray[np.uint8]]


@pytest.fixture(scope="module")
def rejections(fair_bits: Bits) -> NDArray[np.float64]:
    """Smallest adjusted p-value of each of 400 fair streams of 2000 bits."""
    return np.array([min(assess(fair_bits(seed, 2000)).decision.adjusted.values()) for seed in range(400)])


ALL_PASSED: dict[str, bool | None] = dict.fromkeys(
    ("frequency", "runs", "alternation", "longest run", "autocorrelation", "drift", "strongest line"), True
)


@pytest.mark.parametrize("level", [0.01, 0.05, 0.2])
def test_fair_streams_fail_as_often_as_the_level_says(rejections: NDArray[np.float64], level: float) -> None:
    # 70 almost independent p-values under Holm: the family-wise rate is 1 - (1 - level/70)^70, close to the level.
    low, high = binom.ppf([5e-4, 1 - 5e-4], rejections.size, 1 - (1 - level / 70) ** 70)
    assert low <= np.count_nonzero(rejections <= level) <= high


@pytest.mark.parametrize("name", ["pi.1e6.bin", "e.1e6.bin"])
def test_the_digits_of_pi_and_e_pass(vectors: Path, name: str) -> None:
    assessment = assess(np.unpackbits(np.fromfile(vectors / name, np.uint8)))
    assert assessment.passed
    assert assessment.tests == ALL_PASSED


def test_half_a_percent_of_bias_fails_at_a_million_bits(biased_bits: Bits) -> None:
    # z = 10 ± 1; 2/sqrt(n) is 0.002, so the runs test does not apply, and bias is no correlation.
    assessment = assess(biased_bits(1, 1_000_000, 0.505))
    assert not assessment.passed
    assert assessment.tests == ALL_PASSED | {"frequency": False, "runs": None}
    assert [row.verdict for row in assessment.rows] == [
        Verdict.FAILED,
        Verdict.NOT_APPLICABLE,
        *[Verdict.PASSED] * 5,
        Verdict.REPORTED,
        Verdict.REPORTED,
    ]
    low, high = assessment["P(1)"].interval or (0, 0)
    assert 0.5 < low < assessment["P(1)"].statistics["proportion"] < high
    assert assessment["P(1)"].statistics["proportion"] == pytest.approx(0.505, abs=4.5 * 5e-4)


def test_a_lag_one_correlation_of_one_percent_fails_at_a_million_bits(correlated_bits: Bits) -> None:
    assessment = assess(correlated_bits(1, 1_000_000, 1, 0.01))
    assert not assessment.passed
    assert assessment.tests == ALL_PASSED | {"runs": False, "autocorrelation": False}
    assert "autocorrelation lag 1" in assessment.decision.rejected


def test_one_rejected_lag_fails_the_autocorrelation_as_one_test(correlated_bits: Bits) -> None:
    assessment = assess(correlated_bits(2, 200_000, 30, 0.05))
    assert assessment.decision.rejected == {"autocorrelation lag 30"}
    assert assessment.tests == ALL_PASSED | {"autocorrelation": False}
    row = next(row for row in assessment.rows if row.test == "autocorrelation")
    assert row.adjusted == assessment.decision.adjusted["autocorrelation lag 30"]
    assert "lag 30" in row.result


@pytest.mark.parametrize("value", [0, 1])
def test_a_stuck_device_fails_and_says_what_could_not_be_tested(value: int) -> None:
    assessment = assess(np.full(5000, value, np.uint8))
    assert not assessment.passed
    assert assessment.tests == dict.fromkeys(ALL_PASSED, None) | {"frequency": False}
    assert assessment["min-entropy"].statistics["min_entropy"] == 0.0


def test_what_does_not_apply_is_no_part_of_the_family(biased_bits: Bits) -> None:
    assessment = assess(biased_bits(1, 100_000, 0.52))
    assert len(assessment.decision.adjusted) == 69
    assert "runs" not in assessment.decision.adjusted


def test_min_entropy_is_of_the_symbols_where_there_are_any(fair_bits: Bits) -> None:
    symbols = np.random.default_rng(1).integers(0, 16, 50_000).astype(np.uint8)
    assessment = assess(fair_bits(1, 2000), symbols=symbols, bits_per_symbol=4)
    assert 3.8 < assessment["min-entropy"].statistics["min_entropy"] < 4


def test_the_whole_assessment_goes_through_json(biased_bits: Bits) -> None:
    for ones in (0.5, 0.0, 0.2):
        assessment = assess(biased_bits(1, 2000, ones))
        told = json.loads(json.dumps(assessment.as_dict(), allow_nan=False))
        assert told["passed"] == assessment.passed
        assert told["tests"] == assessment.tests
        assert [each["name"] for each in told["results"]] == [row.test for row in assessment.rows]
        assert len(told["autocorrelation"]["band"]) == len(assessment["autocorrelation"].series["p_values"])


def test_too_few_bits_to_judge() -> None:
    with pytest.raises(ValueError, match="at least 1,000 bits and got 999"):
        assess(np.zeros(999, np.uint8))


LONGEST = """\
from mtjlab.analysis.randomness.randomness_test import RandomnessTest
from mtjlab.analysis.randomness.test_result import TestResult


def longest(tested):
    runs = "".join(map(str, tested.bits)).split("0")
    return TestResult(name="longest ones", p_value=1e-9, found=f"{max(map(len, runs))} ones", statistics={"ones": 1.0})


TEST = RandomnessTest(name="longest ones", run=longest, least_bits=5000)
"""


def test_a_test_of_another_package_joins_the_family(installed: Any, fair_bits: Bits) -> None:
    bits = fair_bits(1, 5000)
    alone = assess(bits)
    installed("longest", "[mtjlab.randomness_tests]\nlongest = reg_longest:TEST\n", reg_longest=LONGEST)
    joined = assess(bits)
    assert alone.passed
    assert not joined.passed
    assert joined.tests == alone.tests | {"longest ones": False}
    assert len(joined.decision.adjusted) == len(alone.decision.adjusted) + 1
    assert [row.test for row in joined.rows][7:] == ["longest ones", "P(1)", "min-entropy"]
    too_few = assess(bits[:4999])
    assert too_few["longest ones"].reason == "4,999 bits; the test needs 5,000"
    assert too_few.tests["longest ones"] is None
    assert too_few.passed


def test_two_p_values_of_one_name_are_refused_rather_than_one_lost(installed: Any, fair_bits: Bits) -> None:
    twin = LONGEST.replace('"longest ones"', '"runs"')
    installed("twin", "[mtjlab.randomness_tests]\ntwin = reg_twin:TEST\n", reg_twin=twin)
    with pytest.raises(ValueError, match="two randomness tests bring the p-value 'runs'"):
        assess(fair_bits(1, 5000))
