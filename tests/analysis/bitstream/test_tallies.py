"""What is counted piece by piece, against plain counts."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.averaged_spectrum import SEGMENT, SegmentTally
from mtjlab.analysis.bitstream.block_entropy import WordTally, byte_uniformity, conditional_entropy
from mtjlab.analysis.bitstream.drift import AllanTally, allan_deviation
from mtjlab.analysis.bitstream.lags import LagTally
from mtjlab.analysis.bitstream.packed_pieces import bits_before, packed_pieces, without_end, words_of
from mtjlab.analysis.bitstream.pair_counts import PairTally
from mtjlab.analysis.bitstream.periodogram import spectrum_of_share
from mtjlab.analysis.bitstream.runs import RunTally
from mtjlab.analysis.bitstream.state_transitions import TransitionTally
from mtjlab.analysis.bitstream.stream_tallies import StreamTallies
from mtjlab.analysis.bitstream.windows import Windows, WindowTally
from mtjlab.core import Bits, InputError


def drawn(count: int, seed: int, share: float = 0.5) -> NDArray[np.uint8]:
    return (np.random.default_rng(seed).random(count) < share).astype(np.uint8)


@pytest.mark.parametrize("count", [1, 63, 64, 65, 200])
def test_words_hold_the_bits_in_order(count: int) -> None:
    bits = drawn(count, 111)
    words = words_of(Bits(bits))
    assert words.size == -(-count // 64)
    unpacked = np.unpackbits(words.astype(">u8").view(np.uint8))
    assert unpacked[:count].tolist() == bits.tolist()
    assert not unpacked[count:].any()


@pytest.mark.parametrize("count", [1, 64, 65, 190])
@pytest.mark.parametrize("before", [0, 1])
def test_the_bit_before_is_the_bit_before(count: int, before: int) -> None:
    bits = drawn(count, 112)
    found = bits_before(words_of(Bits(bits)), count, before)
    unpacked = np.unpackbits(found.astype(">u8").view(np.uint8))
    assert unpacked[:count].tolist() == [before, *bits[:-1]]
    assert not unpacked[count:].any()


def test_what_lies_behind_the_end_becomes_zero() -> None:
    full = np.full(2, 2**64 - 1, np.uint64)
    assert np.bitwise_count(without_end(full.copy(), 128)).tolist() == [64, 64]
    assert np.bitwise_count(without_end(full.copy(), 70)).tolist() == [64, 6]
    assert int(without_end(full.copy(), 65)[1]) == 2**63  # the first bit is the most significant


def test_a_stream_is_taken_part_by_part_and_never_all_at_once() -> None:
    taken = 0

    def parts() -> Iterator[Bits]:
        nonlocal taken
        for _ in range(100):
            taken += 1000
            yield Bits(np.ones(1000, np.uint8))

    for given, piece in enumerate(packed_pieces(parts(), 4096), 1):
        assert taken <= 4096 * given + 1000
        assert piece.ones() == len(piece)
    assert list(packed_pieces([], 64)) == []
    assert list(packed_pieces([Bits(), Bits()], 64)) == []


def test_bytes_and_pairs_of_bytes_are_counted_over_the_borders() -> None:
    bits = drawn(20_483, 113, 0.4)
    tally = WordTally()
    for piece in packed_pieces([Bits(bits)], 1024):
        tally.add(piece)
    octets = np.packbits(bits[:20_480])
    expected = Counter(octets.tolist())
    found = tally.bytes()
    assert {byte: count for byte, count in enumerate(found.counts.tolist()) if count} == expected
    assert found.goodness == byte_uniformity(bits)
    assert tally.entropy() == conditional_entropy(bits)
    # h(1) by hand: of the bits at all places of the first bytes, each with the one before it.
    words = Counter(zip(bits[:20_472].tolist(), bits[1:20_473].tolist(), strict=True))
    before = Counter(bits[:20_472].tolist())
    entropy = -sum(n * np.log2(n / before[word[0]]) for word, n in words.items()) / 20_472
    assert tally.entropy().entropies[1].value == pytest.approx(entropy + 2 / (2 * 20_472 * np.log(2)), rel=1e-12)


def test_words_of_too_few_bytes_are_refused_in_one_line() -> None:
    tally = WordTally()
    tally.add(Bits(drawn(7, 114)))
    for ask in (tally.entropy, tally.bytes):
        with pytest.raises(InputError, match="needs at least"):
            ask()
    tally.add(Bits(drawn(64, 115)))
    with pytest.raises(InputError, match=r"h\(8\) needs at least 2,560"):
        tally.entropy(8)
    assert len(tally.entropy().entropies) == 3  # 64 bits are enough for h(2)


def test_allan_deviation_of_each_octave_is_that_of_its_windows() -> None:
    bits = drawn(64 * 101, 116)
    tally = AllanTally()
    for piece in packed_pieces([Bits(bits)], 64 * 7):
        tally.add(piece)
    found = tally.result()
    assert found.bits.tolist() == [64, 128, 256, 512, 1024]
    for size, deviation in zip(found.bits.astype(int), found.deviation, strict=True):
        whole = bits[: bits.size // size * size].reshape(-1, size).mean(axis=1)
        assert deviation == pytest.approx(np.sqrt(np.mean(np.diff(whole) ** 2) / 2), rel=1e-12)
    # Bits that remember are wider from the start: what is expected is wider, and the deviation the same.
    wider = tally.result(variance_factor=4.0)
    assert wider.white == pytest.approx(2 * found.white)
    assert np.array_equal(wider.deviation, found.deviation)
    assert np.all(wider.p_values >= found.p_values)


def test_windows_of_a_trillion_bits_do_not_overflow() -> None:
    counts = np.full(8, 10**12)
    ones = np.array([5, 6, 5, 6, 5, 6, 5, 6]) * 10**11  # steps of 1e11, whose squares leave 64 bits
    found = allan_deviation(Windows(ones, counts, np.arange(8.0)))
    assert found.bits.tolist() == [1e12, 2e12]
    assert found.deviation[0] == pytest.approx(0.1 / np.sqrt(2))
    assert found.deviation[1] == 0


@pytest.mark.parametrize(
    ("bits", "says"), [(np.ones(255, np.uint8), "at least 256"), (np.ones(512, np.uint8), "equal")]
)
def test_an_allan_deviation_of_nothing_is_refused(bits: NDArray[np.uint8], says: str) -> None:
    tally = AllanTally()
    tally.add(Bits(bits))
    with pytest.raises(InputError, match=says):
        tally.result()


@pytest.mark.parametrize("most", [2, 16, 1024])
def test_windows_get_longer_and_hold_all_ones_before_their_end(most: int) -> None:
    bits = drawn(70_001, 117, 0.3)
    tally = WindowTally(most)
    for piece in packed_pieces([Bits(bits)], 640):
        tally.add(piece)
    count = tally.ones.size
    assert most // 2 <= count < most
    assert tally.size & (tally.size - 1) == 0
    assert tally.ones.tolist() == bits[: count * tally.size].reshape(count, -1).sum(axis=1).tolist()
    assert 70_001 - count * tally.size < tally.size  # no full window is missing


def test_long_windows_of_ones_do_not_overflow() -> None:
    tally = WindowTally(4)
    for _ in range(3):
        tally.add(Bits(np.ones(1 << 20, np.uint8)))
    assert tally.ones.tolist() == [tally.size] * tally.ones.size
    assert tally.size == 1 << 20


def test_one_segment_is_the_periodogram_of_its_windows() -> None:
    bits = Bits(drawn(8 * SEGMENT, 118, 0.45))
    tally = SegmentTally()
    for piece in packed_pieces([bits], 1 << 14):
        tally.add(piece)
    found = tally.result(1e-3)
    expected = spectrum_of_share(Windows.of(bits, 8, period=1e-3))
    assert found.segments == 1
    assert found.frequencies == pytest.approx(expected.frequencies)
    assert found.powers == pytest.approx(expected.powers, rel=1e-9, abs=1e-12)
    assert found.threshold == pytest.approx(expected.threshold)
    assert found.rate == pytest.approx(expected.rate) == 125
    above = tally.result(1e-3, above=50.0)
    assert above.frequencies[0] > 50
    assert above.frequencies.size < found.frequencies.size
    with pytest.raises(InputError, match="no frequency above"):
        tally.result(1e-3, above=1e3)


@pytest.mark.parametrize(("count", "says"), [(8 * SEGMENT - 8, "131,072"), (8 * SEGMENT, "equal")])
def test_a_spectrum_of_nothing_is_refused(count: int, says: str) -> None:
    tally = SegmentTally()
    tally.add(Bits(np.zeros(count, np.uint8)))
    with pytest.raises(InputError, match=says):
        tally.result(None)


def test_lags_are_as_many_as_there_are_bits_for() -> None:
    tally = LagTally(100)
    tally.add(Bits(drawn(50, 119)))
    assert tally.result().coefficients.size == 46
    few = LagTally(100)
    few.add(Bits([0, 1, 1, 0]))
    with pytest.raises(InputError, match="more than 4"):
        few.result()
    assert PairTally(5).counts().tolist() == [0] * 5


def test_empty_pieces_change_nothing() -> None:
    bits = Bits(drawn(640, 120))
    for kind in (TransitionTally, RunTally, WordTally):
        once, again = kind(), kind()
        once.add(bits)
        for piece in (Bits(), bits, Bits()):
            again.add(piece)
        assert vars(once).keys() == vars(again).keys()
        for name, value in vars(once).items():
            assert np.array_equal(value, vars(again)[name])


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[float, float]] = []
    tallies = StreamTallies(16, begins_up=True)
    tallies.take([Bits(drawn((1 << 20) + 500, 121))], lambda done, total: told.append((done, total)), (1 << 20) + 500)
    assert told == [(1 << 20, (1 << 20) + 500), ((1 << 20) + 500, (1 << 20) + 500)]
    found = tallies.result(None, 0.01)
    assert found.bits == (1 << 20) + 500
    assert found.ones == tallies.ones
