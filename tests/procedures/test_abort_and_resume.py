"""Every procedure stopped at some moment: outputs off, a recording that is aborted, and that continues."""

import io
import socket

import numpy as np
import pytest
from PIL import Image

from mtjlab.instruments import open_bench
from mtjlab.procedures import ContactCheck
from mtjlab.procedures.running.one_run import run
from mtjlab.procedures.running.recorded_pictures import recorded_picture
from mtjlab.testing import commands_of, outputs_are_off, run_stopped_at_command, run_stopped_at_event


@pytest.mark.parametrize("moment", [5, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3, 8, 13, 21))])
def test_a_run_that_was_stopped_goes_on_to_its_end(tmp_path, short_run, moment):
    path = tmp_path / "a.h5"
    with open_bench(short_run.bench, seed=3) as bench:
        stopped = run_stopped_at_event(short_run.procedure(), bench, path, moment)
        assert outputs_are_off(bench)
        assert stopped.status == "aborted"
        rows, bits = stopped.frame().to_numpy(float), stopped.bits[:]
        recording = run(short_run.procedure(), bench, path, resume=True)
        assert outputs_are_off(bench)
    assert recording.status == "finished"
    assert recording.results
    with Image.open(io.BytesIO(recorded_picture(recording))) as picture:
        assert picture.width == 936
    np.testing.assert_array_equal(recording.frame(0, len(rows)).to_numpy(float), rows)
    np.testing.assert_array_equal(recording.bits[: len(bits)], bits)
    assert len(recording.segments()) == 2


def test_an_error_left_in_an_instrument_is_not_taken_for_one_of_the_run(tmp_path, caplog):
    with open_bench("simulated", seed=3) as bench:
        port = int(bench.resources["source_meter"].split("::")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as somebody:
            somebody.sendall(b":INIT\n*OPC?\n")  # with the output off: 803
            assert somebody.recv(10) == b"1\n"
        recording = run(ContactCheck(readings=2), bench, tmp_path / "a.h5")
    assert recording.status == "finished"
    assert "before the run: 803" in caplog.text


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """Count the commands of the short run of a procedure; the runs are seeded, and each is counted once."""
    counts = {}

    def count(short_run):
        if short_run.name not in counts:
            with open_bench(short_run.bench, seed=3) as bench:
                counts[short_run.name] = commands_of(
                    short_run.procedure(), bench, tmp_path_factory.mktemp("counted") / "whole.h5"
                )
        return counts[short_run.name]

    return count


@pytest.mark.no_cover  # what it runs is counted in other tests, and the trace costs a third
@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 10))])
@pytest.mark.parametrize("how", ["stop", "stop_now"])
def test_a_run_is_stopped_at_any_command(tmp_path, short_run, commands, how, part):
    count = commands(short_run)
    moment = int(np.random.default_rng([part, len(how), *short_run.name.encode()]).integers(1, count))
    path = tmp_path / "stopped.h5"
    with open_bench(short_run.bench, seed=3) as bench:
        stopped = run_stopped_at_command(short_run.procedure(), bench, path, moment, at_once=how == "stop_now")
        assert outputs_are_off(bench)
        # The last commands are those that switch the outputs off: the run may have got to its end by then.
        assert stopped.status == "aborted" or moment > count / 2
        rows = stopped.frame().to_numpy(float)
        if stopped.status == "aborted":
            recording = run(short_run.procedure(), bench, path, resume=True)
            assert recording.status == "finished"
            np.testing.assert_array_equal(recording.frame(0, len(rows)).to_numpy(float), rows)
        assert outputs_are_off(bench)
