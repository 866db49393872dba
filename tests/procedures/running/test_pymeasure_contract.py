"""A PyMeasure procedure of the user's own runs as PyMeasure documents it, whatever names it uses."""

from typing import ClassVar

import numpy as np
import pytest
from pymeasure.experiment import BooleanParameter, FloatParameter, IntegerParameter, Parameter, Procedure

from mtjlab.core.errors import InputError
from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.procedures import FindOperatingPoint, RandomBitstream, run
from mtjlab.procedures.measurements.column import recorded_columns
from mtjlab.procedures.measurements.measurement_procedure import measurement
from mtjlab.procedures.measurements.registry import find_procedure
from mtjlab.procedures.running.dry_run import Estimates


class Columns(Procedure):
    n = IntegerParameter("N", default=4)

    def execute(self):
        for i in range(self.n):
            self.emit("results", {text: float(i + k) for k, text in enumerate(self.DATA_COLUMNS)})


def columns(*texts):
    return type("Columns", (Columns,), {"DATA_COLUMNS": list(texts)})


@pytest.fixture(scope="module")
def bench():
    with open_bench("simulated", seed=1) as bench:
        yield bench


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["I (A)", "V (V)", "V (mV)"], ["I", "V (V)", "V (mV)"]),
        (["t (s)", "dI/dV (S)", "R (V/A)"], ["t", "dI/dV", "R"]),
        (["Time(s)", "B (µT)", "R (Ω)"], ["Time(s)", "B", "R"]),
        (["only (V)"], ["only"]),
    ],
)
def test_every_column_is_kept_under_its_name(tmp_path, bench, texts, names):
    recording = run(columns(*texts)(), bench, tmp_path / "own.h5")
    frame = recording.frame()
    assert list(frame.columns) == names
    np.testing.assert_array_equal(frame.to_numpy(), np.arange(4)[:, None] + np.arange(len(texts)))


def test_a_slash_is_kept_in_the_label(tmp_path, bench):
    import h5py

    path = run(columns("t (s)", "dI/dV (S)")(), bench, tmp_path / "own.h5").path
    with h5py.File(path) as file:
        (column,) = (each for name, each in file["data"].items() if name.startswith("dI"))
        assert column.attrs["long_name"] == b"dI/dV [S]"
        assert column.attrs["units"] == b"S"


@pytest.mark.parametrize("texts", [["a", "a"], [""], ["."], ["a/b", "a∕b"], [" (V)"]])
def test_columns_that_cannot_be_kept_are_refused_before_anything_is_opened(tmp_path, texts):
    with pytest.raises(InputError, match="DATA_COLUMNS"):
        recorded_columns(texts)
    file = tmp_path / "own.py"
    file.write_text(
        f"from pymeasure.experiment import Procedure\nclass Own(Procedure):\n    DATA_COLUMNS = {texts!r}\n"
    )
    with pytest.raises(InputError, match="DATA_COLUMNS"):
        find_procedure(f"{file}:Own")


class Required(Columns):
    r = FloatParameter("Required", units="V")
    s = Parameter("Sample")
    DATA_COLUMNS: ClassVar[list[str]] = ["a"]


def test_a_parameter_without_default_is_named(tmp_path, bench):
    with pytest.raises(InputError, match=r"r \(Required\), s \(Sample\)"):
        run(Required(), bench, tmp_path / "own.h5")
    assert not (tmp_path / "own.h5").exists()
    recording = run(Required(r=0.5, s="W12"), bench, tmp_path / "own.h5")
    assert recording.parameters["r"].value == 0.5


def estimating(function):
    return type("Own", (Columns,), {"get_estimates": function, "DATA_COLUMNS": ["a"]})()


