"""What may be wrong with a connection to an instrument."""

__all__ = ["BrokenLineError", "OutOfStepError", "RestartedError", "UnreachableError"]


class BrokenLineError(OSError):
    """The line to the instrument does not work, whatever the VISA library calls it."""


class OutOfStepError(OSError):
    """What came is not the answer to what was asked."""


class RestartedError(OSError):
    """The instrument has restarted and lost its settings."""


class UnreachableError(OSError):
    """The instrument does not come back."""
