"""NumPy's random generator over bits of one's own."""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, Never

import numpy as np

from mtjlab.analysis.noise.bit_supply import BitSupply, NotEnoughBits
from mtjlab.analysis.noise.bit_words import (
    ARMED,
    AT,
    CAPACITY,
    END,
    ENDED,
    EXCEPTION,
    HEAD,
    NEXT,
    REFILLS,
    WORD,
)
from mtjlab.core import InputError

__all__ = ["SupplyBitGenerator", "numpy_generator"]


def numpy_generator(supply: BitSupply) -> np.random.Generator:
    """Make a random generator of NumPy that draws from a supply of bits: a recording, a file, a live bench.

    All of NumPy draws from it, and all of SciPy by ``random_state=`` or ``rng=``. What a call takes is what NumPy's
    algorithms take: 64 bits for a double of `random`, about 65 for a normal (ziggurat), 32 for a float of `random`.

    Parameters
    ----------
    supply
        The bits.

    Returns
    -------
    numpy.random.Generator
        Its ``bit_generator`` is a `SupplyBitGenerator`, which says how many bits were used. Each call raises
        `NotEnoughBits` where the bits end, and what else the supply raises; an array that it was to fill, or to
        shuffle, is not to be used then.

    Examples
    --------
    >>> from mtjlab.analysis.noise.bit_supplies import HeldBits
    >>> generator = numpy_generator(HeldBits([1] + 63 * [0]))
    >>> generator.random(), generator.bit_generator.bits_used
    (0.5, 64)
    """
    return _Generator(SupplyBitGenerator(supply))


