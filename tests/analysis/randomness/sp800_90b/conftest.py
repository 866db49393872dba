"""Files of NIST's reference tool, and what it says of them."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def expected():
    return json.loads((HERE / "data" / "non_iid.json").read_text())["files"]


@pytest.fixture(scope="session")
def symbols_of():
    """Read the symbols of one of the files."""

    def read(name):
        if name == "normal.bin":
            return np.frombuffer(lzma.decompress((HERE / "data" / "normal.bin.xz").read_bytes()), np.uint8)
        if name == "truerand_1bit.bin":
            return np.unpackbits(np.fromfile(HERE.parent / "data" / "truerand_1bit.packed.bin", np.uint8))
        return np.fromfile(HERE.parent / "data" / name, np.uint8)

    return read
