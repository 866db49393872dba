"""How the house is kept: what every module of the package holds to."""

from __future__ import annotations

import ast
import contextlib
import functools
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.no_cover  # nothing of the package runs here
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


def _name(node):
    return node.id if isinstance(node, ast.Name) else None


def _is_sleep(node):
    return isinstance(node, ast.Call) and "sleep" in (getattr(node.func, "attr", None), _name(node.func))


DOCUMENTED = ("_asdict", "_fields", "_make", "_replace", "_exit", "_v_name", "_f_iter_nodes")
"""Public in spite of their names: those of named tuples, of `os` and of PyTables."""


def _is_private(node):
    """Tell whether a private member of something else is asked for."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in DOCUMENTED
        and _name(node.value) not in ("self", "cls")
    )


@functools.cache
def _nodes_of_tests():
    """Give the nodes of the syntax tree of each test file, scripts of other processes included."""
    every = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        nodes = list(ast.walk(tree))
        for script in [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]:
            if "\n" in script or "sleep(" in script:
                with contextlib.suppress(SyntaxError):  # words, and not a program
                    nodes += ast.walk(ast.parse(script))
        every[path.relative_to(ROOT)] = nodes
    return every


def _lines_in_tests(wanted):
    """Give the places in the tests where the syntax tree has what is wanted."""
    return [
        f"{path}: {ast.unparse(node)}" for path, nodes in _nodes_of_tests().items() for node in nodes if wanted(node)
    ]


def test_no_test_sleeps():
    """What a test waits for it hears of: an event, a line, the end of a process, an event of Qt; never a time."""
    assert _lines_in_tests(_is_sleep) == []


MOST_PRIVATE = 11
"""Only ever lowered: where a test needs more than there is, a user may need it too."""


def test_tests_use_what_users_may_use():
    assert len(found := _lines_in_tests(_is_private)) <= MOST_PRIVATE, found


LEAST_TESTS = 0.6
"""Lines of tests to lines of code."""


def _lines_of_code(path):
    """Count the lines that carry code.

    Docstrings, comments and blank lines are left out: every public function here has its parameters, units and errors
    in its docstring, a third of all lines of the code, and tests have names instead.
    """
    text = path.read_text("utf-8")
    doc, words = set(), set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)  # of a lambda it is no list
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                doc.update(range(statement.lineno, statement.end_lineno + 1))
        if isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno > node.lineno:
            words.update(range(node.lineno, node.end_lineno + 1))
    lines = {
        number for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.lstrip().startswith("#")
    }
    return len((lines | words) - doc)


def test_there_are_enough_tests():
    code = sum(_lines_of_code(path) for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    tests = sum(_lines_of_code(path) for path in (ROOT / "tests").rglob("*.py"))
    assert tests >= LEAST_TESTS * code, f"{tests} lines of tests to {code} of code"
