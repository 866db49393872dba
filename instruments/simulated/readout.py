"""What a source-meter sees of the junction: its resistance, and the current with its thermal noise."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import Boltzmann

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.state import as_states

__all__ = ["Readout"]


class Readout:
    """Resistance and read current of a device.

    Parameters
    ----------
    device
        Whose resistance-area product, tunnel magnetoresistance and temperature.

    Examples
    --------
    >>> readout = Readout(Device())
    >>> [round(float(readout.resistance(angle, 0.1))) for angle in (0.0, math.pi)]
    [50930, 99900]
    """

    def __init__(self, device: Device) -> None:
        self.device = device

    def resistance(self, angle: ArrayLike, voltage: ArrayLike) -> NDArray[np.float64]:
        """Give the resistance at an angle between the two layers.

        Parameters
        ----------
        angle
            Angle between free and reference layer [rad]: 0 is parallel, π antiparallel.
        voltage
            Voltage across the junction [V], of either sign; broadcast against the angle.

        Returns
        -------
        ndarray of float64
            Resistance [Ω].

        Notes
        -----
        `R = Rp (1 + (V/Vh)² + TMR) / (1 + (V/Vh)² + TMR (1 + cosθ)/2)`: the conductance is linear in cosθ, and
        the tunnel magnetoresistance falls with bias as TMR/(1 + (V/Vh)²), all of it by a rise of the
        antiparallel conductance.
        """
        bias = 1 + (np.asarray(voltage, float) / self.device.tmr_bias) ** 2
        aligned = (1 + np.cos(angle)) / 2
        tmr = self.device.tmr
        return np.asarray(self.device.resistance_parallel * (bias + tmr) / (bias + tmr * aligned))

    def current(
        self, states: ArrayLike, voltage: float, bandwidth: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Read the current once for every state, with Johnson noise.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        voltage
            Read voltage [V], of either sign.
        bandwidth
            Noise bandwidth of the read [Hz]; 1/(2·T) for one that averages over T.
        rng
            Where the noise comes from.

        Returns
        -------
        ndarray of float64
            Currents [A], same shape.

        Raises
        ------
        ValueError
            If a state is neither 0 nor 1, the voltage not finite, or the bandwidth negative.

        Notes
        -----
        The noise current has the variance 4kT·B/R: Johnson, Phys. Rev. 32, 97 (1928); Nyquist, ibid. 110.
        """
        if not math.isfinite(voltage):
            raise ValueError(f"read voltage {voltage} is not a finite number")
        if not 0 <= bandwidth < math.inf:
            raise ValueError(f"read bandwidth {bandwidth} Hz is not allowed: give 0 or more")
        given = as_states(states)
        resistance = self.resistance(np.array([0.0, np.pi]), voltage)
        noise = np.sqrt(4 * Boltzmann * self.device.temperature * bandwidth / resistance)
        currents = rng.standard_normal(given.shape)
        currents *= noise.take(given)
        currents += (voltage / resistance).take(given)
        return currents
