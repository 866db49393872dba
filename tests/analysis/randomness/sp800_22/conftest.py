"""NIST's sequences and what STS 2.1.2 says of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def known():
    """Load one of the files of expected values."""
    return lambda name: json.loads((HERE / "data" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def sequences():
    """Return the first million bits of pi and of e."""
    return {
        name: PackedSequence(np.fromfile(HERE.parent / "data" / f"{name}.1e6.bin", np.uint8)) for name in ("pi", "e")
    }


@pytest.fixture(scope="session")
def random_bits():
    """Make fair bits."""
    return lambda seed, count: np.random.default_rng(seed).integers(0, 2, count, np.uint8)
