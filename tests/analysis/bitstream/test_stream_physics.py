"""All of a stream in one pass: the same however it comes, and told from a toggled junction where it is none."""

import collections
import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from mtjlab.analysis.bitstream.averaged_spectrum import SegmentTally
from mtjlab.analysis.bitstream.drift import AllanTally, allan_deviation
from mtjlab.analysis.bitstream.findings import stream_findings
from mtjlab.analysis.bitstream.lags import LagTally, correlogram
from mtjlab.analysis.bitstream.not_applicable import NotApplicable
from mtjlab.analysis.bitstream.packed_pieces import packed_pieces
from mtjlab.analysis.bitstream.pair_counts import PairTally
from mtjlab.analysis.bitstream.periodogram import Spectrum
from mtjlab.analysis.bitstream.physics_of_stream import stream_physics
from mtjlab.analysis.bitstream.runs import RunTally, run_lengths
from mtjlab.analysis.bitstream.state_transitions import TransitionTally, transitions
from mtjlab.analysis.bitstream.stream_results import StreamPhysics
from mtjlab.analysis.bitstream.windows import Windows, WindowTally
from mtjlab.core import Bits, InputError


def cut(bits: Bits, sizes: list[int]) -> Iterator[Bits]:
    """Cut bits into parts of these sizes, over and over."""
    first = 0
    for size in itertools.cycle(sizes):
        if first >= len(bits):
            return
        yield bits[first : first + size]
        first += size


def pieces(bits: Bits, size: int) -> list[Bits]:
    return list(packed_pieces([bits], size))


def same(one: object, other: object) -> bool:
    """Compare results number by number, without tolerance."""
    if dataclasses.is_dataclass(one) and not isinstance(one, type):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    return bool(np.array_equal(one, other, equal_nan=True)) if isinstance(one, (np.ndarray, float)) else one == other


def test_pieces_are_the_stream_however_it_is_cut(fair: Bits) -> None:
    for sizes in ([1, 7, 64], [50_000], [300_000], [0, 13, 4096]):
        found = list(packed_pieces(cut(fair[:100_001], sizes), 1 << 12))
        assert Bits.joined(found) == fair[:100_001]
        assert {len(piece) for piece in found[:-1]} == {1 << 12}


@pytest.mark.parametrize("sizes", [[1 << 16], [64, 1, 7777], [199_999]])
def test_results_are_the_same_to_the_last_bit_however_the_stream_is_cut(junction: Bits, sizes: list[int]) -> None:
    whole = stream_physics(junction, period=1e-4, lags=70)
    assert same(stream_physics(cut(junction, sizes), period=1e-4, lags=70), whole)


@pytest.mark.parametrize("size", [64, 4096, 65_536])
def test_counts_over_the_borders_of_pieces_are_those_of_one_piece(junction: Bits, size: int) -> None:
    bits = junction[:20_011] if size == 64 else junction
    transition, run, lag, allan = TransitionTally(), RunTally(), LagTally(300), AllanTally()
    for piece in pieces(bits, size):
        for tally in (transition, run, lag, allan):
            tally.add(piece)
    assert same(transition.result(), transitions(bits))
    assert same(run.result(), run_lengths(bits))
    assert same(lag.result(), correlogram(bits, 300))
    # Windows leave out the last bits, which are in P(1) of the tally.
    found, expected = allan.result(), allan_deviation(Windows.of(bits, 64))
    assert np.array_equal(found.deviation, expected.deviation)
    assert found.white == pytest.approx(expected.white, rel=1e-3)


def test_transitions_of_pieces_are_counted_as_one_counts_by_hand() -> None:
    rng = np.random.default_rng(31)
    bits = rng.integers(0, 2, 333)
    state, expected = 1, np.zeros((2, 2), int)
    for bit in bits:
        expected[state, state ^ bit] += 1
        state ^= int(bit)
    tally = TransitionTally(begins_up=False)
    for piece in pieces(Bits(bits), 64):
        tally.add(piece)
    assert tally.result().counts == tuple(map(tuple, expected.tolist()))


def test_windows_join_in_pairs_and_lose_nothing(fair: Bits) -> None:
    tally = WindowTally(64)
    for piece in pieces(fair, 4096):
        tally.add(piece)
    assert tally.size == 4096  # 200,003 bits: 48 windows of 4096, as 64 of 2048 were joined
    assert np.array_equal(tally.ones, Windows.of(fair, 4096).ones)


def test_an_averaged_spectrum_is_white_for_fair_bits_and_shows_a_fast_line() -> None:
    rng = np.random.default_rng(32)
    n = 6 * (1 << 17)
    hum = 0.02 * np.cos(2 * np.pi * 0.031 * np.arange(n))
    for amplitude, bits in ((0.0, rng.random(n) < 0.5), (0.02, rng.random(n) < 0.5 + hum)):
        tally = SegmentTally()
        for piece in pieces(Bits(bits), 1 << 18):
            tally.add(piece)
        found = tally.result(None)
        assert found.segments == 6
        # Mean of 8,191 means of six exponentials: standard deviation 1 / √(6 · 8191) = 0.0045.
        assert np.median(found.powers) == pytest.approx(0.945, abs=0.02)
        assert bool(found.lines) == bool(amplitude)
        for line in found.lines[:1]:
            assert line.frequency == pytest.approx(0.031, abs=1 / (1 << 17))
            # A line between two frequencies of the transform loses up to 36 % of its amplitude.
            assert 0.6 * amplitude < line.amplitude < 1.15 * amplitude


def test_a_toggled_junction_is_told_to_be_one(fair: Bits, biased: Bits, junction: Bits, uneven: Bits) -> None:
    for bits in (fair, biased, junction, uneven):
        said = stream_findings(stream_physics(bits, period=1e-4))
        assert {name for name, finding in said.items() if finding.junction is False} == set()
        assert {name for name, finding in said.items() if finding.junction is None} == {"bias", "correlations"}