class SupplyBitGenerator(np.random.BitGenerator):
    """A bit generator of NumPy over a supply of bits: ``numpy.random.Generator(SupplyBitGenerator(supply))``.

    A 64-bit integer is the next 64 bits, the first the most significant; a 32-bit one the next 32; a double is
    (u >> 11) 2^-53 of the next 64 bits u. No bit is used twice and none is left out. They are taken from the supply
    ahead of their use: at most as many as were used before, and 2^20.

    Parameters
    ----------
    supply
        The bits.

    Notes
    -----
    NumPy's interface in C (NumPy manual, "Extending") has no way to say that there are no more numbers. Where the
    supply raises, the exception is set in the calling thread as soon as that happens, and Python raises it before the
    call of NumPy or SciPy returns a value. From then on every draw raises it again. The generator of
    `numpy_generator` looks after each call as well. Code in C that draws from threads of its own, in which no Python
    runs, must look at `failure` itself.
    """

    def __init__(self, supply: BitSupply) -> None:
        super().__init__(0)  # a seed that nothing uses; none would ask the operating system for one
        self._supply = supply
        self._taken = 0
        self._state = np.zeros(HEAD + CAPACITY, np.uint64)
        # What stops the machinery below before it has said why is Ctrl-C.
        self._state[EXCEPTION] = id(KeyboardInterrupt)
        self._failure: BaseException | None = None
        self._raised: type[BaseException] | None = None
        self._address = self._state.ctypes.data
        self._fill_interface()

    def _fill_interface(self) -> None:
        """Put buffer and functions where NumPy's C code looks for them."""
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
        interface = (ctypes.c_void_p * 5).from_address(pointer(self.capsule, b"BitGenerator"))
        interface[:] = [self._address, *NEXT]
        REFILLS[self._address] = _refill_of(self)
        _LIVING.add(self)

    def __del__(self) -> None:
        REFILLS.pop(getattr(self, "_address", 0), None)

    @property
    def bits_used(self) -> int:
        """Bits that went into numbers so far."""
        return self._taken - self._unread

    @property
    def bits_left(self) -> int | None:
        """Bits not yet used; None where no end is known."""
        left = self._supply.bits_left
        return None if left is None else left + self._unread

    @property
    def failure(self) -> BaseException | None:
        """What ended the bits, `NotEnoughBits` say; None as long as there are some."""
        return self._failure

    @property
    def _unread(self) -> int:
        return WORD * int(self._state[END] - self._state[AT])

    def refill(self) -> bool:
        """Take bits from the supply where none is left in the buffer; say whether there are some now."""
        try:
            wanted = min(WORD * CAPACITY, max(2 * WORD, self._taken))
            try:
                bits = self._supply.take(wanted)
            except NotEnoughBits as end:
                if end.left < WORD:
                    raise _ended(end) from None
                bits = self._supply.take(end.left // WORD * WORD)
            words = bits.words(WORD)
            self._state[HEAD : HEAD + words.size] = words
            self._state[AT], self._state[END] = 0, words.size
            self._taken += len(bits)
        except BaseException as error:
            self._fail(error)
            return False
        return True

    def _fail(self, error: BaseException) -> None:
        self._failure = error
        self._raised = _like(error, self._disarm)  # kept: the buffer has its address
        self._state[EXCEPTION] = id(self._raised)
        self._state[ENDED] = 1

    def end_in_child(self) -> None:
        """Let a process that was forked off draw nothing: its parent will give the same bits."""
        self._state[AT] = self._state[END]
        self._fail(InputError("the bits belong to the process that this one was forked from; give it bits of its own"))

    def _disarm(self) -> None:
        """Let the next draw set the exception again: this one has been raised."""
        self._state[ARMED] = 0

    def check(self) -> None:
        """Raise what ended the bits, if anything did, in place of what waits to be raised in this thread."""
        if self._failure is not None:
            if self._state[ARMED]:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(int(self._state[ARMED])), None)
                self._disarm()
            raise self._failure.with_traceback(None) from self._failure.__cause__

    def spawn(self, n_children: int) -> Never:
        """Refuse: there is no seed from which generators could be made.

        Parameters
        ----------
        n_children
            Of no use here.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError("bits have no seed to make more generators of; give each its own supply")

    def __reduce__(self) -> Never:
        raise TypeError("a generator over bits is neither copied nor pickled: each bit would be used twice")


_LIVING: weakref.WeakSet[SupplyBitGenerator] = weakref.WeakSet()


def _end_all_in_child() -> None:
    for generator in _LIVING:
        generator.end_in_child()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_end_all_in_child)


def _refill_of(generator: SupplyBitGenerator) -> Callable[[], bool]:
    """Return its refill without keeping it alive."""
    method = weakref.WeakMethod(generator.refill)

    def refill() -> bool:
        found = method()
        return found is not None and found()

    return refill


def _ended(end: NotEnoughBits) -> NotEnoughBits:
    message = f"the random numbers need more bits and {end.left:,} of {end.total:,} are left: give more bits"
    return NotEnoughBits(WORD, end.left, end.total, message)


def _like(error: BaseException, when_raised: Callable[[], None]) -> type[BaseException]:
    """Return a class of such exceptions that takes no argument: Python makes one when it raises what C has set."""

    def __init__(self: BaseException) -> None:  # noqa: N807
        self.args = error.args
        self.__dict__.update(error.__dict__)
        self.__cause__, self.__suppress_context__ = error, True
        when_raised()

    kind = type(error)
    names = {"__init__": __init__, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
    return type(kind.__name__, (kind,), names)


class _Generator(np.random.Generator):
    """NumPy's generator, which looks after each call whether there were bits for it."""

    bit_generator: SupplyBitGenerator

    def __reduce__(self) -> Never:
        self.bit_generator.__reduce__()
        raise AssertionError


def _checked(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def draw(self: _Generator, *arguments: Any, **named: Any) -> Any:
        try:
            drawn = method(self, *arguments, **named)
        except BaseException:
            self.bit_generator.check()
            raise
        self.bit_generator.check()
        return drawn

    return draw


for _name, _method in vars(np.random.Generator).items():
    if callable(_method) and not _name.startswith("_"):
        setattr(_Generator, _name, _checked(_method))
