"""The pulses that a bench sends to its device: checked against what it may stand in its life, then counted."""

from collections.abc import Callable

from mtjlab.instruments.interlock import Interlock
from mtjlab.instruments.safety.device_log import DeviceLog

__all__ = ["Stress"]


class Stress:
    """Checks and counts pulses before they are sent.

    Parameters
    ----------
    interlock
        Limit, and width of the present pulse.
    open_log
        Gives the log of a device; called with the junction's name, or nothing where there is one device only.
    """

    def __init__(self, interlock: Interlock, open_log: Callable[[str], DeviceLog]) -> None:
        self._interlock = interlock
        self._open_log = open_log
        self._logs: dict[str, DeviceLog] = {}
        self.log = self.select("")
        """Log of the device that is connected."""
        self.listens = {"external", "manual"}
        """Triggers that the generator may listen to: the line (external), or commands (manual)."""

    def select(self, junction: str) -> DeviceLog:
        """Go over to another junction's log."""
        if junction not in self._logs:
            self._logs[junction] = self._open_log(junction)
        self.log = self._logs[junction]
        return self.log

    def pulses(self, count: int, *, trigger: str) -> None:
        """Count pulses of the generator at so many triggers, if it may be on and may listen to them.

        Raises
        ------
        LimitError
            If the device would have stood more than it may.
        """
        if "pulse_generator" in self._interlock.on and trigger in self.listens:
            self.time(count, self._interlock.width)

    def time(self, count: int, width: float) -> None:
        """Count pulses of a width [s]; raises as `pulses` does."""
        self._interlock.check_stress(self.log.stress_time, count * width)
        self.log.charge(count, width)

    def save(self) -> None:
        """Write all logs, and let go of their files."""
        for log in self._logs.values():
            log.close()
