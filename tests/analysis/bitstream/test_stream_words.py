"""Findings in words, results as plain numbers, and what a line may be."""

import json
import math

import numpy as np
import pytest

from mtjlab.analysis.bitstream.findings import p_text, stream_findings
from mtjlab.analysis.bitstream.not_applicable import NotApplicable, or_reason, there
from mtjlab.analysis.bitstream.periodogram import Line, Spectrum, mains_of, with_lines
from mtjlab.analysis.bitstream.physics_of_stream import stream_physics
from mtjlab.analysis.bitstream.stream_dictionary import stream_as_dict
from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import Bits, InputError


def line(frequency: float) -> Line:
    return Line(frequency, 0.01, 30.0, 1e-6)


def spectrum(rate: float, resolution: float, unit: str = "Hz") -> Spectrum:
    frequencies = np.arange(resolution, rate / 2, resolution)
    return Spectrum(frequencies, np.ones(frequencies.size), 10.0, (), unit, rate)


@pytest.mark.parametrize(
    ("frequency", "rate", "says"),
    [
        (50.0, 1000.0, "mains (50 Hz)"),
        (50.08, 1000.0, "mains (50 Hz)"),
        (60.0, 1000.0, "mains (60 Hz)"),
        (150.0, 1000.0, "mains (harmonic 3 of 50 Hz)"),
        (120.0, 1000.0, "mains (harmonic 2 of 60 Hz)"),
        (55.0, 1000.0, ""),
        (12.5, 62.5, "mains (50 Hz, folded)"),
        (13.5, 62.5, ""),
    ],
)
def test_the_mains_are_known_by_their_frequency(frequency: float, rate: float, says: str) -> None:
    assert mains_of(line(frequency), spectrum(rate, 0.01)) == says


def test_nothing_is_called_mains_where_anything_would_be() -> None:
    # Per pulse there is no Hz; and windows of 5 s fold every harmonic to somewhere near everything.
    assert mains_of(line(0.05), spectrum(1.0, 1e-4, "1/pulse")) == ""
    slow = spectrum(0.2, 0.001)
    assert {mains_of(line(frequency), slow) for frequency in (0.01, 0.03, 0.05, 0.09)} == {""}


def test_the_threshold_of_averaged_powers_is_passed_as_stated() -> None:
    rng = np.random.default_rng(81)
    frequencies = np.arange(1, 201) / 400
    passed = []
    for _ in range(300):
        powers = rng.exponential(1.0, (8, 200)).mean(axis=0)
        found = with_lines(frequencies, powers, "Hz", 1.0, noise=1e-6, length=1.0, level=0.1, segments=8)
        passed.append(bool(found.lines))
        assert all(each.power > found.threshold and each.p_value < 0.1 for each in found.lines)
    # 30 of 300, with a deviation of 5.2.
    assert 10 <= sum(passed) <= 51


def test_lines_come_strongest_first_with_their_amplitudes() -> None:
    powers = np.ones(100)
    powers[[20, 50]] = 40.0, 90.0
    found = with_lines(np.arange(1, 101) / 1000, powers, "Hz", 1.0, noise=1e-6, length=1e-9, level=0.01)
    assert [each.frequency for each in found.lines] == [pytest.approx(0.051), pytest.approx(0.021)]
    assert [each.amplitude for each in found.lines] == [pytest.approx(2e-3 * math.sqrt(p)) for p in (90, 40)]


def test_p_values_are_written_as_people_read_them() -> None:
    assert [p_text(p) for p in (1.0, 0.0312, 1.2e-7, 0.0)] == ["p = 1", "p = 0.031", "p = 1.2e-07", "p < 1e-300"]


def test_a_reason_is_an_answer() -> None:
    def ask(value: int) -> int:
        if value < 0:
            raise InputError("too small")
        return value

    assert or_reason(lambda: ask(3)) == 3
    reason = or_reason(lambda: ask(-1))
    assert reason == NotApplicable("too small")
    assert there(3) == 3
    with pytest.raises(InputError, match="too small"):
        there(reason)


