"""The loop that takes block after block from the junctions, and owns the one count of the bits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from mtjlab.instruments import Bench, InstrumentError
from mtjlab.procedures.acquisition.recovery import Recovery
from mtjlab.procedures.bitstream.block_output import BlockOutput
from mtjlab.procedures.bitstream.block_schedule import BlockSchedule
from mtjlab.procedures.bitstream.junction_bits import RawBits
from mtjlab.procedures.bitstream.junction_turns import JunctionTurns
from mtjlab.procedures.bitstream.target import Target

__all__ = ["BlockLoop"]


class BlockLoop:
    """Take blocks until a target is reached or somebody wants an end.

    Parameters
    ----------
    turns
        The junctions, the first of them connected.
    schedule
        Which blocks are given out, and after which ones the setting is moved.
    target
        What ends the loop.
    output
        Takes the bits that are given out.
    should_stop
        Tells whether somebody wants an end; asked between a block and the start of the next.
    """

    def __init__(
        self,
        turns: JunctionTurns,
        schedule: BlockSchedule,
        target: Target,
        output: BlockOutput,
        should_stop: Callable[[], bool],
    ) -> None:
        self._turns, self._schedule, self._target = turns, schedule, target
        self._output, self._should_stop = output, should_stop
        self._clock = time.monotonic()
        self.bits = output.first
        """Bits given out so far, those of the recording that is resumed included."""
        self.complete = False
        """Whether the target was reached by a block."""

    def steps(self, bench: Bench) -> Iterator[float]:
        """Take blocks, each when it is asked for; recover where an instrument fails.

        Parameters
        ----------
        bench
            Bench to recover.

        Yields
        ------
        float
            The progress after each block [%].

        Raises
        ------
        InstrumentError
            If a bounded number of recoveries in a row has failed.
        LimitError
            If a limit refuses a setting.
        """
        recovery = Recovery(bench, self._turns.connect)  # a multiplexer has let go of its junction
        while self.progress < 100.0:
            try:
                stop = self._next_block()
            except InstrumentError as error:
                # Of this block and the one under way nothing is kept: the state between them may be another.
                recovery.after(error)
                continue
            recovery.succeeded()
            self.complete = self.progress >= 100.0
            yield self.progress
            if stop or self._should_stop():
                break

    @property
    def progress(self) -> float:
        """How much of the target is reached [%]."""
        return self._target.progress(self.bits, time.monotonic() - self._clock, self._turns.junctions)

    def _next_block(self) -> bool:
        """Take a block and do whatever is due after it; tell whether somebody wants an end."""
        connected = self._turns.connected
        junction = connected.junction
        number = junction.blocks
        train = connected.fetch()
        stop = bool(self._should_stop())
        alone = self._schedule.acts_after(number) or self._turns.alternate
        if not (stop or alone) and self.bits + len(train.currents) < self._target.bits:
            connected.start()  # the next block is under way while this one is taken apart
        junction.blocks += 1
        raw = junction.take(train.currents)
        if self._schedule.steers(number):
            connected.steering_counts[0] += len(raw.bits)
            connected.steering_counts[1] += raw.ones
        if self._schedule.given_out(number):
            self._give_out(raw, train.started)
        else:
            junction.pause()
        if self._schedule.acts_after(number) and junction.steering is not None:
            junction.steering.update(*connected.steering_counts)
            connected.steering_counts = [0, 0]
        if self._turns.over and self.progress < 100.0:
            self._turns.next()
        return stop

    def _give_out(self, raw: RawBits, started: float) -> None:
        """Give bits out, at most as many as are still wanted."""
        turns, first = self._turns, self.bits
        junction, left = turns.connected.junction, self._target.bits - first
        if junction.extractor is None:
            raw = RawBits(raw.bits[:left], raw.currents[:left])
        bits = junction.conditioned(raw.bits)[:left]
        self.bits += len(bits)
        turns.count(len(bits))
        self._output.give(junction, raw, bits, first, place=turns.place, started=started)
