"""The continuous health tests of SP 800-90B."""

import math

import numpy as np
import pytest

from mtjlab.analysis.health.entropy_claim import EntropyClaim
from mtjlab.analysis.health.health_tests import AdaptiveProportion, HealthTests, RepetitionCount


@pytest.mark.parametrize(
    ("entropy", "power", "repetitions", "proportion"),
    [(1.0, 20, 21, 589), (0.5, 20, 41, 793), (1.0, 40, 41, 625), (0.83, 40, 50, 687)],
)
def test_cutoffs_are_those_of_the_standard(entropy: float, power: int, repetitions: int, proportion: int) -> None:
    # SP 800-90B, 4.4.1 and 4.4.2; at 2^-20 the values of its own examples for W = 1024.
    claim = EntropyClaim(entropy, 2.0**-power)
    assert RepetitionCount(claim).cutoff == repetitions
    assert AdaptiveProportion(claim).cutoff == proportion


def test_a_window_of_512_has_the_cutoff_of_non_binary_sources() -> None:
    assert AdaptiveProportion(EntropyClaim(0.5, 2.0**-20), window=512).cutoff == 410


@pytest.mark.parametrize("entropy", [0.0, 1.01, math.nan])
def test_a_claim_that_no_bit_can_hold_is_refused(entropy: float) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        EntropyClaim(entropy)


def test_a_stuck_source_alarms_with_the_bit_that_completes_the_run() -> None:
    bits = np.concatenate([np.tile([0, 1], 50), np.ones(100)]).astype(np.uint8)
    # The last of the alternating bits is a one: the run begins with it, at bit 99.
    test = RepetitionCount(EntropyClaim(1.0))
    assert test.update(bits).tolist() == [99 + 40, 99 + 81]


def _stream() -> np.ndarray:
    rng = np.random.default_rng(5)
    bits = rng.integers(0, 2, 60_000, dtype=np.uint8)
    bits[20_000:20_130] = 1
    bits[40_000:44_000] = rng.random(4000) < 0.9
    return bits


@pytest.mark.parametrize("block", [7, 1000, 2500, 60_000])
def test_alarms_do_not_depend_on_how_the_stream_is_cut(block: int) -> None:
    bits = _stream()
    whole = HealthTests(EntropyClaim(1.0)).update(bits)
    cut = HealthTests(EntropyClaim(1.0))
    parts = [alarm for first in range(0, bits.size, block) for alarm in cut.update(bits[first : first + block])]
    assert sorted(parts, key=str) == sorted(whole, key=str)
    assert {alarm.test for alarm in whole} == {"repetition count", "adaptive proportion"}


def test_alarms_are_those_of_the_standards_own_loop() -> None:
    bits, claim = _stream(), EntropyClaim(1.0)
    repetitions, proportion = RepetitionCount(claim).cutoff, AdaptiveProportion(claim).cutoff
    expected, run, last = [], 0, -1
    for i, bit in enumerate(bits):
        run, last = (run + 1 if bit == last else 1), bit
        if run == repetitions:
            expected.append(i)
            run = 0
            # The next equal bit begins a run of its own.
    assert RepetitionCount(claim).update(bits).tolist() == expected
    windows = [bits[i : i + 1024] for i in range(0, bits.size - 1023, 1024)]
    bad = [i for i, window in enumerate(windows) if np.count_nonzero(window == window[0]) >= proportion]
    assert (AdaptiveProportion(claim).update(bits) // 1024).tolist() == bad


def test_false_alarms_come_as_often_as_promised() -> None:
    # At 2^-10 a run of 11 equal bits alarms: a new run reaches it with probability 2^-10, half the bits start one.
    bits = np.random.default_rng(11).integers(0, 2, 4_000_000, dtype=np.uint8)
    alarms = RepetitionCount(EntropyClaim(1.0, 2.0**-10)).update(bits).size
    expected = bits.size / 2 * 2.0**-10
    # An alarm restarts the count, which changes the expectation by less than one part in a thousand.
    assert abs(alarms - expected) < 4 * math.sqrt(expected) + 1e-3 * expected


def test_a_stuck_device_alarms_within_the_standards_window() -> None:
    watched = HealthTests()
    fair = np.random.default_rng(3).integers(0, 2, 1_000_000, dtype=np.uint8)
    assert watched.update(fair) == []
    first = watched.update(np.zeros(1024, np.uint8))[0]
    assert first.test == "repetition count"
    assert first.bit < 1_000_000 + watched.repetition_count.cutoff
