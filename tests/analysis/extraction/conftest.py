"""All recordings of a toggled junction, counted."""

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

Extract = Callable[[tuple[int, ...]], tuple[int, ...]]


@pytest.fixture(scope="session")
def exactly_fair() -> Callable[[Extract, int], bool]:
    return is_exactly_fair


def is_exactly_fair(extract: Callable[[tuple[int, ...]], tuple[int, ...]], length: int) -> bool:
    """Tell whether all strings of equally many bits are equally likely, whatever the two probabilities are.

    Two recordings are equally likely for all of them if as many bits of both values begin in both states.
    """
    given_by: dict[tuple[int, ...], Counter[tuple[int, ...]]] = defaultdict(Counter)
    for raw in product((0, 1), repeat=length):
        before = np.bitwise_xor.accumulate((0, *raw))[:-1]
        kind = np.bincount(2 * before + raw, minlength=4)
        bits = extract(raw)
        given_by[(*kind.tolist(), len(bits))][bits] += 1
    return all(len(strings) == 2 ** kind[-1] and len(set(strings.values())) == 1 for kind, strings in given_by.items())
