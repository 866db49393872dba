"""Coherent rotation in the plane: closed forms, symmetries, and slopes against differences."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.in_plane_angle import InPlaneAngle

ANISOTROPY = 0.03


def test_without_anisotropy_the_magnetisation_follows_the_field():
    at = np.linspace(-3.0, 3.0, 25)
    found = InPlaneAngle.settle(0.1 * np.cos(at), 0.1 * np.sin(at), 0.0, at + 0.3)
    np.testing.assert_allclose(found.sine, np.sin(at), atol=1e-9)
    np.testing.assert_allclose(found.cosine, np.cos(at), atol=1e-9)
    np.testing.assert_allclose(found.stiffness, 0.1, rtol=1e-9)


def test_a_field_along_the_hard_axis_turns_by_its_share_of_the_anisotropy():
    """Stoner and Wohlfarth: cos φ = Bx/Bk up to Bk, along the field beyond."""
    along = np.array([-0.06, -0.02, 0.0, 0.01, 0.029, 0.05])
    found = InPlaneAngle.settle(along, 0.0, ANISOTROPY, np.full(6, 1.4))
    np.testing.assert_allclose(found.cosine, np.clip(along / ANISOTROPY, -1, 1), atol=1e-6)


@pytest.mark.parametrize(("field", "stays"), [(-0.029, True), (-0.031, False)])
def test_a_field_against_the_state_turns_it_beyond_the_anisotropy(field, stays):
    found = InPlaneAngle.settle(0.0, field, ANISOTROPY, math.pi / 2 - 0.001)
    assert found.sine == pytest.approx(1.0 if stays else -1.0, abs=1e-6)


def test_a_negative_anisotropy_is_an_easy_axis_along_the_bar():
    """Type x: sin φ = By/|Bk|."""
    across = np.linspace(-0.8, 0.8, 9) * ANISOTROPY
    found = InPlaneAngle.settle(0.0, across, -ANISOTROPY, np.full(9, 0.1))
    np.testing.assert_allclose(found.sine, across / ANISOTROPY, atol=1e-8)


def test_turning_field_and_axis_turns_the_magnetisation():
    """A field and a canted axis that are turned by as much turn φ by it."""
    by, at = 0.4, np.linspace(-1.0, 1.0, 7)
    straight = InPlaneAngle.settle(0.05 * np.cos(at), 0.05 * np.sin(at), ANISOTROPY, at)
    turned = InPlaneAngle.settle(0.05 * np.cos(at + by), 0.05 * np.sin(at + by), ANISOTROPY, at + by, by)
    angle = np.arctan2(straight.sine, straight.cosine) + by
    np.testing.assert_allclose(turned.sine, np.sin(angle), atol=1e-9)
    np.testing.assert_allclose(turned.stiffness, straight.stiffness, rtol=1e-9)


def test_a_reversed_field_reverses_the_magnetisation():
    x, y = np.array([0.01, 0.04, -0.02]), np.array([0.05, -0.02, 0.03])
    there = InPlaneAngle.settle(x, y, ANISOTROPY, np.arctan2(y, x), 0.1)
    back = InPlaneAngle.settle(-x, -y, ANISOTROPY, np.arctan2(-y, -x), 0.1)
    np.testing.assert_allclose([back.sine, back.cosine], [-there.sine, -there.cosine], atol=1e-9)


def test_one_scale_of_all_fields_changes_no_angle():
    small, large = (InPlaneAngle.settle(k * 0.02, k * 0.05, k * ANISOTROPY, 1.0, 0.2) for k in (1.0, 40.0))
    assert large.sine == pytest.approx(float(small.sine), abs=1e-9)
    assert large.stiffness == pytest.approx(40 * float(small.stiffness))
    assert large.by_across == pytest.approx(float(small.by_across) / 40)


@pytest.mark.parametrize("name", ["by_along", "by_across", "by_anisotropy", "by_canting"])
def test_slopes_are_those_of_differences(name):
    where = {"by_along": 0.02, "by_across": 0.05, "by_anisotropy": ANISOTROPY, "by_canting": 0.15}

    def angle(step):
        x, y, lag, canting = (value + step * (key == name) for key, value in where.items())
        found = InPlaneAngle.settle(x, y, lag, 1.0, canting)
        return float(np.arctan2(found.sine, found.cosine)), found

    difference = (angle(1e-5)[0] - angle(-1e-5)[0]) / 2e-5
    assert getattr(angle(0.0)[1], name) == pytest.approx(difference, rel=1e-5)


def test_fields_and_beginnings_broadcast():
    found = InPlaneAngle.settle(np.zeros((3, 1)), np.array([0.01, 0.02]), ANISOTROPY, 1.5)
    assert found.sine.shape == found.by_along.shape == (3, 2)
    assert InPlaneAngle.settle([], [], ANISOTROPY, 0.0).sine.size == 0
