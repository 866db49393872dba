"""The status of an instrument: event registers, the status byte and the error queue."""

import collections
from typing import ClassVar

from mtjlab.instruments.simulated.scpi.scpi_error import ScpiError

__all__ = ["EventRegister", "ScpiStatus"]

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
