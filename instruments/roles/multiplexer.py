"""The role of the switch that connects one of several junctions to the bench."""

from collections.abc import Callable
from typing import Protocol

import pydantic

from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.role import GuardedSetting, InstrumentRole, Role
from mtjlab.instruments.safety.guard import Guarded
from mtjlab.instruments.settings.role_settings import RoleSettings

__all__ = ["MULTIPLEXER", "Multiplexer", "GuardedMultiplexer", "MultiplexerSettings"]


class Multiplexer(InstrumentRole, Protocol):
    """What a procedure may ask of a multiplexer: several junctions in turn.

    Examples
    --------
    >>> multiplexer.junctions                   # doctest: +SKIP
    ('A1', 'A2', 'A3')
    >>> multiplexer.select("A2")                # doctest: +SKIP
    >>> multiplexer.selected()                  # doctest: +SKIP
    'A2'
    """

    @property
    def junctions(self) -> tuple[str, ...]:
        """Names of the junctions, as the bench file gives them."""

    def select(self, junction: str) -> None:
        """Disconnect whatever is connected, connect one junction, and read back what is closed.

        Parameters
        ----------
        junction
            Name of the junction, one of `junctions`.
        """

    def selected(self) -> str | None:
        """Name of the junction that is connected, if one is."""

    def switch_off(self) -> None:
        """Disconnect all junctions."""


class MultiplexerSettings(RoleSettings):
    """A multiplexer with the junctions behind it."""

    junctions: dict[str, int] = pydantic.Field(default=..., min_length=1)
    """Channel of each junction, by its name: ``A1 = 101``."""


class GuardedMultiplexer(Guarded):
    """A multiplexer behind the interlock; see `Multiplexer` for the methods."""

    plays = Multiplexer
    junctions: tuple[str, ...]
    selected: Callable[[], str | None]

    def select(self, junction: str) -> None:
        """Connect one junction, if no output is on."""
        self._interlock.check_connecting()
        with self._making("junction"):
            self._instrument.select(junction)
        self._stress.select(junction)

    def switch_off(self) -> None:
        """Disconnect all junctions; never refused, and nothing on a closed bench.

        Raises
        ------
        InstrumentError
            If the instrument says that one is connected still.
        """
        if self._interlock.given_back:
            return
        self._instrument.switch_off()
        still = self._instrument.selected()
        if still is not None:
            raise InstrumentError(f"{self._role} does not disconnect {still}: disconnect it by hand")


MULTIPLEXER = Role(
    name="multiplexer",
    about="Connects one of several junctions.",
    guard=GuardedMultiplexer,
    safe_order=60,
    settings=MultiplexerSettings,
    guarded=(GuardedSetting("junction", "select", known_when_opened=True),),
    example={"driver": "keithley2700", "resource": "GPIB0::16::INSTR", "junctions": {"A1": 101, "A2": 102}},
)
