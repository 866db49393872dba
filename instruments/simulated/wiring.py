"""What joins the instruments of a bench: the device, the trigger lines and the time."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.junction import Junction

__all__ = ["Wiring"]


class Wiring:
    """One device, the trigger lines and one clock, shared by all instruments of a simulated bench.

    Parameters
    ----------
    junction
        Device between the electrodes; it remembers its state.
    """

    def __init__(self, junction: Junction) -> None:
        self.junction = junction
        self.time = 0.0
        """Virtual time [s]: reads and settle times pass on it without anybody waiting."""
        self._listeners: dict[int, Callable[[int], NDArray[np.uint8] | None]] = {}

    def connect(self, line: int, listener: Callable[[int], NDArray[np.uint8] | None]) -> None:
        """Connect an instrument's trigger input to a line.

        Parameters
        ----------
        line
            Number of the trigger line.
        listener
            Called with a number of triggers; returns the state after each, or None where it ignores them.
        """
        self._listeners[line] = listener

    def trigger(self, line: int, count: int) -> NDArray[np.uint8]:
        """Send triggers along a line.

        Returns
        -------
        NDArray
            uint8, shape (count,): state of the device (0 parallel, 1 antiparallel) after each trigger.
        """
        listener = self._listeners.get(line)
        states = listener(count) if listener else None
        return self.states(count) if states is None else states

    def states(self, count: int) -> NDArray[np.uint8]:
        """State of the device, undisturbed, `count` times over."""
        return np.full(count, self.junction.state, dtype=np.uint8)
