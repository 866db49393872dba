"""The settings of several instruments that one limit spans, and whether the device stands them together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from mtjlab.instruments.safety.limit_check import check_limit
from mtjlab.instruments.safety.mains import shortest_integration
from mtjlab.instruments.safety.signal_path import SignalPath

if TYPE_CHECKING:  # the bench file knows the roles, whose guards ask the interlock
    from mtjlab.instruments.bench.file import Limits

__all__ = ["SHORTEST", "JointSettings"]

SHORTEST = shortest_integration(0.01)
"""Shortest integration [s] of any source-meter."""


class JointSettings(NamedTuple):
    """What the instruments are set to, as far as one limit spans several of them."""

    amplitude: float = 0.0
    """Programmed pulse amplitude [V]."""
    width: float = 0.0
    """Pulse width [s]."""
    bias: float = 0.0
    """Read bias [V]."""
    settle: float = math.inf
    """Time between a pulse and its reading [s]; infinite where no train is prepared."""
    integration: float = SHORTEST
    """Integration time of a reading [s]."""

    @property
    def period(self) -> float:
        """Shortest time between the pulses of a block [s]: settling, then reading."""
        return self.settle + self.integration

    def check(self, limits: Limits, line: SignalPath) -> None:
        """Refuse settings that the device does not stand together.

        Parameters
        ----------
        limits
            What it stands.
        line
            What lies between the instruments and the device.

        Raises
        ------
        LimitError
            Naming the limit, the value and the allowed range.
        """
        if self.width or self.amplitude:
            check_limit("pulse width", self.width, 0.0, limits.pulse_width, "s")
        reach = line.reach(self.amplitude, self.width, self.bias)
        if self.amplitude:
            check_limit("pulse amplitude at the device, with bias,", reach.voltage, 0.0, limits.pulse_amplitude, "V")
            check_limit("pulse energy", reach.energy, 0.0, limits.pulse_energy, "J")
        if self.width:
            check_limit("duty cycle", self.width / self.period, 0.0, limits.duty_cycle, "")
