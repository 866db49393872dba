"""The energy of one pulse: in the junction, in a resistor beside it, and in what it charges."""

from __future__ import annotations

import dataclasses
import math

from mtjlab.analysis.junction import TunnelResistance
from mtjlab.core import InputError

__all__ = ["VACUUM_PERMITTIVITY", "VoltagePulse", "plate_capacitance"]

VACUUM_PERMITTIVITY = 8.8541878188e-12
"""ε0 [F/m], CODATA's of 2022."""


@dataclasses.dataclass(frozen=True)
class VoltagePulse:
    """A trapezoid at the device, on a bias: up in a straight line, a flat top, down in a straight line.

    Raises
    ------
    InputError
        If a value is not finite, the width not positive, an edge negative, or the width too short for the edges.

    Examples
    --------
    The reference pillar of 51 kΩ at 1.5 V for 1 ns takes 44 fJ, and a termination of 50 Ω beside it 45 pJ:

    >>> pulse = VoltagePulse(1.5, 1e-9)
    >>> round(pulse.heat(TunnelResistance(50.93e3)) * 1e15, 1), round(pulse.heat_in_resistor(50.0) * 1e12, 1)
    (44.2, 45.0)
    """

    amplitude: float
    """Voltage of the flat top above the base [V]; either sign."""
    width: float
    """Width at half of the amplitude [s]."""
    edge: float = 0.0
    """Time of the rise, and of the fall, from the base to the top [s]."""
    base: float = 0.0
    """Voltage before and after [V], as the bias of a read that stays on."""

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if not math.isfinite(value):
                raise InputError(f"pulse {name} = {value}: expected a finite number")
        if self.edge < 0:
            raise InputError(f"pulse edge = {self.edge:g} s: expected 0 or more")
        # Half a femtosecond, so that a width calculated in floating point may equal the edge.
        if self.width <= 0 or self.width < self.edge - 5e-16:
            raise InputError(
                f"pulse width = {self.width:g} s with edges of {self.edge:g} s: expected more than 0, and at least the "
                "length of an edge",
                argument="edge",
            )

    @property
    def top(self) -> float:
        """Voltage of the flat top [V]."""
        return self.base + self.amplitude

    def heat(self, junction: TunnelResistance, state: float = 0.0) -> float:
        """Give ∫V²/R(V) dt from the begin of the rise to the end of the fall [J].

        Parameters
        ----------
        junction
            Its R(V): the resistance at the voltage of each moment, not the one that a read finds.
        state
            0 parallel, 1 antiparallel, 1/2 as often the one as the other: see `TunnelResistance.heat_of_ramp`.

        Notes
        -----
        A ramp from b to V in a time t has the heat t/(V - b)·∫ v²/R(v) dv, in closed form; the top lasts for the width
        less one edge.
        """
        flat = (self.width - self.edge) * junction.power(self.top, state)
        if not self.edge or not self.amplitude:
            return flat + 2 * self.edge * junction.power(self.base, state)
        swept = junction.heat_of_ramp(self.top, state) - junction.heat_of_ramp(self.base, state)
        return flat + 2 * self.edge / self.amplitude * swept

    def heat_in_resistor(self, resistance: float) -> float:
        """Give ∫V²/R dt in a resistor that has the pulse across it without the base, as behind a bias tee [J].

        Parameters
        ----------
        resistance
            R [Ω], such as that of a termination.
        """
        return dataclasses.replace(self, base=0.0).heat(TunnelResistance(resistance))

    def charging(self, capacitance: float) -> float:
        """Give C·V², what a source loses in charging a capacitor to the amplitude and discharging it again [J].

        Parameters
        ----------
        capacitance
            C [F].

        Notes
        -----
        Half of it is lost in the way on the rise, the other half on the fall, whatever the resistance of the way: edges
        much slower than its RC would lose less.
        """
        return capacitance * self.amplitude**2


def plate_capacitance(diameter: float, distance: float, permittivity: float) -> float:
    """Give ε0·ε·(π/4)·d²/t, the capacitance of a round pillar [F].

    Parameters
    ----------
    diameter
        d [m].
    distance
        t, thickness of the barrier [m].
    permittivity
        ε, relative permittivity of the barrier.

    Examples
    --------
    >>> round(plate_capacitance(50e-9, 1.4e-9, 9.7) * 1e15, 4)
    0.1205
    """
    return VACUUM_PERMITTIVITY * permittivity * math.pi / 4 * diameter**2 / distance
