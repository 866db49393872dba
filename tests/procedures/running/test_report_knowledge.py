"""What a report takes from procedures: words, the command that runs once more, the picture, the line to the device."""

import shlex

import numpy as np
import pytest

from mtjlab.analysis.reports.recording_report import report_of
from mtjlab.analysis.reports.report_subject import ReportOptions, ReportSubject
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.report_knowledge import procedure_knowledge

BENCH = """
name = "mine"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "TCPIP::127.0.0.1::5025::SOCKET"
[wiring]
load = 1e6
lead_resistance = 120.0
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
duty_cycle = 0.1
read_bias = 0.2
compliance = 1e-4
[device]
name = "A7"
resistance = 50.9e3
"""


@pytest.fixture
def record(tmp_path):
    def record(procedure="RandomBitstream", **changes):
        path = tmp_path / "made.h5"
        with RecordingWriter.create(path, RecordingHead(procedure, **changes)) as writer:
            writer.append(np.random.default_rng(1).integers(0, 2, 5000, dtype=np.uint8))
            writer.close("finished")
        return Recording(path)

    return record


@pytest.fixture(scope="module")
def knowledge():
    return procedure_knowledge()


def test_the_words_are_the_first_of_the_procedures_own(record, knowledge):
    words = knowledge.words(record())
    assert words == " ".join(RandomBitstream.__doc__.split("\n\n")[0].split())
    assert "`" not in words


def test_a_procedure_that_is_not_installed_is_said_to_be_unknown(record, knowledge):
    recording = record("os.system")
    assert knowledge.words(recording) == "The procedure os.system is not installed here: what it does is not known."
    assert shlex.split(knowledge.command(recording))[:3] == ["mtjlab", "run", "FILE.py:os.system"]


def test_the_command_has_every_parameter_as_it_was(record, knowledge):
    parameters = {
        "amplitude": RecordingParameter(1.25, "V", "Pulse amplitude"),
        "bits": RecordingParameter(5000, "", "Bits"),
        "junctions": RecordingParameter("", "", "Junctions"),
    }
    recording = record(parameters=parameters, simulated=True, bench_attributes={"seed": 7}, sample={"device": "A7"})
    assert shlex.split(knowledge.command(recording)) == [
        *("mtjlab", "run", "random-bitstream", "--output", "NEW.h5", "--seed", "7"),
        *("--set", "amplitude=1.25", "--set", "bits=5000"),  # one that was empty is left out
        *("--sample", "device=A7"),
    ]


def test_of_a_real_bench_the_command_names_the_bench_file(record, knowledge):
    words = shlex.split(knowledge.command(record(simulated=False)))
    assert words[-2:] == ["--bench", "bench.toml"]
    assert "--seed" not in words


def test_what_a_recording_says_cannot_become_another_command(record, knowledge):
    hostile = "1; rm -rf ~ $(id) `id` \"'\n|"
    recording = record(parameters={"mode": RecordingParameter(hostile, "", "")}, sample={"note": hostile})
    words = shlex.split(knowledge.command(recording))
    assert words.count(f"mode={hostile}") == 1
    assert words.count(f"note={hostile}") == 1
    assert ";" not in [word.strip() for word in words]


def test_the_line_is_that_of_the_recorded_bench_file(record, knowledge):
    gain, leads, resistance = knowledge.line(record(bench=BENCH))
    assert leads == 120.0
    assert 0 < gain(50e3) <= 2.0  # a high resistance at the end of a 50 Ω line sees at most twice the voltage
    assert gain(50e3) > gain(500.0)
    assert resistance == 50.9e3


def test_of_a_bench_of_another_program_amplitudes_are_taken_as_they_are(record, knowledge):
    gain, leads, resistance = knowledge.line(record(bench="LabVIEW 8"))
    assert (gain(1e3), leads, resistance) == (1.0, 0.0, None)


def test_a_picture_that_cannot_be_drawn_is_said_so_in_the_report(record, knowledge):
    # Bits without the columns that the procedure draws: recorded by another program under its name.
    options = ReportOptions(suites=(), knowledge=knowledge, leave_out=("stream", "use", "file"))
    page = report_of([ReportSubject(record(), options)]).html()
    assert "There is no picture: " in page
    assert "<img" not in page
