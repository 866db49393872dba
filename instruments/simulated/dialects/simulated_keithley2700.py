"""A simulated Keithley 2700 with a 7709 matrix: one of several junctions at a time."""

from mtjlab.instruments import MultiplexerSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.keithley_common import enter_keithley_system
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_channels
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedKeithley2700"]

CHANNELS = range(101, 151)
"""Channels of the card in slot 1."""


class SimulatedKeithley2700(ScpiInstrument):
    """The multiplexer: the junction whose channel alone is closed is on the bench; with none, or several, none is.

    Parameters
    ----------
    context
        What the bench gives it; its section of the bench file says which channel has which junction.

    Notes
    -----
    Several closed channels would put the junctions in parallel; the simulation has no model of that.
    """

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("KEITHLEY INSTRUMENTS INC.,MODEL 2700,0000000,B09  /A02", context.wiring.clock)
        self._wiring = context.junction_wiring
        named = context.settings.junctions.values() if isinstance(context.settings, MultiplexerSettings) else ()
        self._positions = {channel: number for number, channel in enumerate(named, 1)}
        self._closed: set[int] = set()
        self._system: set[int] = set()
        self.command(":ROUTe:MULTiple:CLOSe", self._close, lambda words: self._answer())
        self.command(":ROUTe:CLOSe", self._close_system, lambda words: self._answer())
        self.command(":ROUTe:MULTiple:OPEN", self._open)
        for states in (":ROUTe:MULTiple:CLOSe:STATe", ":ROUTe:CLOSe:STATe"):
            self.command(states, self._refuse, self._states)
        self.action(":ROUTe:MULTiple:OPEN:ALL", self._open_all)
        self.action(":ROUTe:OPEN:ALL", self._open_all)
        self.command(":ROUTe:MULTiple:STATe", self._refuse, self._states)
        self.query("*OPT", lambda: "7709,NONE")
        enter_keithley_system(self)
        self.text(":DISPlay:TEXT[:DATA]", "", 12, key=":WINDow1:text")
        self._open_all()

    def reset(self) -> None:
        """Return to the settings of ``*RST``: everything is open."""
        super().reset()
        self._open_all()

    def _connect(self) -> None:
        channel = next(iter(self._closed)) if len(self._closed) == 1 else None
        self._wiring.select(self._positions.get(channel) if channel is not None else None)

    @staticmethod
    def _channels(words: list[str]) -> list[int]:
        channels = parse_channels(words)
        if any(channel not in CHANNELS for channel in channels):
            raise ScpiError(-222)
        return channels

    def _close(self, words: list[str]) -> None:
        self._closed.update(self._channels(words))
        self._connect()

    def _close_system(self, words: list[str]) -> None:
        """Close the system channel, of which there is one: the one before is opened (user's manual, p. 2-12)."""
        channels = self._channels(words)
        if len(channels) != 1:
            raise ScpiError(-222)
        self._closed -= self._system
        self._system = set(channels)
        self._closed |= self._system
        self._connect()

    def _open(self, words: list[str]) -> None:
        self._closed.difference_update(self._channels(words))
        self._connect()

    def _open_all(self) -> None:
        self._closed.clear()
        self._system = set()
        self._connect()

    def _answer(self) -> str:
        return f"(@{','.join(map(str, sorted(self._closed)))})"

    def _states(self, words: list[str]) -> str:
        return ",".join(str(int(channel in self._closed)) for channel in self._channels(words))

    @staticmethod
    def _refuse(words: list[str]) -> None:
        raise ScpiError(-113)
