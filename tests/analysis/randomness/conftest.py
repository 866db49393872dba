"""Streams whose properties are known, and the vectors of NIST."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def vectors() -> Path:
    return Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def sp800_22(vectors: Path) -> dict[str, Any]:
    return json.loads((vectors / "sp800_22.json").read_text())


@pytest.fixture(scope="session")
def sp800_90b(vectors: Path) -> dict[str, Any]:
    return json.loads((vectors / "sp800_90b.json").read_text())


@pytest.fixture(scope="session")
def fair_bits() -> Callable[[int, int], NDArray[np.uint8]]:
    def fair(seed: int, count: int) -> NDArray[np.uint8]:
        packed = np.random.Generator(np.random.PCG64(seed)).bytes((count + 7) // 8)
        return np.unpackbits(np.frombuffer(packed, np.uint8), count=count)

    return fair


@pytest.fixture(scope="session")
def biased_bits() -> Callable[[int, int, float], NDArray[np.uint8]]:
    def biased(seed: int, count: int, ones: float) -> NDArray[np.uint8]:
        generator = np.random.Generator(np.random.PCG64(seed))
        return (generator.random(count, np.float32) < ones).astype(np.uint8)

    return biased


@pytest.fixture(scope="session")
def correlated_bits(biased_bits: Callable[..., NDArray[np.uint8]]) -> Callable[..., NDArray[np.uint8]]:
    def correlated(seed: int, count: int, lag: int, coefficient: float) -> NDArray[np.uint8]:
        """Every bit repeats the one `lag` before it with probability (1 + coefficient) / 2."""
        flips = biased_bits(seed, -(-count // lag) * lag, (1 - coefficient) / 2).reshape(-1, lag)
        return np.bitwise_xor.accumulate(flips, axis=0).ravel()[:count]

    return correlated
