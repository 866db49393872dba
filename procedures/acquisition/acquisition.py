"""How the device is read: a train of pulses and reads, by the instruments in blocks or bit by bit; a single read."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments import Bench, InstrumentError

__all__ = ["LARGEST_BLOCK", "Acquisition", "BitByBit", "InBlocks", "acquisition_for", "read_resistance"]

LARGEST_BLOCK = 2500
"""Most readings a block: what the buffer of a Keithley 2400 holds."""


class Acquisition(Protocol):
    """Takes blocks of pulses with a read after each."""

    def prepare(self, count: int, settle: float) -> None:
        """Set up blocks of `count` pulses, each followed by a settle time [s] and a read."""

    def start(self) -> None:
        """Start a block and come back at once, where the instruments can do it by themselves."""

    def fetch(self) -> NDArray[np.float64]:
        """Wait for the block and return its currents [A], shape (count,)."""


class InBlocks:
    """The source-meter's trigger model fires the generator, waits, reads and stores; a bit costs no round trip.

    Parameters
    ----------
    bench
        Bench whose trigger line is wired.
    """

    def __init__(self, bench: Bench) -> None:
        self._generator, self._meter = bench.pulse_generator, bench.source_meter

    def prepare(self, count: int, settle: float) -> None:
        """Set up the trigger model, and let the generator listen to it."""
        self._meter.prepare_block(count, settle)
        self._generator.arm_external()

    def start(self) -> None:
        """Start a block and come back at once."""
        self._meter.start_block()

    def fetch(self) -> NDArray[np.float64]:
        """Wait for the block and return its currents [A]."""
        currents = self._meter.fetch_block()
        errors = self._generator.errors()
        if errors:
            raise InstrumentError(f"the pulse generator reports: {'; '.join(errors)}")
        return currents


class BitByBit:
    """A pulse by command, a read, the next pulse: for instruments without a trigger line, some thousand bits/s.

    Parameters
    ----------
    bench
        Bench.
    """

    def __init__(self, bench: Bench) -> None:
        self._generator, self._meter, self._wait = bench.pulse_generator, bench.source_meter, bench.wait
        self._count, self._settle = 0, 0.0

    def prepare(self, count: int, settle: float) -> None:
        """Let the generator wait for commands."""
        self._count, self._settle = count, settle
        self._generator.arm_manual()

    def start(self) -> None:
        """Do nothing: the pulses are sent while `fetch` waits."""

    def fetch(self) -> NDArray[np.float64]:
        """Send the pulses, read after each, and return the currents [A]."""
        currents = np.empty(self._count)
        for index in range(self._count):
            self._generator.trigger()
            if self._settle:
                self._wait(self._settle)
            currents[index] = self._meter.read().current
        errors = self._generator.errors()
        if errors:
            raise InstrumentError(f"the pulse generator reports: {'; '.join(errors)}")
        return currents


def acquisition_for(bench: Bench) -> Acquisition:
    """Choose the way that the wiring of a bench allows: blocks where a trigger line is wired."""
    return InBlocks(bench) if bench.file.wiring.trigger_line else BitByBit(bench)


def read_resistance(bench: Bench) -> float:
    """Read the resistance of the device once [Ω], at the bias as it is set.

    Raises
    ------
    InstrumentError
        If no current flows.
    """
    reading = bench.source_meter.read()
    if not reading.current:
        raise InstrumentError("no current flows: the device is open; check its contacts with contact-check")
    return reading.voltage / reading.current
