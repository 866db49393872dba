"""Each command does its work on files of its own and of others, and says in one line what is wrong with bad ones."""

import json
import os
import re
import signal
import socket
import subprocess
import sys

import h5py
import numpy as np
import pytest
import pyvisa
from PIL import Image

from mtjlab.cli import gui
from mtjlab.cli.main import main
from mtjlab.core import InputError
from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.procedures import RandomBitstream, run


def one_line(done, code=2):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


# info, plot, randomness and sample on a recording


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recorded") / "recording.h5"
    with open_bench("simulated", seed=5) as bench:
        run(RandomBitstream(bits=400_000), bench, path)
    return path


def test_info_describes_the_recording(command, recording):
    done = command("info", recording, "--json", "-")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["bits"] == Recording(recording).committed
    assert told["parameters"]["amplitude"] == {"value": 1.25, "unit": "V"}
    assert "source_meter" in done.stderr  # the table goes where it does not disturb the JSON


def test_plot_draws_the_bits(command, recording, tmp_path):
    done = command("plot", recording, "--output", tmp_path / "a.png", "--json", "-")
    assert json.loads(done.stdout)["procedure"] == "RandomBitstream"
    with Image.open(tmp_path / "a.png") as picture:
        picture.verify()


def test_plot_refuses_what_is_no_recording(command, tmp_path):
    np.savez(tmp_path / "images.npz", images=np.zeros((1, 28, 28), np.uint8))
    done = command("plot", tmp_path / "images.npz", "--output", tmp_path / "a.png")
    assert "images.npz" in one_line(done)
    assert not (tmp_path / "a.png").exists()


def test_randomness_of_the_conditioned_bits(command, recording, tmp_path):
    done = command("randomness", recording, "--extract", "von-neumann", "--json", tmp_path / "r.json")
    assert done.returncode == 0
    told = json.loads((tmp_path / "r.json").read_text())
    assert told["passed"]
    assert told["format"] == "recording"
    assert 0.98 < told["min_entropy"] <= 1


def test_sample_makes_images_of_a_recording(command, recording, tmp_path):
    done = command("sample", recording, "--images", 4, "--steps", 3, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    images = np.load(tmp_path / "out/images.npz")["images"]
    assert (images.shape, images.dtype) == ((4, 28, 28), np.uint8)
    assert len(np.unique(images.reshape(4, -1), axis=0)) == 4
    assert (tmp_path / "out/images.png").read_bytes().startswith(b"\x89PNG")
    assert "von Neumann" in done.stdout


# bits that mtjlab did not make


@pytest.fixture(scope="session")
def entropy(tmp_path_factory):
    path = tmp_path_factory.mktemp("bits") / "entropy.bin"
    path.write_bytes(np.random.default_rng(11).bytes(125_000))
    return path


def test_packed_bytes_are_recognised_judged_and_sampled(command, entropy, tmp_path):
    judged = command("randomness", entropy, "--json", "-")
    assert judged.returncode == 0
    assert json.loads(judged.stdout)["bits"] == 1_000_000
    assert "format packed: 1,000,000 packed bits" in judged.stderr
    assert "told by the content" in judged.stderr
    sampled = command("sample", entropy, "--images", 2, "--steps", 2, "--eta", 1, "--output", tmp_path)
    assert sampled.returncode == 0, sampled.stderr
    assert f"{784 * 16 + 784:,}" in sampled.stdout


def test_the_systems_entropy_is_read_as_packed(command, tmp_path):
    path = tmp_path / "system.bin"
    path.write_bytes(os.urandom(50_000))
    done = command("randomness", path, "--json", "-")
    # True randomness fails once in a hundred runs; what is checked is that it was read and judged.
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)["format"] == "packed"


def test_one_bit_symbols_are_recognised(command, tmp_path):
    path = tmp_path / "symbols.bin"
    path.write_bytes(np.random.default_rng(3).integers(0, 2, 50_000, dtype=np.uint8).tobytes())
    done = command("randomness", path, "--json", "-")
    told = json.loads(done.stdout)
    assert (done.returncode, told["format"], told["bits"]) == (0, "symbols", 50_000)


