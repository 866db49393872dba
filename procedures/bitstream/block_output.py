"""Bits on their way to the recording: as blocks, each with its row, without those that the recording holds already."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.procedures.bitstream.junction_bits import JunctionBits, RawBits
from mtjlab.procedures.measurements.block import Block
from mtjlab.procedures.measurements.resumption import Resumption

__all__ = ["COLUMNS", "BlockOutput"]

log = logging.getLogger(__name__)

COLUMNS = ("Time (s)", "P(1)", "Parallel current (A)", "Antiparallel current (A)", "Junction")
"""Columns of the rows."""


class BlockOutput:
    """Hand blocks on, each with its row.

    A seeded simulated bench begins its random stream again when a run is resumed; then the bits that the recording
    holds are made once more, compared with it, and not handed on.

    Parameters
    ----------
    hand_on
        Takes a block and its row.
    resumption
        Where the recording ends that is resumed; None for a new one.
    bias
        Read bias [V], where the resistance of each bit is to be kept; None where it is not.
    """

    def __init__(
        self,
        hand_on: Callable[[Block, dict[str, float]], None],
        resumption: Resumption | None = None,
        bias: float | None = None,
    ) -> None:
        self._hand_on, self._resumption, self._bias = hand_on, resumption, bias
        self._held = 0 if resumption is None else resumption.bits
        self._began = time.time() if resumption is None else resumption.began
        self.first = 0 if resumption is None or resumption.repeats else resumption.bits
        """Place in the recording of the first bit that the junctions will make."""
        self._alarms = 0
        """Alarms of raw bits that have left none so far."""
        if self._held > self.first:
            log.info("repeating %d bits of the seeded run", self._held)

    def give(
        self,
        junction: JunctionBits,
        raw: RawBits,
        bits: NDArray[np.uint8],
        first: int,
        *,
        place: int,
        started: float,
    ) -> None:
        """Count bits at their junction, let its health tests see them, and hand on what the recording does not hold.

        Parameters
        ----------
        junction
            Where they come from.
        raw
            Raw bits and currents.
        bits
            What is given out: the raw bits, or what the extractor left of them.
        first
            Place of the first of them in the recording.
        place
            Place of the junction among all, from 1.
        started
            When their train was started [s since 1970].

        Raises
        ------
        InputError
            If bits that the recording holds are not those that it holds.
        """
        alarms = junction.give_out(raw.bits)
        held = max(0, self._held - first)
        if held:
            assert self._resumption is not None
            self._resumption.check(first, bits[:held])
            bits = bits[held:]
            # Bits of several junctions are counted together here and apart by their health tests. Those that the
            # extractor took are in the recording, or not, all together.
            before = held if junction.extractor is None else 0 if len(bits) else len(raw.bits)
            fresh = junction.health.bits - len(raw.bits) + before
            alarms = [alarm for alarm in alarms if alarm.bit >= fresh]
            raw = RawBits(raw.bits[before:], raw.currents[before:])
        for alarm in alarms:
            log.warning("health alarm: %s", alarm)
        self._alarms += len(alarms)
        if not len(bits):
            return
        currents = raw.currents
        resistances = None if self._bias is None else self._bias / currents
        block = Block(bits, currents, started, *junction.point, alarms=self._alarms, resistances=resistances)
        self._alarms = 0
        parallel = junction.levels.states(currents) == 0
        values = (
            started - self._began,
            raw.ones / len(raw.bits),
            _mean(currents[parallel]),
            _mean(currents[~parallel]),
            float(place),
        )
        self._hand_on(block, dict(zip(COLUMNS, values, strict=True)))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
