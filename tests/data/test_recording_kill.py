"""A killed recording opens, holds every bit that was reported as committed, and continues."""

from __future__ import annotations

import signal
import subprocess
import sys

import h5py
import numpy as np
import pytest

from mtjlab.data.contents.layout import Status
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter

WRITER = """
import os, signal, sys
import numpy as np
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter

bits = np.resize(np.random.default_rng(240712261).integers(0, 2, 2_000_003, dtype=np.uint8), 20_000_000)
path, alarm, resumed = sys.argv[1], float(sys.argv[2]), len(sys.argv) > 3
writer = RecordingWriter.resume(path) if resumed else RecordingWriter.create(
    path, RecordingHead("AcquireBits", columns={"time": "s"}, simulated=True))
number = 0
while True:
    begin, length = writer.committed, (2500, 1, 1003, 17)[number % 4]
    kept = writer.append(bits[begin : begin + length], {"time": [begin]})
    os.write(1, b"%d\\n" % kept)
    if number == 0:  # anywhere within the next commits; nobody handles it: it ends the process as SIGKILL does
        signal.setitimer(signal.ITIMER_REAL, alarm)
    number += 1
    if number % 16 == 0:
        writer.log("info", "block %d" % number)
"""


FULL = """
import resource, sys
import numpy as np
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording_writer import RecordingWriter

bits = np.random.default_rng(240712261).integers(0, 2, 2_000_003, dtype=np.uint8)
with RecordingWriter.create(sys.argv[1], RecordingHead("AcquireBits", columns={"time": "s"}, simulated=True)) as writer:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    while True:
        begin = writer.committed
        print(writer.append(np.resize(bits, 40_000_000)[begin : begin + 500_001], {"time": [begin]}), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit of file size is POSIX's")
@pytest.mark.parametrize("limit", [5_000_000, 6_500_000])
def test_a_full_disk_costs_no_committed_bit(tmp_path, limit):
    bits = np.resize(np.random.default_rng(240712261).integers(0, 2, 2_000_003, dtype=np.uint8), 40_000_000)
    path = tmp_path / "run.h5"
    writer = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(limit)], capture_output=True, check=False, cwd=tmp_path
    )
    assert b"File too large" in writer.stderr
    reported = int(writer.stdout.split()[-1])
    with Recording(path) as recording:
        assert recording.status is Status.FAILED
        assert recording.committed == reported
        np.testing.assert_array_equal(recording.bits[:], bits[:reported])
    with RecordingWriter.resume(path) as resumed:
        assert resumed.append(bits[reported:]) == len(bits)
    np.testing.assert_array_equal(Recording(path).bits[:], bits)


@pytest.mark.skipif(sys.platform == "win32", reason="alarms are POSIX's")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kills", [3, pytest.param(300, marks=pytest.mark.slow)])
def test_kills_at_random_instants_cost_no_committed_bit(tmp_path, kills):
    bits = np.resize(np.random.default_rng(240712261).integers(0, 2, 2_000_003, dtype=np.uint8), 20_000_000)
    rng = np.random.default_rng(5)
    path = tmp_path / "run.h5"
    ahead = 0
    for life in range(kills):
        alarm = str(rng.uniform(1e-4, 0.03))
        command = [sys.executable, "-c", WRITER, str(path), alarm, *(["resume"] if life else [])]
        process = subprocess.run(command, stdout=subprocess.PIPE, cwd=tmp_path, check=False)
        assert process.returncode == -signal.SIGALRM
        reported = [int(line) for line in process.stdout.split()]
        with h5py.File(path, "r") as file:  # opens with any tool
            assert file["bits/packed"].attrs["committed"] >= reported[-1]
        with Recording(path) as recording:
            committed = recording.committed
            assert recording.status is Status.KILLED
            assert committed >= reported[-1]
            ahead += committed > reported[-1]
            np.testing.assert_array_equal(recording.bits[:], bits[:committed])
            assert list(recording.verify()) == []
            assert recording.frame()["time"].tolist() == recording.blocks()["first_bit"].tolist()
            assert len(recording.segments()) == life + 1
    with RecordingWriter.resume(path) as writer:
        planned = writer.committed + 100_003
        writer.append(bits[writer.committed : planned])
    recording = Recording(path)
    assert recording.status is Status.FINISHED
    np.testing.assert_array_equal(recording.bits[:], bits[:planned])
    segments = recording.segments()
    assert segments["why"].tolist() == ["killed"] * kills + ["finished"]
    assert (segments["end"] >= segments["start"]).all()
    assert [p.name for p in tmp_path.iterdir()] == ["run.h5"]
    figures = f"{kills} of {kills} files open and hold all reported; {ahead} held a commit more; {planned:,} bits"
    print(figures)  # noqa: T201 - what the study found
