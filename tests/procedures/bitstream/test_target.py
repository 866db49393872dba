"""The nearest of bits, duration and shown bias ends a bitstream."""

import dataclasses

import pytest

from mtjlab.analysis.randomness.bias import bias_bound
from mtjlab.procedures.bitstream.target import Target


@dataclasses.dataclass
class Counted:
    """What a junction has given out."""

    ones: int
    bits: int


def test_the_nearest_part_counts():
    target = Target(1000, duration=60.0)
    assert target.progress(100, 30.0, []) == 50.0
    assert target.progress(700, 30.0, []) == 70.0
    assert target.progress(100, 61.0, []) == 100.0
    assert Target(1000).progress(100, 1e9, []) == 10.0


def test_a_bias_is_shown_when_the_worst_junction_shows_it():
    fair, off = Counted(50_000, 100_000), Counted(5100, 10_000)
    shown = bias_bound(off.ones, off.bits, 0.95)
    assert Target(10**9, largest_bias=shown).progress(110_000, 0.0, [fair, off]) == pytest.approx(100.0)
    assert Target(10**9, largest_bias=shown / 2).progress(110_000, 0.0, [fair, off]) == pytest.approx(25.0)
