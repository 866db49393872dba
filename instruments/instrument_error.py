"""What goes wrong between mtjlab and an instrument."""

from mtjlab.data.errors import MtjlabError

__all__ = ["ComplianceError", "InstrumentError", "InstrumentLostError"]


class InstrumentError(MtjlabError, RuntimeError):
    """An instrument can not be reached, does not answer, reports an error, or did not take a setting."""


class InstrumentLostError(InstrumentError):
    """An instrument does not answer any more."""


class ComplianceError(InstrumentError):
    """A source-meter limits its current: the device has broken down, is shorted, or the compliance is too small."""
