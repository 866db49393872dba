"""A sequence that stays in its file gives what it gives in memory, and takes memory that does not grow with it."""

import re
import tracemalloc

import numpy as np
import pytest

from mtjlab.analysis.randomness import sp800_22
from mtjlab.analysis.randomness.sp800_22 import long_sequence, sequence_file
from mtjlab.analysis.randomness.sp800_22.dft import dft
from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.packed_bytes import PackedBytes
from mtjlab.analysis.randomness.sp800_22.sequence_file import SequenceFile
from mtjlab.analysis.randomness.sp800_22.spectrum import on_disk
from mtjlab.analysis.randomness.sp800_22.suite_test import suite_tests
from mtjlab.cli.main import main


@pytest.fixture
def small_pieces(monkeypatch):
    """Cut so small that sequences of a test have many pieces, none of which ends at a round place."""
    monkeypatch.setattr(long_sequence, "PIECE", 30_000)
    monkeypatch.setattr(on_disk, "IN_MEMORY", 1 << 10)
    monkeypatch.setattr(sequence_file, "LONGEST_IN_MEMORY", 1 << 16)


@pytest.mark.parametrize(("length", "mode"), [(648_000, "nist"), (1_000_000, "exact")])
def test_every_statistic_is_that_of_the_sequence_in_memory(small_pieces, random_bits, length, mode):
    bits = random_bits(length, length)
    long = LongSequence(lambda first, count: np.packbits(bits[first : first + count]), length)
    assert sp800_22.run(long, mode) == sp800_22.run(bits, mode)


@pytest.mark.parametrize("length", [70_001, 99_999, 524_309])
def test_lengths_that_are_no_multiple_of_anything(small_pieces, random_bits, length):
    bits = random_bits(length, length)
    long = LongSequence(lambda first, count: np.packbits(bits[first : first + count]), length)
    tests = [test for test in suite_tests() if test.name != "dft"]
    assert sp800_22.run(long, tests=tests) == sp800_22.run(bits, tests=tests)


@pytest.mark.parametrize("length", [4000, 5184, 86_400, 131_072, 500_000])
def test_peaks_through_the_disk_are_counted_as_in_memory(small_pieces, random_bits, length):
    bits = random_bits(length, length)
    spectrum = abs(np.fft.rfft(2.0 * bits - 1)[: length // 2]) ** 2
    long = LongSequence(lambda first, count: np.packbits(bits[first : first + count]), length)
    assert dft(long).statistics["below"] == np.count_nonzero(spectrum < np.log(20) * length)
    for threshold in np.quantile(spectrum, (0.1, 0.5, 0.99)) * (1 + 1e-9):
        assert on_disk.peaks_below_on_disk(long, threshold) == np.count_nonzero(spectrum < threshold)


def test_a_length_that_the_disk_cannot_transform_stops_no_other_test(tmp_path, random_bits, capsys):
    path = tmp_path / "bits"
    path.write_bytes(np.packbits(random_bits(1, 2_097_152)).tobytes())
    words = ["randomness", str(path), "--suite", "sp800-22", "--format", "packed", "--sequence-length"]
    assert main([*words, "2097142", "--tests", "frequency,dft"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "not applicable: 2,097,142 bits cannot be transformed piece by piece" in said
    assert main([*words, "2097142", "--tests", "dft"]) == 2
    assert "2,095,632" in capsys.readouterr().err  # a length that it can
    assert main([*words, "2095632", "--tests", "dft"]) == 0


def test_too_little_room_for_the_transform_is_said(monkeypatch):
    usage = type("Usage", (), {"free": 10**6})
    monkeypatch.setattr(on_disk.shutil, "disk_usage", lambda path: usage)
    assert re.search(r"16\.0 GB .* TMPDIR", on_disk.why_not_on_disk(2_000_000_000))


def test_long_sequences_of_a_file_of_any_format(small_pieces, tmp_path, random_bits):
    bits = random_bits(6, 300_000)
    packed, text, symbols = tmp_path / "packed", tmp_path / "text", tmp_path / "symbols"
    packed.write_bytes(np.packbits(bits).tobytes())
    text.write_text("\n".join("".join(map(str, row)) for row in bits.reshape(-1, 50)))
    symbols.write_bytes(bits.tobytes())
    length = 99_994  # the second and the third begin inside a byte
    expected = [sp800_22.run(bits[i * length : (i + 1) * length], tests=["serial", "runs", "rank"]) for i in range(3)]
    for path, form in ((packed, "packed"), (text, None), (symbols, None)):
        sequences = SequenceFile.open(path, form).sequences(length, 3)
        result = sp800_22.run_many(sequences, tests=["serial", "runs", "rank"], workers=2)
        assert list(result.sequences) == expected


def test_bits_are_read_from_any_place(tmp_path, random_bits):
    bits = random_bits(4, 4000)
    path = tmp_path / "bits"
    path.write_bytes(np.packbits(bits).tobytes())
    read = PackedBytes(path.open("rb")).read
    for first, count in ((0, 4000), (3, 5), (7, 1), (8, 16), (1234, 777), (3999, 1)):
        assert np.array_equal(np.unpackbits(read(first, count), count=count), bits[first : first + count])
    with pytest.raises(ValueError, match="ends after byte 500"):
        read(3999, 2)


@pytest.mark.parametrize("length", [1 << 22, 1 << 24])
def test_memory_does_not_grow_with_the_length(length):
    period = np.random.default_rng(1).integers(0, 256, 1 << 17, np.uint8)
    long = LongSequence(
        lambda first, count: period[np.arange(first // 8, (first + count + 7) // 8) % period.size], length
    )
    sp800_22.run(period.tobytes())  # compiled
    tracemalloc.start()
    sp800_22.run(long)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24e6  # the bits alone, one a byte, would be more
