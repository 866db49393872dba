"""Write error rates and when they are decided."""

import numpy as np
import pytest
from scipy.stats import binom

from mtjlab.analysis.junction.write_errors import Decision, WriteErrors, decide_required


@pytest.mark.parametrize(("errors", "writes"), [(0, 10), (1, 50), (7, 100), (50, 50)])
def test_the_limits_are_the_rates_at_which_the_count_is_just_not_surprising(errors, writes):
    low, high = WriteErrors(errors, writes).interval(0.95)
    if errors:
        assert binom.sf(errors - 1, writes, low) == pytest.approx(0.025)
    if errors < writes:
        assert binom.cdf(errors, writes, high) == pytest.approx(0.025)


def test_no_error_in_n_writes_shows_three_point_seven_over_n():
    # 1 - 0.025^(1/n) ~ ln(40)/n
    assert WriteErrors(0, 10**6).interval(0.95)[1] == pytest.approx(np.log(40) / 1e6, rel=1e-5)


@pytest.mark.parametrize(("rate", "right"), [(0.5e-3, Decision.BELOW), (2e-3, Decision.ABOVE)])
def test_decisions_err_no_more_often_than_they_say_however_often_they_are_asked(rate, right):
    rng, wrong, pulses = np.random.default_rng(8), 0, []
    for _ in range(400):
        errors = writes = 0
        while True:
            errors, writes = errors + int(rng.binomial(500, rate)), writes + 500
            decision = WriteErrors(errors, writes).decide(1e-3)
            if decision is not Decision.OPEN:
                break
        wrong += decision is not right
        pulses.append(writes)
    # Wald's bound is error/(1 - error) at most; three standard deviations of the binomial on top.
    allowed = 0.05 / 0.95
    assert wrong / 400 <= allowed + 3 * np.sqrt(allowed * (1 - allowed) / 400)
    # A fixed number of writes that errs as rarely at both rates needs more than the sequential test on average.
    n = next(n for n in range(1000, 20_000, 100) if _fixed_size_errs(n) <= 0.05)
    assert np.mean(pulses) < n


def _fixed_size_errs(n):
    cut = np.arange(0, 60)
    return np.maximum(binom.cdf(cut, n, 2e-3), binom.sf(cut, n, 0.5e-3)).min()


def test_counts_that_can_not_be_are_refused():
    with pytest.raises(ValueError, match="cannot be"):
        WriteErrors(3, 2)
    with pytest.raises(ValueError, match="margin"):
        WriteErrors(0, 10).decide(0.6, margin=2.0)


def test_one_rate_is_told_from_bursts():
    rng = np.random.default_rng(6)
    writes = np.full(400, 2500)
    p = np.sort([WriteErrors.steadiness(rng.binomial(writes, 2e-3), writes) for _ in range(300)])
    assert np.abs(p - (np.arange(300) + 0.5) / 300).max() < 1.95 / np.sqrt(300)
    burst = rng.binomial(writes, np.where(np.arange(400) < 40, 6e-3, 2e-3))
    assert WriteErrors.steadiness(burst, writes) < 1e-6
    assert np.isnan(WriteErrors.steadiness([0, 1, 2], [2500, 2500, 2500]))


def outcomes(rates, runs, required=1e-2, most=40_000, seed=9):
    """Ask after every 500 writes from each state until it is decided."""
    rng, counts = np.random.default_rng(seed), dict.fromkeys(Decision, 0)
    for _ in range(runs):
        errors, writes, decision = np.zeros(2, int), 0, Decision.OPEN
        while decision is Decision.OPEN and writes < most:
            errors, writes = errors + rng.binomial(500, rates), writes + 500
            decision = decide_required([WriteErrors(int(each), writes) for each in errors], required)
        counts[decision] += 1
    return counts


@pytest.mark.parametrize(
    ("rates", "wrong"),
    [
        ((1e-2, 1e-2), Decision.ABOVE),  # just met from both
        ((1.05e-2, 1e-5), Decision.BELOW),  # just not met from one
        ((3e-2, 1e-5), Decision.BELOW),
        ((2e-3, 2e-3), Decision.ABOVE),
    ],
)
def test_a_requirement_is_judged_wrongly_in_a_twentieth_at_most_whatever_the_rates(rates, wrong):
    runs = 150
    # Three standard deviations of the binomial on top of the twentieth.
    assert outcomes(rates, runs)[wrong] <= 0.05 * runs + 3 * np.sqrt(0.05 * 0.95 * runs)


def test_a_requirement_is_decided_where_the_rates_are_far_from_it():
    assert outcomes((2e-3, 1e-3), 40)[Decision.BELOW] >= 38
    assert outcomes((1e-4, 0.03), 40)[Decision.ABOVE] >= 38


def test_a_state_from_which_nothing_was_written_leaves_it_undecided():
    assert decide_required([WriteErrors(0, 10**6), None], 1e-3).verdict == "undecided"
    assert decide_required([WriteErrors(900, 1000), None], 1e-3).verdict == "not met"
