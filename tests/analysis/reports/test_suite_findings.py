"""What each suite says of bits, in a clause and a table."""

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.sequence_file import SequenceFile
from mtjlab.analysis.reports.judged_stream import JudgedStream
from mtjlab.analysis.reports.suite_findings import SUITES, find
from mtjlab.analysis.reports.test_meanings import meaning_of
from mtjlab.core import Bits, silent


@pytest.fixture
def packed(tmp_path):
    def write(bits):
        path = tmp_path / "bits.bin"
        path.write_bytes(Bits.of(bits).packed_bytes.tobytes())
        return SequenceFile.open(path, "packed")

    return write


@pytest.fixture(scope="module")
def fair():
    return np.random.default_rng(7).integers(0, 2, 40_000, dtype=np.uint8)


def test_sp800_22_says_level_number_of_p_values_and_length(packed, fair):
    found = find("sp800-22", packed(fair), silent)
    assert found.passed
    assert "pass NIST SP 800-22 (family-wise level 0.001, Holm over" in found.clause
    assert "of 1 sequence of 40,000 bits" in found.clause
    rows = {row[0]: row for row in found.table.rows}
    assert rows["frequency"][-1] == "passed"
    assert rows["universal"][-1] == "not applicable"
    assert "asks for" in rows["universal"][2]


def test_sp800_22_names_what_failed(packed):
    found = find("sp800-22", packed(np.tile([0, 1, 1, 0], 10_000)), silent)
    assert found.passed is False
    rows = {row[0]: row for row in found.table.rows}
    assert rows["frequency"][-1] == "passed"
    assert rows["dft"][-1] == "failed"
    assert "dft" in found.clause


def test_sp800_90b_gives_its_least_estimate_and_judges_nothing(packed, fair):
    found = find("sp800-90b", packed(fair), silent)
    assert found.passed is None
    estimates = [float(row[2].split()[0]) for row in found.table.rows if row[-1] == "estimate"]
    assert found.min_entropy == pytest.approx(min(estimates), abs=1e-6)
    assert f"{found.min_entropy:.4f} bits a bit" in found.clause
    assert "from 40,000 bits; the standard asks for 1,000,000" in found.clause


def test_ais_31_says_how_many_values_are_outside(packed, fair):
    assert "pass the tests T0 to T8 of AIS 20/31 (0 of" in find("ais-31", packed(fair), silent).clause
    assert find("ais-31", packed(np.zeros(40_000, np.uint8)), silent).passed is False


@pytest.mark.parametrize("suite", SUITES)
def test_too_few_bits_are_said_to_be_so(packed, suite):
    found = find(suite, packed(np.array([0, 1, 1, 0, 1, 0, 0, 1])), silent)
    assert found.passed is None or suite == "sp800-90b"
    assert found.table is not None or "cannot be judged by" in found.clause


@pytest.mark.parametrize("suite", ["mtjlab", "sp800-22", "sp800-90b"])
def test_every_test_has_its_meaning(packed, fair, suite):
    tests = [row[0] for row in find(suite, packed(fair), silent).table.rows]
    assert all("another package" not in meaning_of(suite, test) for test in tests)
    assert "another package" in meaning_of(suite, "theirs")


def test_a_stream_without_a_judge_is_not_judged():
    stream = JudgedStream("bits as recorded", 0, 0, ())
    assert (stream.passed, stream.result, stream.share) == (None, "not judged", "-")
    assert stream.verdict.startswith("No bits")
