"""The bits of a recording are an array that stays in the file."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtjlab.core import Bits, InputError, align_bits
from mtjlab.data.reading import recorded_bits
from mtjlab.data.reading.recorded_bits import RecordedBits
from mtjlab.data.recording import Recording

LENGTH = 1003
PLACE = st.none() | st.integers(-LENGTH - 9, LENGTH + 9)
STEP = st.none() | st.integers(-300, 300).filter(bool)
AGAIN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def bits() -> np.ndarray:
    return np.random.default_rng(11).integers(0, 2, LENGTH, dtype=np.uint8)


@pytest.fixture
def recording(begin, tmp_path, bits) -> Recording:
    with begin(tmp_path / "run.h5") as writer:
        writer.append(bits)
    return Recording(tmp_path / "run.h5")


@AGAIN
@given(start=PLACE, stop=PLACE, step=STEP)
def test_slices_are_those_of_numpy(recording, bits, monkeypatch, start, stop, step):
    monkeypatch.setattr(recorded_bits, "_PIECE", 64)
    np.testing.assert_array_equal(recording.bits[start:stop:step], bits[start:stop:step])
    packed = np.packbits(bits)
    np.testing.assert_array_equal(recording.bits.packed[start:stop:step], packed[start:stop:step])


@AGAIN
@given(cut=st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(sorted))
def test_packed_bits_are_those_of_the_slice(recording, bits, cut):
    start, stop = cut
    assert recording.packed_bits(start, stop) == Bits(bits[start:stop])
    assert recording.packed_bits() == Bits(bits)


@pytest.mark.parametrize(("start", "stop"), [(-1, 3), (5, 4), (0, LENGTH + 1)])
def test_bits_that_are_not_there_are_refused(recording, start, stop):
    with pytest.raises(InputError, match="expected a range within 0 to 1,003"):
        recording.packed_bits(start, stop)


def test_it_has_what_an_array_has(recording, bits):
    lazy = recording.bits
    assert (len(lazy), lazy.shape, lazy.size, lazy.ndim, lazy.dtype) == (LENGTH, (LENGTH,), LENGTH, 1, np.uint8)
    assert [lazy[0], lazy[-1], lazy[np.int64(500)]] == [bits[0], bits[-1], bits[500]]
    np.testing.assert_array_equal(np.asarray(lazy), bits)
    assert np.asarray(lazy, dtype=np.float32).dtype == np.float32
    assert np.mean(lazy) == bits.mean()
    assert list(lazy) == bits.tolist()
    assert [len(piece) for piece in lazy.pieces(400)] == [400, 400, 203]
    assert repr(lazy) == "<1,003 bits; read with [start:stop]>"
    for index in (LENGTH, -LENGTH - 1):
        with pytest.raises(IndexError, match="choose within -1003 to 1002"):
            lazy[index]
    with pytest.raises(TypeError, match="neither an integer nor a slice"):
        lazy[[1, 2]]
    with pytest.raises(ValueError, match="always a copy"):
        np.asarray(lazy, copy=False)


@given(skip=st.integers(0, 7), count=st.integers(0, 100), seed=st.integers(0, 2**32))
def test_aligned_bits_are_packed_anew(skip, count, seed):
    bits = np.random.default_rng(seed).integers(0, 2, 128, dtype=np.uint8)
    packed = np.packbits(bits)[: (skip + count + 7) // 8]
    np.testing.assert_array_equal(align_bits(packed, skip, count), np.packbits(bits[skip : skip + count]))


def test_a_slice_takes_memory_for_the_slice_only():
    class Endless:
        """10¹³ bits that nobody could hold."""

        committed = 10**13

        def read_packed(self, start: int, stop: int) -> np.ndarray:
            return np.full((stop + 7) // 8 - start // 8, 0xA5, np.uint8)

    tracemalloc.start()
    lazy = RecordedBits(Endless())
    assert lazy[10**12 : 10**12 + 8].tolist() == [1, 0, 1, 0, 0, 1, 0, 1]
    assert lazy[: 10**9 : 10**8].tolist() == [1] * 10
    assert lazy[-1] == 1
    assert tracemalloc.get_traced_memory()[1] < 25e6
    tracemalloc.stop()
