"""What the tests of recordings share: a way to begin one, and bits to put into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording_writer import RecordingWriter

BENCH = '[roles.pulse_generator]\ndriver = "keysight81160a"\nresource = "TCPIP::127.0.0.1::5025::SOCKET"\n'


@pytest.fixture
def begin() -> Callable[..., RecordingWriter]:
    """Begin a recording as an acquisition of bits does; keywords replace what it says."""

    def begin(path: Path, mirror: Path | None = None, **changes: Any) -> RecordingWriter:
        said: dict[str, Any] = {
            "procedure": "AcquireBits",
            "parameters": {
                "amplitude": RecordingParameter(1.5, "V", "Pulse amplitude."),
                "width": RecordingParameter(1e-9, "s", "Pulse width at half maximum."),
                "shots": RecordingParameter(2500, "", "Pulses a block."),
            },
            "columns": {"time": "s", "probability": "", "resistance": "Ω"},
            "bench": BENCH,
            "simulated": True,
            "bench_attributes": {"seed": 11, "thermal_stability_factor": 45.0},
            "sample": {"wafer": "W07", "operator": "Ada"},
        }
        return RecordingWriter.create(path, RecordingHead(**(said | changes)), mirror=mirror)

    return begin


@pytest.fixture
def fair_bits() -> NDArray[np.uint8]:
    """Draw a hundred thousand fair bits, always the same."""
    return np.random.default_rng(2407_12261).integers(0, 2, 100_000, dtype=np.uint8)
