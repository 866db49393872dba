"""What a recording says of its bench is data: nothing of it is loaded, and its limits only make stricter."""

import sys

import numpy as np
import pytest

from mtjlab.core.toml_document import TomlDocument
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.measurements.column import Column
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running import RunOptions
from mtjlab.procedures.running.one_run import run
from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.queue_runner import QueueRunner
from mtjlab.procedures.running.run_queue import RunQueue
from mtjlab.procedures.running.run_request import RunRequest

SHIPPED = BenchFile.load("simulated")
REAL = """\
name = "simulated"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "TCPIP::127.0.0.1::1::SOCKET"
visa_library = "{library}"
[roles.source_meter]
driver = "keithley2400"
resource = "TCPIP::127.0.0.1::1::SOCKET"
visa_library = "{library}"
[limits]
pulse_amplitude = 1.5
pulse_width = 1e-7
pulse_energy = 1e-12
read_bias = 0.1
compliance = 1e-5
[device]
name = "W1"
resistance = 5e4
"""
MARKER = """\
from pathlib import Path
Path(__file__).with_name("loaded").touch()
from pyvisa_py import WRAPPER_CLASS
"""


def record(path, text, **attributes):
    """Make a recording of 1000 bits whose bench is whatever somebody wrote into it."""
    procedure = RandomBitstream(bits=5000)
    parameters = procedure.parameter_objects().items()
    with RecordingWriter.create(
        path,
        RecordingHead(
            procedure="RandomBitstream",
            parameters={name: RecordingParameter(each.value, "", name) for name, each in parameters},
            columns=dict(map(Column.parse, procedure.DATA_COLUMNS)),
            bench=text,
            simulated=True,
            bench_attributes=attributes,
        ),
    ) as writer:
        writer.append(np.tile(np.array([0, 1], np.uint8), 500))
        writer.close("aborted", "stopped by the user")
    return path


def resume(path, **more):
    return RunRequest.of(output=path, settings={"bits": "20000"}, resume=True, **more).executor()


@pytest.fixture
def backend(tmp_path, monkeypatch):
    """Give a module that PyVISA would import for the library ``@evil``, and what tells that it did."""
    (tmp_path / "pyvisa_evil.py").write_text(MARKER)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "loaded"
    sys.modules.pop("pyvisa_evil", None)


@pytest.mark.parametrize("source", ["simulated", "", "/home/me/lab.toml"])
def test_a_library_that_a_recording_names_is_never_loaded(backend, tmp_path, source):
    path = record(tmp_path / "a.h5", REAL.format(library="@evil"), source=source)
    before = path.read_bytes()
    if source == "simulated":
        # It says that it is of the shipped bench: then that one is opened, whatever the text is.
        assert [outcome.tally.bits for outcome in resume(path).run()] == [20_000]
    else:
        with pytest.raises(ValueError, match=r"of a bench file.*give that file.*never opened"):
            resume(path)
        assert path.read_bytes() == before
    queue = RunQueue()
    queue.add(RunRequest.of(output=path, settings={"bits": "30000"}, resume=True), SHIPPED)
    QueueRunner(queue).run()
    assert str(queue.entries()[0].state) == ("finished" if source == "simulated" else "failed")
    assert not backend.exists()


def test_a_library_that_the_users_own_bench_file_names_is_loaded_if_it_is_one(backend, tmp_path):
    bench = tmp_path / "bench.toml"
    bench.write_text(REAL.format(library="@evil"))
    with pytest.raises(
        ValueError, match=r"line 5: .*'@evil' is not a VISA library: .* give @ivi, @py, @sim, or the path"
    ):
        BenchFile.load(bench)
    assert not backend.exists()
    for library in ("", "@py", "/usr/lib/libvisa.so.2", "C:/Windows/visa64.dll", "libvisa.so@ivi"):
        bench.write_text(REAL.format(library=library))
        assert BenchFile.load(bench).roles.source_meter.visa_library == library


