"""A guarded output that sends pulses of current: counted, and no more often than the duty cycle allows."""

from __future__ import annotations

from typing import Any

from mtjlab.instruments.safety.guard import Switched

__all__ = ["PulsedCurrent"]


class PulsedCurrent(Switched):
    """A guarded role that sends pulses of current, whatever instrument plays it.

    Parameters
    ----------
    role, instrument, *shared
        As for `Guarded`.
    """

    def __init__(self, role: str, instrument: Any, *shared: Any) -> None:
        super().__init__(role, instrument, *shared)
        self._next = 0.0

    def _send_pulse(self, setting: str, current: float, width: float, compliance: float) -> None:
        """Check and count a pulse, wait until the duty cycle allows it, then send it.

        Parameters
        ----------
        setting
            Setting that is not known after a pulse that fails on its way.
        current, width, compliance
            Of the pulse [A], [s], [V].
        """
        current, width, compliance = self._interlock.check_current_pulse(current, width, compliance)
        self._interlock.check_switching_on(self._role)
        self._stress.time(1, width)
        early = self._next - self._clock.time
        if early > 0:
            self._clock.wait(early)
        self._next = self._clock.time + self._interlock.currents.pause(width)
        self._interlock.on.add(self._role)
        # One that fails on its way leaves the instrument between the pulse and its steady current.
        with self._making(setting, spoils_set_up=True):
            self._instrument.send_pulse(current, width, compliance)
