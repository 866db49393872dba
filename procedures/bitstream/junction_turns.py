"""Several junctions that have their turns on a multiplexed bench; or one junction, whose turn never ends."""

from __future__ import annotations

from collections.abc import Sequence

from mtjlab.core import InputError
from mtjlab.instruments import Bench
from mtjlab.procedures.bitstream.connected_junction import ConnectedJunction, ReadSettings
from mtjlab.procedures.bitstream.junction_bits import JunctionBits
from mtjlab.procedures.steering.actuators import OperatingPoint

__all__ = ["JunctionTurns", "junction_names"]


def junction_names(bench: Bench, text: str) -> list[str]:
    """Read the parameter ``junctions``: names that the multiplexer knows, separated by commas.

    Parameters
    ----------
    bench
        Bench, with a multiplexer where the text names any junction.
    text
        The names; empty for the one junction of a bench without multiplexer.

    Returns
    -------
    list of str
        The names, in order; one empty name for an empty text.

    Raises
    ------
    InputError
        If a name is not known or comes twice.
    InstrumentError
        If the bench has no multiplexer.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        return [""]
    known = bench.multiplexer.junctions
    unknown = [name for name in names if name not in known]
    if unknown or len(set(names)) < len(names):
        raise InputError(f"junctions = {text!r}: give each of these at most once: {', '.join(known)}")
    return names


class JunctionTurns:
    """Which junction is connected, and how many bits of its turn it has given.

    Parameters
    ----------
    bench
        Bench, with a multiplexer where there are several junctions.
    junctions
        The junctions in the order of their turns.
    read
        How their trains are read.
    turn
        Bits a turn.
    start_at
        Operating point from which steering resumes; None to begin at the parameters'.
    """

    def __init__(
        self,
        bench: Bench,
        junctions: Sequence[JunctionBits],
        read: ReadSettings,
        turn: int,
        start_at: OperatingPoint | None = None,
    ) -> None:
        self.junctions = junctions
        self.connected = ConnectedJunction(bench, junctions[0], read)
        """The junction whose turn it is, at the instruments."""
        self._bench, self._read, self._turn, self._start_at = bench, read, turn, start_at
        self._given = 0

    @property
    def alternate(self) -> bool:
        """Whether there is more than one junction."""
        return len(self.junctions) > 1

    @property
    def place(self) -> int:
        """Place of the connected junction among all, from 1."""
        return self.junctions.index(self.connected.junction) + 1

    def connect(self) -> None:
        """Connect the junction whose turn it is, at the beginning and after the bench has recovered.

        Raises
        ------
        InstrumentError
            If an instrument fails; the same junction is to be connected then.
        """
        junction = self.connected.junction
        if junction.name:
            self._bench.pulse_generator.switch_off()
            self._bench.source_meter.switch_off()
            self._bench.multiplexer.select(junction.name)
        self.connected = ConnectedJunction(self._bench, junction, self._read)
        self.connected.begin(self._start_at)

    def count(self, bits: int) -> None:
        """Count bits that the connected junction has given out."""
        self._given += bits

    @property
    def over(self) -> bool:
        """Whether the next junction is to be connected."""
        return self.alternate and self._given >= self._turn

    def next(self) -> None:
        """Connect the next junction; see `connect`."""
        self._given = 0
        # Even if connecting fails: it is the next one that a recovery connects.
        self.connected = ConnectedJunction(self._bench, self.junctions[self.place % len(self.junctions)], self._read)
        self.connect()