def test_a_junction_is_seldom_told_to_be_none() -> None:
    streams, count, level, (p_ud, p_du) = 80, 8000, 0.05, (0.3, 0.8)
    rng = np.random.default_rng(36)
    state, bits = np.zeros(streams, np.uint8), np.empty((count, streams), np.uint8)
    for row in bits:
        row[:] = rng.random(streams) < np.where(state, p_du, p_ud)
        state ^= row
    alarms = collections.Counter[str]()
    for stream in bits.T:
        said = stream_findings(stream_physics(stream, lags=32, level=level))
        alarms.update(name for name, finding in said.items() if finding.junction is False)
    # 4 alarms are expected of each question, with a deviation of 1.95.
    assert max(alarms.values()) <= 4 + 4 * 1.95
    assert sum(alarms.values()) > 8


def test_what_is_no_toggled_junction_is_told_so_by_what_it_does(sticky: Bits, drifting: Bits, humming: Bits) -> None:
    def odd(bits: Bits) -> set[str]:
        said = stream_findings(stream_physics(bits, period=1e-4))
        return {name for name, finding in said.items() if finding.junction is False}

    assert {"autocorrelation", "transitions", "runs", "entropy", "bytes"} <= odd(sticky)
    assert {"windows", "allan"} <= odd(drifting)
    assert "spectrum" in odd(humming)
    assert "transitions" not in odd(drifting) | odd(humming)


def test_a_line_of_the_mains_is_called_so(humming: Bits) -> None:
    says = stream_findings(stream_physics(humming, period=1e-4))["spectrum"].says
    assert "50 Hz, mains (50 Hz), amplitude 0.03" in says


def test_what_bits_are_too_few_for_is_a_result_of_its_own() -> None:
    def reasons(found: StreamPhysics) -> dict[str, str]:
        return {name: each.reason for name, each in vars(found).items() if isinstance(each, NotApplicable)}

    two = reasons(stream_physics([0, 1]))
    assert two["transitions"] == "transitions of 2 bits: give at least 3"
    assert {"runs", "autocorrelation", "entropy", "byte_counts", "windows", "steps", "allan", "spectrum"} <= two.keys()
    equal = reasons(stream_physics(np.zeros(20_000, np.uint8)))
    assert equal["junction"] == "the junction was in one state all the time"
    assert "constant" in equal["runs"]
    said = stream_findings(stream_physics(np.zeros(20_000, np.uint8)))
    assert not said["runs"].applies
    assert said["runs"].says.startswith("Not applicable: ")


def test_entropy_goes_back_as_far_as_there_are_bits_for(fair: Bits) -> None:
    def most(count: int) -> int:
        entropy = stream_physics(fair[:count]).entropy
        assert not isinstance(entropy, NotApplicable)
        return len(entropy.entropies) - 1

    assert (most(80), most(200), most(2_560)) == (3, 4, 8)


@pytest.mark.parametrize(
    ("given", "argument"), [({"lags": 0}, "lags"), ({"level": 1.0}, "level"), ({"period": -1.0}, "period")]
)
def test_arguments_out_of_range_are_refused_in_one_line(given: dict[str, float], argument: str) -> None:
    with pytest.raises(InputError) as error:
        stream_physics([0, 1, 1], **given)  # type: ignore[arg-type]
    assert error.value.argument == argument
    assert "\n" not in str(error.value)


def test_no_bits_are_refused() -> None:
    with pytest.raises(InputError, match="at least one bit"):
        stream_physics(iter(()))


def test_a_long_stream_has_a_spectrum_of_fast_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows of the whole stretch get longer, and the averaged spectrum takes over what they hide.
    monkeypatch.setattr("mtjlab.analysis.bitstream.stream_tallies.WindowTally", lambda: WindowTally(1 << 12))
    rng = np.random.default_rng(33)
    n = 1 << 19
    found = stream_physics(Bits(rng.random(n) < 0.5 + 0.03 * np.cos(2 * np.pi * 50e-4 * np.arange(n))), period=1e-4)
    assert isinstance(found.spectrum, Spectrum)
    assert isinstance(found.fast_spectrum, Spectrum)
    assert found.spectrum.frequencies[-1] < 50 < found.fast_spectrum.frequencies[-1]
    assert found.fast_spectrum.lines[0].frequency == pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("stay", [0.5, 0.97])
def test_runs_are_counted_as_one_counts_by_hand(stay: float) -> None:
    bits = np.cumsum(np.random.default_rng(34).random(20_000) >= stay) % 2
    expected = np.zeros((2, 64), int)
    runs = [(int(value), len(list(own))) for value, own in itertools.groupby(bits)]
    for value, length in runs[1:-1]:
        expected[value, min(length, 64) - 1] += 1
    for size in (64, 1024, 1 << 15):
        tally = RunTally()
        for piece in pieces(Bits(bits), size):
            tally.add(piece)
        assert np.array_equal(tally.result().counts, expected)


@pytest.mark.parametrize("lags", [1, 1000, 1025, 2999])
def test_pairs_are_counted_exactly_at_every_lag(lags: int) -> None:
    bits = (np.random.default_rng(35).random(3000) < 0.3).astype(np.uint8)
    expected = [int(np.count_nonzero(bits[:-lag] & bits[lag:])) for lag in range(1, lags + 1)]
    for sizes in ([3000], [1, 700], [1024, 1024, 952]):
        tally = PairTally(lags)
        first = 0
        for size in itertools.cycle(sizes):
            tally.add(bits[first : first + size])
            first += size
            if first >= bits.size:
                break
        assert tally.counts().tolist() == expected
