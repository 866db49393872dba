"""Noise of a bar's voltages: Johnson noise, and 1/f noise of the resistance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import BOLTZMANN
from mtjlab.instruments.simulated.bar.bar_voltages import BarVoltages, resistance_at
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.electrics.flicker import Flicker

__all__ = ["BarNoiseSource"]


class BarNoiseSource:
    """Noise that remembers.

    Parameters
    ----------
    bar
        The bar.
    rng
        Where the noise comes from.
    """

    def __init__(self, bar: BarParameters, rng: np.random.Generator) -> None:
        self._bar = bar
        self._white, slow = rng, rng.spawn(1)[0]
        volume = bar.area * (bar.thickness + bar.metal_thickness)
        strength = bar.noise.hooge_parameter / volume
        self._flicker = Flicker(strength, slow) if strength > 0 else None

    def pass_time(self, duration: float) -> None:
        """Let time pass without a reading.

        Parameters
        ----------
        duration
            How long [s].
        """
        if self._flicker is not None and duration > 0:
            self._flicker.pass_time(duration)

    def slow(self, count: int, window: float) -> NDArray[np.float64]:
        """Give relative changes of the resistance, averaged over windows one after the other.

        Parameters
        ----------
        count
            How many.
        window
            Length of each [s].
        """
        return np.zeros(count) if self._flicker is None else self._flicker.averages(count, window, window)

    def white(self, count: int, window: float, temperature: float) -> BarVoltages:
        """Give Johnson noise of readings that average over windows: variance 4kTR/(2·window).

        Parameters
        ----------
        count
            How many.
        window
            Length of each [s].
        temperature
            Of the bar [K].

        Returns
        -------
        BarVoltages
            Noise [V], shape (count,) each. Across the bar the resistance is that of a square of the films; the two-wire
            voltage has that of bar and contacts.
        """
        bar = self._bar
        along = resistance_at(bar, temperature)
        square = along * bar.width / bar.length
        density = 2 * BOLTZMANN * temperature / window
        inner = np.sqrt(density * along) * self._white.standard_normal(count)
        across = np.sqrt(density * square) * self._white.standard_normal(count)
        contacts = np.sqrt(density * 2 * bar.contacts.contact_resistance) * self._white.standard_normal(count)
        return BarVoltages(inner, across, inner + contacts)
