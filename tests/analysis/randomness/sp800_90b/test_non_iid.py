"""The ten estimators say what the reference tool says, and say where they do not apply."""

import hashlib
from collections import Counter

import numpy as np
import pytest

from mtjlab.analysis.randomness import SymbolSource, assess_non_iid
from mtjlab.analysis.randomness.sp800_90b.repeated_tuples import repeated_tuples
from mtjlab.core import InputError

FILES = {"rand1_short.bin": 1, "rand4_short.bin": 4, "rand8_short.bin": 8, "truerand_1bit.bin": 1, "normal.bin": 8}
SLOW = {"normal.bin"}
"""A million symbols of eight bits: two seconds. `pytest -m slow tests/analysis/randomness/sp800_90b`."""


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in FILES])
def test_each_estimate_is_that_of_the_reference_tool(expected, symbols_of, name):
    symbols = symbols_of(name)
    assert hashlib.sha256(symbols.tobytes()).hexdigest() == expected[name]["sha256"]
    found = assess_non_iid(symbols, FILES[name])
    for kind, estimates in expected[name]["min_entropy"].items():
        ours = {of: estimate.min_entropy for of, estimate in getattr(found, kind).items()}
        absent = {of for of, entropy in ours.items() if entropy is None}
        assert absent == ours.keys() - estimates.keys()
        assert {of: ours[of] for of in estimates} == pytest.approx(estimates, abs=1e-10, rel=0)
    assert found.min_entropy == pytest.approx(expected[name]["assessed"], abs=1e-10)


def _counted(symbols):
    """Count tuples of each length one by one: how often the most common comes, and how many pairs are equal."""
    text, most, pairs = symbols.tobytes(), [1], [0]
    while True:
        length = len(most)
        counts = Counter(text[i : i + length] for i in range(len(text) - length + 1)).values()
        equal = sum(count * (count - 1) // 2 for count in counts)
        if not equal:
            return most, pairs
        most.append(max(counts))
        pairs.append(equal)


def _fair(seed, bits, count):
    return np.random.default_rng(seed).integers(0, 2**bits, count, np.uint8)


STREAMS = {
    "bits": (_fair(1, 1, 3000), 1),
    "a stream shorter than two windows": (_fair(2, 1, 100), 1),
    "eight bits": (_fair(3, 8, 3000), 8),
    "three bits": (_fair(4, 3, 500), 3),
    "rare ones": ((_fair(5, 8, 3000) < 8).astype(np.uint8), 1),
    "a part that comes twice": (np.concatenate([_fair(6, 1, 300), _fair(6, 1, 300)[:250]]), 1),
    "a period": (np.tile(np.array([0, 1, 1], np.uint8), 70), 1),
    "its end is its beginning": (np.concatenate([_fair(7, 1, 400), _fair(7, 1, 40)]), 1),
    "equal symbols at the end": (np.concatenate([_fair(8, 8, 300), np.full(7, 9, np.uint8)]), 8),
}


@pytest.mark.parametrize("stream", STREAMS)
def test_tuples_are_counted_as_one_by_one(stream):
    symbols, bits = STREAMS[stream]
    found = repeated_tuples(symbols, bits)
    most, pairs = _counted(symbols)
    assert (found.most[1:].tolist(), found.pairs.tolist()) == (most[1:], pairs)


def test_a_stream_that_repeats_itself_is_counted_in_time():
    """The longest repeat is half the stream: comparing suffixes symbol by symbol would take hours."""
    half = _fair(9, 1, 60_000)
    found = repeated_tuples(np.concatenate([half, half]), 1)
    assert found.longest == half.size
    assert found.pairs[-1] == 1


def test_an_alternating_stream_has_no_entropy_by_the_estimators_that_see_it():
    found = assess_non_iid(np.tile(np.array([0, 1], np.uint8), 10_000))
    guessed = {name: found.literal[name].min_entropy for name in ("markov", "lag", "multi_mmc", "lz78y", "t_tuple")}
    assert max(guessed.values()) < 0.01
    assert found.literal["most_common_value"].min_entropy > 0.95
    assert found.min_entropy < 0.01


def test_two_different_symbols_of_eight_bits_are_assessed_as_bits():
    bits = _fair(10, 1, 20_000)
    wide, narrow = assess_non_iid(bits * 200 + 7, 8), assess_non_iid(bits, 1)
    assert wide.bitstring is None
    assert wide.literal == narrow.literal
    assert wide.as_dict()["estimators"]["lag"] == {"literal": narrow.literal["lag"].min_entropy, "bitstring": None}


def test_estimators_that_need_more_symbols_do_not_apply():
    found = assess_non_iid(_fair(11, 1, 1000))
    assert found.literal["multi_mcw"].reason == "1,000 symbols; the estimator needs 4,096"
    assert found.literal["compression"].reason == "1,000 bits; the estimator needs 6,012"
    assert found.as_dict()["estimators"]["compression"] is None
    assert 0 < found.min_entropy < 1
    least = assess_non_iid([0, 1])
    assert least.literal["collision"].reason == "fewer than two collisions"
    assert least.literal["t_tuple"].reason == "no symbol occurs 35 times"
    assert least.literal["lrs"].reason == "each tuple that recurs does so 35 times"


@pytest.mark.parametrize("count", range(2, 25))
def test_no_stream_is_too_short_to_be_said_to_be(count):
    for bits in (1, 3):
        found = assess_non_iid(np.arange(count) % 2**bits, bits)
        assert 0 <= found.min_entropy <= bits


@pytest.mark.parametrize(
    ("symbols", "bits", "message"),
    [
        ([7] * 5000, 8, "all 5,000 symbols are 7: a constant stream has no entropy"),
        (np.zeros(0, np.uint8), 1, "no symbols to assess"),
        ([0, 1, 2], 1, "symbol 2 is 2, and 1 bits per symbol allow 0 to 1"),
        ([0, 1], 9, "expected 1 to 8"),
    ],
)
def test_what_cannot_be_assessed_is_refused(symbols, bits, message):
    with pytest.raises(InputError, match=message):
        SymbolSource(symbols, bits)
