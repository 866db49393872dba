"""An instrument is held by one process of the computer, and what a dead one left on is not forgotten."""

import contextlib
import json
import logging
import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mtjlab.cli.main import main
from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.bench import lock_folder as lock_folder_module
from mtjlab.instruments.bench.lock import BenchHeldError, BenchLock
from mtjlab.instruments.bench.lock_folder import lock_folder
from mtjlab.instruments.instrument_error import InstrumentError

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither links nor users of this kind")

HOLD = """
import sys
from mtjlab.instruments.bench.lock import bench_lock
lock = bench_lock("lab", sys.argv[1:]).take()
print("held", flush=True)
sys.stdin.read()
"""


def lock(folder, name="lab", resources=("GPIB0::1::INSTR",)):
    return BenchLock(folder, name, resources)


@contextlib.contextmanager
def holding(*resources, **environment):
    """Hold instruments in another process; leave it to be killed or to end."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, *resources],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert child.stdout.readline() == "held\n"
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def test_another_user_does_not_open_a_bench_in_use(tmp_path):
    # Another home, another state folder, another bench file: only the instrument is the same.
    theirs = {"HOME": str(tmp_path / "home"), "MTJLAB_STATE": str(tmp_path / "state")}
    with holding("GPIB0::24::INSTR", **theirs) as child:
        mine = BenchLock(lock_folder(), "mine", ["GPIB0::7::INSTR", "gpib::24"])
        with pytest.raises(BenchHeldError, match=rf"bench lab \(with gpib::24\) is held by process {child.pid} on "):
            mine.take()
        # Nothing is half taken.
        assert BenchLock(lock_folder(), "third", ["GPIB0::7::INSTR"]).holder == ""


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_user_without_rights_over_others_files_takes_and_gives_back_too():
    script = """
import os, sys
from pathlib import Path
import pyvisa.rname  # while the installation may be read
from mtjlab.instruments.bench.lock import BenchHeldError, BenchLock
os.setgid(65534)
os.setuid(65534)
lock = BenchLock(Path(sys.argv[1]), "theirs", ["GPIB0::24::INSTR"])
try:
    lock.take()
except BenchHeldError as error:
    print(f"refused: {error}")
else:
    print("taken", *lock.left_on.values())
    lock.release()
"""
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        folder = Path(outer) / "locks"
        folder.mkdir()
        folder.chmod(0o1777)

        def other():
            command = [sys.executable, "-c", script, str(folder)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        mine = lock(folder, resources=("GPIB0::24::INSTR",)).take()
        assert other().startswith("refused: bench lab (with GPIB0::24::INSTR) is held by process")
        mine.release()
        assert other() == "taken\n"


def test_who_has_ended_holds_nothing_and_is_remembered():
    resource = "GPIB0::24::INSTR"
    with holding(resource) as child:
        child.kill()
        child.wait()
        first = BenchLock(lock_folder(), "mine", [resource]).take()
        assert f"bench lab was left open by process {child.pid}" in first.left_on[resource]
        first.release()  # without having shown it to be off
        second = BenchLock(lock_folder(), "mine", [resource]).take()
        assert second.left_on == first.left_on
        second.shown_off([resource])
        second.release()
        assert BenchLock(lock_folder(), "mine", [resource]).take().left_on == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPIB0::24::INSTR", "gpib::24"),
        ("TCPIP0::127.0.0.1::5025::SOCKET", "tcpip::localhost::5025::socket"),
        ("TCPIP::192.168.0.5::INSTR", "TCPIP0::192.168.0.5::inst0::INSTR"),
        ("USB0::0x0957::0x2807::MY1::INSTR", "USB::0x0957::0x2807::MY1::0::INSTR"),
        ("ASRL/dev/ttyUSB0::INSTR", "asrl/dev/ttyUSB0"),
    ],
)
def test_an_instrument_has_one_lock_however_its_resource_is_written(tmp_path, one, other):
    lock(tmp_path, resources=(one,)).take()
    with pytest.raises(BenchHeldError):
        lock(tmp_path, "mine", (other,)).take()


def test_what_could_not_be_switched_off_is_remembered_though_the_bench_was_closed(tmp_path):
    held = lock(tmp_path).take()
    held.release(on=["GPIB0::1::INSTR"])
    assert f"bench lab was left open by process {os.getpid()}" in lock(tmp_path).take().left_on["GPIB0::1::INSTR"]


def test_a_lock_is_given_back_once_and_to_nobody_else(tmp_path):
    held = lock(tmp_path).take()
    with pytest.raises(BenchHeldError, match="bench lab is held by process"):
        lock(tmp_path).take()
    held.release()
    other = lock(tmp_path).take()
    held.release()
    assert lock(tmp_path).holder
    other.release()
    assert lock(tmp_path).holder == ""


@pytest.mark.parametrize("text", ['{"pid": 12', "[1, 2]", '{"owner": {"words": 3}}', "", "[" * 100_000])
def test_a_file_that_says_nonsense_says_nothing(tmp_path, text):
    lock(tmp_path).take().release()
    (path,) = tmp_path.glob("*.lock")
    path.write_text(text)
    assert lock(tmp_path).take().left_on == {}


def test_what_a_file_says_moves_no_cursor(tmp_path):
    lock(tmp_path).take().release()
    (path,) = tmp_path.glob("*.lock")
    path.write_text(json.dumps({"owner": None, "left_on": "bench \x1b[2J was left"}))
    assert lock(tmp_path).take().left_on == {"GPIB0::1::INSTR": "bench ?[2J was left"}


@posix
@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to", "fifo"])
def test_no_file_of_somebody_else_is_written(tmp_path, make):
    lock(tmp_path).take().release()
    (path,) = tmp_path.glob("*.lock")
    path.unlink()
    precious = tmp_path / "precious"
    precious.write_text("mine")
    if make == "fifo":
        os.mkfifo(path)
    else:
        getattr(path, make)(precious)
    with pytest.raises(ValueError, match="cannot be written"):
        lock(tmp_path).take()
    assert precious.read_text() == "mine"


@posix
def test_the_shared_folder_is_for_all_and_is_no_trap(tmp_path, monkeypatch):
    monkeypatch.delenv("MTJLAB_LOCKS")
    shared = tmp_path / "shared"
    monkeypatch.setattr(lock_folder_module, "_shared", lambda: shared)
    assert lock_folder() == shared
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    (tmp_path / "trap").symlink_to(tmp_path)
    monkeypatch.setattr(lock_folder_module, "_shared", lambda: tmp_path / "trap")
    with pytest.raises(ValueError, match=r"trap is not safe to keep locks in .* MTJLAB_LOCKS"):
        lock_folder()


@posix
def test_where_nothing_can_be_shared_the_own_folder_is_taken_and_that_is_said(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("MTJLAB_LOCKS")
    monkeypatch.setattr(lock_folder_module, "_shared", lambda: tmp_path / "there is none" / "shared")
    assert lock_folder().name == "locks"
    assert "other users of this computer do not see" in caplog.text


# with instruments

BENCH = """\
name = "{name}"
{roles}
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
[device]
name = "W1"
resistance = 50.9e3
"""
ROLE = '[roles.{role}]\ndriver = "{driver}"\nresource = "{resource}"\n'
DRIVERS = {"pulse_generator": "keysight81160a", "source_meter": "keithley2400"}

LEAVE_ON = """
import os, signal, sys
from mtjlab.instruments import open_bench
bench = open_bench(sys.argv[1])
bench.pulse_generator.set_pulse(1.25, 10e-9)
bench.source_meter.set_bias(0.05, 1e-5)
bench.pulse_generator.arm_external()
bench.source_meter.switch_on()
bench.pulse_generator.switch_on()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def served():
    instruments = serve_bench("simulated", seed=1)
    yield instruments
    instruments.close()


