"""Pulses of a generator that triggers itself: they reach the device for as long as time passes."""

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.pulse import Pulse

__all__ = ["MOST_PULSES", "FreeRun"]

MOST_PULSES = 100_000
"""Pulses that are sent for a stretch of time at most. Of more, the last ones: a device whose pulses switch it with a
probability far above 1e-5 has forgotten the earlier ones."""


@dataclasses.dataclass(frozen=True)
class FreeRun:
    """A train of pulses without end."""

    pulse: Pulse
    """Each pulse, as the generator makes it."""
    interval: float
    """Time between two triggers [s]."""
    burst: int = 1
    """Pulses at each trigger."""
    refused: Callable[[ValueError], None] = dataclasses.field(default=lambda error: None, compare=False)
    """Called where the model of the device does not cover the pulses; they end then."""

    @property
    def pause(self) -> float:
        """Mean time from pulse to pulse [s]."""
        return self.interval / self.burst

    def share_out(self, count: int, step: float) -> NDArray[np.int64]:
        """Give how many pulses have come by the end of each of `count` readings of so much time [s].

        Where they are more than `MOST_PULSES` the readings share them, one each at least.
        """
        readings = np.arange(1, count + 1)
        come = (step / self.interval * readings).astype(np.int64) * self.burst
        if come[-1] > MOST_PULSES:
            come = np.maximum((come * (MOST_PULSES / come[-1])).astype(np.int64), readings)
        return come
