"""The status of an instrument: event registers, the status byte, and the error queue with SCPI's standard errors."""

import collections
from typing import ClassVar

__all__ = ["ScpiError", "EventRegister", "ScpiStatus"]

TEXTS = {
    0: "No error",
    -101: "Invalid character",
    -102: "Syntax error",
    -103: "Invalid separator",
    -104: "Data type error",
    -108: "Parameter not allowed",
    -109: "Missing parameter",
    -112: "Program mnemonic too long",
    -113: "Undefined header",
    -114: "Header suffix out of range",
    -120: "Numeric data error",
    -123: "Exponent too large",
    -128: "Numeric data not allowed",
    -131: "Invalid suffix",
    -138: "Suffix not allowed",
    -141: "Invalid character data",
    -151: "Invalid string data",
    -161: "Invalid block data",
    -168: "Block data not allowed",
    -171: "Invalid expression",
    -200: "Execution error",
    -211: "Trigger ignored",
    -213: "Init ignored",
    -221: "Settings conflict",
    -222: "Data out of range",
    -223: "Too much data",
    -224: "Illegal parameter value",
    -225: "Out of memory",
    -230: "Data corrupt or stale",
    -240: "Hardware error",
    -310: "System error",
    -350: "Queue overflow",
    -363: "Input buffer overrun",
    -365: "Time out error",
    -410: "Query INTERRUPTED",
    -420: "Query UNTERMINATED",
}

EVENT_BITS = {1: 0x20, 2: 0x10, 3: 0x08, 4: 0x04}
"""Bit of the standard event status register for each hundred: command, execution, device, query error."""


class ScpiError(Exception):
    """An error that an instrument puts into its queue.

    Parameters
    ----------
    number
        Number of the error: negative ones are SCPI's, positive ones the instrument's own.
    text
        Its text; standard numbers have one.

    Notes
    -----
    SCPI 1999.0, volume 2, section 21.8.
    """

    def __init__(self, number: int, text: str | None = None) -> None:
        self.number = number
        self.text = text if text is not None else TEXTS.get(number, "Device-specific error")
        super().__init__(str(self))

    @property
    def event_bit(self) -> int:
        """Bit of the standard event status register that it sets; an error of the instrument's own is the device's."""
        return 0 if self.number == 0 else EVENT_BITS.get(-self.number // 100, 0x08)

    def __str__(self) -> str:
        """As ``:SYSTem:ERRor?`` answers it."""
        return f'{self.number},"{self.text}"'


QUEUE_LENGTH = 30
"""Errors kept before the last one becomes -350."""
OPERATION_COMPLETE, POWER_ON = 0x01, 0x80
ERROR_AVAILABLE, QUESTIONABLE, MESSAGE_AVAILABLE, EVENT, SERVICE, OPERATION = 0x04, 0x08, 0x10, 0x20, 0x40, 0x80


class EventRegister:
    """A condition, the events latched when its bits rise, and the mask of those that are summed up.

    Notes
    -----
    SCPI 1999.0, volume 1, section 9; only rising bits make events, as after ``:STATus:PRESet``.
    """

    def __init__(self) -> None:
        self.condition = 0
        self.event = 0
        self.enable = 0

    def set(self, bit: int, on: bool) -> None:
        """Set or clear a bit of the condition; one that rises is latched."""
        if on:
            self.event |= bit & ~self.condition
            self.condition |= bit
        else:
            self.condition &= ~bit

    def take_event(self) -> int:
        """Read the events, which forgets them."""
        event, self.event = self.event, 0
        return event

    @property
    def summary(self) -> bool:
        """Whether an enabled event is latched."""
        return bool(self.event & self.enable)


class ScpiStatus:
    """Standard events, the operation, questionable and measurement registers, the status byte, the errors.

    Notes
    -----
    IEEE 488.2-1992, section 11; the measurement register (bit 0 of the status byte) is Keithley's.
    """

    REGISTERS: ClassVar[dict[str, int]] = {"OPERation": OPERATION, "QUEStionable": QUESTIONABLE, "MEASurement": 0x01}
    """Bit of the status byte that sums each register up."""

    def __init__(self) -> None:
        self.registers = {name: EventRegister() for name in self.REGISTERS}
        self.event = POWER_ON
        self.event_enable = 0
        self.service_enable = 0
        self.errors: collections.deque[ScpiError] = collections.deque()

    def report(self, error: ScpiError) -> None:
        """Put an error into the queue."""
        self.event |= error.event_bit
        if len(self.errors) >= QUEUE_LENGTH:
            self.errors[-1] = ScpiError(-350)
            self.event |= ScpiError(-350).event_bit
        else:
            self.errors.append(error)

    def next_error(self) -> str:
        """Take the oldest error out of the queue."""
        return str(self.errors.popleft() if self.errors else ScpiError(0))

    def take_event(self) -> int:
        """Read the standard events, which forgets them."""
        event, self.event = self.event, 0
        return event

    def byte(self, message_available: bool) -> int:
        """Give the status byte as ``*STB?`` does, with the master summary in bit 6.

        Parameters
        ----------
        message_available
            Whether an answer waits in the output queue.
        """
        byte = MESSAGE_AVAILABLE if message_available else 0
        if self.errors:
            byte |= ERROR_AVAILABLE
        if self.event & self.event_enable:
            byte |= EVENT
        for name, bit in self.REGISTERS.items():
            if self.registers[name].summary:
                byte |= bit
        return byte | SERVICE if byte & self.service_enable else byte

    def clear(self) -> None:
        """Empty the error queue and forget all events, as ``*CLS`` does; the masks stay."""
        self.errors.clear()
        self.event = 0
        for register in self.registers.values():
            register.event = 0

    def preset(self) -> None:
        """Disable all events of the three registers, as ``:STATus:PRESet`` does."""
        for register in self.registers.values():
            register.enable = 0
