"""The API reference is what stubs and docstrings say, and says more each time."""

import ast
import re
import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs/reference/api"
REFERENCE = runpy.run_path(str(FOLDER / "generate.py"))
FACES = list(REFERENCE["faces"]())
SAID = r"(Give|Return|Tell|Make|Open|Load|Read|Count|Find|List|Name|Draw|Compute|Parse|Ask|Answer) "
"""A first line that says what comes back, such as "Give the field [T].", needs no section for it."""


def test_the_pages_are_what_the_sources_say():
    written = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    stale = sorted(name for name, text in REFERENCE["pages"]().items() if written.get(name) != text)
    assert (stale, set(written) - set(REFERENCE["pages"]())) == ([], set()), (
        "run: python docs/reference/api/generate.py"
    )


def inside(node):
    """Give what a function does itself, without the functions in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            yield child
            yield from inside(child)


def lacking(function, doc, name, made=False):
    """Give the sections that a docstring lacks."""
    arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    if any(each.arg not in ("self", "cls") for each in arguments) and not re.search(r"Parameters\n-", doc):
        yield f"{name}: Parameters"
    if any(isinstance(each, ast.Raise) and each.exc for each in inside(function)) and not re.search(r"Raises\n-", doc):
        yield f"{name}: Raises"
    returns = "None" if function.returns is None else ast.unparse(function.returns)
    asked = any(ast.unparse(each).split(".")[-1].endswith("property") for each in function.decorator_list)
    if (
        not made
        and not asked
        and not re.match(SAID, doc)
        and returns not in ("None", "NoReturn")
        and not re.search(r"(Returns|Yields)\n-", doc)
    ):
        yield f"{name}: Returns"


def gaps(face):
    """Give the sections that docstrings of a face lack, name by name."""
    for named in REFERENCE["names_of"](face):
        if isinstance(named.node, ast.FunctionDef):
            yield from lacking(named.node, named.doc, named.name)
        elif isinstance(named.node, ast.ClassDef):
            for each in named.node.body:
                if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                    yield from lacking(each, named.doc, named.name, made=True)
            for each in REFERENCE["public_members"](named.node):
                yield from lacking(each, ast.get_docstring(each) or "", f"{named.name}.{each.name}")


@pytest.mark.parametrize("face", FACES)
def test_a_docstring_says_parameters_errors_and_what_comes_back(face):
    found = list(gaps(face))
    assert found == []


@pytest.mark.parametrize("face", FACES)
def test_every_name_of_a_face_says_what_it_is(face):
    assert [named.name for named in REFERENCE["names_of"](face) if not named.doc] == []
