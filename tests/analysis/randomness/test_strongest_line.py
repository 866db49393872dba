"""A line in the spectrum of the bits."""

import numpy as np
import pytest
from scipy.stats import binom

from mtjlab.analysis.randomness import assess
from mtjlab.analysis.randomness import strongest_line as module
from mtjlab.analysis.randomness.strongest_line import strongest_line


def hum(generator, bits: int, period: float, amplitude: float):
    return generator.random(bits) < 0.5 + amplitude * np.cos(2 * np.pi * np.arange(bits) / period)


def test_the_hum_of_the_mains_fails_by_it_alone_and_is_told_by_frequency_and_amplitude() -> None:
    # 50 Hz at 100,000 bits a second: SP 800-22's DFT test sees nothing of it, nor does the autocorrelation.
    assessment = assess(hum(np.random.default_rng(8), 500_000, 2000, 0.01))
    assert assessment.decision.rejected == {"strongest line"}
    found = assessment["strongest line"].statistics
    assert found["frequency"] == pytest.approx(1 / 2000, abs=1 / 500_000)
    # Noise of the two parts of the amplitude: √(2 · 4 p q / n) each.
    assert found["amplitude"] == pytest.approx(0.01, abs=4.5 * (2 / 500_000) ** 0.5)


def test_the_spectra_of_a_long_stream_are_added_up(monkeypatch) -> None:
    bits = hum(np.random.default_rng(9), 2**17 + 300, 64, 0.02)
    whole = strongest_line(bits).statistics
    monkeypatch.setattr(module, "LONGEST", 2**13)
    found = strongest_line(bits)
    assert (found.statistics["spectra"], found.statistics["frequency"]) == (16, 1 / 64)
    assert found.statistics["power"] == pytest.approx(whole["power"], rel=0.5)  # of the line; that of the noise adds 16
    assert found.p_value < 1e-6


@pytest.mark.parametrize(("bits", "longest"), [(1000, 1 << 20), (4000, 500)])
def test_fair_bits_fail_no_more_often_than_the_level_and_hardly_less(monkeypatch, bits: int, longest: int) -> None:
    monkeypatch.setattr(module, "LONGEST", longest)
    generator, level, files = np.random.default_rng(10), 0.05, 2000
    alarms = sum(strongest_line(generator.integers(0, 2, bits)).p_value <= level for _ in range(files))
    assert binom.ppf(1e-4, files, 0.7 * level) <= alarms <= binom.ppf(1 - 1e-4, files, 1.1 * level)


def test_biased_bits_have_no_line() -> None:
    assert strongest_line(np.random.default_rng(11).random(100_000) < 0.2).p_value > 1e-3


def test_a_stream_of_nearly_one_value_says_why_it_does_not_apply() -> None:
    assert strongest_line(np.zeros(5000, np.uint8)).reason == "0 ones and 5,000 zeros: 100 of each are needed"
