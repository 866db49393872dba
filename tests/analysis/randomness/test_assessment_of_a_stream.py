"""Bits that pass by are judged as those that are all there."""

from typing import Any

import numpy as np
import pytest

import mtjlab.analysis.randomness.drift_of_ones as drift_of_ones
import mtjlab.analysis.randomness.strongest_line as strongest_line
from mtjlab.analysis.randomness import assess, assess_stream
from mtjlab.core import Bits

WHOLE = """\
from mtjlab.analysis.randomness.randomness_test import RandomnessTest
from mtjlab.analysis.randomness.test_result import TestResult

TEST = RandomnessTest(name="whole", run=lambda tested: TestResult(name="whole", p_value=0.5))
"""


def cut(bits: np.ndarray, seed: int):
    """Cut bits at random places; some parts are empty, some have one bit."""
    places = np.sort(np.random.default_rng(seed).integers(0, bits.size + 1, 40))
    return map(Bits, np.split(bits, [0, 1, 2, *places]))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("width", [1, 3])
def test_it_is_the_same_however_the_bits_are_cut(monkeypatch: Any, seed: int, width: int) -> None:
    # Limits so low that blocks are joined and spectra are added up.
    monkeypatch.setattr(drift_of_ones, "MOST_BLOCKS", 50)
    monkeypatch.setattr(strongest_line, "LONGEST", 1 << 10)
    bits = (np.random.default_rng(seed).random(4001 + seed) < 0.48).astype(np.uint8)
    symbols = bits[: bits.size // width * width].reshape(-1, width) @ (1 << np.arange(width - 1, -1, -1))
    whole = assess(bits, symbols=symbols, bits_per_symbol=width)
    assert assess_stream(cut(bits, seed), bits_per_symbol=width).as_dict() == whole.as_dict()


def test_a_test_that_needs_all_bits_at_once_says_so(installed: Any) -> None:
    installed("whole", "[mtjlab.randomness_tests]\nwhole = reg_whole:TEST\n", reg_whole=WHOLE)
    bits = np.random.default_rng(1).integers(0, 2, 5000)
    assert assess(bits).tests["whole"] is True
    streamed = assess_stream([Bits(bits)])
    assert streamed.tests["whole"] is None
    assert "all bits at once" in streamed["whole"].reason


def test_too_few_bits_and_symbols_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1,000 bits and got 999"):
        assess_stream([Bits(np.zeros(333, np.uint8))] * 3)
    with pytest.raises(ValueError, match="bits per symbol = 9: expected 1 to 8"):
        assess_stream([], bits_per_symbol=9)
