"""What `from mtjlab.instruments import …` gives."""

import subprocess
import sys

import pytest

import mtjlab.instruments
from mtjlab.instruments.bench.opening import open_bench


def test_open_bench_is_the_function():
    assert mtjlab.instruments.open_bench is open_bench
    with pytest.raises(AttributeError, match="close_bench"):
        mtjlab.instruments.close_bench  # noqa: B018


def test_the_package_alone_does_not_import_what_opens_benches():
    code = "import sys, mtjlab.instruments; print([n for n in sys.modules if n.startswith('mtjlab.instruments.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
