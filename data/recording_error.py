"""The one error a recording raises."""

from mtjlab.core import FileError

__all__ = ["RecordingError"]


class RecordingError(FileError):
    """A recording cannot be read, written or continued: which, why, and what to do, in one line."""
