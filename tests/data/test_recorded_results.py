"""What a procedure finds is kept beside what it measured."""

from __future__ import annotations

import math

import pytest

from mtjlab.core import Quantity
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter

# Coercive field and offset field of a loop; Δ of a 50 nm pillar.
LOOP = {"coercive field": (0.0412, 3e-4, "T"), "offset field": (-0.0011, 3e-4, "T")}


def test_results_come_back_with_uncertainty_and_unit(begin, tmp_path):
    with begin(tmp_path / "run.h5") as writer:
        writer.write_results(LOOP)
        writer.write_result("thermal stability factor", 45)
    results = Recording(tmp_path / "run.h5").results
    assert list(results) == ["coercive field", "offset field", "thermal stability factor"]
    assert results["coercive field"] == Quantity(0.0412, 3e-4, "T")
    assert str(results["coercive field"]) == "0.04120 ± 0.00030 T"
    delta = results["thermal stability factor"]
    assert (delta.value, delta.unit, str(delta)) == (45.0, "", "45")
    assert math.isnan(delta.uncertainty)


def test_the_last_of_a_name_counts_also_after_a_resumption(begin, tmp_path):
    path = tmp_path / "run.h5"
    with begin(path) as writer:
        writer.write_results(LOOP)
    with RecordingWriter.resume(path) as writer:
        writer.append([0, 1, 1])
        writer.write_results({"coercive field": (0.0420, 1e-4, "T")})
    results = Recording(path).results
    assert results["coercive field"].value == 0.0420
    assert results["offset field"].value == -0.0011


@pytest.mark.parametrize(
    ("results", "match"),
    [
        ({"": (1.0, 0.1, "T")}, "name '' of a result"),
        ({"x" * 65: (1.0, 0.1, "T")}, "up to 64 bytes"),
        ({"field": (1.0, 0.1, "Ω·µm²" * 8)}, "up to 24 bytes"),
        ({"fine": (1.0, 0.1, "T"), "field": ("much", 0.1, "T")}, r"result field: .'much'"),
    ],
)
def test_a_refused_result_writes_nothing(begin, tmp_path, results, match):
    with begin(tmp_path / "run.h5") as writer, pytest.raises(ValueError, match=match):
        writer.write_results(results)
    assert Recording(tmp_path / "run.h5").results == {}
