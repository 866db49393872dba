"""Benches and adapters without instruments."""

import pytest

from mtjlab import testing


@pytest.fixture
def wired():
    """Make what `expected_protocol` wants: an adapter connected to a protocol instead of a VISA resource."""
    return testing.wired


@pytest.fixture
def whole_text():
    """Write the file of a bench with an instrument in every role but the second coil."""
    return testing.whole_bench_text


@pytest.fixture
def make_bench():
    """Open a bench whose instruments only write down what they are told, into its `calls`."""
    return testing.open_recorded_bench
