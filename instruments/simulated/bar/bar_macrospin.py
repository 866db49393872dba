"""The bar's magnet as one moment: what pulses shorter than 100 ns do, and where precession begins to grow."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import BOLTZMANN, InputError
from mtjlab.instruments.simulated.bar.landscape import Field, Landscape
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO
from mtjlab.instruments.simulated.kernels.kernel import Kernel

__all__ = ["BarMacrospin"]

_ADVANCE = Kernel("bar_heun", "advance_bars", "f8* f8* f8* i8 i8")
_AT_ONCE = 2**16  # random numbers in memory, which the cache of a processor holds
_LARGEST_TURN = 0.3  # rad a step
_LEAST_ALONG_Y = 0.05  # of a state; less is no onset of precession but the statics of a bar of type x

Vectors = NDArray[np.float64]


class BarMacrospin:
    """Landau-Lifshitz-Gilbert dynamics of a bar's magnet under a current.

    Parameters
    ----------
    bar
        The bar. The thermal field is that of its activation volume.
    seed
        Of the thermal field.

    Notes
    -----
    dm/dt = -γ m×H + α m×dm/dt with H = B + (h·I) ŷ + Bk (m·e) e - Beff mz ẑ + b m×ŷ + Bth(t): easy axis e in the plane,
    b the damping-like and h·I the field-like and Oersted field of the current; see `kernels.bar_heun`. Each component
    of the thermal field has the variance 2αkT/(γ Ms Va dt) (Brown, Phys. Rev. 130, 1677 (1963)).
    """

    def __init__(self, bar: BarParameters, seed: int | np.random.Generator | None = None) -> None:
        self.bar = bar
        self._rng = np.random.default_rng(seed)

    def advance(
        self,
        m: ArrayLike,
        duration: float,
        *,
        current: float = 0.0,
        field: Field = (0.0, 0.0, 0.0),
        temperature: float | None = None,
        dt: float = 1e-12,
    ) -> Vectors:
        """Let time pass at a constant current.

        Parameters
        ----------
        m
            Unit vectors at the start, shape (count, 3).
        duration
            For how long [s].
        current
            Through the bar [A].
        field
            At the bar [T].
        temperature
            Of the thermal field [K]; the bar's unless given, 0 for none.
        dt
            Longest time step [s].

        Returns
        -------
        ndarray of float64, shape (count, 3)
            Unit vectors at the end.

        Raises
        ------
        ValueError
            If the time step is not positive or too long for the fields.
        """
        moved = np.array(m, float).reshape(-1, 3)
        if not dt > 0 or duration < 0:
            raise InputError(f"a time of {duration} s in steps of {dt} s is not possible: give positive times")
        steps = math.ceil(duration / dt - 1e-6)
        if steps == 0:
            return moved
        settings = self._settings(current, field, temperature, duration / steps)
        chunk = max(1, _AT_ONCE // (3 * len(moved)))
        hot = settings[10] > 0
        for first in range(0, steps, chunk):
            count = min(chunk, steps - first)
            noise = self._noise(3 * count * len(moved)) if hot else np.zeros(1)
            _ADVANCE(moved, noise, settings, len(moved), count)
        return moved

    def start(
        self, count: int, well: int, *, field: Field = (0.0, 0.0, 0.0), temperature: float | None = None
    ) -> Vectors:
        """Draw magnetisations about a well without current, in the small angles of thermal equilibrium.

        Parameters
        ----------
        count
            How many.
        well
            Index of the well, in the order of angles.
        field
            At the bar [T].
        temperature
            Of the bar [K]; its own unless given.

        Returns
        -------
        ndarray of float64, shape (count, 3)
            Unit vectors.
        """
        bar, landscape = self.bar, Landscape(self.bar, field, 0.0)
        bottom = landscape.wells[min(well, len(landscape.wells) - 1)]
        heat = BOLTZMANN * (bar.temperature if temperature is None else temperature)
        scale = heat / (bar.saturation_magnetisation * bar.activation_volume)
        angle = bottom.angle + math.sqrt(scale / bottom.curvature) * self._rng.standard_normal(count)
        across = float(landscape.magnetisation(bottom.angle)[2])
        z = across + math.sqrt(scale / (bar.demagnetising_field + bottom.curvature)) * self._rng.standard_normal(count)
        z = np.clip(z, -0.99, 0.99)
        plane = np.sqrt(1 - z**2)
        return np.stack([plane * np.cos(angle), plane * np.sin(angle), z], axis=1)

    def growth_rate(self, current: float, *, duration: float = 8e-9, dt: float = 0.5e-12) -> float:
        """Give the rate at which small precession about the well that the current empties grows, without heat.

        Parameters
        ----------
        current
            Through the bar [A].
        duration
            For how long the precession is watched [s].
        dt
            Time step [s].

        Returns
        -------
        float
            Rate of the amplitude [1/s]; negative where precession decays.
        """
        landscape = Landscape(self.bar, (0.0, 0.0, 0.0), current)
        well = min(landscape.wells, key=lambda each: each.hold)
        # Where it is at rest under the torque does not depend on the damping: a large one leads there at any current.
        calm = BarMacrospin(self.bar.model_copy(update={"damping": 0.9}))
        rest = calm.advance(landscape.magnetisation(well.angle), 5e-9, current=current, temperature=0.0)[0]
        angle = math.atan2(rest[1], rest[0])
        plane = math.hypot(rest[0], rest[1])
        away = angle + 1e-5
        m = np.array([[plane * math.cos(away), plane * math.sin(away), rest[2]]])
        stiffness = np.array([well.curvature, self.bar.demagnetising_field + well.curvature])
        times, sizes = np.linspace(0.0, duration, 33), []
        for each in np.diff(times, prepend=0.0):
            m = self.advance(m, float(each), current=current, temperature=0.0, dt=dt)
            turned = math.remainder(math.atan2(m[0, 1], m[0, 0]) - angle, 2 * math.pi)
            sizes.append(math.log(float(stiffness @ np.square([turned, m[0, 2] - rest[2]]))) / 2)
        return float(np.polyfit(times, sizes, 1)[0])

    def onset_current(self) -> float:
        """Find the current at which small precession neither grows nor decays, without heat [A].

        The growth rate is a straight line in the current to first order, so two of its values give the zero, and two
        more beside it improve it.

        Returns
        -------
        float
            Current [A], positive.

        Raises
        ------
        ValueError
            If the bar has no damping-like torque, or its states no part along y that the torque would act on.
        """
        along = abs(math.sin(self.bar.easy_angle))
        if not math.isfinite(self.bar.onset_current) or along < _LEAST_ALONG_Y:
            raise InputError(
                "nothing grows in this bar: give torque.damping_like other than 0, and an easy axis with a part along y"
            )
        found, spread = self.bar.onset_current / along, 0.2
        for _ in range(3):
            low, high = found * (1 - spread), found * (1 + spread)
            at_low, at_high = self.growth_rate(low), self.growth_rate(high)
            found = low - at_low * (high - low) / (at_high - at_low)
            spread /= 4
        return found

    def reversal_current(self, *, duration: float = 100e-9, tolerance: float = 0.005) -> float:
        """Find the current that reverses the magnet without heat, from a hundredth of a radian off its well [A].

        Above the onset precession grows, and settles in an orbit about the well until the current is about a quarter
        larger.

        Parameters
        ----------
        duration
            Length of the pulse [s].
        tolerance
            Relative accuracy of the bisection.

        Returns
        -------
        float
            Current [A], positive; infinite where three times the onset current does not reverse it.
        """
        low, high = 0.5 * self.bar.onset_current, 3 * self.bar.onset_current
        if not self._reverses(high, duration):
            return math.inf
        while high - low > tolerance * low:
            middle = (low + high) / 2
            low, high = (low, middle) if self._reverses(middle, duration) else (middle, high)
        return (low + high) / 2

    def _reverses(self, current: float, duration: float) -> bool:
        landscape = Landscape(self.bar, (0.0, 0.0, 0.0), 0.0)
        pushed = self.bar.push_per_current * current
        well = min(landscape.wells, key=lambda each: pushed * math.sin(each.angle))
        angle = well.angle + 0.01
        m = np.array([[math.cos(angle), math.sin(angle), 0.0]])
        m = self.advance(m, duration, current=current, temperature=0.0)
        m = self.advance(m, 20e-9, temperature=0.0)
        return math.cos(math.atan2(m[0, 1], m[0, 0]) - well.angle) < 0

    def _noise(self, count: int) -> Vectors:
        """Draw numbers of zero mean and unit variance, uniform ones: a third of a normal one's time.

        A weak scheme of order one asks for the first two moments and a vanishing third only, see `kernels.heun_lanes`.
        """
        noise = self._rng.random(count)
        noise -= 0.5
        noise *= math.sqrt(12)
        return noise

    def _settings(self, current: float, field: Field, temperature: float | None, dt: float) -> Vectors:
        bar = self.bar
        heat = BOLTZMANN * (bar.temperature if temperature is None else temperature)
        volume = bar.saturation_magnetisation * bar.activation_volume
        thermal = math.sqrt(2 * bar.damping * heat / (GYROMAGNETIC_RATIO * volume * dt))
        turn = GYROMAGNETIC_RATIO * dt / (1 + bar.damping**2)
        push = bar.push_per_current * current
        fields = (field[0], field[1] + bar.field_per_current * current, field[2])
        largest = math.hypot(*fields) + bar.anisotropy_field + bar.demagnetising_field + abs(push) + 4 * thermal
        if turn * largest > _LARGEST_TURN:
            raise InputError(
                f"time step {dt} s is too long for fields of {largest:.3g} T: give at most "
                f"{dt * _LARGEST_TURN / (turn * largest):.2g} s"
            )
        easy = bar.easy_angle
        return np.array(
            [
                *fields,
                bar.anisotropy_field,
                math.cos(easy),
                math.sin(easy),
                bar.demagnetising_field,
                push,
                bar.damping,
                turn,
                thermal,
            ]
        )
