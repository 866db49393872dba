"""Files of bits: the four formats, what may be guessed, and what is said of the rest."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.core import Bits
from mtjlab.data.bit_files.bit_file import read_bits
from mtjlab.data.bit_files.bit_format import BitFormat
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: bytes) -> Path:
        path = tmp_path / "bits.dat"
        path.write_bytes(content)
        return path

    return written


@pytest.fixture(scope="module")
def fair_bytes() -> bytes:
    return np.random.default_rng(1).bytes(10_000)


def test_packed_bytes_are_guessed_and_read_most_significant_first(write: Write, fair_bytes: bytes) -> None:
    file = read_bits(write(b"\x80\x01\xf0" + fair_bytes))
    assert (file.format, file.guessed, file.symbols, file.bits_per_symbol) == (BitFormat.PACKED, True, None, 1)
    assert file.bits[:24].tolist() == [1, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 1] + [1] * 4 + [0] * 4
    assert file.bits.size == 8 * 10_003
    assert file.bits.dtype == np.uint8
    assert "told by the content" in file.remark


@pytest.mark.parametrize("ones", [0.1, 0.3, 0.7, 0.9])
def test_packed_bits_of_a_biased_device_are_still_guessed(write: Write, ones: float) -> None:
    bits = np.random.default_rng(2).random(800_000) < ones
    file = read_bits(write(np.packbits(bits).tobytes()))
    assert file.format is BitFormat.PACKED
    assert (file.bits == bits).all()


def test_ascii_digits_with_white_space_are_guessed(write: Write) -> None:
    file = read_bits(write(b"0110 1001\r\n\t1 1\n"))
    assert file.bits.tolist() == [0, 1, 1, 0, 1, 0, 0, 1, 1, 1]
    assert (file.format, file.guessed, file.symbols) == (BitFormat.ASCII, True, None)


def test_bytes_zero_and_one_are_guessed_as_symbols_of_one_bit(write: Write) -> None:
    file = read_bits(write(bytes([0, 1, 1, 0])))
    assert file.bits.tolist() == [0, 1, 1, 0]
    assert file.symbols is not None
    assert file.symbols.tolist() == [0, 1, 1, 0]
    assert (file.format, file.bits_per_symbol, file.guessed) == (BitFormat.SYMBOLS, 1, True)


def test_symbols_give_their_most_significant_bit_first(write: Write) -> None:
    path = write(bytes([5, 2, 7]))
    file = read_bits(path, format="symbols", bits_per_symbol=3)
    assert file.bits.tolist() == [1, 0, 1, 0, 1, 0, 1, 1, 1]
    assert not file.guessed
    wider = read_bits(path, bits_per_symbol=4)
    assert wider.bits.tolist() == [0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1]
    assert wider.format is BitFormat.SYMBOLS


def test_bits_per_symbol_left_open_are_those_of_the_largest_symbol(write: Write) -> None:
    file = read_bits(write(bytes([5, 2, 0])), format="symbols")
    assert (file.bits_per_symbol, file.guessed) == (3, True)
    assert "the fewest that hold the largest, 5" in file.remark


def test_symbols_of_eight_bits_are_the_bytes_themselves(write: Write, fair_bytes: bytes) -> None:
    path = write(fair_bytes)
    symbols, packed = read_bits(path, bits_per_symbol=8), read_bits(path)
    assert (symbols.bits == packed.bits).all()
    assert symbols.symbols is not None
    assert symbols.symbols.tobytes() == fair_bytes


@pytest.mark.parametrize("format_", ["packed", "symbols", "ascii"])
def test_a_format_that_is_said_is_not_guessed_again(write: Write, format_: str) -> None:
    file = read_bits(write(b"01"), format=format_, bits_per_symbol=6 if format_ == "symbols" else None)
    expected = {"packed": "0011000000110001", "symbols": "110000110001", "ascii": "01"}[format_]
    assert "".join(map(str, file.bits)) == expected
    assert not file.guessed


@pytest.mark.parametrize("largest", [2, 3, 15, 127])
def test_small_symbols_are_not_guessed(write: Write, largest: int) -> None:
    symbols = np.random.default_rng(3).integers(0, largest + 1, 10_000).astype(np.uint8)
    with pytest.raises(ValueError, match="name the format: recording, packed, symbols, ascii"):
        read_bits(write(symbols.tobytes()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\t", "white space only"),
        (b"0101\n012\n", "has '2' in line 2, column 3"),
        (b"0,1,1,0\n", "has ',' in line 1, column 2"),
        (b"time,bit\n", "has 't' in line 1, column 1"),
        (gzip.compress(b"0110" * 100, mtime=0), "begins like a gzip file"),
        (b"\x93NUMPY\x01\x00v\x00" + bytes(1000), "begins like a numpy file"),
        (bytes(1000) + b"\xff", "name the format"),
    ],
)
def test_what_cannot_be_told_is_not_guessed(write: Write, content: bytes, message: str) -> None:
    check_refusal(write(content), message)


@pytest.mark.parametrize(
    ("content", "format_", "width", "message"),
    [
        (b"0120", "ascii", None, "has '2' in line 1, column 3"),
        (b"01\n\xef\xbb", "ascii", None, "has byte 239 in line 2, column 1"),
        (b"  \n", "ascii", None, "white space only"),
        (bytes([0, 3, 4]), "symbols", 2, "symbol 2 is 4, and 2 bits per symbol allow 0 to 3"),
        (bytes([0, 3, 4]), "symbols", 9, "bits per symbol = 9: expected 1 to 8"),
        (bytes([0, 3, 4]), "symbols", 0, "bits per symbol = 0: expected 1 to 8"),
        (bytes([0, 3, 4]), "packed", 2, "packed, which has no symbols"),
        (b"0110", None, 1, "ascii, which has no symbols"),
        (b"0110", "hex", None, "unknown format 'hex': expected one of recording, packed, symbols, ascii"),
        (b"0110", "recording", None, "bits.dat"),
    ],
)
def test_content_against_what_is_said_of_it(
    write: Write, content: bytes, format_: str | None, width: int | None, message: str
) -> None:
    check_refusal(write(content), message, format_, width)


@pytest.mark.parametrize("format_", [None, "recording", "packed", "symbols", "ascii"])
def test_no_file_and_no_directory(tmp_path: Path, format_: str | None) -> None:
    check_refusal(tmp_path / "absent.bin", "absent.bin: no such file", format_)
    check_refusal(tmp_path, "is a directory", format_)


@pytest.fixture
def recording(tmp_path: Path) -> Callable[[NDArray[np.uint8]], Path]:
    def recorded(bits: NDArray[np.uint8]) -> Path:
        path = tmp_path / "run.h5"
        with RecordingWriter.create(path, RecordingHead("none", simulated=True)) as writer:
            if bits.size:
                writer.append(Blocks(bits, amplitude=1.5, width=1e-9, field=25.5e-3))
        return path

    return recorded


@pytest.mark.parametrize("format_", [None, "recording"])
def test_a_recording_is_known_by_its_first_bytes(
    recording: Callable[[NDArray[np.uint8]], Path], format_: str | None
) -> None:
    bits = np.random.default_rng(4).integers(0, 2, 1003, dtype=np.uint8)  # the last byte is not full
    file = read_bits(recording(bits), format_)
    assert file.bits.tolist() == bits.tolist()
    assert file.packed == Bits(bits)
    assert (file.format, file.symbols, file.bits_per_symbol) == (BitFormat.RECORDING, None, 1)
    assert file.guessed == (format_ is None)


def test_a_recording_without_bits_or_with_symbols_is_refused(
    recording: Callable[[NDArray[np.uint8]], Path],
) -> None:
    path = recording(np.zeros(0, np.uint8))
    check_refusal(path, "without any committed bit")
    check_refusal(path, "recording, which has no symbols", width=4)


def test_a_file_that_only_begins_like_a_recording_is_refused(write: Write) -> None:
    check_refusal(write(b"\x89HDF\r\n\x1a\n" + bytes(100)), "bits.dat")


def check_refusal(path: Path, message: str, format_: str | None = None, width: int | None = None) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below, letter by letter
        read_bits(path, format_, width)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
