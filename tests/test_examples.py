"""The examples run as they are printed, and stay short."""

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(name, *words):
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, *map(str, words)], capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_measure_then_analyse(tmp_path):
    recording = tmp_path / "bits.h5"
    assert "finished: 100,000 bits" in run("measure.py", recording)
    told = run("analyse.py", recording)
    assert "RandomBitstream, finished" in told
    assert "100,000 bits, P(1) = 0." in told


def test_the_analysis_needs_no_mtjlab():
    assert "import mtjlab" not in (EXAMPLES / "analyse.py").read_text()
    assert "from mtjlab" not in (EXAMPLES / "analyse.py").read_text()


def test_examples_are_under_forty_lines():
    for path in EXAMPLES.glob("*.py"):
        assert len(path.read_text().splitlines()) < 40, path.name
