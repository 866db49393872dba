"""What `from mtjlab.procedures import …` gives."""

import subprocess
import sys
from importlib.metadata import entry_points

import mtjlab.procedures
from mtjlab.procedures.running.one_run import run


def test_every_installed_procedure_is_a_public_name():
    for entry in entry_points(group="mtjlab.procedures"):
        if entry.module.startswith("mtjlab."):
            assert getattr(mtjlab.procedures, entry.attr) is entry.load(), "add it to procedures/__init__.pyi"


def test_run_is_the_function():
    assert mtjlab.procedures.run is run


def test_the_package_alone_does_not_import_pymeasure():
    code = "import sys, mtjlab.procedures; raise SystemExit('pymeasure' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
