"""What the docs say of plans and of Python holds."""

import re
from pathlib import Path

import pytest

from mtjlab.data.recording import Recording
from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.plan_sections import RunSection, Sample
from mtjlab.procedures.running.stopping import StopConditions
from mtjlab.procedures.running.sweep import Range

DOCS = Path(__file__).parents[3] / "docs"


def sections(text):
    """Give title → text of each section."""
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def keys_of(model):
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("The plan", Plan),
        ("`[sample]`", Sample),
        ("`[stop]`, and `stop` of a run", StopConditions),
        ("`[[runs]]`", RunSection),
        ("`[[runs.sweep]]`", Range),
    ],
)
def test_the_reference_names_every_key_and_no_other(title, model):
    section = sections((DOCS / "reference/plan-file.md").read_text(encoding="utf-8"))[title]
    assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == keys_of(model)


def test_the_defaults_in_the_reference_are_those_of_the_model():
    text = sections((DOCS / "reference/plan-file.md").read_text(encoding="utf-8"))
    for title, model in {"The plan": Plan, "`[[runs]]`": RunSection, "`[[runs.sweep]]`": Range}.items():
        for key, told in re.findall(r'^\| `(\w+)` \| (`".*?"`|\d+) \|', text[title], flags=re.MULTILINE):
            assert told.strip('`"') == str(model.model_fields[key].default)


@pytest.mark.parametrize(("page", "runs"), [("reference/plan-file.md", 12), ("how-to/plans.md", 6)])
def test_the_plans_in_the_docs_are_plans(page, runs, tmp_path):
    (text, *_) = re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    planned = Plan.parse(text, tmp_path / "plan.toml").planned_runs()
    assert len({run.path for run in planned}) == len(planned) == runs


def test_the_tutorial_of_python_runs_as_it_stands(tmp_path, monkeypatch):
    text = (DOCS / "tutorials/python.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text('[[runs]]\nprocedure = "random-bitstream"\nparameters = { bits = 5000 }\n')
    names: dict[str, object] = {}
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        exec(compile(code, "python.md", "exec"), names)
    recording = Recording("out.h5")
    assert (recording.status, recording.committed, len(recording.segments())) == ("finished", 200_000, 2)
    assert Recording("night.h5").committed == 50_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["night.h5", "out.h5", "plan-001.h5", "plan.toml"]