@pytest.mark.parametrize(
    ("function", "duration", "lines"),
    [
        (lambda self: 12, 12.0, (("Duration", "12 s"),)),
        (lambda self, sequence=None, sequence_length=None: 2.0 * sequence_length, 2.0, (("Duration", "2 s"),)),
        (lambda self, sequence_length, sequence: [("Duration", "3 s")], None, (("Duration", "3 s"),)),
        (lambda self: 1 / 0, None, ()),
        (lambda self: "nonsense", None, ()),
        (lambda self: float("nan"), None, (("Duration", "nan s"),)),
    ],
)
def test_estimates_as_pymeasure_has_them_never_stop_a_run(function, duration, lines):
    assert Estimates.of(estimating(function)) == (duration, None, lines)


class OurNames(Procedure):
    """Its parameters have the names of members that our own procedures have."""

    bits = IntegerParameter("ADC bits", default=12)
    bias = Parameter("Bias", default="left")
    complete = BooleanParameter("Complete", default=True)
    configure = Parameter("Configure", default="four-wire")
    picture = Parameter("Picture", default="none")
    resume = Parameter("Resume", default="no")
    keeps_resistance = BooleanParameter("Keeps", default=True)
    live_columns = Parameter("Live", default="x")
    estimated_duration = FloatParameter("Typed in", default=7.0)
    DATA_COLUMNS: ClassVar[list[str]] = ["Time (s)", "V (V)"]

    def execute(self):
        for i in range(20):
            self.emit("results", {"Time (s)": 0.1 * i, "V (V)": 2.0 * i})
            if i == 9 and self.bias == "stop":
                raise RuntimeError("the meter is away")


def test_names_of_ours_may_be_parameters_of_the_users(tmp_path, bench):
    assert not measurement(OurNames).makes_bits
    assert measurement(RandomBitstream).makes_bits
    assert Estimates.of(OurNames()) == (None, None, ())
    recording = run(OurNames(), bench, tmp_path / "own.h5")
    assert (recording.status, recording.committed, recording.rows) == ("finished", 0, 20)
    assert recording.parameters["bits"].value == 12
    with pytest.raises(RuntimeError, match="the meter is away"):
        run(OurNames(bias="stop"), bench, tmp_path / "failed.h5")
    assert Recording(tmp_path / "failed.h5").status == "failed"  # whatever its parameter `complete` says


def test_a_parameter_called_bench_is_refused(tmp_path):
    file = tmp_path / "own.py"
    file.write_text(
        "from pymeasure.experiment import Parameter, Procedure\n"
        "class Own(Procedure):\n    bench = Parameter('Bench', default='left table')\n    DATA_COLUMNS = ['a']\n"
    )
    with pytest.raises(InputError, match="bench"):
        find_procedure(f"{file}:Own")


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        (RandomBitstream, {"bitz": 5000}, "no parameter 'bitz'"),
        (RandomBitstream, {"amplitdue": 1.1}, "no parameter 'amplitdue'"),
        (RandomBitstream, {"amplitude": 99.0}, "Pulse amplitude takes 0.05 to 5 V"),
        (RandomBitstream, {"bits": 0}, "Bits takes whole numbers from 1"),
        (RandomBitstream, {"feedback": "sometimes"}, "takes one of"),
        (FindOperatingPoint, {"pulses": float("nan")}, "takes"),
        (FindOperatingPoint, {"bias": None}, "takes"),
    ],
)
def test_python_refuses_what_the_command_refuses(kind, parameters, message):
    with pytest.raises(InputError, match=message):
        kind(**parameters)


def test_a_value_under_a_name_that_is_no_column_is_warned_of_once(tmp_path, bench):
    class Misnamed(Columns):
        DATA_COLUMNS: ClassVar[list[str]] = ["a"]

        def execute(self):
            for i in range(3):
                self.emit("results", {"a": 1.0 * i, "A": 2.0})

    recording = run(Misnamed(), bench, tmp_path / "own.h5")
    assert recording.frame()["a"].tolist() == [0, 1, 2]
    warnings = [message for message in recording.log()["message"] if "'A' is not among DATA_COLUMNS" in message]
    assert len(warnings) == 1
