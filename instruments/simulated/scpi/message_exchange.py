"""The message exchange of IEEE 488.2: one client writes messages to an instrument and reads its answers."""

import logging

from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["MessageExchange"]

log = logging.getLogger(__name__)


class MessageExchange:
    """An instrument's input and output queue for one client.

    Parameters
    ----------
    instrument
        Instrument that carries the messages out.

    Examples
    --------
    >>> exchange = MessageExchange(ScpiInstrument("MAKER,MODEL,0,1"))
    >>> exchange.write(b"*IDN?")
    >>> exchange.read()
    b'MAKER,MODEL,0,1'
    >>> exchange.read()
    b''
    >>> exchange.write(b":SYST:ERR?")
    >>> exchange.read()
    b'-420,"Query UNTERMINATED"'

    Notes
    -----
    IEEE 488.2-1992, section 6.3: a new message before the answer was read interrupts the query (-410), a read with
    nothing asked for finds it unterminated (-420).
    """

    def __init__(self, instrument: ScpiInstrument) -> None:
        self._instrument = instrument
        self._output: bytes | None = None

    def write(self, message: bytes) -> None:
        """Carry out a message, without its newline; an instrument outlives any."""
        instrument = self._instrument
        with instrument.clock.lock:
            if self._output is not None:
                self._output = None
                instrument.report(ScpiError(-410))
            self._output = self._carry_out(message)

    @property
    def answered(self) -> bool:
        """Whether an answer waits to be read."""
        return self._output is not None

    def read(self) -> bytes:
        """Take the answer out of the output queue; empty where there is none, which is an error."""
        output, self._output = self._output, None
        if output is None:
            with self._instrument.clock.lock:
                self._instrument.report(ScpiError(-420))
            return b""
        return output

    def clear(self) -> None:
        """Empty the output queue, as a device clear does."""
        self._output = None

    def _carry_out(self, message: bytes) -> bytes | None:
        text = message.decode("latin-1")
        # Blanks at the end may be the last bytes of a block.
        text = text.lstrip() if "#" in text else text.strip()
        try:
            return self._instrument.handle(text)
        except Exception:
            # A fault of ours must not end the instrument; the client sees it in the queue.
            log.exception("%s failed on %r", self._instrument.identity, message[:200])
            self._instrument.report(ScpiError(-200))
            return None