def test_a_text_that_was_not_read_from_a_bench_file_names_no_library():
    text = REAL.format(library="/tmp/evil.so")
    with pytest.raises(ValueError, match=r"line 5: .*only a bench file may name a library to load"):
        BenchFile.parse(TomlDocument("a recording", text))
    assert BenchFile.parse(TomlDocument("a text", REAL.format(library="@py"))).roles.source_meter is not None


def test_an_older_recording_of_a_shipped_bench_is_known_by_its_text(tmp_path):
    path = record(tmp_path / "a.h5", "# a comment of another version\n" + SHIPPED.text)
    assert [outcome.tally.bits for outcome in resume(path).run()] == [20_000]
    changed = record(tmp_path / "b.h5", SHIPPED.text.replace('device = "reference"', 'device = "/etc/passwd"'))
    with pytest.raises(ValueError, match="give that file"):
        resume(changed)


def test_a_recording_says_which_bench_file_it_was_made_with(tmp_path):
    lab = tmp_path / "lab.toml"
    lab.write_text(SHIPPED.text)
    with open_bench(lab, seed=1) as bench:
        run(RandomBitstream(bits=5000), bench, tmp_path / "a.h5", progress=quiet)
    assert Recording(tmp_path / "a.h5").bench_attributes["source"] == str(lab)
    lab.write_text(SHIPPED.text.replace("pulse_amplitude = 1.8", "pulse_amplitude = 1.0"))
    # The text in the recording still allows 1.25 V; it is not asked.
    with pytest.raises(ValueError, match=r"lab\.toml'?: give that file"):
        resume(tmp_path / "a.h5")
    with pytest.raises(LimitError, match=r"the bench allows 0 to 1 V"):
        resume(tmp_path / "a.h5", bench=str(lab)).run()


def test_the_limits_of_a_recording_hold_beside_those_of_the_bench(tmp_path):
    path = record(tmp_path / "a.h5", SHIPPED.text, limit_pulse_amplitude=1.0)
    with open_bench("simulated", seed=3) as bench:
        with pytest.raises(LimitError, match=r"= 1\.25.* V is refused: the bench allows 0 to 1 V"):
            run(RandomBitstream(bits=20_000), bench, path, resume=True, progress=quiet)
        assert Recording(path).committed == 1000
        # A new recording on the same bench is not bound by it.
        assert run(RandomBitstream(bits=5000), bench, tmp_path / "b.h5", progress=quiet).committed == 5000


@pytest.mark.parametrize("how", ["command", "plan", "queue"])
def test_they_do_so_whoever_resumes_it_and_it_is_said_before_anything_is_run(tmp_path, how):
    path = record(tmp_path / "a.h5", SHIPPED.text, source="simulated", limit_pulse_amplitude=1.0)
    message = "the bench allows 0 to 1 V"
    if how == "queue":
        queue = RunQueue()
        queue.add(RunRequest.of(output=path, settings={"bits": "20000"}, resume=True), SHIPPED)
        QueueRunner(queue).run()
        assert message in queue.entries()[0].message
    elif how == "plan":
        plan = tmp_path / "plan.toml"
        plan.write_text('[[runs]]\nprocedure = "random-bitstream"\nname = "a"\nparameters = { bits = 20_000 }\n')
        with pytest.raises(LimitError, match=message):
            Plan.load(plan).executor(RunOptions(resume=True)).refuse()
    else:
        with pytest.raises(LimitError, match=message):
            resume(path).refuse()
    assert Recording(path).committed == 1000


@pytest.mark.parametrize("value", [float("nan"), -1.0, "5"])
def test_a_limit_in_a_recording_that_is_no_number_is_refused(tmp_path, value):
    path = record(tmp_path / "a.h5", SHIPPED.text, source="simulated", limit_pulse_amplitude=value)
    with pytest.raises(RecordingError, match="says that its limit pulse_amplitude is"):
        resume(path).run()


def test_a_seed_in_a_recording_that_is_none_is_refused(tmp_path):
    path = record(tmp_path / "a.h5", SHIPPED.text, source="simulated", seed="import os")
    with pytest.raises(RecordingError, match="says that its seed is 'import os'"):
        resume(path).run()


def quiet(done, total):
    pass
