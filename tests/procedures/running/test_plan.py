"""A plan says what is to be run; what is wrong in it is said with its line before anything is run."""

import pytest

from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.stopping import StopConditions, Tally
from mtjlab.procedures.running.sweep import Range

NIGHT = """\
seed = 7
folder = "night"

[[runs]]
procedure = "random-bitstream"
name = "{amplitude:.2f}V-{width:.0e}s-{repeat}"
parameters = { bits = 1e5, bias = 0.1 }
repeats = 2

[[runs.sweep]]
amplitude = { from = 1.20, to = 1.30, step = 0.05 }

[[runs.sweep]]
width = [8e-9, 1e-8]
settle = [1e-6, 2e-6]

[[runs]]
procedure = "random-bitstream"
stop = { bits = 2e4, alarms = 1 }
"""


def load(folder, text):
    path = folder / "night.toml"
    path.write_text(text, encoding="utf-8")
    return Plan.load(path)


def test_sweeps_multiply_and_the_parameters_of_one_go_together(tmp_path):
    runs = load(tmp_path, NIGHT).planned_runs()
    points = [(run.parameters["amplitude"], run.parameters["width"], run.parameters["settle"]) for run in runs[:12]]
    assert points == 2 * [(a, w, s) for a in (1.2, 1.25, 1.3) for w, s in ((8e-9, 1e-6), (1e-8, 2e-6))]
    assert [run.repeat for run in runs] == [1] * 6 + [2] * 6 + [1]
    assert [run.number for run in runs] == list(range(1, 14))
    procedure = runs[3].procedure()
    assert (procedure.bits, procedure.bias, procedure.amplitude, procedure.settle) == (100_000, 0.1, 1.25, 2e-6)


def test_recordings_are_named_by_parameters_in_the_folder_beside_the_plan(tmp_path):
    runs = load(tmp_path, NIGHT).planned_runs()
    assert runs[8].path == tmp_path / "night/1.25V-8e-09s-2.h5"
    assert runs[12].path == tmp_path / "night/night-013.h5"


def test_every_run_has_a_seed_of_its_own_that_the_plans_seed_decides(tmp_path):
    seeds = [run.seed for run in load(tmp_path, NIGHT).planned_runs()]
    assert len(set(seeds)) == 13
    assert seeds == [run.seed for run in load(tmp_path, NIGHT).planned_runs()]
    others = [run.seed for run in load(tmp_path, NIGHT.replace("seed = 7", "seed = 8")).planned_runs()]
    assert not set(seeds) & set(others)
    assert {run.seed for run in load(tmp_path, NIGHT.replace("seed = 7\n", "")).planned_runs()} == {None}


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ({"from": 0.1, "to": 0.5, "step": 0.1}, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ({"from": 1.3, "to": 1.21, "step": -0.04}, [1.3, 1.26, 1.22]),
        ({"from": 0, "to": 1, "count": 4}, [0, 1 / 3, 2 / 3, 1]),
        ({"from": 1e-9, "to": 1e-6, "count": 4, "spacing": "log"}, [1e-9, 1e-8, 1e-7, 1e-6]),
    ],
)
def test_ranges_include_both_ends_and_keep_decimal_fractions(words, values):
    assert Range.model_validate(words).values() == values


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed = 7", "sead = 7", r"night\.toml, line 1: sead: unknown key; allowed here: name, bench, seed"),
        ("repeats = 2", "repeats = 0", r"line 8: runs 1\.repeats: .*greater than or equal to 1 \(found 0\)"),
        ("repeats = 2", "times = 2", r"line 8: runs 1\.times: unknown key; allowed here: procedure, name, parameters"),
        ("bits = 1e5", "bits = 0.5", r"line 7: runs 1\.parameters\.bits: 0\.5: Bits takes whole numbers from 1 to"),
        ("bias = 0.1", "tide = 0.1", r"line 7: .*has no parameter 'tide'; it has one of .*amplitude, bias"),
        ("step = 0.05", "step = -0.05", r"line 11: runs 1\.sweep 1\.amplitude: 1\.2 to 1\.3 in steps of -0\.05 is no"),
        ("step = 0.05", "step = 0.05, count = 3", r"line 11: .*give either step or count"),
        ("to = 1.30", "to = 9.0", r"line 11: runs 1\.sweep 1\.amplitude: .*Pulse amplitude takes 0\.05 to 5 V"),
        ("[1e-6, 2e-6]", "[1e-6]", r"line 13: runs 1\.sweep 2: .*width 2, settle 1; give each its own \[\[runs\.sweep"),
        ("settle = [", "bits = [", r"line 15: runs 1\.sweep 2\.bits: is given twice"),
        ("{width:.0e}", "{with:.0e}", r"line 6: runs 1\.name: .*'with' is no field; there are .*amplitude, bias, bits"),
        ("{width:.0e}", "{width.real}", r"line 6: .*'width\.real' is no field"),
        ("{width:.0e}", "{width:d}", r"line 6: .*Unknown format code 'd'"),
        ("{amplitude:.2f}V", "../x", r"line 6: .*stays in the folder"),
        ("{amplitude:.2f}V", "/tmp/x", r"line 6: .*stays in the folder"),
        ("{width:.0e}", "{width:.999999999f}", r"line 6: .*asks for more than 99 places"),
        ("{width:.0e}", "{width:999999999}", r"line 6: .*asks for more than 99 places"),
        ("{width:.0e}", 5 * "{width:.99f}", r"line 6: .*more than 200 bytes: make it shorter"),
        ("[8e-9, 1e-8]", "[]", r"line 13: runs 1\.sweep 2: width has no values to go through"),
        ("bits = 1e5", f"bits = {5000 * '7'}", r"night\.toml: not TOML that can be read"),
        ("bits = 1e5", f"bits = {5000 * '['}", r"night\.toml: not TOML that can be read"),
        ("-{repeat}", "", r"line 6: runs 1\.name: runs 1 and 7 would both be 1\.20V-8e-09s\.h5: name what differs"),
        ('"random-bitstream"\nname', '"bitstream"\nname', r"line 5: .*'bitstream' is not known; installed: .*random-"),
        ("bits = 2e4", "bites = 2e4", r"line 19: runs 2\.stop\.bites: unknown key; allowed here: bits, time, alarms"),
        ("[[runs]]", "[[runs", r"line 4: not TOML: expected"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, message):
    with pytest.raises(ValueError, match=message):
        load(tmp_path, NIGHT.replace(old, new, 1))


