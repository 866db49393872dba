"""The errors of SCPI, with their standard numbers and texts."""

__all__ = ["ScpiError"]

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
