"""A bar that follows the textbook's equations, read with noise."""

from dataclasses import dataclass

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.in_plane_angle import InPlaneAngle


@dataclass
class Bar:
    """In-plane bar: angles from the minimum of the energy, voltages from R(φ, I)."""

    seed: int = 0
    base: float = 500.0
    amr: float = 1.0
    umr: float = 0.2  # Ω at 5 mA
    power: float = 1.0
    heating: float = 2e5  # Ω/A²
    anisotropy: float = 0.03
    canting: float = 0.0
    per_ampere: float = 1.5
    damping_like: float = 0.5  # what moves the jumps besides, T/A
    nernst: float = 0.0  # Ω/A, longitudinal
    noise: float = 0.02

    def __post_init__(self):
        self.rng = np.random.default_rng(self.seed)

    def resistance(self, along, across, current, begin):
        angle = InPlaneAngle.settle(
            along, np.asarray(across) + self.per_ampere * current, self.anisotropy, begin, self.canting
        )
        odd = self.umr * np.sign(current) * (abs(current) / 5e-3) ** self.power + self.nernst * current
        read = self.base + self.heating * current**2 + self.amr * angle.cosine**2 + odd * angle.sine
        return read + self.rng.normal(0, self.noise, np.shape(read))

    def turn(self, field, off=0.0, points=73, current=5e-3):
        at = np.linspace(0, 2 * np.pi, points)
        return at, self.resistance(field * np.cos(at + off), field * np.sin(at + off), current, at + off)

    def loops(self, along=0.006, sizes=(2e-3, 5e-3), loops=1, points=41, largest=0.06):
        currents = np.array([*sizes, *(-size for size in sizes)])
        up = np.linspace(-largest, largest, points)
        fields = np.empty((currents.size, loops, 2, points))
        ohms = np.empty_like(fields)
        for k, loop, way in np.ndindex(currents.size, loops, 2):
            sign = 1 - 2 * way
            moved = (self.per_ampere + self.damping_like) * currents[k]
            jump = sign * 0.5 * abs(self.anisotropy) - moved + self.rng.normal(0, 0.03 * abs(self.anisotropy))
            fields[k, loop, way] = up[::sign]
            begin = np.where(up[::sign] > jump, np.pi / 2, -np.pi / 2) * 0.999
            ohms[k, loop, way] = self.resistance(along, up[::sign], currents[k], begin)
        return currents, fields, ohms


@pytest.fixture
def make_bar():
    return Bar
