"""The errors of SCPI, with their standard numbers and texts."""

__all__ = ["ScpiError"]

TEXTS = {
    0: "No error",
    -102: "Syntax error",
    -104: "Data type error",
    -108: "Parameter not allowed",
    -109: "Missing parameter",
    -113: "Undefined header",
    -200: "Execution error",
    -213: "Init ignored",
    -221: "Settings conflict",
    -222: "Data out of range",
    -223: "Too much data",
    -224: "Illegal parameter value",
    -230: "Data corrupt or stale",
    -350: "Queue overflow",
}


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
        self.text = text if text is not None else TEXTS[number]
        super().__init__(str(self))

    def __str__(self) -> str:
        """As ``:SYSTem:ERRor?`` answers it."""
        return f'{self.number},"{self.text}"'
