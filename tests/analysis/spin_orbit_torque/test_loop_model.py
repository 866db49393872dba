"""The curves of loops: slopes against differences, symmetries, and where jumps are put; swept across and along."""

import dataclasses

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.loop_model import LoopModel, jumps_of

WAY = np.linspace(-0.06, 0.06, 31)
FIELDS = np.broadcast_to(np.stack([WAY, WAY[::-1]]), (2, 1, 2, 31)).copy()
JUMPS = np.array([[[17, 16]], [[18, 17]]])
# Bk, canting; s, R0, ΔR and Ru of two currents.
VALUES = np.array([0.03, 0.05, 2e-3, -3e-3, 500.0, 510.0, 1.0, 1.2, 0.1, -0.2])
ACROSS = LoopModel(FIELDS, 0.006, 0.02, JUMPS)
ALONG = LoopModel(FIELDS, 0.009, 0.02, JUMPS, sweeps_along=True)


@pytest.mark.parametrize("model", [ACROSS, ALONG], ids=["across", "along"])
@pytest.mark.parametrize("anisotropy", [0.03, -0.03])
def test_the_slopes_are_those_of_the_curves(model, anisotropy):
    values = VALUES.copy()
    values[0] = anisotropy
    found = model.slopes(values)
    for index in range(values.size):
        step = 1e-7 if abs(values[index]) < 1 else 1e-3
        ends = []
        for side in (-1, 1):
            moved = values.copy()
            moved[index] += side * step
            ends.append(model.curves(moved))
        by_difference = (ends[1] - ends[0]) / (2 * step)
        # A reading beside a jump may be in the other well in one of the differences.
        off = np.abs(found[:, index] - by_difference) / np.abs(by_difference).max()
        assert np.quantile(off, 0.95) < 1e-3


def test_a_field_held_is_where_the_swept_one_is_not():
    """At the field zero both axes see the field that is held, along or across the bar."""
    at_zero = FIELDS[0, 0, 0] == WAY[15]
    values = VALUES.copy()
    values[2:4] = 0.0
    strong = dataclasses.replace(ACROSS, held=10.0, misalignment=0.0).curves(values).reshape(FIELDS.shape)
    assert strong[0, 0, 0][at_zero] == pytest.approx(500.0 + 1.0, abs=0.01)  # m along the bar: R0 + ΔR
    strong = dataclasses.replace(ALONG, held=10.0, misalignment=0.0).curves(values).reshape(FIELDS.shape)
    assert strong[0, 0, 0][at_zero] == pytest.approx(500.0 + 0.1, abs=0.01)  # m across it: R0 + Ru


def test_a_shift_is_a_field_across_the_bar():
    """Held across by 9 mT and moved by 2 mT, it is as though 11 mT were held."""
    values, straight = VALUES.copy(), dataclasses.replace(ALONG, misalignment=0.0)
    values[2:4] = 2e-3
    moved = straight.curves(values)
    values[2:4] = 0.0
    np.testing.assert_allclose(dataclasses.replace(straight, held=0.011).curves(values), moved, atol=1e-6)


def test_a_loop_turned_round_is_the_loop_of_the_turned_bar():
    """R(-B, -s) at my turned has AMR as before and UMR of the other sign."""
    straight = dataclasses.replace(ACROSS, misalignment=0.0)
    values, turned = VALUES.copy(), VALUES.copy()
    turned[2:4] *= -1
    turned[8:10] *= -1
    other = LoopModel(-FIELDS[:, :, ::-1], -0.006, 0.0, JUMPS[:, :, ::-1]).curves(turned).reshape(FIELDS.shape)
    np.testing.assert_allclose(other[:, :, ::-1], straight.curves(values).reshape(FIELDS.shape), atol=1e-5)


@pytest.mark.parametrize("model", [ACROSS, dataclasses.replace(ALONG, held=0.002)], ids=["across", "along"])
def test_jumps_are_put_where_they_were(model):
    values = VALUES.copy()
    if model.sweeps_along:
        values[:2] = -0.03, 0.3  # type x: two wells towards +x and -x
    ohms = model.curves(values).reshape(FIELDS.shape)
    begun = dataclasses.replace(model, jumps=np.full_like(JUMPS, 10))
    ohms = ohms + np.random.default_rng(1).normal(0, 1e-3, ohms.shape)
    np.testing.assert_array_equal(begun.with_jumps(ohms, values).jumps, JUMPS)


def test_the_field_of_a_jump_lies_between_two_readings():
    expected = (FIELDS[0, 0, 0, 17] + FIELDS[0, 0, 0, 16]) / 2
    assert ACROSS.jump_fields()[0, 0, 0] == pytest.approx(expected)
    assert ACROSS.jump_fields()[0, 0, 1] == pytest.approx((FIELDS[0, 0, 1, 16] + FIELDS[0, 0, 1, 15]) / 2)


def test_a_jump_is_found_where_straight_lines_miss_each_other():
    ohms = 0.1 * FIELDS / 0.06 + np.where(np.arange(31) >= JUMPS[..., None], 1.0, 0.0)
    np.testing.assert_array_equal(jumps_of(FIELDS, ohms), JUMPS)


def test_a_step_alone_needs_no_features():
    step = np.where(np.arange(31) >= JUMPS[..., None], 1.0, -1.0) * np.array([1.0, -1.0])[None, None, :, None]
    ohms = 500 + 0.3 * step
    assert ACROSS.without_features(ohms) == pytest.approx(0.0, abs=1e-12)
    assert ACROSS.without_features(ohms + (FIELDS / 0.06) ** 2) > 1.0
