"""NumPy's C interface to bits: the four functions of a bit generator, as machine code over a buffer of words.

NumPy calls them millions of times a second, without Python's lock, and none of them may fail. So where the bits end
they give words that mean nothing, so that whatever loops until a number suits it ends, and set an exception in the
calling thread; Python raises it before the call that asked returns a value.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import cfunc, njit, types
from numba.np.numpy_support import carray

__all__ = ["ARMED", "AT", "CAPACITY", "END", "ENDED", "EXCEPTION", "HEAD", "NEXT", "REFILLS", "WORD"]

WORD = 32
"""Bits a word. A 64-bit integer takes two, the first the more significant."""
CAPACITY = 2**15
"""Words in a buffer, at most."""
AT, END, ENDED, ARMED, EXCEPTION, FILLER, HEAD = range(7)
"""Places in the buffer, which is of unsigned 64-bit integers: the next word, the word after the last, whether no more
will come, the thread in which an exception waits to be raised, its class, what fillers are made of; the words."""
_SIZE = HEAD + CAPACITY

REFILLS: dict[int, Callable[[], bool]] = {}
"""What fills each buffer, by its address, and says whether there are words in it now."""


def _refill(address: int) -> int:
    return REFILLS[address]()


def _python(name: str, result: Any, *arguments: Any) -> Any:
    """Return a function of Python's own C interface, called without regard for Python's lock."""
    address = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


_fill = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_refill)
_thread = _python("PyThread_get_thread_ident", ctypes.c_ulong)
_lock = _python("PyGILState_Ensure", ctypes.c_int)
_unlock = _python("PyGILState_Release", None, ctypes.c_int)
_raise_in = _python("PyThreadState_SetAsyncExc", ctypes.c_int, ctypes.c_ulong, ctypes.c_size_t)


@njit
def _word(address: Any) -> Any:
    state = carray(address, (_SIZE,), np.uint64)
    if state[AT] == state[END] and (state[ENDED] or not _fill(address)):
        thread = types.uint64(_thread())
        if state[ARMED] != thread:  # once a call, not once a number
            state[ARMED] = thread
            held = _lock()
            _raise_in(types.ulong(thread), types.uintp(state[EXCEPTION]))
            _unlock(held)
        return _filler(state)
    word = state[HEAD + state[AT]]
    state[AT] += types.uint64(1)
    return word


@njit
def _filler(state: Any) -> Any:
    # SplitMix64: words that differ, for loops that wait for one.
    state[FILLER] += types.uint64(0x9E3779B97F4A7C15)
    word = state[FILLER]
    word = (word ^ (word >> types.uint64(30))) * types.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> types.uint64(27))) * types.uint64(0x94D049BB133111EB)
    return word >> types.uint64(32)


@njit
def _two_words(address: Any) -> Any:
    upper = _word(address)
    return upper << types.uint64(32) | _word(address)


@cfunc(types.uint64(types.voidptr))
def _next_uint64(address: Any) -> Any:
    return _two_words(address)


@cfunc(types.uint32(types.voidptr))
def _next_uint32(address: Any) -> Any:
    return types.uint32(_word(address))


@cfunc(types.float64(types.voidptr))
def _next_double(address: Any) -> Any:
    return types.float64(_two_words(address) >> types.uint64(11)) * 2.0**-53


NEXT = (_next_uint64.address, _next_uint32.address, _next_double.address, _next_uint64.address)
"""Addresses of ``next_uint64``, ``next_uint32``, ``next_double`` and ``next_raw``, as NumPy orders them."""