def test_wider_symbols_are_judged_by_their_own_min_entropy(command, tmp_path):
    path = tmp_path / "symbols.bin"
    path.write_bytes(np.random.default_rng(4).integers(0, 16, 20_000, dtype=np.uint8).tobytes())
    assert "--format" in one_line(command("randomness", path))
    done = command("randomness", path, "--format", "symbols", "--bits-per-symbol", 4, "--json", "-")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["bits"] == 80_000
    assert 3.7 < told["min_entropy"] < 4


def test_bits_that_fail_end_with_exit_code_one(command, tmp_path):
    path = tmp_path / "biased.txt"
    bits = np.random.default_rng(5).random(100_000) < 0.52
    path.write_text("".join("01"[bit] for bit in bits.astype(int)))
    done = command("randomness", path, "--json", "-")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["format"], told["passed"], told["tests"]["frequency"]) == ("ascii", False, False)
    assert "FAIL: frequency" in done.stderr


# bad input


@pytest.mark.parametrize("word", ["info", "randomness"])
def test_a_missing_file(command, tmp_path, word):
    assert "nowhere.h5" in one_line(command(word, tmp_path / "nowhere.h5"))


def test_truncated_and_foreign_hdf5(command, recording, tmp_path):
    whole = recording.read_bytes()
    (tmp_path / "cut.h5").write_bytes(whole[: len(whole) // 3])
    with h5py.File(tmp_path / "foreign.h5", "w") as file:
        file["x"] = 1
    for name in ("cut.h5", "foreign.h5"):
        for word in ("info", "randomness"):
            assert name in one_line(command(word, tmp_path / name))


def test_too_few_bits_say_how_many_are_needed_and_leave_nothing(command, tmp_path):
    path = tmp_path / "few.bin"
    path.write_bytes(np.random.default_rng(1).bytes(2000))
    assert "1,000" in one_line(command("randomness", _write(tmp_path / "tiny.txt", "0101"), "--format", "ascii"))
    line = one_line(command("sample", path, "--images", 64, "--output", tmp_path / "out"))
    assert "64 images need 802,816 bits (12,544 each) and there are 16,000: that is enough for 1" in line
    assert not (tmp_path / "out").exists()


def _write(path, text):
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("sample", "x", "--images", "0", "--output", "y"), "0 is out of range; allowed: 1 to 100000"),
        (("sample", "x", "--steps", "many", "--output", "y"), "'many' is not a number; allowed: 1 to 1000"),
        (("sample", "x", "--eta", "1.5", "--output", "y"), "'1.5' is out of range; allowed: 0 to 1"),
        (("demo", "--seed", "-1"), "-1 is out of range; allowed: 0 to 4294967295"),
        (("randomness", "x", "--format", "symbols", "--bits-per-symbol", "9"), "9 is out of range; allowed: 1 to 8"),
    ],
)
def test_numbers_out_of_range(command, words, message):
    done = command(*words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_json_file_in_no_folder_is_refused_before_the_work(command, tmp_path):
    line = one_line(command("demo", "--output", tmp_path / "out", "--json", tmp_path / "no/where.json"))
    assert "the folder does not exist" in line
    assert "is a folder" in one_line(command("demo", "--output", tmp_path / "out", "--json", tmp_path))
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback(mtjlab, tmp_path):
    for words in (("info", "--debug"), ("--debug", "info")):
        done = mtjlab(*words, tmp_path / "nowhere.h5")
        assert done.returncode == 2
        assert "Traceback" in done.stderr
    assert "Traceback" in mtjlab("bench", "check", "--debug", "--bench", tmp_path / "nowhere.toml").stderr


# bench and run


def test_errors_that_are_each_others_cause_end_in_one_line(monkeypatch, capsys):
    from mtjlab.cli import info

    def fail(arguments):
        first, second = InputError("the first"), ValueError("the second")
        first.__cause__, second.__cause__ = second, first
        raise first

    monkeypatch.setattr(info, "run", fail)
    assert main(["info", "run.h5"]) == 2
    assert "mtjlab info: the first" in capsys.readouterr().err


def test_bench_check_prints_roles_and_limits(command, tmp_path):
    done = command("bench", "check", "--json", tmp_path / "b.json")
    assert done.returncode == 0, done.stderr
    for words in ("pulse_generator", "81160A", "source_meter", "MODEL 2400", "::SOCKET", "pulse_amplitude", "1.8 V"):
        assert words in done.stdout
    told = json.loads((tmp_path / "b.json").read_text())
    assert told["simulated"]
    assert {role["settings"]["output"] for role in told["roles"].values()} == {"False"}


SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

BENCH = """\
name = "mine"
[roles.pulse_generator]
driver = "keysight81160a"
[roles.source_meter]
driver = "keithley2400"
[limits]
pulse_amplitude = 1.5
pulse_width = 1e-7
pulse_energy = 1e-12
read_bias = 0.1
compliance = 1e-5
[device]
name = "W1"
resistance = 5e4
[simulation]
device = "reference"
"""


def test_bench_show_prints_the_defaults_too(command, tmp_path):
    done = command("bench", "show", "--bench", _write(tmp_path / "bench.toml", BENCH), "--json", "-")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["wiring"]["trigger_line"] == 2
    assert told["wiring"]["load"] == 1e6
    assert told["limits"]["duty_cycle"] == 0.1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM for another process")
def test_a_served_bench_answers_any_visa_client_until_it_is_told_to_end():
    words = [sys.executable, "-m", "mtjlab.cli.main", "bench", "serve", "--seed", "1", "--json", "-"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        resources = json.loads(process.stdout.readline())["resources"]
        manager = pyvisa.ResourceManager("@py")
        for role, model in (("source_meter", "MODEL 2400"), ("pulse_generator", "81160A")):
            client = manager.open_resource(resources[role], read_termination="\n", write_termination="\n")
            assert model in client.query("*IDN?")
            client.close()
        manager.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_bench_files_with_unknown_keys_devices_and_dead_resources(command, tmp_path):
    def check(text):
        return one_line(command("bench", "check", "--bench", _write(tmp_path / "bench.toml", text)))

    assert "line 10: limits.readbias: unknown key" in check(BENCH.replace("read_bias", "readbias"))
    assert "nodevice" in check(BENCH.replace('"reference"', '"nodevice"'))
    dead = BENCH.replace('"keysight81160a"', '"keysight81160a"\nresource = "TCPIP::127.0.0.1::1::SOCKET"')
    dead = dead.replace('"keithley2400"', '"keithley2400"\nresource = "TCPIP::127.0.0.1::1::SOCKET"')
    done = command("bench", "check", "--bench", _write(tmp_path / "bench.toml", dead.partition("[simulation]")[0]))
    assert done.returncode == 1
    assert done.stdout.count("cannot be opened") == done.stdout.count("not asked") == 2


def test_a_port_that_is_taken_is_named(command, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        bench = _write(tmp_path / "bench.toml", BENCH + f"port = {port}\n")
        line = one_line(command("bench", "check", "--bench", bench))
    assert f"port {port} on 127.0.0.1 cannot be used" in line
    assert "choose another one" in line


def test_run_takes_parameters_and_a_bench_of_ones_own(command, tmp_path):
    bench = _write(tmp_path / "bench.toml", BENCH)
    output = tmp_path / "run.h5"
    words = ("run", "random-bitstream", "--set", "bits=1e4", "--set", "amplitude=1.22", "--bench", bench)
    done = command(*words, "--seed", 3, "--output", output, "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert 40e3 < 0.05 / told.pop("results")["parallel current"]["value"] < 60e3
    assert told == {"recording": str(output), "bits": 10_000, "status": "finished", "warnings": []}
    assert Recording(output).sample["device"] == "W1"


def test_the_interlocks_refusal_is_exit_code_one(command, tmp_path):
    done = command("run", "random-bitstream", "--set", "amplitude=2", "--output", tmp_path / "run.h5")
    assert "refused: the bench allows 0 to 1.8 V" in one_line(done, code=1)
    assert not (tmp_path / "run.h5").exists()


def test_a_wrong_parameter_is_named_with_the_right_ones(command, tmp_path):
    output = ("--output", tmp_path / "run.h5")
    assert "amplitude, bias, bits" in one_line(command("run", "random-bitstream", "--set", "volts=1", *output))
    refusal = one_line(command("run", "random-bitstream", "--set", "amplitude=9", *output))
    told = re.search(r"Pulse amplitude takes 0\.05 to (\S+) V on the bench simulated", refusal)
    assert told
    # The bench allows 1.8 V at the device, to which the line and the reflection at it add a few per cent.
    assert 1.7 < float(told[1]) < 1.8
    assert not (tmp_path / "run.h5").exists()


def test_a_recording_in_no_folder_is_one_clear_line(command, tmp_path):
    line = one_line(command("run", "random-bitstream", "--output", tmp_path / "no/where.h5"))
    assert "lies in a folder that does not exist" in line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_a_whole_aborted_recording(started, tmp_path, name):
    output = tmp_path / "run.h5"
    process = started("run", "random-bitstream", "--set", "bits=1e12", "--output", output, until="committed")
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    recording = Recording(output)
    assert (recording.status, recording.committed > 0) == ("aborted", True)


# the window


OPENED = """\
from qtpy.QtWidgets import QMainWindow
from mtjlab.cli.main import main

show = QMainWindow.show
QMainWindow.show = lambda window: (show(window), print("open", flush=True))[0]
raise SystemExit(main(["gui"]))
"""
"""`mtjlab gui`, which says when its window is shown."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM for another process")
def test_the_window_opens_and_a_signal_closes_it():
    pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-c", OPENED], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"open\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    # 0: closed by the window itself; 130: the signal came while it was still loading. Where it came in the middle
    # of a text that Python compiles (each dataclass is one), Python ends itself by SIGINT at its exit, for a shell 130.
    assert process.returncode in (0, 130, -signal.SIGINT)


def test_a_key_that_is_pressed_while_a_library_is_loaded_is_an_interruption(monkeypatch, capsys):
    def load(arguments):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interruption:
            raise ImportError("numpy could not be loaded") from interruption

    taken = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in taken}
    monkeypatch.setattr(gui, "run", load)
    assert main(["gui"]) == 130
    assert "interrupted" in capsys.readouterr().err
    # Nothing that comes while the interpreter ends changes the exit code any more.
    assert {signal.getsignal(number) for number in taken} == {signal.SIG_IGN}
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_the_window_says_so(mtjlab):
    blind = {name: value for name, value in os.environ.items() if name not in SCREENS}
    assert "there is no screen" in one_line(mtjlab("gui", environment=blind))


# imports


@pytest.mark.parametrize("module", ["mtjlab.instruments", "mtjlab.cli.main"])
def test_heavy_modules_stay_out_of_the_way(module):
    heavy = ("pymeasure", "scipy", "matplotlib", "numba", "onnxruntime", "pandas", "pydantic", "h5py", "qtpy", "torch")
    script = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_every_command(mtjlab):
    done = mtjlab("--help")
    assert done.returncode == 0
    for command in ("demo", "run", "gui", "bench", "info", "randomness", "sample", "train"):
        assert command in done.stdout


def test_a_picture_is_shown_or_the_command_says_why_not(command, recording, tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform == "linux":
        assert "no screen" in one_line(command("plot", recording, "--show"))
    assert "--output" in one_line(command("plot", recording))


def test_the_command_names_its_option_where_the_library_names_the_argument(command, tmp_path):
    path = tmp_path / "integers.bin"
    path.write_bytes(bytes([1, 0, 0, 0]) * 40)
    done = command("randomness", path)
    assert done.returncode == 2
    assert "name the format: " in done.stderr
    assert done.stderr.rstrip().endswith("(--format)")
