"""A bitstream whose bits go through an extractor as they come."""

import numpy as np
import pytest

from mtjlab.analysis.extraction.conditioned_recording import is_conditioned, raw_bits_of
from mtjlab.analysis.extraction.extractor import EXTRACTORS
from mtjlab.analysis.health.entropy_claim import EntropyClaim
from mtjlab.analysis.health.health_tests import HealthTests
from mtjlab.core import Bits, InputError
from mtjlab.instruments import open_bench
from mtjlab.procedures.bitstream.junction_bits import JunctionBits
from mtjlab.procedures.live_bits import LiveBits
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.one_run import run
from mtjlab.procedures.steering.actuators import OperatingPoint


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    with open_bench("simulated", seed=7) as bench:
        return run(RandomBitstream(bits=20_000), bench, tmp_path_factory.mktemp("raw") / "raw.h5")


def test_the_recording_holds_what_the_extractor_leaves_of_the_raw_bits(bench, raw, tmp_path):
    fair = run(RandomBitstream(bits=3000, extract="von-neumann"), bench, tmp_path / "fair.h5")
    expected = EXTRACTORS.load("von-neumann").condition(raw.packed_bits())
    assert fair.packed_bits() == expected[:3000]
    # The rows are of the raw bits: five blocks of 2,500.
    np.testing.assert_array_equal(fair.frame()["P(1)"], raw.frame()["P(1)"][:5])
    assert (is_conditioned(fair), is_conditioned(raw), raw_bits_of(fair)) == (True, False, 12_500)
    assert fair.blocks()["ones"].sum() == expected[:3000].ones()


def test_a_resumed_run_extracts_from_the_same_state(bench, raw, tmp_path):
    path = tmp_path / "fair.h5"
    run(RandomBitstream(bits=1000, extract="von-neumann"), bench, path)
    with open_bench("simulated", seed=7) as again:
        fair = run(RandomBitstream(bits=3000, extract="von-neumann"), again, path, resume=True)
    assert fair.packed_bits() == EXTRACTORS.load("von-neumann").condition(raw.packed_bits())[:3000]


def test_it_begins_again_after_pulses_that_it_does_not_see():
    junction = JunctionBits(
        "",
        OperatingPoint(1.25, 1e-8),
        HealthTests(EntropyClaim(1.0, 2.0**-40)),
        from_parallel=False,
        report=lambda results: None,
        extractor=EXTRACTORS.load("von-neumann"),
    )
    parts = np.random.default_rng(1).integers(0, 2, (3, 501), dtype=np.uint8)
    given = [junction.conditioned(parts[0]), junction.conditioned(parts[1])]
    junction.pause()
    given.append(junction.conditioned(parts[2]))
    condition = EXTRACTORS.load("von-neumann").condition
    assert Bits.joined(given) == condition(Bits(parts[:2].ravel())) + condition(Bits(parts[2]))


def test_a_conditioned_bit_has_no_resistance_and_goes_through_one_extractor(bench, tmp_path):
    with pytest.raises(InputError, match="has no resistance of its own"):
        run(RandomBitstream(bits=100, extract="peres", resistance="every"), bench, tmp_path / "a.h5")
    with pytest.raises(InputError, match="one extractor"):
        LiveBits(bench, RandomBitstream(extract="peres"), extractor=EXTRACTORS.load("peres"))


def test_a_longer_run_is_expected_for_as_many_conditioned_bits():
    plain, fair = (RandomBitstream(bits=1_000_000, extract=word) for word in ("none", "von-neumann"))
    assert fair.estimated_duration == pytest.approx(4 * plain.estimated_duration, rel=0.05)
