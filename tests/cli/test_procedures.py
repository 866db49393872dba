"""`mtjlab procedures` says what can be run and what it takes."""

import json
from importlib.metadata import entry_points

from mtjlab import procedures
from mtjlab.procedures.measurements.registry import find_procedure_by_class, procedure_name


def test_every_procedure_is_listed_with_what_it_does(command):
    told = json.loads(command("procedures", "--json", "-").stdout)["procedures"]
    installed = entry_points(group="mtjlab.procedures")
    assert set(told) == {entry.name for entry in installed}
    assert {entry.attr for entry in installed} < set(procedures.__all__)
    assert all(procedure_name(find_procedure_by_class(entry.attr)) == entry.name for entry in installed)
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
    assert (
        "procedure 'nope' is not known; installed: amr-angle, amr-loops, bar-contact-check, calibrate-amplitude"
        in done.stderr
    )


def test_on_a_bench_defaults_and_ranges_are_those_of_the_bench(command):
    done = command("procedures", "random-bitstream", "--bench", "simulated-fast", "--json", "-")
    told = json.loads(done.stdout)
    assert told["bench"] == "simulated-fast"
    assert (told["parameters"]["amplitude"]["default"], told["parameters"]["bits"]["default"]) == (0.8415, 500_000)
    # 1.8 V at an open end that shows twice the amplitude, less the bias; a generator of up to 10.2 ns; no coil.
    assert told["parameters"]["amplitude"]["takes"] == "0.05 to 0.875429"
    assert told["parameters"]["width"]["takes"] == "1e-10 to 1.02e-08"
    assert told["parameters"]["bias"]["takes"].endswith(" to 0.117825")
    assert told["parameters"]["field"]["takes"].startswith("no coil on this bench: add [roles.coil]")
    assert told["parameters"]["settle"]["takes"] == "0 to 999"
    assert "Pulse width" in command("procedures", "random-bitstream", "--bench", "simulated-fast").stdout


def test_a_value_that_no_bench_takes_is_refused_with_the_range_of_this_one(command, tmp_path):
    words = ("run", "random-bitstream", "--bench", "simulated-fast", "--output", tmp_path / "a.h5", "--set")
    assert "takes 0.05 to 0.875429 V on the bench simulated-fast" in command(*words, "amplitude=7").stderr
