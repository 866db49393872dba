"""What is left of a recording that was cut, without a mirror, is read as the reference says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.contents import layout
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.writing.blocks import Blocks

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "recording.md"


def test_what_lies_before_the_cut_is_read_and_what_is_lost_is_named(begin, tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "SHORT", 0)  # one longer than that, for less
    monkeypatch.chdir(tmp_path)
    bits = np.random.default_rng(5).integers(0, 2, 10_000_000, dtype=np.uint8)
    with begin(Path("whole.h5"), columns={"V": "V"}) as writer:
        for number in range(10):
            writer.append(Blocks(bits[number * 10**6 :][: 10**6]), {"V": [float(number)]})
    whole = Path("whole.h5").read_bytes()
    Path("cut.h5").write_bytes(whole[: len(whole) - 1_000_000])
    with pytest.raises(RecordingError, match="is cut short at"):
        Recording("cut.h5")
    section = PAGE.read_text(encoding="utf-8").split("Without a mirror, HDF5 refuses")[1]
    exec(compile(section.split("```python\n")[1].split("```")[0], str(PAGE), "exec"), {})
    salvaged = Recording("salvaged.h5")
    faults = list(salvaged.verify())
    assert 0 < len(faults) < 10
    assert all(fault.startswith("block ") for fault in faults)
    lost = {int(fault.split()[1].strip(":,")) for fault in faults}
    for number in set(range(10)) - lost:
        begins = number * 10**6
        np.testing.assert_array_equal(salvaged.bits[begins : begins + 10**6], bits[begins : begins + 10**6])
    assert salvaged.frame()["V"].tolist() == list(range(10))
