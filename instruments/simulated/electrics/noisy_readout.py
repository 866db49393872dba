"""Reads of one junction, one after the other, with the noise that remembers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.readout import Readout
from mtjlab.instruments.simulated.electrics.flicker import Flicker
from mtjlab.instruments.simulated.electrics.telegraph import Telegraph

__all__ = ["NoisyReadout"]

_REMEMBERED = 256


class NoisyReadout:
    """A `Readout` with 1/f and telegraph noise, with faults, and with a sense of time.

    The reads of a train of pulses follow each other as the pulses did, and those of a series as `spaced` says; other
    reads without a gap.

    Parameters
    ----------
    device
        Whose noise and faults.
    effects
        `flicker` and `telegraph` count here, and what counts in `Readout`.
    rng
        Where the noise comes from.
    """

    def __init__(self, device: Device, effects: Effects, rng: np.random.Generator) -> None:
        self._device = device
        self._effects = effects
        self._white, slow = rng, rng.spawn(2)
        self._flicker = Flicker(device.noise.hooge_parameter / device.area, slow[0])
        self._telegraph = Telegraph(device.noise, slow[1])
        # A loop passes the same fields again and again: the heat's tilt in each is worked out once.
        self._readout_of = lru_cache(_REMEMBERED)(lambda device: Readout(device, effects))
        self.surround(device)
        self._train, self._whole, self._period = 0, 0, 0.0

    def surround(self, device: Device) -> None:
        """Continue with the same device in other surroundings.

        Parameters
        ----------
        device
            In the fields and at the temperature that act on it.
        """
        self._readout: Readout = self._readout_of(device)

    def pulsed(self, count: int, whole: int, period: float) -> None:
        """Note a train of pulses, whose reads may follow.

        Parameters
        ----------
        count
            Number of pulses.
        whole
            After how many of them the barrier was whole.
        period
            Time from one pulse to the next [s].
        """
        if count:
            self._train, self._whole, self._period = count, whole, period

    def spaced(self, count: int, period: float) -> None:
        """Note that reads without pulses follow at regular intervals.

        Parameters
        ----------
        count
            Number of reads.
        period
            Time from one to the next [s].
        """
        self._train, self._whole, self._period = count, 0, period

    def pass_time(self, duration: float) -> None:
        """Let time pass without a read.

        Parameters
        ----------
        duration
            How long [s].
        """
        if "flicker" in self._effects and duration > 0:
            self._flicker.pass_time(duration)

    def currents(
        self, states: NDArray[np.uint8], voltage: float, bandwidth: float, drift: float, broken: bool
    ) -> NDArray[np.float64]:
        """Read the current once for every state; see `Junction`.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        voltage
            Read voltage [V].
        bandwidth
            Noise bandwidth [Hz].
        drift
            Relative change of the resistance by slow drift.
        broken
            Whether the barrier has broken down by now.

        Returns
        -------
        ndarray of float64
            Currents [A], same shape.
        """
        change = drift + self._fluctuation(states.size, voltage, bandwidth).reshape(states.shape)
        currents = self._readout.current(states, voltage, bandwidth, self._white, change)
        if self._device.fault.kind == "open":
            return self._readout.ohmic(
                self._device.fault.open_resistance, states.shape, voltage, bandwidth, self._white
            )
        if broken:
            short = self._device.wear.short_resistance
            shorted = self._readout.ohmic(short, states.shape, voltage, bandwidth, self._white)
            currents = np.where(self._after_breakdown(states), shorted, currents)
        return currents

    def _after_breakdown(self, states: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Say which reads came after the barrier broke: of a train's last reads some may have come before."""
        stride = self._train // max(states.size, 1)
        if self._whole and states.size * stride == self._train:
            number = np.arange(1, states.size + 1) * stride
            self._whole, fresh = 0, self._whole
            return np.asarray((number > fresh).reshape(states.shape))
        return np.ones(states.shape, bool)

    def _fluctuation(self, count: int, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Give the relative changes of the resistance in reads that average over 1/(2B)."""
        change = np.zeros(count)
        if not count or bandwidth <= 0:
            return change
        window = 1 / (2 * bandwidth)
        in_train = self._train == count or (self._train and self._train % count == 0)
        interval = max(window, self._period * (self._train // count) if in_train else 0.0)
        if "flicker" in self._effects and self._device.noise.hooge_parameter > 0:
            change += self._flicker.averages(count, interval, window)
        if "telegraph" in self._effects:
            noise = self._device.noise
            change += noise.telegraph_amplitude * self._telegraph.averages(count, interval, window, voltage)
        return change
