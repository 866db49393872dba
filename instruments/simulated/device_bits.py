"""Bits straight from the tabulated device: no instruments, no reads, a hundred million pulses a second.

A bit says whether a pulse switched the junction, as in a random bitstream in mode ``toggle``, with the read's bias on
it between the pulses. All that the device does to its bits is in them: bias, correlation, drift. What the instruments
add is not: misread states, faults.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from mtjlab.core import Bits, InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.junction.fidelities import TabulatedJunction

__all__ = ["DeviceBits", "PulseSteering"]

PART = 2**20
"""Pulses at a time, without steering."""
STEERED = 10_000
"""Pulses between two steps of the steering."""


class PulseSteering(Protocol):
    """What holds P(switch) at one half by moving a setting: `mtjlab.analysis.operating_point.Feedback`, say."""

    def update(self, pulses: int, switched: int) -> float:
        """Take the outcome of pulses and give the setting for the next ones.

        Parameters
        ----------
        pulses, switched
            Pulses made since the last call, and how many switched.
        """
        ...


class DeviceBits:
    """A supply of raw bits of the simulated junction, without end.

    Parameters
    ----------
    device
        The device, with all its effects.
    amplitude
        Pulse amplitude at the junction without the bias [V].
    width
        Pulse width [s].
    edge
        Rise and fall time [s].
    bias
        Read bias, which is on all the time [V].
    interval
        Time between two pulses [s].
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    steering
        Makes what steers, given the amplitude [V] at the start; None leaves the pulse alone.

    Raises
    ------
    InputError
        If the device does not switch, or the pulse is none that the table has.

    Examples
    --------
    >>> bits = DeviceBits(Device(), seed=1)
    >>> taken = bits.take(100_000)
    >>> 0.48 < taken.ones() / len(taken) < 0.52, bits.bits_used, bits.bits_left
    (True, 100000, None)
    """

    def __init__(
        self,
        device: Device,
        *,
        amplitude: float = 1.25,
        width: float = 10e-9,
        edge: float = 1e-9,
        bias: float = 0.05,
        interval: float = 1e-3,
        seed: int | None = None,
        steering: Callable[[float], PulseSteering] | None = None,
    ) -> None:
        if device.fault.kind != "none":
            raise InputError(f"device '{device.name}' has the fault {device.fault.kind}: it gives no random bits")
        self._junction = TabulatedJunction(device, seed=seed)
        self._pulse = Pulse(amplitude + bias, width, edge, edge)
        self._hold = HoldInterval(interval, bias)
        self._bias = bias
        self._steering = None if steering is None else steering(amplitude)
        self._used = 0
        self._ahead = Bits()

    def take(self, count: int) -> Bits:
        """Give the next bits.

        Parameters
        ----------
        count
            How many.

        Returns
        -------
        Bits
            As many as were asked for.

        Raises
        ------
        InputError
            If the barrier has broken down.
        """
        parts, held = [self._ahead], len(self._ahead)
        while held < count:
            parts.append(self._train())
            held += len(parts[-1])
        bits = Bits.joined(parts) if len(parts) > 1 else self._ahead
        self._ahead = bits[count:]
        self._used += count
        return bits[:count]

    def _train(self) -> Bits:
        if self._junction.broken:
            raise InputError(
                f"the barrier of device '{self._junction.device.name}' has broken down: lower the amplitude"
            )
        before = int(self._junction.state)
        states = self._junction.pulse_train(self._pulse, PART if self._steering is None else STEERED, self._hold)
        switched = states ^ np.concatenate((np.array([before], np.uint8), states[:-1]))
        if self._steering is not None:
            amplitude = self._steering.update(switched.size, int(np.count_nonzero(switched)))
            self._pulse = replace(self._pulse, amplitude=amplitude + self._bias)
        return Bits.packed(np.packbits(switched), switched.size)

    @property
    def bits_used(self) -> int:
        """Bits given so far."""
        return self._used

    @property
    def bits_left(self) -> None:
        """None: they do not end."""
        return None
