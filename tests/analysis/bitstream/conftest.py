"""Bitstreams with known faults."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.core import Bits


def independent(probabilities: NDArray[np.float64] | float, count: int, seed: int) -> Bits:
    return Bits((np.random.default_rng(seed).random(count) < probabilities).astype(np.uint8))


def toggled(p_ud: float, p_du: float, count: int, seed: int) -> Bits:
    draws = np.random.default_rng(seed).random(count).tolist()
    bits, state = [], 0
    for draw in draws:
        bit = int(draw < (p_du if state else p_ud))
        bits.append(bit)
        state ^= bit
    return Bits(bits)


@pytest.fixture(scope="session")
def fair() -> Bits:
    return independent(0.5, 200_003, 1)


@pytest.fixture(scope="session")
def biased() -> Bits:
    return independent(0.52, 200_003, 2)


@pytest.fixture(scope="session")
def junction() -> Bits:
    """Toggle a junction whose probabilities differ."""
    return toggled(0.46, 0.53, 200_003, 3)


@pytest.fixture(scope="session")
def uneven() -> Bits:
    """Toggle a junction whose probabilities differ much."""
    return toggled(0.4, 0.6, 100_003, 7)


@pytest.fixture(scope="session")
def sticky() -> Bits:
    """No toggled junction: a bit repeats the last one in 52 % of cases."""
    changes = np.random.default_rng(4).random(200_003) >= 0.52
    return Bits(np.cumsum(changes) % 2)


@pytest.fixture(scope="session")
def drifting() -> Bits:
    """P goes from 0.47 to 0.53."""
    return independent(np.linspace(0.47, 0.53, 200_003), 200_003, 5)


@pytest.fixture(scope="session")
def humming() -> Bits:
    """P = 0.5 + 0.03 cos(2 π 50 Hz t), a bit every 0.1 ms."""
    return independent(0.5 + 0.03 * np.cos(2 * np.pi * 50 * 1e-4 * np.arange(200_003)), 200_003, 6)
