"""What is known of a free layer, cool and warm, before a map of P(switch) is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FreeLayer"]

Values = NDArray[np.float64]

MAGNETIC_CONSTANT = 1.25663706e-6
"""μ0 [T·m/A]."""
ORDER_PER_KELVIN = -8.0e-4
"""d ln Ms/dT at 300 K by Bloch's law with T* = 1120 K [1/K]."""
ANISOTROPY_EXPONENT = 2.18
"""Ki goes as Ms to this power."""
VCMA_EXPONENT = 2.83
"""And ξ to this one; the three of Ta/CoFeB/MgO, J. G. Alzate et al., Appl. Phys. Lett. 104, 112410 (2014)."""


@dataclass(frozen=True)
class FreeLayer:
    """What is known of the free layer, and of the edges of the pulses."""

    magnetisation: float
    """Saturation magnetisation Ms [A/m]."""
    thickness: float
    """Of the free layer, tf [m]."""
    barrier_thickness: float
    """Of the barrier, tox [m]."""
    anisotropy_energy: float
    """Keff without voltage [J/m³]."""
    edge: float
    """Rise and fall time of the pulses, from bottom to top [s]."""
    settle: float = 3e-9
    """Time from the pulse to the read [s]; from 2 ns on it makes no difference."""
    rest: float = 0.0
    """Voltage before and after the pulses [V], that of the reads."""
    warming_time: float = 1e-9
    """Time constant of the heating by a pulse [s]."""
    lag: float = 0.0
    """Time constant of the line, 50 Ω times the capacitance of the pad [s]."""

    def anisotropy_field(self, vcma: float, voltage: ArrayLike) -> Values:
        """Give Bk = 2(Keff - ξV/(tox·tf))/Ms [T] at voltages [V].

        Parameters
        ----------
        vcma
            VCMA coefficient ξ [J/(V·m)].
        voltage
            Voltages across the barrier [V].
        """
        lowered = self.per_volt(vcma) * np.asarray(voltage, float)
        return np.asarray(2 * (self.anisotropy_energy - lowered) / self.magnetisation)

    def per_volt(self, vcma: float) -> float:
        """Give what a volt takes off Keff [J/(m³·V)].

        Parameters
        ----------
        vcma
            VCMA coefficient ξ [J/(V·m)].
        """
        return vcma / (self.barrier_thickness * self.thickness)

    def felt_voltage(self, vcma: float, voltage: ArrayLike, rise: ArrayLike) -> Values:
        """Give the voltage at which the cool layer would have the anisotropy field that a warm one has.

        Heat lowers Ki, Ms and ξ together. What is left of it, a hundredth of a volt for ten kelvin, is nearly the same
        at all the amplitudes that switch: what Ki loses more at larger ones, ξ loses too.

        Parameters
        ----------
        vcma
            ξ [J/(V·m)].
        voltage
            Across the junction [V].
        rise
            Temperature rise [K], broadcast against the voltage.

        Returns
        -------
        ndarray of float64
            Voltages [V]: those given, where nothing is warm.

        Examples
        --------
        >>> layer = FreeLayer(1e6, 1.1e-9, 1.4e-9, 8.63e4, edge=1e-9)
        >>> layer.felt_voltage(90e-15, [1.0, 1.25, 1.5], 7.0).round(3).tolist()
        [1.01, 1.258, 1.505]
        """
        volts, order = np.asarray(voltage, float), 1 + ORDER_PER_KELVIN * np.asarray(rise, float)
        demagnetising = MAGNETIC_CONSTANT * self.magnetisation**2 / 2  # of a thin film
        interface = (self.anisotropy_energy + demagnetising) * order**ANISOTROPY_EXPONENT
        per_volt = self.per_volt(vcma)
        warm = interface - demagnetising * order**2 - per_volt * order**VCMA_EXPONENT * volts
        # Bk is 2Keff/Ms, and Ms is smaller as well.
        return np.asarray((self.anisotropy_energy - warm / order) / per_volt)
