"""What the simulated instruments ask of the junction on the table."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.rates.rates import Bias

__all__ = ["Junction"]


class Junction(Protocol):
    """A junction that keeps its state, and what it has been through, from one call to the next."""

    @property
    def device(self) -> Device:
        """Its parameters, as they are without coils and at the device's own temperature."""

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

    def set_surroundings(
        self,
        *,
        in_plane_field: float = 0.0,
        perpendicular_field: float = 0.0,
        temperature: float | None = None,
    ) -> None:
        """Set the fields of the coils and the temperature of the stage; they stay until set again.

        Parameters
        ----------
        in_plane_field
            Field along x [T], added to the device's own.
        perpendicular_field
            Field along z [T], positive towards P, added to the device's stray field.
        temperature
            Temperature [K]; None is the device's own.

        Raises
        ------
        ValueError
            If a value is not finite, or the temperature not positive.
        """

    def pulse_train(self, pulse: Pulse, count: int, hold: HoldInterval | None = None) -> NDArray[np.uint8]:
        """Apply pulses one after the other.

        Parameters
        ----------
        pulse
            Amplitude [V], width [s] and edges [s] of each.
        count
            How many.
        hold
            How the junction sits after each pulse until the next: heat and bias may flip it meanwhile. None is
            just the time to settle, in which nothing acts.

        Returns
        -------
        ndarray of uint8, shape (count,)
            State after each pulse and its hold, such as `[0, 1, 1, 0, 1]`; the last is the state it keeps.

        Raises
        ------
        ValueError
            If the count is negative, or the junction's model does not cover the pulse.
        """

    def hold(self, duration: float, voltage: Bias) -> State:
        """Let time pass at a dc bias, with nobody looking.

        Parameters
        ----------
        duration
            How long [s].
        voltage
            Bias [V], or that in P and that in AP where a current drives it; positive lowers the anisotropy.

        Returns
        -------
        State
            Its state at the end.

        Raises
        ------
        ValueError
            If the duration is negative or a value not finite.
        """

    def observe(self, count: int, gap: float, window: float, voltage: Bias) -> NDArray[np.float64]:
        """Let time pass at a dc bias while a meter looks on; heat and bias flip it in the gaps and in the windows.

        Parameters
        ----------
        count
            Number of windows, each of which a meter integrates over.
        gap
            Time before each window [s].
        window
            Length of a window [s].
        voltage
            Bias [V], as for `hold`.

        Returns
        -------
        ndarray of float64, shape (count,)
            Share of each window that it spent in AP: `[0., 0., 0.62, 1.]` where it flipped in the third. `read` takes
            them.

        Raises
        ------
        ValueError
            If a time is negative, the window 0, or a value not finite.
        """

    def read(self, states: ArrayLike, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each of a series of states.

        Parameters
        ----------
        states
            0 (P), 1 (AP), or a share of the time in AP between them, any shape.
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
