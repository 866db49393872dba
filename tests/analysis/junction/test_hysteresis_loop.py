"""Loops of resistance against field."""

import numpy as np
import pytest

from mtjlab.analysis.junction.hysteresis_loop import HysteresisLoop


def loops(seed, repeats=20, *, coercivity=0.02, offset=0.003, scatter=5e-4, noise=100.0, tmr=1.0):
    """Sweep a junction that switches at normally scattered fields; the reads are noisy."""
    rng = np.random.default_rng(seed)
    up = np.linspace(-0.05, 0.05, 201)
    fields = np.empty((repeats, 2, up.size))
    ohms = np.empty_like(fields)
    for k in range(repeats):
        fields[k] = up, up[::-1]
        to_parallel, to_antiparallel = rng.normal([offset + coercivity, offset - coercivity], scatter)
        high = np.stack([up < to_parallel, up[::-1] < to_antiparallel])
        ohms[k] = 50e3 * (1 + tmr * high) + rng.normal(0, noise, high.shape)
    return fields, ohms


def test_intervals_hold_the_truth_as_often_as_they_say():
    truths = {"coercivity": 0.02, "offset": 0.003, "tmr": 1.0, "up": 0.023, "down": -0.017}
    held = dict.fromkeys(truths, 0)
    for seed in range(200):
        loop = HysteresisLoop.analyse(*loops(seed))
        for name, truth in truths.items():
            low, high = getattr(loop, name).interval
            held[name] += low <= truth <= high
    # 190 of 200 by the normal interval; that of 20 repeats' own spread holds 93.5 % (Student). Three deviations.
    assert all(187 - 10 <= count <= 190 + 9 for count in held.values()), held


def test_a_single_loop_knows_its_fields_to_the_step():
    loop = HysteresisLoop.analyse(*loops(1, repeats=1))
    assert loop.up.uncertainty == pytest.approx(5e-4 / np.sqrt(12))


def test_the_resistance_area_product_is_resistance_times_area():
    loop = HysteresisLoop.analyse(*loops(1))
    assert loop.resistance_area(1.96e-15).value == pytest.approx(98e-12, rel=0.001)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"coercivity": 0.2}, "does not reach its switching field"),
        ({"tmr": 0.0}, "stuck, open or shorted"),
        ({"noise": 3e4}, "stuck, open or shorted|no resistances"),
    ],
)
def test_what_is_no_loop_gets_a_diagnosis(changed, words):
    with pytest.raises(ValueError, match=words):
        HysteresisLoop.analyse(*loops(1, **changed))


def test_an_open_device_gets_a_diagnosis():
    fields, ohms = loops(1)
    with pytest.raises(ValueError, match="open"):
        HysteresisLoop.analyse(fields, np.full_like(ohms, np.inf))
