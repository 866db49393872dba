"""The refusal of the interlock."""

from mtjlab.core import MtjlabError

__all__ = ["LimitError"]


class LimitError(MtjlabError):
    """A request would take the device or an instrument beyond a limit; nothing was changed.

    Parameters
    ----------
    quantity
        What was asked for, in words.
    value
        What it would have been.
    low, high
        Allowed range.
    unit
        Unit of all three; empty for a pure number.
    """

    def __init__(self, quantity: str, value: float, low: float, high: float, unit: str) -> None:
        low += 0.0  # minus zero, the other end of a range of zero, is zero
        self.quantity, self.value, self.low, self.high, self.unit = quantity, value, low, high, unit
        of_it = f" {unit}" if unit else ""
        super().__init__(
            f"{quantity} = {value:g}{of_it} is refused: the bench allows {low:g} to {high:g}{of_it}; "
            "ask for less, or change [limits] in the bench file if the device stands it"
        )
