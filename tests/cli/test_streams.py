"""Standard streams that are missing, closed, full or of an old code page do not change what a command does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MTJLAB = [sys.executable, "-m", "mtjlab.cli.main"]


def _mtjlab(*words: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*MTJLAB, *words], check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_a_stream_that_cannot_hold_a_sign_gets_it_spelled(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    ended = _mtjlab("procedures", "retention", env=environment, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    assert b"Delta" in ended.stdout or b"ohm" in ended.stdout or encoding == "latin-1"
    ended.stdout.decode(encoding)


@pytest.mark.skipif(os.name == "nt", reason="closes descriptors as a POSIX shell does")
def test_without_standard_streams_a_run_ends_as_it_ends(tmp_path: Path) -> None:
    recording = tmp_path / "bits.h5"
    command = '"$0" -m mtjlab.cli.main run random-bitstream --set bits=2500 --output "$1" <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", command, sys.executable, str(recording)], check=False).returncode == 0
    # What is closed must not become the recording: its first bytes are HDF5's.
    assert recording.read_bytes()[:8] == b"\x89HDF\r\n\x1a\n"
    command = '"$0" -m mtjlab.cli.main info "$1" >&-'
    assert subprocess.run(["sh", "-c", command, sys.executable, str(recording)], check=False).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_standard_output_does_not_change_the_exit_code() -> None:
    with Path("/dev/full").open("w") as full:
        ended = _mtjlab("procedures", stdout=full, stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_has_gone_does_not_change_the_verdict(tmp_path: Path) -> None:
    bits = tmp_path / "zeros.bin"
    bits.write_bytes(bytes(2000))
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = _mtjlab("randomness", str(bits), "--format", "packed", stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, b"")  # the bits fail, whoever reads it
