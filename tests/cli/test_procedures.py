"""`mtjlab procedures` says what can be run and what it takes."""

import json

from mtjlab import procedures
from mtjlab.procedures.running.registry import find_procedure_by_class, procedure_name


def test_every_procedure_is_listed_with_what_it_does(command):
    told = json.loads(command("procedures", "--json", "-").stdout)["procedures"]
    kinds = [name for name in procedures.__all__ if name[0].isupper() and "Plan" not in name]
    assert set(told) == {procedure_name(find_procedure_by_class(kind)) for kind in kinds}
    assert all(words.endswith(".") for words in told.values())


def test_what_is_listed_can_be_set(command, tmp_path):
    done = command("procedures", "write-error-rate", "--json", "-")
    told = json.loads(done.stdout)["parameters"]
    assert list(told)[:2] == ["required", "pulses"]  # as the class states them
    assert told["width"] == {
        "description": "Pulse width",
        "default": 1.5e-9,
        "required": False,
        "takes": "1e-10 to 1",
        "unit": "s",
    }
    settings = [word for name, each in told.items() for word in ("--set", f"{name}={each['default']}")]
    dry = command("run", "write-error-rate", "--dry-run", *settings, "--output", tmp_path / "a.h5", "--json", "-")
    assert json.loads(dry.stdout)["runs"][0]["parameters"].keys() <= told.keys()
    assert dry.returncode == 0


def test_a_procedure_of_ones_own_is_described(command, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from pymeasure.experiment import BooleanParameter, FloatParameter, Procedure\n"
        "class Mine(Procedure):\n"
        '    """Do a thing."""\n'
        '    volts = FloatParameter("Volts", units="V", default=0.5, minimum=0, maximum=2)\n'
        '    fast = BooleanParameter("Fast", default=True)\n'
        '    DATA_COLUMNS = ["a"]\n',
        encoding="utf-8",
    )
    told = json.loads(command("procedures", f"{tmp_path}/mine.py:Mine", "--json", "-").stdout)
    assert told["parameters"]["volts"] == {
        "description": "Volts",
        "default": 0.5,
        "required": False,
        "takes": "0 to 2",
        "unit": "V",
    }
    assert told["parameters"]["fast"]["default"] is True
    assert told["columns"] == ["a"]


def test_an_unknown_procedure_is_said_with_those_that_are_known(command):
    done = command("procedures", "nope")
    assert done.returncode == 2
    assert "procedure 'nope' is not known; installed: calibrate-amplitude, contact-check" in done.stderr
