"""The pages about the bench say what the code does."""

import re
from pathlib import Path

import pytest
from pymeasure.test import expected_protocol

from mtjlab.instruments.bench.file import BenchFile, RoleSettings, WiringSettings
from mtjlab.instruments.bench.reference import BEGIN, END, bench_reference

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "docs/how-to/add-an-instrument.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", RECIPE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def adapter(wired, monkeypatch):
    """Run the adapter of the recipe as it stands on the page."""
    import sys
    import types

    module = types.ModuleType("recipe")
    monkeypatch.setitem(sys.modules, "recipe", module)
    exec(blocks("python")[0].replace("__name__", "'recipe'"), module.__dict__)
    kind = module.__dict__["MyNanovoltmeter"]
    assert kind.__module__ == "recipe"
    return wired(kind, RoleSettings(driver="mine"), WiringSettings())


def test_the_recipe_for_an_instrument_is_about_forty_lines_and_puts_these_bytes_on_the_wire(adapter):
    code, check = blocks("python")
    assert 30 <= len([line for line in code.splitlines() if line.strip()]) <= 50
    names = {"expected_protocol": expected_protocol, "adapter": adapter, "pytest": pytest}
    exec(check, names)
    names["test_a_reading_is_one_query"](adapter)


def test_the_recipe_plays_its_role_with_all_methods(adapter):
    from mtjlab.instruments.roles.nanovoltmeter import GuardedNanovoltmeter, Nanovoltmeter

    asked = {name for name in vars(Nanovoltmeter) if not name.startswith("_")} - GuardedNanovoltmeter.optional
    setup = [(b"*RST", None), (b":SYST:LFR?", b"50"), (b"SYST:ERR?", b'0,"No error"')]
    with expected_protocol(adapter, setup) as opened:
        assert all(callable(getattr(opened, name)) for name in asked)


def test_the_reference_of_the_bench_file_is_what_the_models_say():
    page = (ROOT / "docs/reference/bench-file.md").read_text(encoding="utf-8")
    tables = page.partition(BEGIN)[2].partition(END)[0].strip()
    assert tables == bench_reference().strip(), (
        "run: python -m mtjlab.instruments.bench.reference docs/reference/bench-file.md"
    )


def test_the_reference_has_every_key():
    text = bench_reference()
    for section in BenchFile.model_json_schema()["$defs"].values():
        for key, about in section["properties"].items():
            assert re.search(rf"^\| {key} \|", text, re.MULTILINE), key
            assert about.get("description"), f"{key} has no description"
