"""The voltages along and across a bar, from its magnetisation, the current and the heat."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.bar_parameters import BarParameters

__all__ = ["BarVoltages", "noiseless_voltages", "resistance_at", "temperature_rise"]


class BarVoltages(NamedTuple):
    """Voltages of a bar under a current [V]; floats, or arrays of one shape."""

    longitudinal: NDArray[np.float64] | float
    """Between the inner contacts, along the bar."""
    transverse: NDArray[np.float64] | float
    """Between the contacts across the bar, the one at +y less the one at -y."""
    two_wire: NDArray[np.float64] | float
    """Between the contacts of the current, contact resistance and leads included."""


def resistance_at(bar: BarParameters, temperature: float) -> float:
    """Give R0 between the inner contacts at a temperature [Ω].

    Parameters
    ----------
    bar
        The bar.
    temperature
        Temperature of the bar [K].
    """
    films = bar.films
    return bar.resistance * (1 + films.temperature_coefficient * (temperature - films.nominal_temperature))


def temperature_rise(bar: BarParameters, current: float, temperature: float) -> float:
    """Give the steady rise of the temperature under a current [K].

    Parameters
    ----------
    bar
        The bar.
    current
        Through the bar [A].
    temperature
        Temperature without current [K].

    Notes
    -----
    With P = I²·R0·(1 + a·ΔT) and ΔT = Rth·P, ΔT = x/(1 - a·x), where x is the rise at the cold resistance.
    """
    cold = resistance_at(bar, temperature)
    slope = bar.films.temperature_coefficient * bar.resistance / cold
    rise = bar.heating.thermal_resistance * current**2 * cold
    # A metal whose resistance runs away with its heat is beyond this model: five times the cold rise is the most.
    return rise / max(1 - slope * rise, 0.2)


def noiseless_voltages(bar: BarParameters, m: NDArray[np.float64], current: float, temperature: float) -> BarVoltages:
    """Give the voltages of a whole bar without noise, with the current and the voltages as they are in the bar.

    Parameters
    ----------
    bar
        The bar.
    m
        Unit vector of the magnetisation, shape (3,).
    current
        Along +x [A].
    temperature
        Of the bar under this current [K].

    Returns
    -------
    BarVoltages
        V = I·R0·(1 + amr·mx² + smr·(1 - my²) + u·my/2) + S·∇T·my·L along, I·[(w/L)·R0·(amr + smr)·mx·my + R_AHE·mz]
        - S·∇T·mx·w across: the Nernst field is S·m×∇T, so at m along x its transverse part times L/w is what it adds
        along the bar at m along y.
    """
    x, y, z = m.tolist()
    films, resistance = bar.films, resistance_at(bar, temperature)
    umr = float(bar.umr_ratio(bar.current_density(current))) / 2
    ratio = 1 + films.amr * x * x + films.smr * (1 - y * y) + umr * y
    gradient = current**2 * resistance / (2 * bar.area * bar.nernst.conductivity)
    nernst = bar.nernst.coefficient * gradient
    along = current * resistance * ratio + nernst * y * bar.length
    planar = bar.width / bar.length * resistance * (films.amr + films.smr) * x * y
    across = current * (planar + films.anomalous_hall * z) - nernst * x * bar.width
    return BarVoltages(along, across, along + 2 * current * bar.contacts.contact_resistance)
