"""Counting the points of a switching table on the macrospin, and what a user hears meanwhile."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.switching_node import NodeFile, NodeKey, SwitchingNode
from mtjlab.instruments.simulated.junction.table_interpolation import TableSheet
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

__all__ = ["CalibrationNotice", "PointCounter", "Progress"]

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
"""Longest estimated time [s] that a table takes by itself to make the points that a pulse needs. A bench opened in this
process waits for it beyond any timeout; a client of a served bench has to be given as much."""
_SPEED = 2.5e8  # steps a second and thread, for the estimate of the first wait
_SETTLE = 5e-9  # s, from the pulse to the look at the state
_DT = 2e-12  # s, the macrospin's step
_KEPT_AT_ONCE = 512  # points, so that an interruption loses no more

Progress = Callable[[int, int], None]
"""Called with (done, to do)."""


class PointCounter:
    """Counts points on the macrospin and keeps them, in memory and in a file.

    Parameters
    ----------
    nodes
        The points of the table, to which what is counted is added.
    device
        Name of the device, for messages.
    effects
        Those with which the macrospin counts.
    shots
        Pulses from each state at a point.
    threads
        How many threads count.
    """

    def __init__(
        self, nodes: dict[NodeKey, SwitchingNode], device: str, effects: Effects, *, shots: int, threads: int
    ) -> None:
        self._nodes = nodes
        self._device = device
        self._effects = effects
        self._shots = shots
        self._threads = threads

    def missing(self, needed: Sequence[tuple[TableSheet, NodeKey]], shots: int) -> dict[NodeKey, TableSheet]:
        """Give those points that are not there with so many shots."""
        return {key: sheet for sheet, key in needed if key not in self._nodes or self._nodes[key].shots < shots}

    def provide(self, pulse: Pulse, needed: Sequence[tuple[TableSheet, NodeKey]], file: NodeFile) -> None:
        """Count the points that a pulse needs and that are not there, all at once: one message tells the whole wait.

        Parameters
        ----------
        pulse
            The pulse that asks for them.
        needed
            Its points and their sheets.
        file
            Where to write them.

        Raises
        ------
        ValueError
            If they would take longer than `LONGEST_WAIT`; the message says how to make them.
        """
        missing = self.missing(needed, 1)
        if not missing:
            return
        steps = sum((key.width + (key.rise + key.fall) / 2) * 1e-15 + _SETTLE for key in missing) / _DT
        seconds = steps * 2 * self._shots / (_SPEED * self._threads)
        if seconds > LONGEST_WAIT:
            raise InputError(
                f"the switching table of device '{self._device}' has no points around {pulse.amplitude:g} V, "
                f"{pulse.width:g} s yet, and {len(missing)} of them take about {seconds:.0f} s: make them with mtjlab "
                'simulate table, or use the model "macrospin"'
            )
        with CalibrationNotice(self._device, pulse, len(missing), seconds) as notice:
            self.count(missing, notice.update, file)

    def count(self, missing: dict[NodeKey, TableSheet], progress: Progress | None, file: NodeFile) -> int:
        """Count points.

        Parameters
        ----------
        missing
            The points and their sheets.
        progress
            Called with (points done, points to do).
        file
            Where to write them.

        Returns
        -------
        int
            How many there were.
        """
        made: dict[NodeKey, SwitchingNode] = {}
        macrospins: dict[TableSheet, Macrospin] = {}
        for done, (key, sheet) in enumerate(missing.items(), 1):
            if sheet not in macrospins:
                macrospins[sheet] = Macrospin(sheet.device, effects=self._effects, threads=self._threads)
            pulse = Pulse(key.amplitude * 1e-6, key.width * 1e-15, key.rise * 1e-15, key.fall * 1e-15)
            made[key] = SwitchingNode.count(macrospins[sheet], pulse, self._shots)
            if progress is not None:
                progress(done, len(missing))
            if len(made) == _KEPT_AT_ONCE:
                file.add(made)
                self._nodes.update(made)
                made = {}
        if made:
            file.add(made)
        self._nodes.update(made)
        return len(missing)


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
