"""What the heat of a pulse does to the free layer while it lasts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["felt_voltage"]

Values = NDArray[np.float64]

MAGNETIC_CONSTANT = 1.25663706e-6
"""μ0 [T·m/A]."""
ORDER_PER_KELVIN = -8.0e-4
"""d ln Ms/dT at 300 K by Bloch's law with T* = 1120 K [1/K]."""
ANISOTROPY_EXPONENT = 2.18
"""Ki goes as Ms to this power."""
VCMA_EXPONENT = 2.83
"""And ξ to this one; the three of Ta/CoFeB/MgO, J. G. Alzate et al., Appl. Phys. Lett. 104, 112410 (2014)."""


def felt_voltage(
    voltage: ArrayLike, rise: ArrayLike, *, anisotropy_energy: float, magnetisation: float, per_volt: float
) -> Values:
    """Give the voltage at which a cool free layer would have the anisotropy field that a warm one has.

    Heat lowers Ki, Ms and ξ together. What is left of it, a hundredth of a volt for ten kelvin, is nearly the same at
    all the amplitudes that switch: what Ki loses more at larger ones, ξ loses too.

    Parameters
    ----------
    voltage
        Across the junction [V].
    rise
        Temperature rise [K], broadcast against the voltage.
    anisotropy_energy
        Keff of the cool layer without voltage [J/m³].
    magnetisation
        Ms of the cool layer [A/m].
    per_volt
        What a volt takes off Keff [J/(m³·V)].

    Returns
    -------
    ndarray of float64
        Voltages [V]: those given, where nothing is warm.
    """
    volts, order = np.asarray(voltage, float), 1 + ORDER_PER_KELVIN * np.asarray(rise, float)
    demagnetising = MAGNETIC_CONSTANT * magnetisation**2 / 2  # of a thin film
    interface = (anisotropy_energy + demagnetising) * order**ANISOTROPY_EXPONENT
    warm = interface - demagnetising * order**2 - per_volt * order**VCMA_EXPONENT * volts
    # Bk is 2Keff/Ms, and Ms is smaller as well.
    return np.asarray((anisotropy_energy - warm / order) / per_volt)
