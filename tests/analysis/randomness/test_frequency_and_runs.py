"""Frequency and runs against NIST's worked examples and its own program."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.randomness.frequency_and_runs import frequency, runs

TESTS = {"frequency": frequency, "runs": runs}


@pytest.mark.parametrize("index", range(4))
def test_worked_examples_of_the_standard(sp800_22: dict[str, Any], index: int) -> None:
    example = sp800_22["examples"][index]
    bits = np.array(list(example["bits"]), np.uint8)
    assert TESTS[example["test"]](bits).p_value == pytest.approx(example["p"], abs=1e-6)


@pytest.mark.parametrize("name", ["pi.1e6.bin", "e.1e6.bin"])
def test_a_million_binary_digits_of_pi_and_e_agree_with_sts(vectors: Path, sp800_22: dict[str, Any], name: str) -> None:
    expected = sp800_22["files"][name]
    content = (vectors / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == expected["sha256"]
    bits = np.unpackbits(np.frombuffer(content, np.uint8))
    assert bits.size == 1_000_000
    assert frequency(bits).p_value == pytest.approx(expected["frequency"], abs=1e-12)
    assert runs(bits).p_value == pytest.approx(expected["runs"], abs=1e-12)


def test_the_statistics_of_the_first_worked_example() -> None:
    bits = np.array([1, 0, 1, 1, 0, 1, 0, 1, 0, 1], np.uint8)
    result = frequency(bits)
    assert (result.statistics["ones"], result.statistics["excess"]) == (6, 2)
    assert result.statistics["z"] == pytest.approx(0.632455532)  # section 2.1.4


def test_the_number_of_runs_of_the_worked_example() -> None:
    bits = np.array([1, 0, 0, 1, 1, 0, 1, 0, 1, 1], np.uint8)
    assert runs(bits).statistics["runs"] == 7  # section 2.3.4
    assert runs(bits).statistics["expected"] == pytest.approx(2 * 10 * 0.6 * 0.4)


@pytest.mark.parametrize(("ones", "applies"), [(60, False), (59, True), (41, True), (40, False)])
def test_runs_does_not_apply_to_bits_that_frequency_condemns(ones: int, applies: bool) -> None:
    # 2/sqrt(400) = 0.1: between 160 and 240 ones of 400 the runs can be judged, ends excluded.
    bits = np.zeros(400, np.uint8)
    bits[: 4 * ones] = 1
    result = runs(np.random.default_rng(1).permutation(bits))
    assert (result.p_value is not None) == applies
    assert bool(result.reason) != applies
    assert result.family == ({"runs": result.p_value} if applies else {})


def test_alternating_bits_are_frequent_enough_but_run_too_often() -> None:
    bits = np.tile(np.array([0, 1], np.uint8), 500)
    assert frequency(bits).p_value == 1.0
    assert runs(bits).p_value == pytest.approx(0.0, abs=1e-200)


def test_complement_and_reversal_change_nothing(fair_bits: Callable[[int, int], NDArray[np.uint8]]) -> None:
    bits = fair_bits(5, 12_345)
    for test in TESTS.values():
        assert test(1 - bits).p_value == pytest.approx(test(bits).p_value, rel=1e-12)
        assert test(bits[::-1]).p_value == pytest.approx(test(bits).p_value, rel=1e-12)


@pytest.mark.parametrize(
    ("bits", "message"),
    [
        (np.zeros(0, np.uint8), "at least"),
        (np.array([0, 1, 2], np.uint8), "bit 2 is 2"),
        (np.zeros((2, 2), np.uint8), "one-dimensional"),
        (np.array([0.5, 1.0]), "float64"),
    ],
)
def test_what_is_not_bits_is_refused_in_one_line(bits: NDArray[Any], message: str) -> None:
    for test in TESTS.values():
        with pytest.raises(ValueError, match=message) as caught:
            test(bits)
        assert "\n" not in str(caught.value)
