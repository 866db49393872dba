"""The magnetisation and the temperature of a bar, and what field, current and time do to them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import BOLTZMANN, InputError
from mtjlab.instruments.simulated.bar.bar_macrospin import BarMacrospin
from mtjlab.instruments.simulated.bar.bar_voltages import temperature_rise
from mtjlab.instruments.simulated.bar.landscape import Field, Landscape
from mtjlab.instruments.simulated.bar.thermal_switching import probability_of_second
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters

__all__ = ["LONGEST_INTEGRATED", "BarState"]

LONGEST_INTEGRATED = 100e-9
"""Longest pulse whose dynamics are integrated [s]; longer ones take the rate model."""

_REST = 10e-9  # after an integrated pulse, ten relaxation times 2/(αγBeff)
_REMEMBERED = 256  # landscapes
_QUIET = 0.2  # share of the onset current below which a short current is no pulse


class BarState:
    """Where the magnetisation of a bar points and how hot it is; fields and currents in the bar's own axes.

    Parameters
    ----------
    bar
        The bar.
    rng
        Heat over the barrier, and the thermal field.
    """

    def __init__(self, bar: BarParameters, rng: np.random.Generator) -> None:
        self._bar = bar
        self._rng, thermal = rng.spawn(2)
        self._macrospin = BarMacrospin(bar, thermal)
        self.stage = bar.temperature
        """Temperature without current [K]."""
        self._rise = 0.0
        self._field: Field = (0.0, 0.0, 0.0)
        self._angle = bar.easy_angle
        # A measurement passes the same fields and currents again and again.
        self._landscape_of = lru_cache(_REMEMBERED)(lambda field, current: Landscape(bar, field, current))
        self._landscape: Landscape = self._landscape_of(self._field, 0.0)
        self.follow(0.0)

    @property
    def m(self) -> NDArray[np.float64]:
        """Unit vector of the magnetisation, shape (3,)."""
        return self._landscape.magnetisation(self._angle)

    @property
    def temperature(self) -> float:
        """Temperature of the bar now [K]."""
        return self.stage + self._rise

    def put_into(self, field: Field) -> None:
        """Change the field.

        Parameters
        ----------
        field
            Field [T].
        """
        self._field = field
        self.follow(0.0)

    def under(self, current: float) -> NDArray[np.float64]:
        """Give the magnetisation that a current would tilt from where it is now, shape (3,).

        Parameters
        ----------
        current
            Current [A].
        """
        landscape: Landscape = self._landscape_of(self._field, current)
        return landscape.magnetisation(landscape.wells[landscape.well_of(self._angle)].angle)

    def flow(self, current: float, seconds: float) -> None:
        """Let a current flow, or none: by its dynamics where it is short and strong, else by the rate model.

        Parameters
        ----------
        current
            Current [A].
        seconds
            How long [s].

        Raises
        ------
        ValueError
            If the time is negative or not finite.
        """
        if not 0 <= seconds < math.inf:
            raise InputError(f"a time of {seconds} s is not possible: give one from 0 on")
        if 0 < seconds <= LONGEST_INTEGRATED and abs(current) > _QUIET * self._bar.onset_current:
            self._integrate(current, seconds)
        else:
            self._live(current, seconds)

    def follow(self, current: float) -> None:
        """Let the magnetisation fall into the well that it is in once a current flows.

        Parameters
        ----------
        current
            Current [A].
        """
        before = self._landscape
        self._landscape = self._landscape_of(self._field, current)
        angle = self._angle
        if len(self._landscape.wells) == 2 and self._landscape is not before:
            # Which side of a saddle it is on, heat has a say in, where the well that it lay in was wide.
            curvature = before.wells[before.well_of(angle)].curvature
            volume = self._bar.saturation_magnetisation * self._bar.activation_volume
            spread = min(math.sqrt(BOLTZMANN * self.temperature / (volume * curvature)), 0.5)
            near = min(abs(math.remainder(angle - saddle, 2 * math.pi)) for saddle in self._landscape.saddles)
            if near < 6 * spread:
                angle += spread * float(self._rng.standard_normal())
        self._angle = self._landscape.wells[self._landscape.well_of(angle)].angle

    def _live(self, current: float, seconds: float) -> None:
        """Let a current in the bar flow, or none, by the rate model."""
        self.follow(current)
        warming = min(seconds, 5 * self._bar.heating.time_constant)
        for part in (warming, seconds - warming):
            if part > 0:
                self._hop(self._warm(current, part), part)

    def _hop(self, temperature: float, duration: float) -> None:
        landscape = self._landscape
        if len(landscape.wells) == 2:
            well = landscape.well_of(self._angle)
            second = probability_of_second(self._bar, landscape, well, temperature, duration)
            self._angle = landscape.wells[int(self._rng.random() < second)].angle

    def _warm(self, current: float, duration: float) -> float:
        """Move the temperature on, and give its average meanwhile [K]."""
        target = temperature_rise(self._bar, current, self.stage)
        ratio = duration / self._bar.heating.time_constant
        left, away = math.exp(-ratio), self._rise - target
        self._rise = target + away * left
        return self.stage + target + away * (1 - left) / ratio

    def _integrate(self, current: float, duration: float) -> None:
        self.follow(0.0)
        field, well = self._field, self._landscape.well_of(self._angle)
        m = self._macrospin.start(1, well, field=field, temperature=self.temperature)
        heat = self._warm(current, duration)
        m = self._macrospin.advance(m, duration, current=current, field=field, temperature=heat)
        heat = self._warm(0.0, _REST)
        m = self._macrospin.advance(m, _REST, field=field, temperature=heat)
        self._angle = math.atan2(m[0, 1], m[0, 0])
        self.follow(0.0)
