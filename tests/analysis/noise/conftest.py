"""All words of sixteen bits."""

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def all_words() -> NDArray[np.uint8]:
    """Return the bits of 0, 1, ..., 65535 in a row, sixteen each, the most significant first."""
    return np.unpackbits(np.arange(2**16, dtype=">u2").view(np.uint8))
