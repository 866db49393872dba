"""The root of all errors that mtjlab decides on, and the one for input that cannot be used.

What is raised on purpose derives from `MtjlabError`, and its message says in one line what is wrong and what to do.
Any other exception is a fault of the program and deserves its traceback.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

__all__ = ["FileError", "FitError", "InputError", "MtjlabError"]


class MtjlabError(Exception):
    """Say in one line what is wrong and what to do about it.

    Parameters
    ----------
    *words
        The line.
    argument
        Name of the argument that the remedy is about, if there is one: the command adds its own option of that name,
        which a library does not know.
    """

    def __init__(self, *words: object, argument: str = "") -> None:
        super().__init__(*words)
        self.argument = argument
        """Name of the argument that the remedy is about; empty where there is none."""


class InputError(MtjlabError, ValueError):
    """What the user gave cannot be used: a value, a file, a combination of settings."""


class FitError(MtjlabError, ValueError):
    """The data do not determine what was to be fitted."""


class FileError(MtjlabError, ValueError):
    """Report in one line which file is meant, what is wrong with it and what to do.

    Parameters
    ----------
    path
        The file.
    problem
        What is wrong, without a full stop.
    remedy
        What the user can do about it, without a full stop.
    argument
        Name of the argument that the remedy is about, if there is one.
    """

    def __init__(self, path: str | os.PathLike[str], problem: str, remedy: str, *, argument: str = "") -> None:
        self.path = path
        """The file."""
        self.problem = problem
        """What is wrong."""
        self.remedy = remedy
        """What can be done about it."""
        # Messages of libraries may hold line breaks; the user gets one line.
        super().__init__(" ".join(f"{os.fspath(path)}: {problem}; {remedy}".split()), argument=argument)

    def __reduce__(self) -> tuple[Callable[[], FileError], tuple[()]]:  # from one process to another
        return partial(type(self), self.path, self.problem, self.remedy, argument=self.argument), ()
