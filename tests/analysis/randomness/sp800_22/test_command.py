"""`mtjlab randomness --suite sp800-22` as a user runs it."""

import json
from pathlib import Path

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
    ("content", "words", "there", "needed"),
    [
        (b"", (), "is empty", "with bits in it"),
        (b"01012", ("--format", "ascii"), "'2' in line 1, column 5", "ASCII bits are 0 and 1"),
        (b"01012", (), "'2' in line 1, column 5", "leave only 0, 1 and white space"),
        (b"0110\n01x0", ("--format", "ascii"), "'x' in line 2, column 3", "ASCII bits are 0 and 1"),
        (b"01" * 600, ("--sequences", "2000"), "has 1,200 bits", "needs 2,000"),
        (b"01" * 600, ("--sequence-length", "1000", "--sequences", "3"), "has 1,200 bits", "needs 3,000"),
        (b"1", ("--format", "ascii"), "has 1 bit to", "takes two bits or more"),
        (b"01" * 25, ("--format", "ascii"), "frequency: 50 bits", "asks for 100"),
        (
            b"01" * 600,
            ("--tests", "monobit"),
            "test 'monobit' is not known",
            "installed: approximate_entropy, block_frequency",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(tmp_path, capsys, content, words, there, needed):
    path = tmp_path / "bad"
    path.write_bytes(content)
    assert main(["randomness", str(path), "--suite", "sp800-22", *words]) == 2
    error = capsys.readouterr().err
    assert there in error
    assert needed in error
    assert error.count("\n") == 1


def test_options_of_the_suite_need_the_suite(file, capsys):
    assert main(["randomness", str(file), "--mode", "nist"]) == 2
    assert "--suite sp800-22" in capsys.readouterr().err


def test_the_json_has_the_names_and_the_order_of_the_standard(tmp_path, capsys):
    pi = Path(__file__).parents[1] / "data" / "pi.1e6.bin"
    words = ["randomness", str(pi), "--suite", "sp800-22", "--format", "packed", "--json", str(tmp_path / "r.json")]
    assert main([*words, "--mode", "nist"]) == 0
    said = json.loads((tmp_path / "r.json").read_text())
    assert (said["suite"], said["mode"], len(said["sequences"])) == ("sp800-22", "nist", 1)
    tests = said["sequences"][0]["tests"]
    assert [(test["test"], len(test["p_values"])) for test in tests] == [
        ("frequency", 1), ("block_frequency", 1), ("cumulative_sums", 2), ("runs", 1), ("longest_run", 1), ("rank", 1),
        ("dft", 1), ("non_overlapping_template", 148), ("overlapping_template", 1), ("universal", 1),
        ("approximate_entropy", 1), ("random_excursions", 8), ("random_excursions_variant", 18), ("serial", 2),
        ("linear_complexity", 1),
    ]  # fmt: skip
    assert all(list(test) == ["test", "p_values", "applicable", "statistics"] for test in tests)
    assert said["verdict"]["level"] == 0.001
    assert said["verdict"]["passed"] is True
    names = [each["name"] for each in said["verdict"]["proportions"]]
    assert names[2:4] == ["cumulative_sums forward", "cumulative_sums reverse"]
    templates = [name.split()[1] for name in names if name.startswith("non_overlapping_template")]
    assert templates == sorted(templates)
    assert (templates[0], templates[-1]) == ("000000001", "111111110")
    states = [int(name.split()[1]) for name in names if name.startswith("random_excursions ")]
    assert states == [-4, -3, -2, -1, 1, 2, 3, 4]
    states = [int(name.split()[1]) for name in names if name.startswith("random_excursions_variant")]
    assert states == [*range(-9, 0), *range(1, 10)]
    assert "level 0.001" in capsys.readouterr().out
