"""`mtjlab randomness --suite sp800-22` as a user runs it."""

import json

import numpy as np
import pytest

from mtjlab.cli.main import main


@pytest.fixture
def file(tmp_path, random_bits):
    path = tmp_path / "bits.bin"
    path.write_bytes(np.packbits(random_bits(3, 400_000)).tobytes())
    return path


def test_the_json_has_every_sequence_and_the_verdict(file, tmp_path, capsys):
    words = ["randomness", file, "--suite", "sp800-22", "--format", "packed", "--sequence-length", "100000"]
    code = main([*map(str, words), "--workers", "2", "--json", str(tmp_path / "r.json")])
    said = json.loads((tmp_path / "r.json").read_text())
    assert code == 0
    assert said["verdict"]["passed"]
    assert (said["suite"], said["mode"], len(said["sequences"])) == ("sp800-22", "exact", 4)
    tests = {test["test"]: test for test in said["sequences"][0]["tests"]}
    assert len(tests) == 15
    assert len(tests["non_overlapping_template"]["p_values"]) == 148
    assert tests["universal"] | {"reason": ""} == {
        "test": "universal", "p_values": [], "applicable": False, "statistics": {}, "reason": "",
    }  # fmt: skip
    assert "The bits pass" in capsys.readouterr().out


def test_bits_that_fail_give_exit_code_one(tmp_path):
    path = tmp_path / "ones"
    path.write_bytes(b"\xff\x0f" * 5000)
    assert (
        main(["randomness", str(path), "--suite", "sp800-22", "--format", "packed", "--tests", "serial,runs,rank"]) == 1
    )


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (b"", (), "empty"),
        (b"01012", ("--format", "ascii"), "'2' in line 1"),
        (b"01" * 600 + b"0", ("--format", "ascii"), "odd"),
        (b"01" * 600, ("--sequences", "2000"), "1,200 bits"),
        (b"01" * 600, ("--sequence-length", "1000", "--sequences", "3"), "3,000"),
        (b"01" * 600, ("--tests", "monobit"), "monobit"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(tmp_path, capsys, content, words, said):
    path = tmp_path / "bad"
    path.write_bytes(content)
    assert main(["randomness", str(path), "--suite", "sp800-22", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_options_of_the_suite_need_the_suite(file, capsys):
    assert main(["randomness", str(file), "--mode", "nist"]) == 2
    assert "--suite sp800-22" in capsys.readouterr().err
