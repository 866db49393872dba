"""Bits that a bench makes while somebody waits for them: hardware in the loop, with no file between."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from mtjlab.analysis.extraction import Extractor, conditioned
from mtjlab.analysis.noise import NotEnoughBits, StreamedBits
from mtjlab.core import Bits, InputError, Quantity
from mtjlab.instruments import Bench, InstrumentError
from mtjlab.procedures.measurements.block import Block
from mtjlab.procedures.measurements.events import BlockEvent, Event, ResultEvent
from mtjlab.procedures.measurements.parameters import refuse_unset
from mtjlab.procedures.random_bitstream import RandomBitstream

__all__ = ["ENDLESS", "LiveBits"]

ENDLESS = 10**13
"""Bits of a bitstream to whose end nobody will wait: at 10 Mbit/s, eleven days."""


class LiveBits:
    """A supply of bits from a live bench: whoever asks for bits waits for the pulses that make them.

    The bits are those of a random bitstream, acquired by it: the interlock, the levels of the states, the feedback, the
    recovery of instruments that fail and the health tests are its own. Pulses begin with the first bits that are asked
    for. The outputs go off at the end of the ``with``, and at once where anything ends the waiting: Ctrl-C, a limit, an
    instrument.

    Parameters
    ----------
    bench
        Opened bench.
    procedure
        The random bitstream; by default that of the bench file, without end. Where it has an end, `NotEnoughBits` is
        raised when it is reached.
    extractor
        What the raw bits go through, in pieces; None for raw bits.
    most_alarms
        Alarms of the health tests with which the bits end; by default they are logged and counted.

    Raises
    ------
    InputError
        If the extractor wants all raw bits at once, or a parameter of the procedure has no value.

    Examples
    --------
    >>> with open_bench("simulated-fast") as bench, LiveBits(bench) as bits:  # doctest: +SKIP
    ...     BitNoise(bits, INVERSE_CDF16).normal((28, 28))
    """

    def __init__(
        self,
        bench: Bench,
        procedure: RandomBitstream | None = None,
        *,
        extractor: Extractor | None = None,
        most_alarms: int | None = None,
    ) -> None:
        if extractor is not None and not extractor.streams:
            raise InputError(f"{extractor.name} wants all raw bits at once, and a live bench has no last one")
        if extractor is not None and procedure is not None and procedure.extract != "none":
            raise InputError(
                f"extract = {procedure.extract} of the bitstream, and {extractor.name} besides: bits go through one "
                "extractor; leave one of the two out"
            )
        self._bench = bench
        self._procedure = procedure or RandomBitstream.for_bench(bench.file, bits=ENDLESS)
        refuse_unset(self._procedure)
        self._procedure.bench = bench
        self._most_alarms = most_alarms
        self._blocks: list[Block] = []
        self._closed = False
        self.alarms = 0
        """Alarms that the health tests have raised so far."""
        self.raw_bits = 0
        """Bits before the extractor, so far."""
        self.results: dict[str, Quantity] = {}
        """What the bitstream found: the currents of the states, the threshold."""
        raw = self._raw()
        self._stream = StreamedBits(raw if extractor is None else conditioned(raw, extractor))

    def take(self, count: int) -> Bits:
        """Wait for the next `count` bits.

        Parameters
        ----------
        count
            How many.

        Returns
        -------
        Bits
            As many as were asked for.

        Raises
        ------
        NotEnoughBits
            If the procedure has reached its end.
        LimitError
            If the bench does not allow a setting; no output was switched on.
        InstrumentError
            If an instrument fails for good, the device sticks, or there were `most_alarms` health alarms.
        InputError
            If it was closed, by its ``with`` or by what was raised before.
        """
        if self._closed:
            raise InputError("the bench has been made safe and makes no more bits: open it again, in a new `with`")
        try:
            return self._stream.take(count)
        except NotEnoughBits:  # it has come to its end by itself, outputs off: what is left can still be taken
            raise
        except BaseException:
            self.close()
            raise

    @property
    def bits_used(self) -> int:
        """Bits given so far."""
        return self._stream.bits_used

    @property
    def bits_left(self) -> None:
        """None: no end is known."""
        return None

    def close(self) -> None:
        """Switch the outputs off; coils ramp down. No bits come after this."""
        if not self._closed:
            self._closed = True
            self._procedure.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _raw(self) -> Iterator[Bits]:
        procedure = self._procedure
        procedure.report = self._listen  # type: ignore[method-assign]
        procedure.should_stop = lambda: False
        self._bench.begin_run()
        procedure.startup()
        for _ in procedure.steps():
            blocks, self._blocks = self._blocks, []
            if self._most_alarms is not None and self.alarms >= self._most_alarms:
                raise InstrumentError(f"health alarm: {self.alarms} of {self._most_alarms}; the bits are not random")
            self.raw_bits = sum(junction.bits for junction in procedure.streams.values())
            for block in blocks:
                yield Bits(block.bits)
        procedure.shutdown()

    def _listen(self, event: Event) -> None:
        match event:
            case BlockEvent(block):
                self._blocks.append(block)
                self.alarms += block.alarms
            case ResultEvent(results):
                self.results.update(results)
