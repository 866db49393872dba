"""NumPy and SciPy over bits: which bits make which number, how many are used, and no number without bits."""

from __future__ import annotations

import copy
import gc
import math
import os
import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba import njit
from scipy import stats
from scipy.stats.sampling import NumericalInversePolynomial

from mtjlab.analysis.noise.bit_supplies import HeldBits, RepeatedBits, SoftwareBits, StreamedBits
from mtjlab.analysis.noise.bit_supply import NotEnoughBits
from mtjlab.analysis.noise.numpy_bits import SupplyBitGenerator, numpy_generator
from mtjlab.core import Bits, InputError

RAW = np.random.default_rng(5).bytes(400_000)
WORDS = np.frombuffer(RAW, ">u8").astype(np.uint64)


def held(count: int = 8 * len(RAW)) -> HeldBits:
    return HeldBits(Bits.packed(RAW, count))


def plain(supply: HeldBits) -> np.random.Generator:
    """NumPy's own generator, which does not know whose bits these are."""
    return np.random.Generator(SupplyBitGenerator(supply))


def used(generator: np.random.Generator) -> int:
    bits = generator.bit_generator
    assert isinstance(bits, SupplyBitGenerator)
    return bits.bits_used


def test_a_double_is_the_upper_53_of_64_bits() -> None:
    generator = numpy_generator(held())
    expected = (WORDS >> np.uint64(11)) * 2.0**-53
    assert generator.random() == expected[0]
    assert (generator.random(50_000 - 1) == expected[1:]).all()
    assert used(generator) == 64 * 50_000


CALLS: list[tuple[Callable[[np.random.Generator], Any], int, Any]] = [
    (lambda g: g.integers(0, 2**64, 100, dtype=np.uint64), 6400, WORDS[:100]),
    (lambda g: g.integers(0, 2**32, 100, dtype=np.uint32), 3200, np.frombuffer(RAW, ">u4", 100)),
    (
        lambda g: g.random(100, dtype=np.float32),
        3200,
        (np.frombuffer(RAW, ">u4", 100) >> 8) * np.float32(2**-24),
    ),
    (lambda g: g.bytes(8), 64, np.frombuffer(RAW, ">u4", 2).astype("<u4").tobytes()),
    (lambda g: g.bit_generator.random_raw(50), 3200, WORDS[:50]),
    (lambda g: g.uniform(2.0, 4.0), 64, 2 + 2 * (WORDS[0] >> np.uint64(11)) * 2.0**-53),
    (lambda g: stats.uniform.rvs(size=3, random_state=g), 192, (WORDS[:3] >> np.uint64(11)) * 2.0**-53),
]


@pytest.mark.parametrize(("call", "bits", "expected"), CALLS)
@pytest.mark.parametrize("make", [numpy_generator, plain])
def test_known_calls_take_known_bits(
    make: Callable[[HeldBits], np.random.Generator],
    call: Callable[[np.random.Generator], Any],
    bits: int,
    expected: Any,
) -> None:
    supply = held()
    generator = make(supply)
    drawn = call(generator)
    assert np.array_equal(drawn, expected)
    assert used(generator) == bits
    # Never more than twice as many are taken as were used, so little is lost for whoever shares the supply.
    assert bits <= supply.bits_used <= max(2 * bits, 128)
    left = generator.bit_generator.bits_left  # type: ignore[attr-defined]
    assert left == 8 * len(RAW) - bits


def test_a_fair_supply_gives_normals() -> None:
    generator = numpy_generator(SoftwareBits(3))
    normals = generator.standard_normal(200_000)
    assert stats.kstest(normals, "norm").pvalue > 1e-4
    # The ziggurat takes one word for 98.8 % of its normals.
    assert 64 < used(generator) / normals.size < 67
    assert generator.bit_generator.bits_left is None  # type: ignore[attr-defined]


DRAWS: list[Callable[[np.random.Generator], Any]] = [
    lambda g: g.random(),
    lambda g: g.random(100_000),
    lambda g: g.standard_normal(100_000),
    lambda g: g.standard_normal(out=np.empty(100_000)),
    lambda g: g.integers(0, 1000, 100_000),
    lambda g: g.integers(0, 2**63 - 1, 100_000),  # rejects, and must not wait for ever
    lambda g: g.permutation(10_000),
    lambda g: g.choice(50_000, 30_000, replace=False),
    lambda g: g.shuffle(np.arange(100_000)),
    lambda g: g.multivariate_normal(np.zeros(2), np.eye(2), 50_000),
    lambda g: g.bytes(1_000_000),
    lambda g: g.bit_generator.random_raw(100_000),
    lambda g: stats.gamma.rvs(0.3, size=50_000, random_state=g),
    lambda g: g.poisson(3.0),
    lambda g: np.random.RandomState(g.bit_generator).normal(size=100_000),
]


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("make", [numpy_generator, plain])
def test_no_number_comes_without_bits(
    make: Callable[[HeldBits], np.random.Generator], draw: Callable[[np.random.Generator], Any]
) -> None:
    generator = make(held(7000))
    generator.random(100)  # there were bits
    for _ in range(3):  # and once they have ended there are none, however often somebody asks
        with pytest.raises(NotEnoughBits, match="of 7,000 are left") as caught:
            draw_on(generator, draw)
        assert caught.value.total == 7000
    assert used(generator) == 7000 // 32 * 32
    with pytest.raises(NotEnoughBits):
        generator.random()


