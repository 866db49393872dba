"""Every procedure stopped at some moment: outputs off, a recording that is aborted, and that goes on."""

import io
import socket

import numpy as np
import pytest
from PIL import Image

from mtjlab import procedures
from mtjlab.data.recording import Recording
from mtjlab.data.toml_document import TomlDocument
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench_file import BenchFile
from mtjlab.procedures.running.recorded_picture import recorded_picture
from mtjlab.procedures.running.run import run, worker_for

LOOPS = "simulated-loops"
MAP = {"lowest": 1.15, "highest": 1.3, "shortest": 6e-9, "longest": 12e-9, "fit": "none"}
CASES = {
    "CalibrateAmplitude": ("simulated-line", {"amplitudes": 7, "repeats": 3}),
    "ContactCheck": ("simulated", {"readings": 2}),
    "ResistanceAgainstField": (LOOPS, {"points": 9, "loops": 2}),
    "ResistanceAgainstVoltage": ("simulated", {"points": 3, "readings": 3}),
    "ResistanceNoise": ("simulated", {"records": 4, "readings": 400, "bias": 0.05}),
    "Retention": (LOOPS, {"escapes": 4, "longest": 0.05, "step": 5e-3, "in_plane_field": -25.5e-3}),
    "Endurance": ("simulated", {"pulses": 20_000, "checks": 4}),
    "FindOperatingPoint": ("simulated", {"pulses": 12_000}),
    "SwitchingProbability": ("macrospin", {"pulses": 1700, "shots": 20, "prepared": 2, **MAP}),
    "WriteErrorRate": ("simulated", {"pulses": 12_000, "required": 0.4, "amplitude": 1.25, "width": 10e-9}),
    "RandomBitstream": ("simulated", {"bits": 20_000}),
}
"""The bench and the parameters of a short run."""


def test_every_procedure_is_here():
    kinds = {name for name in procedures.__all__ if name[0].isupper() and not name.startswith("Plan")}
    assert kinds == set(CASES)


def bench_file(name):
    """Give a shipped bench, or the simulated one with the fidelity of that name."""
    if name.startswith("simulated"):
        return name
    with open_bench("simulated") as shipped:
        text = shipped.file.text
    return BenchFile.parse(TomlDocument("a bench", text.replace('"tabulated"', f'"{name}"')))


def outputs_are_off(bench):
    return all(role.settings().get("output", "False") == "False" for role in bench.roles.values())


@pytest.mark.parametrize("moment", [5, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3, 8, 13, 21))])
@pytest.mark.parametrize("name", CASES)
def test_a_run_that_was_stopped_goes_on_to_its_end(tmp_path, name, moment):
    bench_name, parameters = CASES[name]
    kind, path, seen = getattr(procedures, name), tmp_path / "a.h5", []

    def stop_at_the_moment(topic, _record):
        seen.append(topic)
        if len(seen) == moment:
            worker.stop()

    with open_bench(bench_file(bench_name), seed=3) as bench:
        worker = worker_for(kind(**parameters), bench, path, listener=stop_at_the_moment)
        worker.start()
        worker.wait()
        assert worker.error is None
        assert outputs_are_off(bench)
        stopped = Recording(path)
        assert stopped.status == "aborted"
        rows, bits = stopped.frame().to_numpy(float), stopped.bits[:]
        recording = run(kind(**parameters), bench, path, resume=True)
        assert outputs_are_off(bench)
    assert recording.status == "finished"
    assert recording.results
    with Image.open(io.BytesIO(recorded_picture(recording))) as picture:
        assert picture.width == 936
    np.testing.assert_array_equal(recording.frame(0, len(rows)).to_numpy(float), rows)
    np.testing.assert_array_equal(recording.bits[: len(bits)], bits)
    assert len(recording.segments()) == 2


def test_an_error_left_in_an_instrument_is_not_taken_for_one_of_the_run(tmp_path, caplog):
    name, parameters = "ContactCheck", CASES["ContactCheck"][1]
    with open_bench("simulated", seed=3) as bench:
        port = int(bench.resources["source_meter"].split("::")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as somebody:
            somebody.sendall(b":INIT\n*OPC?\n")  # with the output off: 803
            assert somebody.recv(10) == b"1\n"
        recording = run(getattr(procedures, name)(**parameters), bench, tmp_path / "a.h5")
    assert recording.status == "finished"
    assert "before the run: 803" in caplog.text
