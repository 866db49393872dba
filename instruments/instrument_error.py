"""What goes wrong between mtjlab and an instrument, and on the line to it."""

from mtjlab.core import MtjlabError

__all__ = [
    "BrokenLineError",
    "ComplianceError",
    "InstrumentError",
    "InstrumentLostError",
    "OutOfStepError",
    "RestartedError",
    "UnreachableError",
    "WrongInstrumentError",
]


class InstrumentError(MtjlabError, RuntimeError):
    """An instrument can not be reached, does not answer, reports an error, or did not take a setting."""


class InstrumentLostError(InstrumentError):
    """An instrument does not answer any more."""


class WrongInstrumentError(InstrumentError):
    """Another instrument answers at an address than the bench file says; nothing was sent to it but ``*IDN?``.

    Parameters
    ----------
    resource
        VISA resource.
    answer
        What it answered to ``*IDN?``.
    wanted
        What was to be there, in words.
    role
        Role in which it was to be, if that is known.
    advice
        What to do about it.
    """

    def __init__(self, resource: str, answer: str, wanted: str, role: str = "", advice: str = "") -> None:
        self.resource, self.answer, self.wanted = resource, answer, wanted
        where = f" for {role}" if role else ""
        advice = advice or "correct the resource or the driver, or give identity = in its section of the bench file"
        super().__init__(
            f"{resource} answers {answer!r}, and the bench file says {wanted}{where}: {advice}; nothing was set at it"
        )


class ComplianceError(InstrumentError):
    """A source-meter limits its current: the device has broken down, is shorted, or the compliance is too small."""


class BrokenLineError(OSError):
    """The line to the instrument does not work, whatever the VISA library calls it."""


class OutOfStepError(OSError):
    """What came is not the answer to what was asked."""


class RestartedError(OSError):
    """The instrument has restarted and lost its settings."""


class UnreachableError(OSError):
    """The instrument does not come back."""
