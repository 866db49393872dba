"""Recordings of format version 1, made by mtjlab 0.1.0 in November 2026, are still read."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.recording import Recording


@pytest.fixture(params=["finished", "killed"])
def old(request, tmp_path) -> Path:
    """Unpack one of the two recordings: of two segments, the second finished or killed."""
    packed = Path(__file__).with_name("version_1") / f"{request.param}.h5.gz"
    (tmp_path / f"{request.param}.h5").write_bytes(gzip.decompress(packed.read_bytes()))
    return tmp_path / f"{request.param}.h5"


def test_a_version_1_recording_is_read_whole(old, fair_bits):
    recording = Recording(old)
    assert recording.status == old.stem
    np.testing.assert_array_equal(recording.bits[:], fair_bits[:16_020])
    assert recording.blocks()["count"].tolist() == [2500, 2500, 1003, 2500, 2500, 2500, 2500, 17]
    assert recording.segments()["first_bit"].tolist() == [0, 6003]
    assert recording.log()["message"].tolist() == ["half way", "resumed at bit 6003"]
    assert recording.frame().attrs["units"] == {"Time": "s", "P(1)": "", "Resistance": "Ω"}
    assert len(recording.frame()) == 8
    assert recording.parameters["fields"].value == [0.0, 25.5e-3]
    assert recording.instruments["pulse_generator"].settings == {"amplitude": 1.25, "output": True}
    assert recording.results == {}
