"""What the form holds becomes a plan whose runs are those of the form, whatever stands in it."""

import tomllib

import hypothesis
import pytest
from hypothesis import strategies

from mtjlab.procedures import Plan
from mtjlab.procedures.running import Range, plan_text

SCALARS = (
    strategies.booleans()
    | strategies.integers(-(2**62), 2**62)
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=20)
)


@hypothesis.given(strategies.dictionaries(strategies.text("abcä .-_", min_size=1, max_size=6), SCALARS, max_size=3))
@hypothesis.settings(max_examples=50, deadline=None)
def test_every_value_is_read_as_it_was_written(values):
    told = tomllib.loads(plan_text("x", values, [{"y": list(values.values())}], sample={"note": "a\nb"}))
    assert told["runs"][0].get("parameters", {}) == values
    assert told["runs"][0]["sweep"][0]["y"] == list(values.values())
    assert told["sample"] == {"note": "a\nb"}


@pytest.mark.parametrize(
    "told",
    [
        {"from": 1.2, "to": 1.3, "step": 0.05},
        {"from": 1.2, "to": 1.3, "count": 3},
        {"from": 1.2, "to": 1.35, "count": 4, "spacing": "log"},
    ],
)
def test_a_range_stays_the_range_that_it_is(tmp_path, told):
    text = plan_text("random-bitstream", {"bits": 1000}, [{"amplitude": Range.model_validate(told)}], repeats=2, seed=3)
    plan = Plan.parse(text, tmp_path / "plan.toml")
    assert plan.runs[0].sweep == [{"amplitude": Range.model_validate(told)}]
    assert (plan.seed, plan.runs[0].repeats, len(plan.planned_runs())) == (3, 2, 2 * (told.get("count") or 3))


def test_what_is_not_given_is_left_out():
    assert plan_text("x", {}) == '[[runs]]\nprocedure = "x"\n'
