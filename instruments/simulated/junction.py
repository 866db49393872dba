"""What the simulated instruments ask of the junction on the table."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.state import State

__all__ = ["Junction"]


class Junction(Protocol):
    """A junction that keeps its state from one pulse to the next."""

    @property
    def device(self) -> Device:
        """Its parameters."""

    @property
    def state(self) -> State:
        """Its state now."""

    def set_state(self, state: int) -> None:
        """Put it into a state.

        Parameters
        ----------
        state
            0 (P) or 1 (AP).

        Raises
        ------
        ValueError
            If the state is another number.
        """

    def pulse_train(self, pulse: Pulse, count: int) -> NDArray[np.uint8]:
        """Apply pulses one after the other, with time to settle between them.

        Parameters
        ----------
        pulse
            Amplitude [V], width [s] and edges [s] of each.
        count
            How many.

        Returns
        -------
        ndarray of uint8, shape (count,)
            State after each pulse, such as `[0, 1, 1, 0, 1]`; the last is the state it keeps.

        Raises
        ------
        ValueError
            If the count is negative, or the junction's model does not cover the pulse.
        """

    def read(self, states: ArrayLike, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each of a series of states.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        voltage
            Read voltage [V].
        bandwidth
            Noise bandwidth [Hz].

        Returns
        -------
        ndarray of float64
            Currents [A], same shape; at 0.1 V the reference device gives about `[1.96e-6, 1.00e-6]` for
            `[0, 1]`.
        """
