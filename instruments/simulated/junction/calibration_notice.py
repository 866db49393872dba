"""What a user hears while a switching table makes points by itself."""

from __future__ import annotations

import logging
import sys
import time
from types import TracebackType

from mtjlab.instruments.simulated.device.pulse import Pulse

__all__ = ["CalibrationNotice"]

log = logging.getLogger(__name__)


class CalibrationNotice:
    """Says in the log that points are made and how long it takes; on a terminal, the time left as well.

    Parameters
    ----------
    device
        Name of the device.
    pulse
        The pulse that asks for them.
    count
        Number of points.
    seconds
        Estimate of the time [s].
    """

    def __init__(self, device: str, pulse: Pulse, count: int, seconds: float) -> None:
        where = f"{pulse.amplitude:g} V, {pulse.width:g} s"
        self._words = f"switching table of device '{device}': making {count} points around {where}"
        self._seconds = seconds
        self._began = 0.0
        self._shown = False

    def __enter__(self) -> CalibrationNotice:
        """Begin."""
        log.info("%s, about %.0f s; they are kept for the next time", self._words, max(self._seconds, 1.0))
        self._began = time.monotonic()
        return self

    def update(self, done: int, total: int) -> None:
        """Tell how far it is.

        Parameters
        ----------
        done, total
            Points made, and to be made.
        """
        passed = time.monotonic() - self._began
        # What takes less than a second needs no line.
        if passed > 1.0 and sys.stderr is not None and sys.stderr.isatty():
            left = passed * (total - done) / done
            sys.stderr.write(f"\r{self._words}: {done} of {total}, {left:.0f} s left \x1b[K")
            sys.stderr.flush()
            self._shown = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the line."""
        if self._shown:
            sys.stderr.write("\n")
