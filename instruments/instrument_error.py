"""What goes wrong between mtjlab and an instrument."""

__all__ = ["InstrumentError", "InstrumentLostError"]


class InstrumentError(RuntimeError):
    """An instrument can not be reached, does not answer, reports an error, or did not take a setting."""


class InstrumentLostError(InstrumentError):
    """An instrument does not answer any more."""
