"""The examples in the docstrings give what they say."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import mtjlab.analysis
import mtjlab.cli
import mtjlab.core
import mtjlab.data
import mtjlab.instruments
import mtjlab.procedures
import mtjlab.testing

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
PACKAGES = (
    mtjlab.analysis,
    mtjlab.cli,
    mtjlab.core,
    mtjlab.data,
    mtjlab.instruments,
    mtjlab.procedures,
    mtjlab.testing,
)


def modules_with_examples():
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            file = Path(found.module_finder.path, found.name.rpartition(".")[2] + ".py")
            if file.is_file() and ">>> " in file.read_text(encoding="utf-8"):
                yield found.name


@pytest.mark.parametrize("name", sorted(modules_with_examples()))
def test_the_examples_of_a_module_hold(name):
    if ".training." in name or ".torch_noise." in name:
        pytest.importorskip("torch", reason="torch is an optional extra")
    assert not doctest.testmod(importlib.import_module(name), optionflags=FLAGS).failed
