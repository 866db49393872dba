"""A bench file may have other defaults than the procedures: its own operating point, what its generator can make."""

import pytest

from mtjlab.core.errors import InputError
from mtjlab.core.toml_document import TomlDocument
from mtjlab.data.recording import Recording
from mtjlab.instruments.bench.file import BenchFile, shipped_benches
from mtjlab.procedures import RandomBitstream
from mtjlab.procedures.measurements.registry import find_procedure, procedure_names
from mtjlab.procedures.measurements.suggested_values import bench_defaults, refuse_wrong_defaults
from mtjlab.procedures.running.run_request import RunRequest

CANNOT = tuple(
    f"no {what} on this bench: add [roles."
    for what in (
        "coil",
        "coil y",
        "current source",
        "junction array",
        "nanovoltmeter",
        "oscilloscope",
        "perpendicular coil",
        "pulse generator",
        "source meter",
    )
)
SIMULATED = shipped_benches()["simulated"]


def bench(tmp_path, defaults):
    path = tmp_path / "lab.toml"
    path.write_text(SIMULATED + defaults, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(shipped_benches()))
def test_a_shipped_bench_allows_the_defaults_of_every_procedure_that_it_has_the_instruments_for(name, tmp_path):
    file = BenchFile.load(name)
    refuse_wrong_defaults(file)
    for each in procedure_names():
        (estimate,) = RunRequest.of(each, bench=name, output=tmp_path / f"{each}.h5").executor().costs
        assert estimate.error is None or str(estimate.error).startswith(CANNOT), estimate.run.name


def test_the_bench_goes_before_the_procedure_the_plan_before_the_bench_and_set_before_all(tmp_path):
    path = bench(tmp_path, "[defaults.random-bitstream]\namplitude = 1.2\nwidth = 8e-9\nbits = 5000\n")
    plan = tmp_path / "night.toml"
    plan.write_text(
        f'bench = "{path.name}"\n[[runs]]\nprocedure = "random-bitstream"\n'
        'name = "{amplitude}-{bits}-{width}"\nparameters = { bits = 7000 }\n',
        encoding="utf-8",
    )
    request = RunRequest.of(str(plan), settings={"width": "9e-9"})
    assert [each.name for each in request.paths()] == ["1.2-7000-9e-09.h5"]
    (run,) = request.executor().runs
    assert run.parameters == {"amplitude": 1.2, "width": 9e-9, "bits": 7000}
    # Whoever changes the bench of a plan gets that one's.
    (elsewhere,) = RunRequest.of(str(plan), bench="simulated").executor().runs
    assert elsewhere.path.name == "1.25-7000-1e-08.h5"
    single = RunRequest.of("random-bitstream", bench=str(path), settings={"bits": "6000"}, output=tmp_path / "a.h5")
    assert single.executor().runs[0].parameters == {"amplitude": 1.2, "width": 8e-9, "bits": 6000}
    made = RandomBitstream.for_bench(BenchFile.load(path), bits=10)
    assert (made.amplitude, made.width, made.bits) == (1.2, 8e-9, 10)


def test_a_recording_keeps_what_held_and_is_resumed_with_it(command, tmp_path):
    path, file = bench(tmp_path, "[defaults.random-bitstream]\namplitude = 1.23\nbits = 5000\n"), tmp_path / "a.h5"
    done = command("run", "random-bitstream", "--bench", path, "--seed", "3", "--output", file)
    assert done.returncode == 0, done.stderr
    assert Recording(file).parameters["amplitude"].value == 1.23
    path.write_text(SIMULATED, encoding="utf-8")
    longer = command("run", "--resume", file, "--bench", path, "--set", "bits=7500", "--json", "-")
    assert longer.returncode == 0, longer.stderr
    assert Recording(file).committed == 7500
    assert Recording(file).parameters["amplitude"].value == 1.23


@pytest.mark.parametrize(
    ("defaults", "message"),
    [
        (
            "[defaults.random_bitstream]\nbits = 1\n",
            r"lab\.toml, line \d+: defaults\.random_bitstream: no procedure",
        ),
        (
            "[defaults.endurance]\nbits = 1\n",
            r"line \d+: defaults\.endurance\.bits: 1: Endurance has no parameter 'bits'",
        ),
        (
            "[defaults.endurance]\nwidth = 5.0\n",
            r"line \d+: defaults\.endurance\.width: 5\.0: Pulse width takes 1e-10",
        ),
    ],
)
def test_what_is_wrong_in_it_is_said_with_its_line_before_anything_is_opened(defaults, message, tmp_path):
    path = bench(tmp_path, defaults)
    with pytest.raises(InputError, match=message):
        refuse_wrong_defaults(BenchFile.load(path))
    with pytest.raises(InputError, match=message):
        bench_defaults(find_procedure("endurance"), BenchFile.load(path))


def test_checking_a_bench_checks_its_defaults(command, tmp_path):
    done = command("bench", "check", "--bench", bench(tmp_path, "[defaults.endurance]\npulse = 5000\n"))
    assert done.returncode == 2
    assert "lab.toml, line 30: defaults.endurance.pulse: 5000: Endurance has no parameter 'pulse'" in done.stderr


def test_a_procedure_of_ones_own_is_found_by_its_class(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from pymeasure.experiment import FloatParameter, Procedure\n"
        "class Mine(Procedure):\n"
        '    volts = FloatParameter("Volts", units="V", default=0.5, minimum=0, maximum=2)\n'
        '    DATA_COLUMNS = ["a"]\n',
        encoding="utf-8",
    )
    kind = find_procedure("mine.py:Mine", tmp_path)
    file = BenchFile.parse(TomlDocument("text", SIMULATED + "[defaults.Mine]\nvolts = 1\n"))
    assert bench_defaults(kind, file) == {"volts": 1.0}