class Bell:
    def pdf(self, x: float) -> float:
        return math.exp(-x * x / 2)


@pytest.mark.parametrize("make", [numpy_generator, plain])
def test_code_in_c_that_draws_without_numpys_methods_is_stopped_too(
    make: Callable[[HeldBits], np.random.Generator],
) -> None:
    # SciPy's UNU.RAN and functions compiled by numba call the C functions of the bit generator themselves.
    bell = NumericalInversePolynomial(Bell(), random_state=make(held(64 * 500)))
    assert np.isfinite(bell.rvs(100)).all()
    with pytest.raises(NotEnoughBits, match="of 32,000 are left"):
        bell.rvs(1000)

    generator = make(held(64 * 500))
    assert summed(generator, 100) == pytest.approx(((WORDS[:100] >> np.uint64(11)) * 2.0**-53).sum())
    assert used(generator) == 6400
    with pytest.raises(NotEnoughBits, match="of 32,000 are left"):
        summed(generator, 1000)


@njit
def summed(generator: np.random.Generator, count: int) -> float:
    total = 0.0
    for _ in range(count):
        total += generator.random()
    return total


def draw_on(generator: np.random.Generator, draw: Callable[[np.random.Generator], Any]) -> None:
    """Draw until that raises; more often than there are bits for is wrong."""
    for _ in range(7000):
        draw(generator)


def test_the_exception_waits_for_nobody_else() -> None:
    # After it was raised once nothing is left that could surprise other code.
    generator = numpy_generator(held(64))
    with pytest.raises(NotEnoughBits):
        generator.standard_normal(1000)
    for _ in range(1000):
        assert np.random.default_rng(1).random() < 1


def test_it_is_raised_in_the_thread_that_asked() -> None:
    generator = plain(held(640_000))
    found: list[object] = []

    def draw() -> None:
        try:
            while True:
                generator.random(500)
        except NotEnoughBits as error:
            found.append(error)

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert used(generator) == 640_000


def test_what_else_a_supply_raises_comes_as_it_is() -> None:
    def fails(part: int) -> Bits:
        if part:
            raise OSError(5, "the wire is cut")
        return Bits.packed(RAW[:128])

    for make in (numpy_generator, plain):
        generator = make(StreamedBits(map(fails, range(2))))  # type: ignore[operator]
        assert (generator.random(16) == (WORDS[:16] >> np.uint64(11)) * 2.0**-53).all()
        with pytest.raises(OSError, match="the wire is cut"):
            generator.random(10)


def test_ctrl_c_while_bits_are_made_ends_the_call() -> None:
    def interrupted(part: int) -> Bits:
        raise KeyboardInterrupt

    for make in (numpy_generator, plain):
        generator = make(StreamedBits(map(interrupted, range(1))))  # type: ignore[operator]
        with pytest.raises(KeyboardInterrupt):
            generator.random(10)


def test_generators_live_side_by_side_and_leave_nothing() -> None:
    several = [numpy_generator(held()) for _ in range(3)]
    for generator in several:
        assert generator.random() == (WORDS[0] >> np.uint64(11)) * 2.0**-53
    from mtjlab.analysis.noise.bit_words import REFILLS

    before = len(REFILLS)
    del several, generator
    gc.collect()
    assert len(REFILLS) <= before - 3


def test_repeated_bits_go_round() -> None:
    supply = RepeatedBits(lambda: held(640))
    drawn = numpy_generator(supply).random(25)
    assert (drawn[10:20] == drawn[:10]).all()
    assert supply.repeated >= 2


def test_no_copy_uses_a_bit_twice() -> None:
    for made in (numpy_generator(held()), numpy_generator(held()).bit_generator):
        for copied in (copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="each bit would be used twice"):
                copied(made)
    with pytest.raises(InputError, match="no seed"):
        numpy_generator(held()).spawn(2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("make", [numpy_generator, plain])
def test_a_forked_process_does_not_use_the_bits_of_its_parent(make: Callable[[HeldBits], np.random.Generator]) -> None:
    generator = make(held())
    generator.random(100)
    child = os.fork()
    if not child:
        try:
            generator.random()
        except InputError as error:
            os._exit(7 if "forked" in str(error) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert generator.random() == (WORDS[100] >> np.uint64(11)) * 2.0**-53
