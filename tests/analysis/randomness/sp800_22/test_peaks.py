"""Peaks below the threshold are counted in float32 as they would be in float64."""

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.dft import dft
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.spectrum.in_float32 import DOUBT, peaks_below_in_float32
from mtjlab.analysis.randomness.sp800_22.spectrum.lane_transform import ROW, radices, roots, transform
from mtjlab.analysis.randomness.sp800_22.spectrum.plan import spectrum_plan
from mtjlab.analysis.randomness.sp800_22.spectrum.powers import peak_power


def spectrum(bits):
    return abs(np.fft.rfft(2.0 * bits - 1)[: bits.size // 2]) ** 2


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 8, 24, 60, 75, 250, 256])
def test_eight_sequences_are_transformed_as_numpy_transforms_them(length):
    rng = np.random.default_rng(length)
    values = rng.normal(size=(length, 8)) + 1j * rng.normal(size=(length, 8))
    x = np.concatenate((values.real, values.imag), axis=1).astype(np.float32).ravel()
    assert np.prod(radices(length)) == length
    done = transform(x, np.empty_like(x), radices(length), roots(length)).reshape(length, 2, ROW // 2)
    error = done[:, 0] + 1j * done[:, 1] - np.fft.fft(values, axis=0)
    # A few roundings of 2^-24 a pass, of numbers of size √length.
    assert np.sqrt(np.mean(abs(error) ** 2) / length) < 6e-7


@pytest.mark.parametrize("length", [7, 14, 22, 0x10001])
def test_lengths_with_other_factors_are_left_to_float64(length):
    assert radices(length) is None
    assert spectrum_plan(16 * length * length) is None
    assert spectrum_plan(16 * 100 + 8) is None


@pytest.mark.parametrize("count", [10, 1000, 1600, 4096, 7776, 57_600, 99_990, 100_000, 1_000_000, 1 << 20])
def test_peaks_are_counted_as_in_float64(random_bits, count):
    bits = random_bits(count, count)
    assert dft(PackedSequence.of(bits)).statistics["below"] == np.count_nonzero(spectrum(bits) < np.log(20) * count)


def shaped(kind, n):
    """Make sequences whose peaks are anything but those of fair bits."""
    rng = np.random.default_rng(6)
    at = np.arange(n)
    return {
        "biased": rng.random(n) < 0.51,
        "nearly constant": rng.random(n) < 0.999,
        "one among zeros": at == 777,
        "tone": rng.random(n) < 0.5 + 0.02 * np.cos(2 * np.pi * 0.12345 * at),
        "tone of lane 0": rng.random(n) < 0.5 + 0.02 * np.cos(2 * np.pi * 8 * 123 * at / n),
        "strong tone": rng.random(n) < 0.5 + 0.5 * np.cos(2 * np.pi * 0.12345 * at),
        "square wave": (at // 50 % 2).astype(bool) ^ (rng.random(n) < 0.1),
        "chirp": np.cos(0.3 * np.pi * at**2 / n) > 0,
        "period": np.tile(rng.random(160) < 0.5, n // 160 + 1)[:n],
        "few bytes": np.unpackbits(rng.choice(np.array([0x0F, 0x33], np.uint8), n // 8)),
    }[kind].astype(np.uint8)


KINDS = (
    "biased", "nearly constant", "one among zeros", "tone", "tone of lane 0", "strong tone", "square wave", "chirp",
    "period", "few bytes",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_thresholds_on_the_very_peaks_of_any_sequence_are_decided_as_in_float64(kind):
    n = 100_000
    bits = shaped(kind, n)
    sequence, powers = PackedSequence.of(bits), spectrum(bits)
    assert dft(sequence).statistics["below"] == np.count_nonzero(powers < np.log(20) * n)
    decided = 0
    for power in np.sort(powers[powers > 0.5 * n])[:: max(1, np.count_nonzero(powers > 0.5 * n) // 20)]:
        # float32 cannot tell the peak from a threshold so near; the count must change exactly there.
        for side in (-1, 1):
            threshold = float(power * (1 + side * 1e-9))
            found = peaks_below_in_float32(sequence, threshold)
            assert found in (None, np.count_nonzero(powers < threshold))
            decided += found is not None
    assert decided >= (20 if powers.max() < 900 * n else 0)  # without a tower float64 is not needed


def test_thresholds_on_the_very_peaks_of_fair_bits_of_the_usual_length(random_bits):
    n = 1_000_000
    bits = random_bits(7, n)
    sequence, powers = PackedSequence.of(bits), np.sort(spectrum(bits))
    usual = np.searchsorted(powers, np.log(20) * n)
    for rank in (usual - 1, usual, usual + 1):
        for side in (-1, 1):
            threshold = float(powers[rank] * (1 + side * 1e-10))
            assert peaks_below_in_float32(sequence, threshold) == np.count_nonzero(powers < threshold)
    assert DOUBT > 1e-10


def test_a_tower_is_left_to_float64():
    bits = shaped("nearly constant", 100_000)
    assert peaks_below_in_float32(PackedSequence.of(bits), 3e5) is None


def test_single_powers_are_right(random_bits):
    bits = random_bits(3, 10_008)
    powers = spectrum(bits)
    for k in (0, 1, 777, 5003):
        assert peak_power(np.packbits(bits), k) == pytest.approx(powers[k], rel=1e-9, abs=1e-6)
