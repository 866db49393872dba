"""`mtjlab fit`, and Ctrl-C while a fit lasts."""

import json
import signal
import sys

import pytest

from mtjlab.cli.main import main
from mtjlab.data.recording import Recording
from mtjlab.instruments.bench.file import BenchFile


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_one_ctrl_c_ends_a_long_fit_and_leaves_a_finished_map(started, tmp_path):
    bench, output = tmp_path / "bench.toml", tmp_path / "map.h5"
    bench.write_text(BenchFile.load("simulated").text.replace('"tabulated"', '"macrospin"'), encoding="utf-8")
    # Pulses of 15 ns take minutes to fit.
    settings = ["pulses=1700", "shots=20", "prepared=2", "lowest=1.1", "shortest=5e-9", "longest=15e-9"]
    words = ["run", "switching-probability", "--bench", bench, "--seed", "1", "--output", output]
    words += [word for setting in settings for word in ("--set", setting)]
    process = started(*words, until="correlation length in width")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    recording = Recording(output)
    assert recording.status == "finished"
    assert recording.rows > 80
    assert any("to make it again: mtjlab fit" in message for *_, message in recording.messages(99))


def test_the_settings_of_a_fit_are_listed_and_what_is_none_is_one_line(tmp_path, capsys):
    path = str(tmp_path / "errors.h5")
    words = ["write-error-rate", "--seed", "1", "--set", "pulses=5000", "--set", "required=0.4", "--output", path]
    assert main(["run", *words]) == 0
    capsys.readouterr()
    assert main(["fit", path, "--settings", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == {"settings": {"required": 0.4}}
    assert main(["fit", path, "--set", "pulses=7"]) == 2
    refused = capsys.readouterr().err
    assert refused.count("\n") == 1
    assert "those that may change: required" in refused
    assert main(["fit", path, "--set", "required=1e-3"]) == 0
    assert [fit.settings for fit in Recording(path).fits] == ["", "required=1e-3"]
