"""The Keithley 2700 as the multiplexer: several junctions in turn."""

from collections.abc import Mapping

from pymeasure.instruments.keithley import Keithley2700

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa

__all__ = ["Keithley2700Multiplexer", "Keithley2700WithCards"]

CHANNELS = {"7700": 22, "7701": 32, "7702": 42, "7703": 32, "7706": 20, "7707": 10, "7708": 40, "7709": 50, "7710": 20}
"""Channels of each switching card."""


class Keithley2700WithCards(Keithley2700):
    """A Keithley 2700 that knows its switching cards; PyMeasure's driver refuses all channels but those of a 7709."""

    def determine_valid_channels(self) -> None:
        """Ask which cards are in, and allow their channels: 101 and up in slot 1, 201 and up in slot 2."""
        self.cards = {slot: str(card).strip() for slot, card in enumerate(self.options, 1)}
        # In place: the driver's properties hold this list.
        self.CLIST_VALUES[:] = [
            100 * slot + channel for slot, card in self.cards.items() for channel in range(1, CHANNELS.get(card, 0) + 1)
        ]


class Keithley2700Multiplexer(Adapter):
    """A Keithley 2700 (or 2701, 2750) with a switching card.

    Parameters
    ----------
    role
        Resource, timeout and the channel of each junction.
    wiring
        Wiring of the bench; the multiplexer has none of it.
    """

    IDENTITIES = r"MODEL 27(00|01|50),"
    MODELS = "Keithley 2700, 2701 and 2750"

    def __init__(self, role: MultiplexerSettings, wiring: WiringSettings) -> None:
        super().__init__(Keithley2700WithCards(open_visa(role, self)), role.resource)
        self._channels = dict(role.junctions)
        with self._talking():
            self._set_up()

    def _set_up(self) -> None:
        self.driver.open_all_channels()
        missing = {name: channel for name, channel in self._channels.items() if channel not in self.driver.CLIST_VALUES}
        if missing:
            raise InstrumentError(
                f"{self.resource} has no channel {', '.join(map(str, missing.values()))} (junction "
                f"{', '.join(missing)}); its cards: {', '.join(self.driver.cards.values())}"
            )
        self._refuse_errors("setting up")

    @property
    def junctions(self) -> tuple[str, ...]:
        """Names of the junctions, as the bench file gives them."""
        return tuple(self._channels)

    def select(self, junction: str) -> None:
        """Disconnect whatever is connected, connect one junction, and read back what is closed."""
        if junction not in self._channels:
            raise InputError(f"junction = {junction!r}: there is none; the bench has {', '.join(self._channels)}")
        with self._talking():
            self.driver.open_all_channels()  # the instrument's CLOSe leaves other channels closed
            self.driver.closed_channels = self._channels[junction]
            closed = self.driver.closed_channels
        if closed != [self._channels[junction]]:
            self.switch_off()
            raise InstrumentError(
                f"{self.resource}: channel {self._channels[junction]} was asked for and {closed} is closed; "
                "all channels were opened"
            )
        self._refuse_errors("connecting a junction")

    def selected(self) -> str | None:
        """Name of the junction that is connected, if one is."""
        with self._talking():
            closed = self.driver.closed_channels
        return next((name for name, channel in self._channels.items() if closed == [channel]), None)

    def switch_off(self) -> None:
        """Disconnect all junctions."""
        with self._talking():
            self.driver.open_all_channels()

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        with self._talking():
            closed = self.driver.closed_channels
        return {"closed_channels": ",".join(map(str, closed)), "junction": self.selected() or "none"}