def test_windows_are_joined_without_the_last_few() -> None:
    windows = Windows(np.arange(11) % 3, np.full(11, 4), np.arange(11.0) * 2, "pulse", 1.5)
    joined = windows.joined(4)
    assert joined.ones.tolist() == [3, 3, 3]
    assert joined.counts.tolist() == [12, 12, 12]
    assert joined.times.tolist() == [0, 6, 12]
    assert (joined.time_unit, joined.variance_factor) == ("pulse", 1.5)
    assert len(windows.joined(11)) == len(windows.joined(100)) == 11


def test_a_bias_is_told_with_the_bits_that_show_it(fair: Bits, biased: Bits) -> None:
    says = stream_findings(stream_physics(biased))["bias"].says
    assert "9," in says  # about 9,300 bits show a bias of 0.02
    assert "enough to see" in says
    assert "not told from zero" in stream_findings(stream_physics(fair))["bias"].says
    half = stream_physics([0, 1] * 50)
    assert half.bits_to_see_bias == NotApplicable("P(1) is one half exactly")
    assert "not told from zero" in stream_findings(half)["bias"].says


def test_two_different_probabilities_are_said_to_differ(fair: Bits, uneven: Bits) -> None:
    assert "They differ; a bit knows the state" in stream_findings(stream_physics(uneven))["transitions"].says
    assert "They are not told apart" in stream_findings(stream_physics(fair))["transitions"].says


def test_a_drift_is_told_as_one_and_not_as_a_line(drifting: Bits) -> None:
    says = stream_findings(stream_physics(drifting))
    assert "it is a drift" in says["spectrum"].says
    assert "change points" in says["windows"].says
    assert "drifts or flickers" in says["allan"].says


def test_every_second_bit_is_no_junction() -> None:
    said = stream_findings(stream_physics([0, 1] * 20_000))
    assert {name for name, finding in said.items() if finding.junction is False} >= {"autocorrelation", "runs", "bytes"}


def test_results_as_numbers_are_the_results(uneven: Bits) -> None:
    found = stream_physics(uneven, period=1e-4, lags=30)
    told = json.loads(json.dumps(stream_as_dict(found), allow_nan=False))
    assert told["bits"] == len(uneven)
    assert told["bias"]["low"] == found.bias.low
    assert told["transitions"]["counts"] == [list(row) for row in there(found.transitions).counts]
    assert told["transitions"]["p_ud"]["value"] == there(found.transitions).p_ud.value == told["junction"]["p_ud"]
    assert told["runs"]["ones"] == there(found.runs).counts[1].tolist()
    assert told["autocorrelation"]["coefficients"] == there(found.autocorrelation).coefficients.tolist()
    assert told["entropy"]["entropies"][8]["value"] == there(found.entropy).entropies[8].value
    assert sum(told["byte_counts"]["counts"]) == len(uneven) // 8
    assert told["windows"]["ones"] == there(found.windows).ones.tolist()
    assert told["windows"]["time_unit"] == "s"
    assert len(told["steps"]["shares"]) == len(told["steps"]["changes"]) + 1
    assert told["allan"]["deviation"] == there(found.allan).deviation.tolist()
    assert told["spectrum"]["unit"] == "Hz"
    assert told["spectrum"]["segments"] == 1
    assert "not_applicable" in told["fast_spectrum"]
    assert told["findings"]["transitions"]["toggled_junction"] is True
    assert told["remarks"] == []


@pytest.mark.parametrize("bits", [[0], [1, 1, 1], [0, 1] * 40, [0] * 3000])
def test_what_there_is_none_of_is_null_and_never_nan(bits: list[int]) -> None:
    told = json.dumps(stream_as_dict(stream_physics(bits)), allow_nan=False)
    assert json.loads(told)["bits"] == len(bits)
