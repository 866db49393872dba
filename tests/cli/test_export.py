"""`mtjlab export` writes recordings for other programs, to files and pipes."""

import json
import subprocess
import sys

import numpy as np
import pytest

from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

BITS = np.random.default_rng(2407_12261).integers(0, 2, 25_003, dtype=np.uint8)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "run.h5"
    with RecordingWriter.create(
        path,
        RecordingHead(procedure="AcquireBits", parameters={}, columns={"Time": "s", "P(1)": ""}, simulated=True),
    ) as writer:
        writer.append(
            Blocks(BITS, counts=[12_500, 12_503]), {"Time": [0.0, 1.5], "P(1)": [0.5, 0.25]}, row_times=[1e9, 2e9]
        )
    return path


def test_a_table_beside_the_recording(command, path):
    done = command("export", path, "--format", "csv")
    assert done.returncode == 0
    assert "run.csv: 2 rows of data, 70 bytes, format csv." in done.stdout
    assert path.with_suffix(".csv").read_text() == (
        "Time (s),P(1),row_time (s)\n0.0,0.5,1000000000.0\n1.5,0.25,2000000000.0\n"
    )
    again = command("export", path, "--format", "csv")
    assert again.returncode == 2
    assert "run.csv: exists already" in again.stderr
    assert command("export", path, "--format", "csv", "--overwrite", "--count", "1").returncode == 0
    assert command("export", path, "--format", "csv", "--table", "blocks").returncode == 0
    assert path.with_name("run.blocks.csv").read_text().count("\n") == 3


def test_its_json_and_the_format_by_the_name(command, path):
    done = command("export", path, "--output", path.with_name("t.csv"), "--first", "1", "--json", "-")
    assert json.loads(done.stdout) == {
        "output": str(path.with_name("t.csv")),
        "format": "csv",
        "table": "data",
        "first": 1,
        "count": 1,
        "bytes": path.with_name("t.csv").stat().st_size,
        "left_out": 0,
    }


def test_bits_go_down_a_pipe_and_nothing_else(path):
    words = ["export", path, "--format", "practrand", "--output", "-", "--first", "3"]
    done = subprocess.run([sys.executable, "-m", "mtjlab.cli.main", *words], capture_output=True, check=True)
    assert np.unpackbits(np.frombuffer(done.stdout, np.uint8), bitorder="little").tolist() == BITS[3:].tolist()
    assert b"standard output: 25,000 bits, 3,125 bytes, format practrand." in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(path):
    words = ["export", path, "--format", "ascii", "--output", "-"]
    with subprocess.Popen(
        [sys.executable, "-m", "mtjlab.cli.main", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.wait() == 0
        assert process.stderr.read() == b""


def test_words_that_are_not_filled_are_left_out(command, path):
    done = command("export", path, "--format", "dieharder-raw")
    assert (
        "24,992 bits, 3,124 bytes, format dieharder-raw; the last 11 bits fill no word and are left out" in done.stdout
    )


def test_a_recording_in_the_present_format(command, path):
    new = path.with_name("new.h5")
    assert command("export", path, "--format", "recording", "--output", new).returncode == 0
    assert Recording(new).bits[:].tolist() == BITS.tolist()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "--format is needed where the name of the output does not say it; one of csv, parquet, packed"),
        (["--format", "csv", "--output", "-", "--json", "-"], "both want standard output"),
        (["--format", "ascii", "--table", "log"], "format ascii holds no table; choose csv or parquet"),
        (["--format", "recording"], "--output is needed: name the new recording"),
        (["--format", "recording", "--output", "-"], "a recording needs a file"),
        (["--format", "recording", "--output", "n.h5", "--count", "5"], "a recording is written whole"),
        (["--format", "ascii", "--first", "25004"], "bits 25004 to 25003 are not all there; choose within 0 to 25003"),
        (["--format", "ascii", "--output", "no/where"], "lies in a folder that does not exist"),
        (["--format", "ascii", "--output", "."], "exists already"),
    ],
)
def test_what_cannot_be_done_is_one_line(command, path, words, says):
    done = command("export", path, *words, folder=path.parent)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert [p.name for p in path.parent.iterdir()] == ["run.h5"]
