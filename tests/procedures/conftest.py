"""A simulated bench, opened for each test that asks for one."""

import pytest

from mtjlab.instruments import open_bench


@pytest.fixture
def bench():
    with open_bench("simulated", seed=7) as opened:
        yield opened
