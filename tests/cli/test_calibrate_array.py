"""The calibration of an array, as a user gives it."""

import json

import pytest

from mtjlab.cli.main import main

SMALL = ("--set", "points=4", "--set", "repeats=2", "--set", "first=1.14 V", "--set", "last=1240 mV")


@pytest.fixture
def run(tmp_path):
    def run(*words, bench="simulated-array"):
        return main(["run", "calibrate-array", "--bench", bench, "--output", str(tmp_path / "a.h5"), *SMALL, *words])

    return run


def test_it_runs_and_is_drawn_and_reported(run, tmp_path, capsys):
    assert run("--seed", "1", "--set", "wanted=0.3", "--json", str(tmp_path / "a.json")) == 0
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert 1.14 < told["results"]["amplitude for the wanted probability"]["value"] < 1.24
    assert main(["plot", str(tmp_path / "a.h5"), "--output", str(tmp_path / "a.png")]) == 0
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert main(["info", str(tmp_path / "a.h5")]) == 0
    assert "CalibrateArray" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("--set", "last=1.9"), "array amplitude = 1.9 V is refused", 1),  # by the interlock, as on any bench
        (("--set", "width=200 ns"), "array width = 2e-07 s is refused", 1),
        (("--set", "points=2"), "points = 2", 2),
        (("--set", "first=1.2 s"), "first", 2),
    ],
)
def test_what_the_bench_does_not_allow_is_refused_in_one_line(run, capsys, words, says, code):
    assert run(*words) == code
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_a_bench_without_an_array_says_what_to_add(run, capsys):
    assert run(bench="simulated") != 0
    assert "[roles.junction_array]" in capsys.readouterr().err
    assert run("--dry-run", "--set", "last=1.9") == 1


def test_a_dry_run_sends_nothing(run, tmp_path, capsys):
    assert run("--dry-run") == 0
    assert not (tmp_path / "a.h5").exists()
    assert "calibrate-array" in capsys.readouterr().out
