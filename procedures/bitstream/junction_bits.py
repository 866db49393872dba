"""One junction's side of a bitstream: the currents of its states, its last state, its health tests, its steering."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.extraction import Extractor
from mtjlab.analysis.health import Alarm, HealthTests
from mtjlab.analysis.readout import StateLevels
from mtjlab.core import Bits, FitError, Quantity
from mtjlab.instruments import InstrumentError
from mtjlab.procedures.steering.actuators import OperatingPoint
from mtjlab.procedures.steering.steering import Steering

__all__ = ["JunctionBits", "RawBits", "Results"]

log = logging.getLogger(__name__)

Results = dict[str, Quantity]


@dataclass(frozen=True)
class RawBits:
    """What a train of pulses gave."""

    bits: NDArray[np.uint8]
    """Raw bits, shape (N,): whether each pulse that counts switched the device."""
    currents: NDArray[np.float64]
    """Current read after each of these pulses [A], shape (N,)."""

    @property
    def ones(self) -> int:
        """Number of ones among the bits."""
        return int(np.count_nonzero(self.bits))


class JunctionBits:
    """Turn the readings of one junction into raw bits.

    Parameters
    ----------
    name
        The junction's name at the multiplexer; empty on a bench without one.
    point
        What its bits are made with, unless it is steered.
    health
        Tests that watch the bits that are given out.
    from_parallel
        Count only pulses that began in the parallel state: a pulse out of the antiparallel one is then a reset, which
        its read verifies. Otherwise all pulses count, and no reset is needed.
    report
        Takes the results of a fit.
    steering
        What holds the operating point; None leaves it alone.
    extractor
        What its bits go through before they are given out; None gives out raw bits.
    """

    def __init__(
        self,
        name: str,
        point: OperatingPoint,
        health: HealthTests,
        *,
        from_parallel: bool,
        report: Callable[[Results], None],
        steering: Steering | None = None,
        extractor: Extractor | None = None,
    ) -> None:
        self.name, self.health, self.steering = name, health, steering
        self.levels: StateLevels
        """Currents of the two states."""
        self.ones = self.bits = 0
        """Raw bits that were given out, or went into what was."""
        self.blocks = 0
        """Blocks that were read from it, given out or not."""
        self.cycles = 0.0
        """Integration time that was found to be needed [power line cycles]; zero before that."""
        self.extractor = extractor
        """What its bits go through."""
        self.pause()
        self._point = point
        self._from_parallel = from_parallel
        self._report = report
        self._state = 0

    @property
    def point(self) -> OperatingPoint:
        """What its bits are made with now; NaN for a field that no coil makes."""
        return self._point if self.steering is None else self.steering.actuator.point

    def report(self, results: Results) -> None:
        """Record results, under the junction's name where it has one."""
        prefix = f"{self.name}: " if self.name else ""
        self._report({prefix + name: result for name, result in results.items()})

    def found(self, levels: StateLevels, currents: NDArray[np.float64]) -> None:
        """Take the levels that were found in readings, the last of which tells the state."""
        self.levels = levels
        self._state = int(levels.states(currents)[-1])
        self.pause()
        log.info("currents of the states: %.6g A parallel, %.6g A antiparallel", levels.parallel, levels.antiparallel)
        self.report(levels.results())

    def take(self, currents: NDArray[np.float64]) -> RawBits:
        """Turn the readings of a train into raw bits.

        Parameters
        ----------
        currents
            Current after each pulse [A], shape (N,).

        Raises
        ------
        InstrumentError
            If readings are of neither state, or the device is stuck.
        """
        self._follow_levels(currents)
        states = self.levels.states(currents)
        before = np.concatenate((np.array([self._state], np.uint8), states[:-1]))
        switched: NDArray[np.uint8] = states ^ before
        self._refuse_stuck(switched)
        self._state = int(states[-1])
        if self.steering is not None:
            self._count(self.steering, before, switched)
        if not self._from_parallel:
            return RawBits(switched, currents)
        counts = before == 0
        return RawBits(switched[counts], currents[counts])

    def pause(self) -> None:
        """Begin the extraction again: pulses come between whose bits it does not see, and the state may be another."""
        self._stream = None if self.extractor is None else self.extractor.stream()

    def conditioned(self, bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return what is given out of raw bits: themselves, or what the extractor leaves of them.

        Parameters
        ----------
        bits
            Raw bits that follow those before, shape (N,).
        """
        return bits if self._stream is None else self._stream(Bits(bits)).unpacked()

    def give_out(self, bits: NDArray[np.uint8]) -> list[Alarm]:
        """Count raw bits whose turn it is to be given out, and let the health tests watch them."""
        ones = int(np.count_nonzero(bits))
        self.bits += len(bits)
        self.ones += ones
        if self.steering is not None:
            self.steering.leakage.count_output(len(bits), ones)
        return self.health.update(bits)

    def _count(self, steering: Steering, before: NDArray[np.uint8], switched: NDArray[np.uint8]) -> None:
        for state in (0,) if self._from_parallel else (0, 1):
            these = switched[before == state]
            steering.leakage.count_pulses(state, len(these), int(np.count_nonzero(these)))

    def _follow_levels(self, currents: NDArray[np.float64]) -> None:
        """Let the levels follow a device that drifts, and refuse readings that are of neither state."""
        if self.levels.accepts(currents):
            return
        try:
            levels = StateLevels.fit(currents)
        except FitError as error:
            raise InstrumentError(str(error)) from error
        if not levels.accepts(currents):
            raise InstrumentError(
                "a reading lies between the currents of the two states: the block is not the device's"
            )
        log.warning(
            "the currents of the states have moved to %.6g A parallel, %.6g A antiparallel",
            levels.parallel,
            levels.antiparallel,
        )
        self.levels = levels
        self.report(levels.results())

    def _refuse_stuck(self, switched: NDArray[np.uint8]) -> None:
        """Stop on a device that has stopped switching, or always switches."""
        # Chance does this to a fair device once in 2^64 blocks.
        if len(switched) >= 65 and switched.min() == switched.max():
            did = "switched at every pulse" if switched[0] else "did not switch once"
            raise InstrumentError(
                f"the device {did} in {len(switched)} pulses of {self.point.amplitude:g} V and "
                f"{self.point.width:g} s: it is stuck, or off its operating point"
            )
