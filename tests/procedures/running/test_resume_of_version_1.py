"""A parameter that had no value in the first versions does not stand in the way of resuming."""

import gzip
from pathlib import Path

import pytest

from mtjlab.data import Recording, RecordingError
from mtjlab.procedures import RandomBitstream
from mtjlab.procedures.running.resumed import check_same

PACKED = Path(__file__).parents[2] / "data" / "version_1" / "killed.h5.gz"


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "killed.h5"
    path.write_bytes(gzip.decompress(PACKED.read_bytes()))
    return Recording(path)


def procedure_like(recording, **other):
    known = RandomBitstream().parameter_objects()
    same = {name: each.value for name, each in recording.parameters.items() if name in known and each.value is not None}
    return RandomBitstream(**{**same, "bits": 30_000, **other})


def test_a_field_without_a_value_is_the_default(recording):
    assert recording.parameters["field"].value is None
    check_same(procedure_like(recording), recording)


def test_another_field_than_the_default_is_refused(recording):
    with pytest.raises(RecordingError, match=r"was made with field = None, not 0\.01"):
        check_same(procedure_like(recording, field=0.01), recording)
