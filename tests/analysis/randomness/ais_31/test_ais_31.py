"""T0 to T8 of AIS 20/31 pass fair bits, and each fails what it looks for."""

import json

import numpy as np
import pytest

from mtjlab.analysis.randomness import run_ais_31
from mtjlab.analysis.randomness.ais_31.procedure_a import disjointness
from mtjlab.cli.main import main
from mtjlab.core import InputError

BLOCKS = 4_200_000
"""Bits that procedure B takes; T1 to T5 then do 210 blocks."""


@pytest.fixture(scope="module")
def fair():
    return np.random.default_rng(1).integers(0, 2, BLOCKS, np.uint8)


def _tests(bits):
    result = run_ais_31(bits)
    return {test.name: test for test in (*result.procedure_a, *result.procedure_b)}


def test_fair_bits_pass(fair):
    tests = _tests(fair)
    assert {name: test.passed for name, test in tests.items()} == dict.fromkeys(tests, True)
    assert (tests["T1"].done, tests["T7b"].done) == (210, 4)
    assert tests["T8"].worst == pytest.approx(8.0, abs=0.01)  # without bias: 8 bits a byte


def test_each_test_fails_what_it_looks_for(fair):
    generator = np.random.default_rng(2)
    words = fair[:3_145_728].copy()
    words[48 * 9 : 48 * 10] = words[:48]
    assert not disjointness(words).passed
    biased = (generator.random(200_000) < 0.53).astype(np.uint8)
    assert {"T1", "T6a"} <= {name for name, test in _tests(biased).items() if test.passed is False}
    stuck = fair[:60_000].copy()
    stuck[50_000:50_034] = 1
    assert _tests(stuck)["T4"].failed == 1
    assert _tests(stuck)["T4"].worst >= 34
    sticky = np.bitwise_xor.accumulate((generator.random(430_000) < 0.45).astype(np.uint8))
    assert {"T3", "T6b"} <= {name for name, test in _tests(sticky).items() if test.passed is False}
    repeated = np.tile(fair[:1234], 20)[:20_000]
    assert not _tests(repeated)["T5"].passed


def test_autocorrelation_is_that_of_the_definition(fair):
    block = fair[:20_000].astype(int)
    sums = [abs((block[:5000] ^ block[lag : lag + 5000]).sum() - 2500) for lag in range(1, 5001)]
    lag = int(np.argmax(sums)) + 1
    expected = (block[10_000:15_000] ^ block[10_000 + lag : 15_000 + lag]).sum()
    assert _tests(fair[:20_000])["T5"].worst == expected


def test_tests_that_need_more_bits_do_not_apply(fair):
    tests = _tests(fair[:100_000])
    assert tests["T0"].reason == "100,000 bits; the test needs 3,145,728"
    assert [name for name, test in tests.items() if test.passed is None] == ["T0", "T6b", "T7a", "T7b", "T8"]
    with pytest.raises(InputError, match="at least 20,000 bits"):
        run_ais_31(fair[:19_999])


def test_the_command_shows_each_test(fair, tmp_path, capsys):
    np.packbits(fair[:80_000]).tofile(tmp_path / "bits.bin")
    words = ["randomness", str(tmp_path / "bits.bin"), "--format", "packed", "--suite", "ais-31"]
    assert main([*words, "--json", str(tmp_path / "r.json")]) == 0
    said = json.loads((tmp_path / "r.json").read_text())
    assert said["tests"]["T1"]["done"] == 4
    assert said["parameters"] == "AIS 20/31 version 2.0 (2011)"
    assert "No value lies outside" in capsys.readouterr().out


def test_all_suites_at_once(fair, tmp_path):
    np.packbits(fair[:8000]).tofile(tmp_path / "bits.bin")
    words = ["randomness", str(tmp_path / "bits.bin"), "--format", "packed", "--suite", "all", "--tests", "frequency"]
    assert main([*words, "--json", str(tmp_path / "r.json")]) == 0
    suites = json.loads((tmp_path / "r.json").read_text())["suites"]
    assert list(suites) == ["mtjlab", "sp800-22", "sp800-90b", "ais-31"]
    assert suites["mtjlab"]["passed"] is True
    assert suites["sp800-90b"]["non_iid"]["min_entropy"] > 0.5
    assert "at least 20,000 bits" in suites["ais-31"]["not_applicable"]
