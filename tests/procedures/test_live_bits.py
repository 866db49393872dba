"""Bits from a live bench: those that a recording of the same bench would hold, and outputs that go off."""

import logging
import math

import numpy as np
import pytest

from mtjlab.analysis import ImagesFromBits
from mtjlab.analysis.diffusion import Ddim, Denoiser
from mtjlab.analysis.extraction import EXTRACTORS, Extractor
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16, BitNoise, NotEnoughBits, numpy_generator
from mtjlab.core import Bits, InputError
from mtjlab.data import read_bits
from mtjlab.instruments import InstrumentError, open_bench
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.live_bits import LiveBits
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.one_run import run


def outputs(bench):
    return [instrument.settings()["output"] for instrument in bench.roles.values()]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Record what the bench with seed 7 makes."""
    path = tmp_path_factory.mktemp("live") / "a.h5"
    run(RandomBitstream(bits=40_000), "simulated", path, seed=7)
    return read_bits(path).packed


def test_images_made_live_are_those_of_a_recording(bench, recorded):
    images = ImagesFromBits(Ddim(3, eta=1.0))
    with LiveBits(bench) as bits:
        start = BitNoise(bits, INVERSE_CDF16)
        live = images.make_of_noise(Denoiser.shipped(), start, 2, step_noise=start.sharing(BIT_SUM_1))
        assert outputs(bench) == ["True", "True"]
    assert outputs(bench) == ["False", "False"]
    assert (live == images.make(Denoiser.shipped(), recorded, 2)).all()
    assert bits.bits_used == 2 * images.bits_per_image
    # No pulse more than the block needs in which the last bit is.
    assert bits.raw_bits == math.ceil(bits.bits_used / 2500) * 2500


def test_conditioned_live_bits_are_those_of_the_conditioned_recording(bench, recorded):
    von_neumann = EXTRACTORS.load("von-neumann")
    with LiveBits(bench, extractor=von_neumann) as bits:
        taken = Bits.joined([bits.take(each) for each in (1, 2000, 3000)])
    assert taken == von_neumann.condition(recorded)[:5001]
    assert (bits.bits_used, bits.bits_left) == (5001, None)
    assert bits.results["parallel current"].value > bits.results["antiparallel current"].value


def test_numpy_draws_from_the_bench(bench, recorded):
    with LiveBits(bench) as bits:
        drawn = numpy_generator(bits).random(40)
    assert (drawn == (recorded.words(64)[:40] >> np.uint64(11)) * 2.0**-53).all()


def test_no_pulse_comes_before_somebody_asks(bench):
    with LiveBits(bench):
        assert bench.stand_in.wiring.junction.log.pulses == 0
    assert outputs(bench) == ["False", "False"]


def test_a_procedure_with_an_end_ends_the_bits(bench, recorded):
    with LiveBits(bench, RandomBitstream(bits=6000)) as bits:
        assert bits.take(5999) == recorded[:5999]
        with pytest.raises(NotEnoughBits, match="needs 2 more bits and 1 of 6,000 are left"):
            bits.take(2)
        assert outputs(bench) == ["False", "False"]
        assert bits.take(1) == recorded[5999:6000]
    with pytest.raises(InputError, match="made safe"):
        bits.take(1)


def test_ctrl_c_while_somebody_waits_switches_the_outputs_off(bench, monkeypatch):
    bits = LiveBits(bench)
    bits.take(100)
    assert outputs(bench) == ["True", "True"]

    def pressed():
        raise KeyboardInterrupt

    monkeypatch.setattr(bench.source_meter, "fetch_block", pressed)
    with pytest.raises(KeyboardInterrupt):
        bits.take(5000)
    assert outputs(bench) == ["False", "False"]


def test_what_the_bench_does_not_allow_switches_nothing_on(bench):
    with LiveBits(bench, RandomBitstream(amplitude=4.9)) as bits, pytest.raises(LimitError):
        bits.take(1)
    assert outputs(bench) == ["False", "False"]


def test_an_alarm_is_told_or_ends_the_bits(caplog):
    # A min-entropy near one bit lets any bias alarm: the bits are as they should be, the claim is not.
    claim = {"entropy": 1.0, "false_alarm": 0.1}
    with open_bench("simulated", seed=7) as bench, LiveBits(bench, RandomBitstream(**claim)) as bits:
        with caplog.at_level(logging.WARNING):
            bits.take(20_000)
        assert bits.alarms > 0
        assert "health alarm" in caplog.text
    with open_bench("simulated", seed=7) as bench:
        ended = LiveBits(bench, RandomBitstream(**claim), most_alarms=1)
        with pytest.raises(InstrumentError, match=r"health alarm: \d+ of 1"):
            ended.take(20_000)
        assert outputs(bench) == ["False", "False"]


def test_an_extractor_that_wants_everything_is_refused(bench):
    whole = Extractor(name="the whole", claim="", extract=np.asarray)
    with pytest.raises(InputError, match="no last one"):
        LiveBits(bench, extractor=whole)
