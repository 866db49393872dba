"""A procedure that nobody installed is told from one that is installed and broken."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mtjlab.core import Entry, InputError
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.procedures.measurements.registry import (
    PROCEDURES,
    ProcedureNotInstalledError,
    find_procedure_by_class,
)
from mtjlab.procedures.running.recorded_pictures import recorded_picture


@pytest.fixture
def recording(tmp_path):
    with RecordingWriter.create(tmp_path / "run.h5", RecordingHead("Sweep", columns={"V": "V", "I": "A"})) as writer:
        writer.append(None, {"V": np.linspace(0.0, 1.0, 5), "I": np.linspace(0.0, 1e-3, 5)})
    return Recording(tmp_path / "run.h5")


def test_the_columns_of_a_procedure_that_is_not_installed_are_drawn(recording):
    with pytest.raises(ProcedureNotInstalledError, match=re.escape("name its file, FILE.py:Sweep")):
        find_procedure_by_class("Sweep")
    assert recorded_picture(recording).startswith(b"\x89PNG")


def test_a_procedure_whose_package_is_broken_is_no_missing_one(recording, monkeypatch):
    broken = {"sweep": Entry("sweep", "a_module_that_is_not_there", "Sweep", "sweeps-1.0")}
    monkeypatch.setattr(PROCEDURES, "entries", lambda: broken)
    for call in (lambda: find_procedure_by_class("Sweep"), lambda: recorded_picture(recording)):
        with pytest.raises(InputError, match="sweep") as caught:
            call()
        assert not isinstance(caught.value, ProcedureNotInstalledError)
