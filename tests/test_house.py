"""How the house is kept: what every module of the package holds to."""

from __future__ import annotations

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
