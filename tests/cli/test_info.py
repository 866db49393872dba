"""`mtjlab info` says what a person wants to know, of whole, killed and live files, and finds what is wrong in them."""

import json
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

BITS = np.random.default_rng(2407_12261).integers(0, 2, 25_000, dtype=np.uint8)

WRITER = """
import os, sys
import numpy as np
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

bits = np.random.default_rng(2407_12261).integers(0, 2, 25_000, dtype=np.uint8)
writer = RecordingWriter.create(
    sys.argv[1], RecordingHead("AcquireBits", {"bits": RecordingParameter(100_000)}, simulated=True))
writer.append(Blocks(bits, counts=[2500] * 10, amplitude=1.25, width=1e-8))
print("written", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def path(tmp_path):
    """Record ten blocks in two segments, the second aborted, with a message, a result and an alarm."""
    path = tmp_path / "run.h5"
    with RecordingWriter.create(
        path,
        RecordingHead(
            procedure="AcquireBits",
            parameters={
                "bits": RecordingParameter(50_000),
                "amplitude": RecordingParameter(1.25, "V", "Pulse amplitude"),
            },
            columns={"Time": "s"},
            bench="",
            simulated=True,
            sample={"wafer": "W07"},
        ),
    ) as writer:
        writer.add_instrument("pulse_generator", idn="KEYSIGHT,81160A", driver="keysight81160a")
        writer.append(Blocks(BITS[:5000], counts=[2500] * 2, amplitude=1.25, alarms=[0, 1]), {"Time": [0.0]})
    writer = RecordingWriter.resume(path)
    writer.append(Blocks(BITS[5000:], counts=[2500] * 8, amplitude=1.26, width=1e-8))
    writer.write_result("field", 0.0255, 0.0003, "T")
    writer.write_result("offset", 1.0)
    writer.close("aborted", "stopped by the user")
    return path


def test_info_of_a_whole_recording(command, path):
    done = command("info", path)
    assert done.returncode == 0
    shown = " ".join(done.stdout.split())
    for words in (
        "aborted (stopped by the user)",
        "25,000 of 50,000 (50%)",
        f"{BITS.sum():,} (P(1) = {BITS.mean():.5f})",
        "10, health alarms 1",
        "1.26 V · 1e-08 s (the last block)",
        "0.02550 ± 0.00030 T",
        "amplitude (Pulse amplitude) │ 1.25 V",
        "KEYSIGHT,81160A",
        "resumed at bit 5000",
        "W07",
        f"{path.stat().st_size:,} bytes",
    ):
        assert words in shown


def test_its_json(command, path):
    told = json.loads(command("info", path, "--json", "-").stdout)
    assert {name: told[name] for name in ("status", "bits", "planned", "blocks", "alarms", "rows", "segments")} == {
        "status": "aborted", "bits": 25_000, "planned": 50_000, "blocks": 10, "alarms": 1, "rows": 1, "segments": 2,
    }  # fmt: skip
    assert told["ones"] == BITS.sum()
    assert told["results"] == {
        "field": {"value": 0.0255, "uncertainty": 0.0003, "unit": "T"},
        "offset": {"value": 1.0, "uncertainty": None, "unit": ""},
    }
    assert "faults" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_info_of_a_live_and_of_a_killed_file(command, tmp_path):
    path = tmp_path / "run.h5"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdout.readline()
        live = command("info", path, "--verify")
        assert live.returncode == 0
        assert f"running (process {writer.pid} on" in live.stdout
        assert "25,000 of 100,000 (25%)" in live.stdout
        assert "All is well: 25,000 bits in 10 blocks" in live.stdout
        writer.stdin.close()
    killed = command("info", path, "--verify")
    assert killed.returncode == 0
    assert "killed (the process died" in killed.stdout
    assert "All is well: 25,000 bits in 10 blocks" in killed.stdout


def test_verify_of_a_sound_recording(command, path):
    done = command("info", path, "--verify", "--json", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["faults"] == []
    assert "All is well: 25,000 bits in 10 blocks, 2 segments." in done.stderr


def flip(path, bit):
    """Change one bit of the file, as a bad disk does."""
    with h5py.File(path) as file:
        place = file["bits/packed"].id.get_offset()
    with path.open("r+b") as raw:
        raw.seek(place + bit // 8)
        byte = raw.read(1)[0]
        raw.seek(place + bit // 8)
        raw.write(bytes([byte ^ 0x80 >> bit % 8]))


def test_verify_names_the_blocks_of_changed_bits(command, path):
    for bit in (2500, 24_999):
        flip(path, bit)
    done = command("info", path, "--verify")
    assert done.returncode == 1
    shown = " ".join(done.stdout.split())
    assert "WRONG: block 1 (bits 2,500 and 2,500 on) has checksum" in shown
    assert "WRONG: block 9 (bits 22,500 and 2,500 on) has checksum" in shown
    assert "Faults: 2, in 25,000 bits" in shown


def test_two_flipped_bits_that_keep_the_ones_are_found(command, path):
    first = int(np.flatnonzero(BITS[:2500] == 0)[7])
    second = int(np.flatnonzero(BITS[:2500] == 1)[9])
    flip(path, first)
    flip(path, second)
    assert command("info", path, "--verify").returncode == 1


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("committed", "the 10 blocks have 25,000 bits together, and 24,000 are committed"),
        ("first bit", "block 4 (bits 10,001 and 2,500 on) should begin at bit 10,000"),
        ("ones", "says that it has more ones than bits"),
        ("segment", "segment 1 has first_bit 30,000"),
        ("end", "segment 0 has no end"),
        ("text", "/log: row 0 has no UTF-8 as its message"),
    ],
)
def test_verify_says_what_disagrees(command, path, what, says):
    with h5py.File(path, "r+") as file:
        table = {"segment": "segments", "end": "segments", "text": "log"}.get(what, "blocks")
        grouped = isinstance(file[table], h5py.Group)
        rows = {name: file[table][name][:] for name in file[table]} if grouped else file[table][:]
        match what:
            case "committed":
                file["bits/packed"].attrs["committed"] = np.uint64(24_000)
            case "first bit":
                rows["first_bit"][4] += 1
            case "ones":
                rows["ones"][2] = 2501
            case "segment":
                rows["first_bit"][1] = 30_000
            case "end":
                rows["end"][0] = np.nan
            case "text":
                rows["message"][0] = b"\xff\xfe"
        for name in rows if grouped else ():
            file[table][name][:] = rows[name]
        if not grouped:
            file[table][:] = rows
    done = command("info", path, "--verify")
    assert done.returncode == 1
    assert says in done.stdout


def test_a_thousand_faults_are_counted_not_printed(command, tmp_path):
    path = tmp_path / "run.h5"
    with RecordingWriter.create(path, RecordingHead("A", simulated=True)) as writer:
        writer.append(Blocks(BITS, counts=[25] * 1000))
    with h5py.File(path, "r+") as file:
        rows = file["blocks"][:]
        rows["checksum"] ^= 1
        file["blocks"][:] = rows
    done = command("info", path, "--verify")
    assert done.stdout.count("WRONG") == 20
    assert "… and 980 more." in done.stdout


def test_a_file_that_is_none(command, tmp_path):
    (tmp_path / "note.h5").write_text("hello")
    done = command("info", tmp_path / "note.h5", "--verify")
    assert done.returncode == 2
    assert (
        done.stderr == f"mtjlab info: {tmp_path / 'note.h5'}: is not an HDF5 file; name a file that mtjlab recorded\n"
    )


def test_info_needs_no_pandas(path):
    """It would take longer to import than all the rest."""
    script = (
        "import sys; from mtjlab.cli.main import main; main(['info', sys.argv[1]]); assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, stdout=subprocess.DEVNULL, cwd=os.sep)