@pytest.fixture
def write(served, tmp_path):
    """Write the file of a bench with some of the instruments."""

    def write(name, *roles, **resources):
        sections = "".join(
            ROLE.format(role=role, driver=DRIVERS[role], resource=resources.get(role, served.resources[role]))
            for role in roles
        )
        path = tmp_path / f"{name}.toml"
        path.write_text(BENCH.format(name=name, roles=sections), encoding="utf-8")
        return path

    return write


@pytest.fixture
def left_on(served, write):
    """Give the bench file of a process that was killed with both outputs on."""
    lab = write("lab", "pulse_generator", "source_meter")
    assert subprocess.run([sys.executable, "-c", LEAVE_ON, str(lab)], check=False).returncode == -9
    assert outputs(served) == {"pulse_generator": "1", "source_meter": "1"}
    return lab


def outputs(served):
    """Ask the instruments past all of our own code."""
    answers = {}
    for role, question in {"pulse_generator": b":OUTP1?\n", "source_meter": b":OUTP?\n"}.items():
        _, host, port, _ = served.resources[role].split("::")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(question)
            answers[role] = connection.makefile().readline().strip()
    return answers


OFF = {"pulse_generator": "0", "source_meter": "0"}


@posix
def test_a_bench_that_shares_one_instrument_says_that_the_other_may_be_on(left_on, served, write, caplog):
    with caplog.at_level(logging.WARNING), open_bench(write("pulses", "pulse_generator")):
        assert outputs(served) == {"pulse_generator": "0", "source_meter": "1"}
    meter = served.resources["source_meter"]
    assert f"{served.resources['pulse_generator']} is off" in caplog.text
    assert f"{meter} is not on bench pulses and may still be on: switch it off by hand" in caplog.text
    caplog.clear()
    # It is still known, whoever opens it next.
    with caplog.at_level(logging.WARNING), open_bench(left_on):
        assert outputs(served) == OFF
    assert "bench lab was left open by process" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING), open_bench(left_on):
        pass
    assert "left open" not in caplog.text


@posix
def test_an_opening_that_fails_forgets_nothing(left_on, served, write, caplog):
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"TCPIP::127.0.0.1::{free.getsockname()[1]}::SOCKET"
    with pytest.raises(InstrumentError, match="cannot be opened"):
        open_bench(write("broken", "source_meter", "pulse_generator", pulse_generator=nobody))
    with caplog.at_level(logging.WARNING), open_bench(left_on):
        assert outputs(served) == OFF
    assert "its outputs have been switched off" in caplog.text


@posix
def test_the_user_may_say_that_an_instrument_is_off(left_on, served, capsys, caplog):
    assert main(["bench", "forget", "--bench", str(left_on), "--json", "-"]) == 0
    assert set(json.loads(capsys.readouterr().out)["forgotten"]) == set(served.resources.values())
    with caplog.at_level(logging.WARNING), open_bench(left_on):
        pass
    assert "left open" not in caplog.text
    assert main(["bench", "forget", "--bench", str(left_on)]) == 0
    assert "no instrument of bench lab is known to have been left on" in capsys.readouterr().out


def test_nothing_is_forgotten_of_a_bench_in_use(write, capsys):
    lab = write("lab", "pulse_generator", "source_meter")
    with open_bench(lab):
        assert main(["bench", "forget", "--bench", str(lab)]) == 2
    assert "is held by process" in capsys.readouterr().err
