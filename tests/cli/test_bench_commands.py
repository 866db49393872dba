"""`mtjlab bench` begins a bench file, finds instruments and checks them."""

import json

from mtjlab.instruments import serve_bench
from mtjlab.instruments.bench_file import BenchFile


def test_init_writes_a_file_that_reads_and_a_schema_that_has_every_key(mtjlab, tmp_path):
    path = tmp_path / "lab.toml"
    done = mtjlab("bench", "init", path)
    assert done.returncode == 0, done.stderr
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#:schema lab.schema.json\n")
    assert BenchFile.load(path).limits.read_bias == 0.1
    schema = json.loads((tmp_path / "lab.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == {"name", "roles", "wiring", "limits", "device", "simulation"}
    # Every key of every section stands in the file, with what it means.
    for name, section in schema["$defs"].items():
        if name in ("Roles", "Limits", "WiringSettings", "DeviceUnderTest", "RoleSettings", "CoilSettings"):
            for key, about in section["properties"].items():
                assert f"{key} = " in text or f"[roles.{key}]" in text, key
                assert about.get("description"), key


def test_every_role_of_the_template_reads_when_it_is_uncommented(mtjlab, tmp_path):
    path = tmp_path / "lab.toml"
    mtjlab("bench", "init", path)
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
    assert len(dict(file.roles)) == 8
    assert file.roles.multiplexer.junctions == {"A1": 101, "A2": 102}


def test_init_overwrites_nothing(mtjlab, tmp_path):
    path = tmp_path / "lab.toml"
    path.write_text("mine")
    done = mtjlab("bench", "init", path)
    assert done.returncode == 2
    assert "lab.toml exists and is not overwritten" in done.stderr
    assert path.read_text() == "mine"


def test_a_simulated_bench_is_begun_and_checked(mtjlab, tmp_path):
    path = tmp_path / "own.toml"
    assert mtjlab("bench", "init", "--simulated", path).returncode == 0
    done = mtjlab("bench", "check", "--bench", path, "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {tuple(role["beyond"]) for role in told["roles"].values()} == {()}
    assert {role["settings"]["output"] for role in told["roles"].values()} == {"False"}


def test_list_asks_what_a_bench_file_names(mtjlab, tmp_path, monkeypatch):
    served = serve_bench("simulated", seed=1)
    try:
        path = tmp_path / "lab.toml"
        mtjlab("bench", "init", path)
        for role, resource in served.resources.items():
            monkeypatch.setenv(f"MTJLAB_RESOURCE_{role.upper()}", resource)
        done = mtjlab("bench", "list", "--bench", path, "--json", "-")
    finally:
        served.close()
    assert done.returncode == 0, done.stderr
    answers = {entry["resource"]: entry["answer"] for entry in json.loads(done.stdout)["found"]}
    assert "81160A" in answers[served.resources["pulse_generator"]]
    assert "MODEL 2400" in answers[served.resources["source_meter"]]


def test_list_says_which_library_is_missing(mtjlab):
    done = mtjlab("bench", "list", "--visa-library", "@nowhere")
    assert done.returncode == 1
    assert "no VISA library can be loaded" in done.stdout
    assert "pip install pyvisa-py" in done.stdout


def test_show_has_the_resources_of_the_environment(mtjlab, tmp_path, monkeypatch):
    path = tmp_path / "lab.toml"
    mtjlab("bench", "init", path)
    monkeypatch.setenv("MTJLAB_RESOURCE_SOURCE_METER", "GPIB1::3::INSTR")
    told = json.loads(mtjlab("bench", "show", "--bench", path, "--json", "-").stdout)
    assert told["roles"]["source_meter"]["resource"] == "GPIB1::3::INSTR"
    assert told["roles"]["pulse_generator"]["resource"] == "GPIB0::10::INSTR"
    monkeypatch.setenv("MTJLAB_RESOURCE_SOURCEMETER", "x")
    done = mtjlab("bench", "show", "--bench", path)
    assert done.returncode == 2
    assert "MTJLAB_RESOURCE_SOURCEMETER names no role; there are: MTJLAB_RESOURCE_PULSE_GENERATOR" in done.stderr
