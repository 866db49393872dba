"""`mtjlab bench` begins a bench file, finds instruments and checks them."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import pyvisa

from mtjlab.instruments import serve_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.sections import Roles


def test_init_writes_a_file_that_reads_and_a_schema_that_has_every_key(command, tmp_path):
    path = tmp_path / "lab.toml"
    done = command("bench", "init", path)
    assert done.returncode == 0, done.stderr
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#:schema lab.schema.json\n")
    assert BenchFile.load(path).limits.read_bias == 0.1
    schema = json.loads((tmp_path / "lab.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == {"name", "roles", "wiring", "limits", "device", "defaults", "simulation"}
    # Every key of every section stands in the file, with what it means.
    for name, section in schema["$defs"].items():
        if name in ("Roles", "Limits", "WiringSettings", "DeviceUnderTest", "RoleSettings", "CoilSettings"):
            for key, about in section["properties"].items():
                assert f"{key} = " in text or f"[roles.{key}]" in text, key
                assert about.get("description"), key


def test_every_role_of_the_template_reads_when_it_is_uncommented(command, tmp_path):
    path = tmp_path / "lab.toml"
    command("bench", "init", path)
    lines = path.read_text(encoding="utf-8").splitlines()
    whole = []
    for line in lines:
        bare = line.removeprefix("# ")
        key = ("=" in bare and not bare.startswith(" ")) or bare.startswith("[")
        if bare.startswith("[simulation]"):
            break
        whole.append(bare if key else line)
    path.write_text("\n".join(whole), encoding="utf-8")
    file = BenchFile.load(path)
    assert {role for role, _ in file.roles} == set(Roles.model_fields)
    assert file.roles.multiplexer.junctions == {"A1": 101, "A2": 102}


def test_init_overwrites_nothing(command, tmp_path):
    path = tmp_path / "lab.toml"
    path.write_text("mine")
    done = command("bench", "init", path)
    assert done.returncode == 2
    assert "lab.toml exists and is not overwritten" in done.stderr
    assert path.read_text() == "mine"


def test_a_simulated_bench_is_begun_and_checked(command, tmp_path):
    path = tmp_path / "own.toml"
    assert command("bench", "init", "--simulated", path).returncode == 0
    done = command("bench", "check", "--bench", path, "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {tuple(role["beyond"]) for role in told["roles"].values()} == {()}
    assert {role["settings"]["output"] for role in told["roles"].values()} == {"False"}


def test_list_asks_what_a_bench_file_names(command, tmp_path, monkeypatch):
    served = serve_bench("simulated", seed=1)
    try:
        path = tmp_path / "lab.toml"
        command("bench", "init", path)
        for role, resource in served.resources.items():
            monkeypatch.setenv(f"MTJLAB_RESOURCE_{role.upper()}", resource)
        done = command("bench", "list", "--bench", path, "--json", "-")
    finally:
        served.close()
    assert done.returncode == 0, done.stderr
    answers = {entry["resource"]: entry["answer"] for entry in json.loads(done.stdout)["found"]}
    assert "81160A" in answers[served.resources["pulse_generator"]]
    assert "MODEL 2400" in answers[served.resources["source_meter"]]


def test_list_says_which_library_is_missing(command):
    done = command("bench", "list", "--visa-library", "@nowhere")
    assert done.returncode == 1
    assert "no VISA library can be loaded" in done.stdout
    assert "pip install pyvisa-py" in done.stdout


def test_show_has_the_resources_of_the_environment(command, tmp_path, monkeypatch):
    path = tmp_path / "lab.toml"
    command("bench", "init", path)
    monkeypatch.setenv("MTJLAB_RESOURCE_SOURCE_METER", "GPIB1::3::INSTR")
    told = json.loads(command("bench", "show", "--bench", path, "--json", "-").stdout)
    assert told["roles"]["source_meter"]["resource"] == "GPIB1::3::INSTR"
    assert told["roles"]["pulse_generator"]["resource"] == "GPIB0::10::INSTR"
    monkeypatch.setenv("MTJLAB_RESOURCE_SOURCEMETER", "x")
    done = command("bench", "show", "--bench", path)
    assert done.returncode == 2
    assert "MTJLAB_RESOURCE_SOURCEMETER names no role; there are: MTJLAB_RESOURCE_PULSE_GENERATOR" in done.stderr


@contextmanager
def serving(*words):
    """Serve in a process of its own, whose pipes are those of a program that waits for the one line."""
    command = [sys.executable, "-m", "mtjlab.cli.main", "bench", "serve", "--json", "-", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stdout.readline())["resources"]
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for another process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_serve_says_one_line_and_ends_cleanly(name):
    with serving("--seed", "1") as (process, resources):
        assert set(resources) == {"pulse_generator", "source_meter"}
        process.send_signal(getattr(signal, name))
        rest, errors = process.communicate(timeout=30)
        assert process.returncode == 0
    assert rest == ""
    assert "Traceback" not in errors
    assert "password" not in errors  # 127.0.0.1 takes no warning


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals for another process")
def test_served_instruments_fail_as_a_faults_file_says_in_real_time(tmp_path):
    faults = tmp_path / "faults.toml"
    faults.write_text('[[faults]]\nkind = "error"\nrole = "source_meter"\npattern = "*RST"\nnumber = -240\n')
    with serving("--faults", str(faults), "--real-time") as (process, resources):
        client = pyvisa.ResourceManager("@py").open_resource(
            resources["source_meter"], read_termination="\n", write_termination="\n"
        )
        client.write("*RST")
        assert client.query(":SYST:ERR?") == '-240,"Hardware error"'
        # One reading of ten cycles of 50 Hz takes 0.2 s, and a status byte does not wait for it.
        client.write(":OUTP ON;:SENS:CURR:NPLC 10;:TRIG:COUN 3;:INIT")
        assert int(client.query(":STAT:OPER:COND?")) & 1024 == 0
        assert client.query("*OPC?") == "1"
        assert int(client.query(":STAT:OPER:COND?")) & 1024
        client.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_an_address_of_another_machine_is_refused(command):
    done = command("bench", "serve", "--host", "192.0.2.1")  # an address for documentation, nobody's
    assert done.returncode == 2
    assert "host = '192.0.2.1' is no IPv4 address of this machine: give one of its own" in done.stderr


def test_a_bench_on_all_addresses_says_so(caplog):
    serve_bench("simulated", host="0.0.0.0").close()
    assert "listen on 0.0.0.0: whoever reaches this address can talk to them" in caplog.text
    caplog.clear()
    serve_bench("simulated").close()
    assert caplog.text == ""


def test_a_real_bench_is_not_served(command, tmp_path):
    command("bench", "init", tmp_path / "lab.toml")
    done = command("bench", "serve", "--bench", tmp_path / "lab.toml")
    assert done.returncode == 2
    assert "is real: only a bench with a [simulation] section can be served" in done.stderr
