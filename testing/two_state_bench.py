"""A bench in a few lines for procedures that only read a state in fields: a junction that hops at its own rates.

The device's rates (`Rates`: the Fokker-Planck eigenvalue with its saddle factor, bias, torque and Joule heat included)
decide when it hops; a reading averages the conductances of the two states over its window and has no noise. Coils ramp,
readings integrate and the clock runs as on the bench `simulated-loops`.
"""

import math

import numpy as np

from mtjlab.instruments import Reading
from mtjlab.instruments.simulated import Device, Rates

__all__ = ["TwoStateBench"]

STEP, RAMP, DELAY, LINE = 0.05, 1.0, 1e-3, 50.0


class TwoStateBench:
    """Roles and clock in one object: `source_meter`, `coil` and `perpendicular_coil` are the bench itself or a coil.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of all hops.
    """

    def __init__(self, device: Device, seed: int) -> None:
        self._device, self._random = device, np.random.default_rng(seed)
        self._known: dict[tuple[float, float, float], tuple[float, float]] = {}
        self._bias, self._cycles, self.state = 0.0, 1.0, 0
        self.time = 0.0
        self.source_meter = self.interlock = self
        self.coil, self.perpendicular_coil = _Coil(self), _Coil(self)
        self.enter()

    def enter(self) -> None:
        """Take the rates of the fields and the bias of now."""
        key = self.coil.field, self.perpendicular_coil.field, self._bias
        if key not in self._known:
            there = self._device.in_surroundings(in_plane_field=key[0], perpendicular_field=key[1])
            self._known[key] = Rates(there).leaving(key[2])
        self._rates = self._known[key]
        self._draw()

    def live(self, duration: float) -> float:
        """Let time pass and give the share of it in the antiparallel state.

        Parameters
        ----------
        duration
            Time [s].

        Returns
        -------
        float
            The share, 0 to 1; without any time the state itself, 0 or 1.
        """
        end, inside = self.time + duration, 0.0
        while self._hop < end:
            inside += self.state * (self._hop - self.time)
            self.time, self.state = self._hop, 1 - self.state
            self._draw()
        inside += self.state * (end - self.time)
        self.time = end
        return inside / duration if duration else float(self.state)

    def _draw(self) -> None:
        # The exponential has no memory: it may be drawn again whenever the rates change.
        rate = self._rates[self.state]
        self._hop = self.time + (self._random.standard_exponential() / rate if rate else math.inf)

    # the source-meter

    def set_bias(self, voltage: float, compliance: float) -> None:
        """Set the bias [V].

        Parameters
        ----------
        voltage
            Bias [V].
        compliance
            Largest current [A]; not looked at.
        """
        if voltage != self._bias:
            self._bias = voltage
            self.enter()

    def set_integration(self, cycles: float) -> None:
        """Set the integration time in power line cycles.

        Parameters
        ----------
        cycles
            Power line cycles.
        """
        self._cycles = cycles

    def integration_time(self, cycles: float) -> float:
        """Give the time [s] that a reading integrates over.

        Parameters
        ----------
        cycles
            Power line cycles.
        """
        return cycles / LINE

    def read(self) -> Reading:
        """Take one reading.

        Returns
        -------
        Reading
            Voltage [V] and current [A], the mean over the integration time.
        """
        self.live(DELAY)
        share = self.live(self.integration_time(self._cycles))
        conductance = (1 - share / 2) / self._device.resistance_parallel
        return Reading(self._bias, self._bias * conductance)

    # what is not needed here

    def switch_on(self) -> None:
        """Do nothing."""

    def check_field(self, field: float) -> None:
        """Allow every field.

        Parameters
        ----------
        field
            Field [T].
        """

    def make_safe(self) -> None:
        """Do nothing."""


class _Coil:
    def __init__(self, bench: TwoStateBench) -> None:
        self._bench, self.field = bench, 0.0

    def switch_on(self) -> None:
        """Do nothing."""

    def set_field(self, field: float) -> None:
        """Ramp in steps."""
        start = self.field
        seconds = abs(field - start) / RAMP
        steps = int(seconds // STEP) + 1
        for step in range(1, steps + 1):
            self._bench.live(seconds / steps)
            self.field = float(f"{start + (field - start) * step / steps:g}")
            self._bench.enter()
