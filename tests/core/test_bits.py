"""Bits are what an array of the same zeros and ones is, at an eighth of the size."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.core import Bits, InputError

ZEROS_AND_ONES = st.lists(st.integers(0, 1), max_size=90).map(lambda bits: np.array(bits, np.uint8))
PLACE = st.none() | st.integers(-100, 100)


@given(ZEROS_AND_ONES)
def test_bits_are_those_of_the_array(array):
    bits = Bits(array)
    assert bits.unpacked().tolist() == array.tolist() == list(bits) == np.asarray(bits).tolist()
    assert (len(bits), bits.count, bits.size, bits.shape) == (array.size, array.size, array.size, array.shape)
    assert bits.ones() == array.sum()
    assert bits.packed_bytes.tolist() == np.packbits(array).tolist()
    assert [bits[i] for i in range(-array.size, array.size)] == [*array.tolist(), *array.tolist()]


@given(ZEROS_AND_ONES, PLACE, PLACE, st.none() | st.integers(-20, 20).filter(bool))
def test_slices_are_those_of_numpy(array, start, stop, step):
    cut = Bits(array)[start:stop:step]
    assert cut == Bits(array[start:stop:step])
    assert cut.ones() == array[start:stop:step].sum()  # no bit of a neighbour is left in the last byte


@given(st.lists(ZEROS_AND_ONES, max_size=6))
def test_parts_are_joined_in_order(arrays):
    whole = np.concatenate([np.empty(0, np.uint8), *arrays])
    assert Bits.joined(map(Bits, arrays)) == Bits.joined(arrays) == Bits(whole)
    assert sum(map(Bits, arrays), Bits()) == Bits(whole)


@given(ZEROS_AND_ONES, st.sampled_from([8, 16, 32, 64]), st.integers(0, 9))
def test_words_have_their_first_bit_most_significant(array, width, skip):
    words = Bits(array)[skip:].words(width)
    whole = array[skip:][: len(array[skip:]) // width * width].reshape(-1, width)
    assert words.tolist() == [int("".join(map(str, row)), 2) for row in whole.tolist()]


@given(st.binary(max_size=20), st.data())
def test_packed_bits_are_the_first_of_the_bytes(content, data):
    count = data.draw(st.none() | st.integers(0, 8 * len(content)))
    unpacked = np.unpackbits(np.frombuffer(content, np.uint8), count=count)
    assert Bits.packed(content, count) == Bits(unpacked)


def test_equal_bits_are_one_key_and_survive_a_process():
    long, short = Bits([1, 0, 0]), Bits([1, 0])
    assert long != short  # the same byte
    assert len({long[:2], short, Bits.packed(b"\xbf", 2)}) == 1
    assert pickle.loads(pickle.dumps(long)) == long


def test_nothing_changes_them():
    written, fixed = np.array([0xA5], np.uint8), np.array([0xA5], np.uint8)
    fixed.flags.writeable = False
    copied, shared = Bits.packed(written), Bits.packed(fixed)
    written[:] = 0
    assert copied == shared == Bits([1, 0, 1, 0, 0, 1, 0, 1])
    assert np.shares_memory(shared.packed_bytes, fixed)
    for view in (copied.packed_bytes, copied.words(8), Bits([1] * 16).words(16)):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 1


def test_slices_at_bytes_and_words_are_not_copied():
    bits = Bits.packed(bytes(range(64)))
    assert np.shares_memory(bits[16:400].words(16), bits.packed_bytes)


def test_numpy_takes_them():
    bits = Bits([1, 0, 0, 1])
    assert np.mean(bits) == 0.5
    assert np.asarray(bits, dtype=np.float32).dtype == np.float32
    assert (np.array([1, 1, 0, 1]) == bits).tolist() == [True, False, True, True]
    with pytest.raises(ValueError, match="always a copy"):
        np.asarray(bits, copy=False)


def test_they_show_their_beginning():
    assert [repr(Bits()), repr(Bits([1]))] == ["<0 bits>", "<1 bit: 1>"]
    assert repr(Bits([0, 1, 1])) == "<3 bits: 011>"
    assert repr(Bits([1] * 1000)) == f"<1,000 bits: {'1' * 32}…>"


@pytest.mark.parametrize("count", [-1, 17])
def test_bytes_hold_eight_bits_each(count):
    with pytest.raises(InputError, match="expected 0 to 16"):
        Bits.packed(bytes(2), count)


def test_what_is_no_bit_is_refused():
    with pytest.raises(InputError, match="bit 2 is 200"):
        Bits([0, 1, 200])
    with pytest.raises(InputError, match="int64"):
        Bits.packed(np.zeros(2, np.int64))
    with pytest.raises(InputError, match="words of 12 bits: expected one of 8, 16, 32, 64"):
        Bits([1]).words(12)
    with pytest.raises(IndexError, match="choose within -3 to 2"):
        Bits([1, 0, 1])[3]
    with pytest.raises(TypeError, match="neither an integer nor a slice"):
        Bits([1, 0, 1])[[0]]
