"""R(V) of a tunnel junction in both states, and the heat of a voltage that passes through it."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["TunnelResistance", "resistance"]


def resistance(
    states: ArrayLike, voltages: ArrayLike, parallel: float, tmr: float, half_bias: float
) -> NDArray[np.float64]:
    """Give R(V) of the parallel (0) and the antiparallel (1) state [Ω]; see `BiasDependence.fit`."""
    bias = 1 + (np.asarray(voltages, float) / half_bias) ** 2
    aligned = 1 - np.asarray(states, float)
    return np.asarray(parallel * (bias + tmr) / (bias + tmr * aligned))


@dataclasses.dataclass(frozen=True)
class TunnelResistance:
    """`R(θ, V) = Rp (1 + (V/Vh)² + TMR)/(1 + (V/Vh)² + TMR (1 + cosθ)/2)`, at θ = 0 and π and their mean conductance.

    Raises
    ------
    InputError
        If the resistance or Vh is not positive, or the magnetoresistance negative.

    Examples
    --------
    The reference device at the voltage of a pulse has lost nine tenths of its magnetoresistance:

    >>> junction = TunnelResistance(parallel=50.93e3, tmr=1.0, half_bias=0.5)
    >>> junction.at(1.5, state=1).round(-1).item()
    56020.0
    """

    parallel: float
    """Resistance of the parallel state [Ω], the same at every bias."""
    tmr: float = 0.0
    """Tunnel magnetoresistance (Rap - Rp)/Rp at zero bias."""
    half_bias: float = 0.5
    """Bias Vh at which it has fallen to half [V]."""

    def __post_init__(self) -> None:
        for name, value in (("resistance", self.parallel), ("half bias", self.half_bias)):
            if not 0 < value < math.inf:
                raise InputError(f"{name} = {value:g}: expected a positive number")
        if not 0 <= self.tmr < math.inf:
            raise InputError(f"tunnel magnetoresistance = {self.tmr:g}: expected 0 or more")

    def at(self, voltages: ArrayLike, state: float) -> NDArray[np.float64]:
        """Give the resistance at some voltages.

        Parameters
        ----------
        voltages
            Voltages [V], any shape.
        state
            0 parallel, 1 antiparallel.

        Returns
        -------
        ndarray of float64
            Resistances [Ω], same shape.
        """
        return resistance(state, voltages, self.parallel, self.tmr, self.half_bias)

    def heat_of_ramp(self, voltage: float, state: float) -> float:
        """Give ∫₀^V v²/R(v) dv, the heat of a ramp from 0 to V that rises by 1 V in 1 s [J].

        Parameters
        ----------
        voltage
            V, either sign [V].
        state
            0 parallel, 1 antiparallel; in between, the mean of both conductances with this weight: 1/2 is a junction
            that is as often in either state, or whose free layer turns round and round in the pulse, as the conductance
            is linear in cosθ.

        Returns
        -------
        float
            The heat [J], of the sign of V.

        Notes
        -----
        The antiparallel conductance is (1 - TMR Vh²/(v² + a²))/Rp with a² = Vh² (1 + TMR), so the integral is
        (V³/3 - TMR Vh² (V - a·arctan(V/a)))/Rp: no step of a numerical integration is in it.
        """
        width = self.half_bias * math.sqrt(1 + self.tmr)
        lost = self.tmr * self.half_bias**2 * (voltage - width * math.atan(voltage / width))
        return (voltage**3 / 3 - state * lost) / self.parallel

    def power(self, voltage: float, state: float) -> float:
        """Give V²/R(V) [W].

        Parameters
        ----------
        voltage
            V, either sign [V].
        state
            0 parallel, 1 antiparallel; in between as for `heat_of_ramp`.
        """
        parallel, antiparallel = (float(1 / self.at(voltage, each)) for each in (0, 1))
        return voltage**2 * ((1 - state) * parallel + state * antiparallel)
