"""Texts as Windows and other locales write them, and files that are no files."""

import errno
import os
from decimal import Decimal
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.sequence_file import SequenceFile
from mtjlab.core.errors import InputError
from mtjlab.core.number_text import exact_number
from mtjlab.core.toml_document import TomlDocument
from mtjlab.data.bit_files.bit_file import read_bits
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_file import open_hdf5

BITS = np.random.default_rng(7).integers(0, 2, 300_001)
TEXT = "".join(map(str, BITS))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_ascii_bits_behind_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path = tmp_path / "bits.txt"
    path.write_bytes((mark + TEXT + "\r\n").encode(encoding))
    for format_ in (None, "ascii"):
        np.testing.assert_array_equal(read_bits(path, format_).bits, BITS)
        assert SequenceFile.open(path, format_).bits == BITS.size
    (sequence,) = SequenceFile.open(path).sequences(BITS.size - 1, 1)
    assert sequence.ones == BITS[:-1].sum()


def test_packed_bits_may_begin_like_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "bits.bin"
    content = b"\xff\xfe" + np.random.default_rng(1).bytes(4096)
    path.write_bytes(content)
    assert read_bits(path).bits.size == 8 * len(content)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_toml_file_behind_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes('name = "Δ"\n'.encode(encoding))
    assert TomlDocument.read(path, "").text == 'name = "Δ"\n'


@pytest.mark.parametrize("kind", ["<i2", "<i4", ">i4", "<i8", ">i8", "<u4"])
def test_wider_integers_are_no_symbols(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bits.bin"
    BITS[:1000].astype(kind).tofile(path)
    with pytest.raises(InputError, match=f"{8 * np.dtype(kind).itemsize}-bit integers"):
        read_bits(path)


def test_bytes_of_zero_and_one_are_symbols_whatever_their_bias(tmp_path: Path) -> None:
    path = tmp_path / "bits.bin"
    for p in (0.5, 0.05):
        bits = (np.random.default_rng(3).random(4000) < p).astype(np.uint8)
        bits.tofile(path)
        np.testing.assert_array_equal(read_bits(path).bits, bits)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("1,500", 1500),
        ("1,000,000", 10**6),
        ("5_000", 5000),
        ("5e3", 5000),
        (" 7 ", 7),
        ("-1,250.5", Decimal("-1250.5")),
    ],
)
def test_numbers(word: str, number: Decimal) -> None:
    assert exact_number(word) == number


@pytest.mark.parametrize(
    "word", ["1,5e4", "1,5", "12,34", ",5", "1,2345", "1.000,5", "1,000,5", "1__0", "nan", "inf", "ten"]
)
def test_what_could_be_two_numbers_is_refused(word: str) -> None:
    with pytest.raises(InputError):
        exact_number(word)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="pipe"):
        read_bits(pipe)
    with pytest.raises(InputError, match="pipe"):
        SequenceFile.open(pipe)
    with pytest.raises(InputError, match="pipe"):
        TomlDocument.read(pipe, "")
    with pytest.raises(RecordingError, match="pipe"):
        _ = Recording(pipe).status


def test_a_drive_without_locks_is_read_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = h5py.File

    def without_locks(name: Path, mode: str, locking: bool | None = None, **options: object) -> object:
        if locking is not False:
            real(name, mode, **options).close()  # the file is made before its lock is asked for
            raise OSError(errno.ENOLCK, "Unable to lock file, errno = 37, error message = 'No locks available'")
        return real(name, mode, locking=False, **options)

    monkeypatch.setattr(h5py, "File", without_locks)
    with open_hdf5(tmp_path / "new.h5", "x") as file:
        file["one"] = 1
    with open_hdf5(tmp_path / "new.h5", "r") as file:
        assert file["one"][()] == 1
    assert caplog.text.count("without file locks") == 2
