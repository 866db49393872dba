"""Min-entropy against NIST's reference tool, the proportion against scipy."""

import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from mtjlab.analysis.randomness.estimates import min_entropy, proportion


@pytest.mark.parametrize("name", ["truerand_1bit.bin", "rand1_short.bin", "rand4_short.bin", "rand8_short.bin"])
def test_most_common_value_agrees_with_the_reference_tool(vectors: Path, sp800_90b: dict[str, Any], name: str) -> None:
    packed = vectors / name.replace(".bin", ".packed.bin")
    content = np.fromfile(packed if packed.exists() else vectors / name, np.uint8)
    symbols = np.unpackbits(content) if packed.exists() else content
    expected = sp800_90b["files"][name]
    assert hashlib.sha256(symbols.tobytes()).hexdigest() == expected["sha256"]
    result = min_entropy(symbols, expected["bits_per_symbol"])
    assert result.statistics["min_entropy"] == pytest.approx(expected["min_entropy"], abs=1e-12)
    assert result.p_value is None
    assert result.family == {}


def test_twenty_symbols_by_hand() -> None:
    # Mode 8 of 20: 0.4 + 2.5758 sqrt(0.4 · 0.6 / 19) = 0.4 + 2.5758 · 0.112390 = 0.68950, and -log2 of it 0.53638.
    symbols = np.repeat(np.array([1, 0, 2], np.uint8), [8, 6, 6])
    result = min_entropy(symbols, 2)
    assert result.statistics["share"] == 0.4
    assert result.statistics["share_upper"] == pytest.approx(0.68950, abs=5e-6)
    assert result.statistics["min_entropy"] == pytest.approx(0.53638, abs=1e-5)


def test_a_stuck_source_has_no_entropy_at_all() -> None:
    value = min_entropy(np.full(1000, 7, np.uint8), 3).statistics["min_entropy"]
    assert value == 0.0
    assert math.copysign(1.0, value) == 1.0


def test_symbols_count_beyond_one_chunk() -> None:
    symbols = np.zeros(3_000_000, np.uint8)
    symbols[1_000_000:] = 2
    assert min_entropy(symbols, 2).statistics["share"] == 2 / 3


@pytest.mark.parametrize(
    ("symbols", "width", "message"),
    [
        ([0, 4], 2, "symbol 1 is 4, and 2 bits per symbol allow 0 to 3"),
        ([0, -1], 2, "symbol 1 is -1"),
        ([0, 1], 9, "bits per symbol = 9: expected 1 to 8"),
        ([1], 1, "at least 2 symbols and got 1"),
        ([0.5], 1, "float64"),
    ],
)
def test_symbols_out_of_range_are_refused(symbols: list[float], width: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        min_entropy(np.array(symbols), width)


@pytest.mark.parametrize(("ones", "total"), [(0, 10), (3, 10), (10, 10), (505_000, 1_000_000)])
@pytest.mark.parametrize("confidence", [0.95, 0.99])
def test_interval_of_the_proportion_is_wilsons(ones: int, total: int, confidence: float) -> None:
    bits = np.arange(total) < ones
    expected = binomtest(ones, total).proportion_ci(confidence, method="wilson")
    result = proportion(bits, confidence)
    assert result.statistics["proportion"] == ones / total
    assert result.interval == pytest.approx((expected.low, expected.high), rel=1e-12, abs=1e-15)


def test_confidence_is_a_share() -> None:
    with pytest.raises(ValueError, match="confidence = 95"):
        proportion(np.ones(10, np.uint8), 95)
