"""The root of all errors that mtjlab decides on, and the one for input that cannot be used.

What is raised on purpose derives from `MtjlabError`, and its message says in one line what is wrong and what to do.
Any other exception is a fault of the program and deserves its traceback.
"""

__all__ = ["FitError", "InputError", "MtjlabError"]


class MtjlabError(Exception):
    """Say in one line what is wrong and what to do about it."""


class InputError(MtjlabError, ValueError):
    """What the user gave cannot be used: a value, a file, a combination of settings."""


class FitError(MtjlabError, ValueError):
    """The data do not determine what was to be fitted."""
