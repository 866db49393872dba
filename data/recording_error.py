"""The one error a recording raises."""

from __future__ import annotations

import os

from mtjlab.core.errors import MtjlabError

__all__ = ["RecordingError"]


class RecordingError(MtjlabError, ValueError):
    """Report in one line which file is meant, what is wrong with it and what to do.

    Parameters
    ----------
    path
        The file.
    problem
        What is wrong, without a full stop.
    remedy
        What the user can do about it, without a full stop.
    """

    def __init__(self, path: str | os.PathLike[str], problem: str, remedy: str) -> None:
        self.problem = problem
        """What is wrong."""
        self.remedy = remedy
        """What can be done about it."""
        # Messages of the HDF5 library may hold line breaks; the user gets one line.
        super().__init__(" ".join(f"{os.fspath(path)}: {problem}; {remedy}".split()))
