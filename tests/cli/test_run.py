"""`mtjlab run` as a user runs it: plans, procedures, going on, dry runs, and keys pressed at the wrong moment."""

import json
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

from mtjlab.data.recording import Recording

PLAN = """\
seed = 5
folder = "out"
[[runs]]
procedure = "random-bitstream"
name = "{amplitude}"
parameters = { bits = 20_000 }
[[runs.sweep]]
amplitude = [1.2, 1.25]
"""
BENCH = """\
name = "real"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "TCPIP::127.0.0.1::1::SOCKET"
[roles.source_meter]
driver = "keithley2400"
resource = "TCPIP::127.0.0.1::1::SOCKET"
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


def one_line(done, code=2):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    return path


def test_a_plan_is_rehearsed_run_and_gone_on_with(command, plan, tmp_path):
    dry = command("run", plan, "--dry-run", "--json", "-")
    assert dry.returncode == 0, dry.stderr
    told = json.loads(dry.stdout)
    # 20,000 bits and a block that finds the levels, twice: a simulated bench takes 1.7 s to open, and hardly more.
    assert told["duration"] == pytest.approx(2 * (1.7 + 22_500 * 1.3e-6))
    assert [run["parameters"]["amplitude"] for run in told["runs"]] == [1.2, 1.25]
    assert not (tmp_path / "out").exists()
    first = command("run", plan, "--json", tmp_path / "first.json")
    assert first.returncode == 0, first.stderr
    told = json.loads((tmp_path / "first.json").read_text())
    assert (told["planned"], told["bits"]) == (2, 40_000)
    assert [run["status"] for run in told["runs"]] == ["finished"] * 2
    assert "exists already; resume it" in one_line(command("run", plan))
    more = command("run", plan, "--resume", "--set", "bits=30_000", "--json", "-")
    assert [run["bits"] for run in json.loads(more.stdout)["runs"]] == [30_000] * 2


def test_a_dry_run_on_real_instruments_opens_none_and_names_every_refusal(command, plan, tmp_path):
    (tmp_path / "bench.toml").write_text(BENCH)
    plan.write_text('bench = "bench.toml"\n' + PLAN.replace("seed = 5\n", "").replace("1.25]", "1.25, 1.6]"))
    done = command("run", plan, "--dry-run", "--json", "-")
    assert done.returncode == 1
    runs = json.loads(done.stdout)["runs"]
    assert [run["allowed"] for run in runs] == [True, True, False]
    assert "the bench allows 0 to 1.5 V" in runs[2]["refusal"]


def test_a_recording_goes_on_with_its_own_bench_seed_and_procedure(command, tmp_path):
    whole, path = tmp_path / "whole.h5", tmp_path / "a.h5"
    words = ("run", "random-bitstream", "--seed", 3, "--set", "amplitude=1.22")
    assert command(*words, "--set", "bits=30000", "--output", whole).returncode == 0
    assert command(*words, "--set", "bits=12345", "--output", path).returncode == 0
    done = command("run", "--resume", path, "--set", "bits=3e4", "--json", "-")
    told = json.loads(done.stdout)
    assert 40e3 < 0.05 / told.pop("results")["parallel current"]["value"] < 60e3
    assert told == {"recording": str(path), "bits": 30_000, "status": "finished", "warnings": []}
    np.testing.assert_array_equal(Recording(path).bits[:], Recording(whole).bits[:])
    assert "holds 30,000 of 30,000 bits: there is nothing to do; ask for more" in one_line(
        command("run", "--resume", path)
    )
    assert "only bits, duration may change" in one_line(command("run", "--resume", path, "--set", "amplitude=1.3"))
    assert "continues with the seed that is in it" in one_line(
        command("run", "--resume", path, "--set", "bits=1e5", "--seed", 4)
    )


def test_a_procedure_of_ones_own_is_run_from_its_file(command, tmp_path):
    (tmp_path / "ramp.py").write_text(
        "from pymeasure.experiment import FloatParameter, Procedure\n"
        "class Ramp(Procedure):\n"
        "    step = FloatParameter('Step', units='V', default=0.1)\n"
        "    DATA_COLUMNS = ['Voltage (V)']\n"
        "    def execute(self):\n"
        "        for index in range(10):\n"
        "            self.emit('results', {'Voltage (V)': index * self.step})\n"
    )
    words = ("run", "ramp.py:Ramp", "--set", "step=0.5", "--output", "ramp.h5")
    done = command(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(Recording(tmp_path / "ramp.h5").frame()["Voltage"], 0.5 * np.arange(10))
    assert "Ramp, which cannot continue" in one_line(
        command("run", "ramp.py:Ramp", "--resume", "ramp.h5", folder=tmp_path)
    )
    assert "name its file, FILE.py:Ramp" in one_line(command("run", "--resume", "ramp.h5", folder=tmp_path))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run",), "what is to be run? Give a plan (PLAN.toml) or a procedure"),
        (("run", "no.toml"), "no.toml does not exist: give the path of a plan file"),
        (("run", "bitstream", "--output", "a.h5"), "'bitstream' is not known; installed: "),
        (("run", "random-bitstream"), "--output FILE.h5 is missing"),
        (("run", "random-bitstream", "--output", "a.h5", "--set", "bits"), "--set bits: give NAME=VALUE"),
        (
            ("run", "random-bitstream", "--output", "a.h5", "--set", "amplitude=nan"),
            "Pulse amplitude takes 0.05 to 1.74991 V on the bench",
        ),
        (("run", "random-bitstream", "--output", "a.h5", "--notify", "nothing-there"), "no program 'nothing-there'"),
        (("run", "random-bitstream", "--output", "a.h5", "--notify", "'"), "No closing quotation"),
        (("run", "--resume", "nowhere.h5"), "nowhere.h5: does not exist"),
        (("run", "random-bitstream", "--resume", "a.h5", "--output", "b.h5"), "leave --output out"),
    ],
)
def test_wrong_input_is_one_clear_line(command, tmp_path, words, message):
    assert message in one_line(command(*words, folder=tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="a superuser may write anywhere")
def test_a_read_only_folder_is_refused(command, plan, tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert "cannot be made (Permission denied)" in one_line(command("run", plan))
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_refused(command, plan, tmp_path):
    (tmp_path / "out").write_text("a file")
    assert "out: cannot be made (File exists); choose a folder" in one_line(command("run", plan))


@pytest.fixture
def begun(started, tmp_path):
    """Start a run into ``a.h5`` that does not end by itself, and wait until it has recorded something."""
    words = "run", "random-bitstream", "--set", "bits=1e12", "--seed", 3, "--output", tmp_path / "a.h5"
    return started(*words, until="committed")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("second", ["together with the first", "when the first is heard"])
def test_control_c_twice_stops_at_once_and_leaves_a_whole_file(begun, tmp_path, second):
    begun.send_signal(signal.SIGINT)
    if second == "when the first is heard":
        assert "stopping\n" in iter(begun.stdout.readline, "")
    begun.send_signal(signal.SIGINT)
    _, said = begun.communicate(timeout=60)
    assert begun.returncode == 130
    assert said == "mtjlab: interrupted; outputs are off, what was recorded is kept\n"
    recording = Recording(tmp_path / "a.h5")
    assert recording.status == "aborted"
    assert recording.committed == recording.blocks()["count"].sum() > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_seeded_run_goes_on_to_the_content_of_an_uninterrupted_one(begun, command, tmp_path):
    begun.kill()
    begun.communicate()
    held = Recording(tmp_path / "a.h5").committed
    bits = held + 30_000
    whole = tmp_path / "whole.h5"
    # bits may only grow, and the run was to be of 1e12; what continues is stopped when the same number is there.
    plan = tmp_path / "plan.toml"
    plan.write_text(
        f'folder = "."\n[[runs]]\nprocedure = "random-bitstream"\nname = "a"\n'
        f"parameters = {{ bits = 1e12 }}\nstop = {{ bits = {bits} }}\n"
    )
    assert command("run", plan, "--resume").returncode == 0
    done = command("run", "random-bitstream", "--seed", 3, "--set", f"bits={bits}", "--output", whole)
    assert done.returncode == 0
    ours = Recording(tmp_path / "a.h5")
    assert (ours.status, len(ours.segments())) == ("finished", 2)
    np.testing.assert_array_equal(ours.bits[:bits], Recording(whole).bits[:])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_the_time_left_and_says_what_the_keys_do(tmp_path):
    import pty

    main, terminal = pty.openpty()
    words = ["run", "random-bitstream", "--set", "bits=1e12", "--output", str(tmp_path / "a.h5")]
    process = subprocess.Popen(
        [sys.executable, "-m", "mtjlab.cli.main", *words],
        stderr=terminal,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(terminal)
    shown = b""
    pressed = False
    while True:
        try:
            shown += os.read(main, 65536)
        except OSError:  # the other side is closed
            break
        if not pressed and re.search(rb"left.*\d:\d\d:\d\d", shown):
            process.send_signal(signal.SIGINT)
            pressed = True
    os.close(main)
    assert process.wait(timeout=60) == 130
    assert b"a" in shown
    assert b"finishing the block under way; Ctrl-C once more stops at once" in shown


def test_a_copy_is_kept_in_the_mirror_folder(command, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    words = ["run", "random-bitstream", "--set", "bits=5000", "--output", tmp_path / "a.h5"]
    assert command(*words, "--mirror", tmp_path / "elsewhere").returncode == 0
    assert (tmp_path / "elsewhere/a.h5").read_bytes() == (tmp_path / "a.h5").read_bytes()


POOR = """\
import math
from pymeasure.experiment import Procedure

class Poor(Procedure):
    DATA_COLUMNS = ["Step"]

    def execute(self):
        self.emit("results", {"Step": 1})
        self.emit("fit", {"slope": (1.0, 0.1, "1"), "goodness of the line (p)": (1e-5, math.nan, "1")})
"""


def test_a_poor_fit_is_a_warning_on_the_terminal_and_in_json(command, tmp_path):
    (tmp_path / "poor.py").write_text(POOR)
    words = ("run", "poor.py:Poor", "--output", "poor.h5")
    done = command(*words, "--json", "poor.json", folder=tmp_path)
    warning = "goodness of the line (p) = 1e-05: the model does not fit what was measured"
    assert done.returncode == 0, done.stderr
    assert f"warning: {warning}" in done.stdout
    (said,) = json.loads((tmp_path / "poor.json").read_text())["warnings"]
    assert said.startswith(warning)
    assert f"warning: {warning}" in command("info", tmp_path / "poor.h5").stdout
