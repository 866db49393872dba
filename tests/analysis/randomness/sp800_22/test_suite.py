"""One sequence and many: what applies, what is judged, what is shown."""

import json

import numpy as np
import pytest

from mtjlab.analysis.randomness import sp800_22
from mtjlab.analysis.randomness.sp800_22.compilation import compiled_parts
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome, SequenceResult
from mtjlab.analysis.randomness.sp800_22.sequence_file import SequenceFile, split
from mtjlab.analysis.randomness.sp800_22.suite_test import SP800_22_TESTS, facts_of, suite_tests
from mtjlab.analysis.randomness.sp800_22.suite_verdict import judge
from mtjlab.core import Bits


def test_bits_may_be_packed_or_not(random_bits):
    bits = random_bits(1, 100_000)
    loose, packed = sp800_22.run(bits), sp800_22.run(np.packbits(bits).tobytes())
    assert loose == packed == sp800_22.run(Bits(bits))
    assert [outcome.test for outcome in loose.outcomes] == [test.name for test in suite_tests()]


def test_what_is_too_short_is_not_applicable_and_not_judged(random_bits):
    result = sp800_22.run(random_bits(2, 10_000))
    for name in ("universal", "linear_complexity", "random_excursions"):
        assert not result[name].applicable
        assert result[name].p_values == ()
        assert result[name].reason
    verdict = judge([result])
    assert "universal" in verdict.not_applicable
    assert not any(name.startswith("universal") for name in verdict.decision.adjusted)
    assert set(result.to_frame().query("not applicable").test) == set(verdict.not_applicable)


def test_too_few_cycles_leave_excursions_out():
    drifting = np.tile(np.array([1, 1, 1, 0], np.uint8), 250_000)
    outcome = sp800_22.run(drifting, tests=["random_excursions"])["random_excursions"]
    assert not outcome.applicable
    assert "500" in outcome.reason


def test_unknown_words_are_refused(random_bits):
    with pytest.raises(ValueError, match="exact"):
        sp800_22.run(random_bits(1, 100), "sts")
    with pytest.raises(ValueError, match="frequency"):
        sp800_22.run(random_bits(1, 100), tests=["monobit"])
    with pytest.raises(ValueError, match="at least one"):
        sp800_22.run(b"")


def test_workers_change_nothing(random_bits):
    parts = [random_bits(seed, 100_000) for seed in range(12)]
    one, two = sp800_22.run_many(parts), sp800_22.run_many(iter(parts), workers=2)
    assert one == two
    json.dumps(two.as_dict(), allow_nan=False)
    assert len(two.to_frame()) == sum(len(each.to_frame()) for each in one.sequences)


def test_fair_bits_pass_and_biased_ones_fail(random_bits):
    assert sp800_22.run_many([random_bits(seed, 200_000) for seed in range(60)]).verdict.passed
    biased = [(np.random.default_rng(seed).random(200_000) < 0.505).astype(np.uint8) for seed in range(60)]
    verdict = sp800_22.run_many(biased, tests=["frequency", "runs"]).verdict
    assert not verdict.passed
    assert any(name.startswith("frequency") for name in verdict.decision.rejected)
    assert "FAIL" in verdict.words


def made(p_values):
    return [SequenceResult(Mode.EXACT, 1, (Outcome(test="block_frequency", p_values=(float(p),)),)) for p in p_values]


def test_bands_are_shown_and_do_not_decide():
    # 5 of 100 below 0.01 is out of the standard's band (at most 3.98 may be); exact binomial: 0.0034.
    p_values = np.concatenate((np.full(5, 0.005), np.linspace(0.02, 0.999, 95)))
    verdict = judge(made(p_values))
    assert not verdict.proportions[0].within_band
    assert verdict.proportions[0].binomial == pytest.approx(0.003432, abs=1e-6)
    assert verdict.passed


def test_p_values_too_near_one_are_reported_and_do_not_decide():
    fair = judge(made(np.concatenate((np.full(12, 0.999), np.linspace(0.001, 0.95, 88)))))
    assert fair.passed
    assert set(fair.too_good.rejected) == {"block_frequency"}
    assert "Too fair" in fair.words


def test_one_sequence_is_judged_by_its_p_values():
    assert not judge(made([1e-4])).passed
    assert judge(made([2e-3])).passed


def test_sequences_of_a_file_are_those_of_the_array(tmp_path, random_bits):
    bits = random_bits(5, 30_000)
    packed, text, symbols = tmp_path / "packed", tmp_path / "text", tmp_path / "symbols"
    packed.write_bytes(np.packbits(bits).tobytes())
    text.write_text("\n".join("".join(map(str, row)) for row in bits.reshape(-1, 50)))
    symbols.write_bytes(bits.tobytes())
    for path, form in ((packed, "packed"), (text, None), (symbols, None)):
        file = SequenceFile.open(path, form)
        assert file.bits == 30_000
        parts = [sequence.bits for sequence in file.sequences(9_998, 3)]
        assert np.array_equal(np.concatenate(parts), bits[:29_994])


@pytest.mark.parametrize(
    ("bits", "length", "count", "said"),
    [(100, 200, None, "100 bits"), (100, 50, 3, "150"), (100, None, 101, "101")],
)
def test_what_cannot_be_cut_is_refused(bits, length, count, said):
    with pytest.raises(ValueError, match=said):
        split(bits, length, count, "file")


def test_cuts_by_default():
    assert split(2_500_000, None, None, "file") == (1_000_000, 2)
    assert split(1000, None, None, "file") == (1000, 1)
    assert split(1000, None, 10, "file") == (100, 10)


def test_results_that_are_kept_elsewhere_are_not_kept_here_and_the_verdict_is_the_same(random_bits):
    parts = [random_bits(seed, 20_000) for seed in range(5)]
    elsewhere = []
    streamed = sp800_22.run_many(iter(parts), keep=elsewhere.append)
    whole = sp800_22.run_many(parts)
    assert len(streamed.sequences) == 1
    assert tuple(elsewhere) == whole.sequences
    assert streamed.verdict == whole.verdict


def test_facts_of_the_standard_and_of_sts():
    tests = suite_tests()
    assert [test.number for test in tests] == list(range(1, 16))
    assert {test.name for test in tests} == set(SP800_22_TESTS.names())
    least = {test.name: test.least_bits for test in tests}
    assert (least["frequency"], least["rank"], least["universal"]) == (100, 38_912, 387_840)
    assert list(compiled_parts())[-1] == facts_of("linear_complexity").kernels


LAST_BIT = """\
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest


def last_bit(sequence, mode):
    return Outcome(test="last_bit", p_values=(1e-7,), statistics={"ones": sequence.ones, "mode": str(mode)})


TEST = SuiteTest(name="last_bit", run=last_bit, least_bits=2000)
"""


def test_a_test_of_another_package_is_done_and_judged(installed, random_bits):
    installed("last", "[mtjlab.sp800_22_tests]\nlast_bit = reg_last:TEST\n", reg_last=LAST_BIT)
    result = sp800_22.run(random_bits(3, 2000), "nist")
    assert result.outcomes[-1].test == "last_bit"
    assert result["last_bit"].statistics == {"ones": int(random_bits(3, 2000).sum()), "mode": "nist"}
    assert "2,000" in sp800_22.run(random_bits(3, 1999))["last_bit"].reason
    assert judge([result]).decision.rejected == {"last_bit: smallest p"}
