"""A folder with a recording of each fate."""

from __future__ import annotations

import numpy as np
import pytest

from mtjlab.data import RecordingHead, RecordingParameter, RecordingWriter


@pytest.fixture
def record():
    """Write a short recording: finished, or killed as when its process dies."""

    def record(path, *, amplitude=1.25, wafer="W3", killed=False):
        head = RecordingHead(
            procedure="AcquireBits",
            parameters={
                "amplitude": RecordingParameter(amplitude, "V", "Pulse amplitude."),
                "bits": RecordingParameter(4000, "", "Bits."),
                "feedback": RecordingParameter("none", "", "Feedback."),
            },
            columns={"voltage": "V"},
            sample={"wafer": wafer, "operator": "Ada"},
        )
        writer = RecordingWriter.create(path, head)
        writer.append(np.arange(1000) % 4 == 0, {"voltage": [0.5, 1.0]})
        writer.write_results({"TMR": (0.96, 0.01, "1"), "rate": (3.2e-6, float("nan"), "1/s", 1.1e-6, 7.0e-6)})
        if killed:
            writer.let_go()
        else:
            writer.close("aborted", "stopped by Ada")
        return path

    return record
