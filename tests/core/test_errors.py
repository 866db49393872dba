"""Errors that travel: from a process that reads to the one that asked."""

import pickle

from mtjlab.core import FileError
from mtjlab.data import RecordingError


def test_an_error_about_a_file_is_the_same_in_another_process():
    for kind in (FileError, RecordingError):
        error = kind("a.h5", "is cut short", "copy it again", argument="output")
        there = pickle.loads(pickle.dumps(error))
        assert type(there) is kind
        assert str(there) == "a.h5: is cut short; copy it again"
        assert (there.path, there.problem, there.remedy, there.argument) == (
            "a.h5",
            "is cut short",
            "copy it again",
            "output",
        )
