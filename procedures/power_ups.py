"""Power-ups: the matrix of bits for the restart tests of SP 800-90B, a row each time the source is switched on."""

from collections.abc import Iterator
from typing import Any, ClassVar

from pymeasure.experiment import FloatParameter

from mtjlab.core import InputError
from mtjlab.procedures.acquisition.acquisition import LARGEST_BLOCK
from mtjlab.procedures.bitstream.block_loop import BlockLoop
from mtjlab.procedures.bitstream.block_output import BlockOutput
from mtjlab.procedures.bitstream.target import Target
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import BlockEvent
from mtjlab.procedures.random_bitstream import RandomBitstream

__all__ = ["PowerUps"]


class PowerUps(RandomBitstream):
    """Record the first bits after each of many power-ups: the matrix of the restart tests of SP 800-90B.

    A power-up is more than the reset of the junction before a pulse. All outputs go off and stay off for `off_time`;
    the instruments are connected and set up again from their reset state; read bias and pulses come on; and the
    currents of the two states are found from one block of pulses that is given to nobody, as at the start of every
    bitstream. Then `samples` bits are recorded, those of one power-up after those of the one before. The temperature of
    the sample is not cycled: give `off_time` long enough for what is to settle.

    The bits are raw, of one junction without feedback; `bits` is `restarts` times `samples`.
    """

    restarts = CountParameter("Power-ups", default=1000, minimum=1, maximum=10**6)
    samples = CountParameter("Bits after each", default=1000, minimum=2, maximum=LARGEST_BLOCK)
    off_time = FloatParameter("Time that all outputs are off", units="s", default=1.0, minimum=0.0, maximum=1e5)

    extendable: ClassVar[tuple[str, ...]] = ("restarts",)

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self._done = 0

    @property
    def complete(self) -> bool:
        """Whether the bits of all power-ups are there."""
        return self._done >= self.restarts

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is.

        Raises
        ------
        InputError
            If feedback, an extractor or several junctions are asked for: they go on over a power-up.
        """
        for name, without in (("feedback", "none"), ("extract", "none"), ("junctions", "")):
            if getattr(self, name) != without:
                raise InputError(
                    f"{name} = {getattr(self, name)}: power-ups are of raw bits of one junction; leave it out"
                )
        self.bits = self.restarts * self.samples
        self.block = self.samples  # a recording ends with a whole row, whenever it is stopped
        super().configure()

    def startup(self) -> None:
        """Switch the source on for the first time."""
        self.configure()
        super().startup()

    def steps(self) -> Iterator[float]:
        """Acquire the bits of one power-up after the other.

        Yields
        ------
        float
            The progress after each block [%].
        """
        assert self._turns is not None
        output = BlockOutput(
            lambda block, row: self.report(BlockEvent(block, row)),
            self._resumption,
            self.bias if self.keeps_resistance else None,
        )
        first = output.first // self.samples
        for number in range(first, self.restarts):
            if number > first:
                self._power_up()
            target = Target((number + 1) * self.samples)
            loop = BlockLoop(self._turns, self._schedule, target, output, self.should_stop)
            for _ in loop.steps(self.bench):
                yield 100.0 * loop.bits / self.bits
            if not loop.complete:
                return
            output.first = loop.bits
            self._done = number + 1
            if self.should_stop():
                return

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: that of the bits, and of the power-ups."""
        self.bits = self.restarts * self.samples
        return float(super().estimated_duration + self.restarts * self.off_time)

    def _power_up(self) -> None:
        """Switch everything off, wait, set the instruments up again, and find the currents of the states."""
        assert self._turns is not None
        self.bench.make_safe()
        self.bench.wait(self.off_time)
        self.bench.recover()
        self._turns.connect()