def test_a_plan_too_large_to_be_meant_is_refused(tmp_path):
    with pytest.raises(ValueError, match="more than 10,000 runs"):
        load(tmp_path, NIGHT.replace("repeats = 2", "repeats = 5_000"))


def test_the_command_line_sets_parameters_that_are_not_swept(tmp_path):
    plan = load(tmp_path, NIGHT)
    changed = plan.changed(settings={"bits": "2e5"}, seed=8, folder=tmp_path / "other")
    runs = changed.planned_runs()
    assert {run.procedure().bits for run in runs} == {200_000}
    assert runs[0].path.parent == tmp_path / "other"
    assert runs[0].seed != plan.planned_runs()[0].seed
    with pytest.raises(ValueError, match="the plan sweeps amplitude"):
        plan.changed(settings={"amplitude": "1.2"})
    with pytest.raises(ValueError, match="no procedure of the plan has this parameter"):
        plan.changed(settings={"tide": "1.2"})


def test_a_plan_runs_a_procedure_of_ones_own_from_a_file_beside_it(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from pymeasure.experiment import BooleanParameter, IntegerParameter, ListParameter, Procedure\n"
        "class Mine(Procedure):\n"
        "    steps = IntegerParameter('Steps', default=3)\n"
        "    down = BooleanParameter('Down', default=False)\n"
        "    polarity = ListParameter('Polarity', choices=['up', 'down'], default='up')\n"
        "    DATA_COLUMNS = ['Step']\n"
    )
    text = '[[runs]]\nprocedure = "mine.py:Mine"\nparameters = { steps = 5, down = true, polarity = "down" }\n'
    (run,) = load(tmp_path, text).planned_runs()
    procedure = run.procedure()
    assert (type(procedure).__name__, procedure.steps, procedure.down, procedure.polarity) == ("Mine", 5, True, "down")
    for old, new, message in [
        ("steps = 5", "steps = 2.5", "Steps takes whole numbers from"),
        ('polarity = "down"', 'polarity = "left"', "Polarity takes one of up, down"),
        (":Mine", ":Other", "mine.py:Other is no PyMeasure Procedure"),
        ("mine.py", "yours.py", "yours.py does not exist"),
    ]:
        with pytest.raises(ValueError, match=message):
            load(tmp_path, text.replace(old, new))
    (tmp_path / "mine.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(ValueError, match=r"mine\.py cannot be imported \(ModuleNotFoundError"):
        load(tmp_path, text)


def test_the_conditions_of_a_run_are_narrowed_by_what_is_left_of_the_plans():
    run, plan = StopConditions(bits=1000, alarms=3), StopConditions(bits=5000, time=60)
    left = run.within(plan, Tally(bits=4500, time=50.0, alarms=1))
    assert left == StopConditions(bits=500, time=10, alarms=3)
    assert run.within(StopConditions(), Tally(bits=4500)) == run
