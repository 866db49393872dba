"""How the house is kept: what every module of the package holds to."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("analysis", "cli", "core", "data", "gui", "instruments", "procedures", "testing")
MOST_LINES = 350


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_longer_than_a_reader_can_hold(room):
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules
    lines = {str(module.relative_to(ROOT)): len(module.read_text("utf-8").splitlines()) for module in modules}
    longer = {name: count for name, count in lines.items() if count > MOST_LINES}
    assert not longer, f"more than {MOST_LINES} lines: divide along a seam"


def test_every_room_is_looked_at():
    packages = {folder.parent.name for folder in ROOT.glob("*/py.typed")}
    assert packages == set(ROOMS)


def test_no_module_stands_outside_the_layers():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layered = [contract for contract in rules["contracts"] if contract["type"] == "layers"]
    assert {contract["name"] for contract in layered if not contract.get("exhaustive")} == {"who may know whom"}
    (whole,) = (contract for contract in layered if contract["name"] == "who may know whom")
    named = {name.strip() for layer in whole["layers"] for name in layer.split("|")}
    assert named == set(rules["root_packages"]) == {f"mtjlab.{room}" for room in ROOMS}
