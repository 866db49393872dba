"""Recordings of conditioned bits: what they say, and that there is a whole one or none."""

import dataclasses

import numpy as np
import pytest

from mtjlab.analysis.extraction.conditioned_recording import (
    CONDITIONED,
    Lineage,
    file_sha256,
    is_conditioned,
    raw_bits_of,
    write_conditioned,
)
from mtjlab.core import Bits, FileError, InputError
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter

LINEAGE = Lineage(
    source="raw.h5",
    source_sha256="00" * 32,
    source_format="recording",
    first_bit=5,
    raw_bits=4_000_000,
    method="toeplitz",
    claim="close to uniform",
    min_entropy_in=0.9,
    min_entropy_out=1.0,
    block=4096,
    epsilon=1e-15,
    seed="c0ffee",
    seed_source="file seed.bin",
)


def test_bits_in_parts_of_any_length_are_there_with_their_lineage(tmp_path):
    bits = Bits.packed(np.random.default_rng(1).bytes(200_001), 1_600_003)
    parts = [bits[:1], bits[1:1_500_000], bits[1_500_000:]]
    assert write_conditioned(tmp_path / "fair.h5", parts, LINEAGE) == (len(bits), bits.ones())
    fair = Recording(tmp_path / "fair.h5")
    assert fair.packed_bits() == bits
    assert {name: parameter.value for name, parameter in fair.parameters.items()} == dataclasses.asdict(LINEAGE)
    assert all(parameter.description for parameter in fair.parameters.values())
    assert (fair.procedure, str(fair.status), is_conditioned(fair), raw_bits_of(fair)) == (
        CONDITIONED,
        "finished",
        True,
        4_000_000,
    )
    assert not list(fair.verify())


def test_what_is_not_set_is_read_as_not_set(tmp_path):
    bare = dataclasses.replace(LINEAGE, min_entropy_in=None, epsilon=None, block=None, seed="")
    write_conditioned(tmp_path / "fair.h5", [Bits([1, 0])], bare)
    read = Recording(tmp_path / "fair.h5").parameters
    assert [read[name].value for name in ("min_entropy_in", "epsilon", "block", "seed")] == [None, None, None, ""]


def test_there_is_a_whole_recording_or_none(tmp_path):
    def broken():
        yield Bits([1, 0, 1])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_conditioned(tmp_path / "fair.h5", broken(), LINEAGE)
    assert not list(tmp_path.iterdir())
    write_conditioned(tmp_path / "fair.h5", [Bits([1, 0])], LINEAGE)
    before = file_sha256(tmp_path / "fair.h5")
    with pytest.raises(FileError, match="exists already"):
        write_conditioned(tmp_path / "fair.h5", [Bits([1, 1, 1])], LINEAGE)
    assert file_sha256(tmp_path / "fair.h5") == before
    write_conditioned(tmp_path / "fair.h5", [Bits([1, 1, 1])], LINEAGE, overwrite=True)
    assert Recording(tmp_path / "fair.h5").committed == 3


def test_a_bitstream_that_conditioned_its_bits_is_known_by_its_parameter(tmp_path):
    for word, conditioned in (("none", False), ("von-neumann", True)):
        path = tmp_path / f"{word}.h5"
        head = RecordingHead("random-bitstream", {"extract": RecordingParameter(word)})
        with RecordingWriter.create(path, head) as writer:
            writer.append([1, 0, 1])
        assert is_conditioned(Recording(path)) == conditioned
    with pytest.raises(InputError, match="does not say of how many raw bits"):
        raw_bits_of(Recording(path))


def test_a_recording_from_before_has_raw_bits(tmp_path):
    with RecordingWriter.create(tmp_path / "old.h5", RecordingHead("random-bitstream")) as writer:
        writer.append([1, 0, 1])
    assert not is_conditioned(Recording(tmp_path / "old.h5"))
