"""`mtjlab energy` of a recording, of a file of bits with the pulses given, and of what it cannot judge."""

import json

import numpy as np
import pytest
from PIL import Image

from mtjlab.instruments import BenchFile, SignalPath, open_bench
from mtjlab.procedures import RandomBitstream, run

GIVEN = ("--amplitude", 1.5, "--width", 1e-9, "--resistance", 50929.6)


@pytest.fixture(scope="module")
def bits(tmp_path_factory):
    path = tmp_path_factory.mktemp("bits") / "bits.bin"
    path.write_bytes(np.random.default_rng(3).bytes(1000))
    return path


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "recording.h5"
    with open_bench("simulated", seed=5) as bench:
        run(RandomBitstream(bits=400_000), bench, path)
    return path


def one_line(done):
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_recording(command, recording, tmp_path):
    done = command("energy", recording, "--plot", tmp_path / "a.png", "--json", tmp_path / "a.json")
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert told["bit"]["raw_bits_per_bit"] == pytest.approx(4, rel=0.01)  # von Neumann's yield of fair bits, to .2 %
    assert told["inputs"]["width"] == {"value": 1e-8, "unit": "s", "origin": "recorded", "source": "parameter width"}
    assert told["inputs"]["periphery"]["origin"] == "assumed"
    assert "assumed" in done.stdout
    pillar = told["bit"]["contributions"]["pillar"]["energy"]
    assert told["bit"]["pillar_antiparallel"] < pillar < told["bit"]["pillar_parallel"]
    # The interlock, which assumes a rectangle, allows for no less.
    file = BenchFile.load("simulated")
    worst = SignalPath(file.wiring, file.device, file.limits.duty_cycle).reach(1.25, 10e-9, 0.05)
    assert 0.9 * worst.energy < told["bit"]["pillar_parallel"] < worst.energy
    assert all({"scope", "definition", "citation"} <= each.keys() for each in told["ratios"])
    with Image.open(tmp_path / "a.png") as picture:
        picture.verify()


def test_a_file_of_bits_with_the_pulses_given(command, bits):
    done = command("energy", bits, "--format", "packed", *GIVEN, "--converter", "bit-sum-8", "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["bit"]["raw_bits_per_bit"] == 1
    assert told["bit"]["pillar_parallel"] == pytest.approx(44.2e-15, rel=1e-3)
    assert told["bit"]["contributions"]["termination"]["energy"] == pytest.approx(45e-12)
    assert told["inputs"]["amplitude"]["origin"] == "given"
    assert {each["sampler"] for each in told["images"]} >= {"ddim"}
    assert told["normals"]["bit-sum-8"]["energy"]["cell"] == pytest.approx(
        8 * told["bit"]["scopes"]["cell"]["energy_per_bit"]
    )


def test_a_file_of_bits_without_pulses_is_refused(command, bits):
    line = one_line(command("energy", bits, "--format", "packed", "--amplitude", 1.5))
    assert "width" in line
    assert "resistance" in line


def test_wrong_input_is_refused_in_a_line(command, bits, recording, tmp_path):
    assert "nowhere.h5" in one_line(command("energy", tmp_path / "nowhere.h5"))
    packed = ("energy", bits, "--format", "packed", *GIVEN)
    assert "edges" in one_line(command(*packed, "--edge", 2e-9))
    assert "--plot" in one_line(command(*packed, "--plot", tmp_path / "a.bmp"))
    assert "none.toml" in one_line(command(*packed, "--generators", tmp_path / "none.toml"))
    assert "Rp" in one_line(command(*packed, "--junction", recording))
    zeros = tmp_path / "zeros.txt"
    zeros.write_text("00000000")
    words = ("energy", zeros, "--format", "ascii", *GIVEN, "--extract", "von-neumann")
    assert "keeps none" in one_line(command(*words))
