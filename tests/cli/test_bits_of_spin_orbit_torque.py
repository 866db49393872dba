"""One chain, two kinds of device: bits of a three-terminal junction, from the shipped bench to an image."""

import json

import numpy as np
import pytest

from mtjlab.cli.main import main
from mtjlab.data import Recording
from mtjlab.instruments import BenchFile

BITS = 16_000


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Record bits as a newcomer does, through all instruments of `simulated-sot`."""
    path = tmp_path_factory.mktemp("sot") / "bits.h5"
    words = ("run", "random-bitstream", "--bench", "simulated-sot", "--seed", "2", "--set", f"bits={BITS}")
    assert main([*words, "--output", str(path)]) == 0
    return path


def test_the_recording_is_one_of_bits_and_its_health_tests_ran(recorded):
    recording = Recording(recorded)
    assert (recording.status, recording.committed) == ("finished", BITS)
    assert recording.bits[:].mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(BITS))
    assert not recording.log()["level"].eq("warning").any()
    # Its states are read at the third terminal: a tunnel junction of 42.2 kΩ, which has twice that when antiparallel.
    currents = recording.results
    ratio = currents["parallel current"].value / currents["antiparallel current"].value
    assert ratio == pytest.approx(1.97, abs=0.05)


def test_the_bits_pass_the_tests_of_randomness(command, recorded):
    done = command("randomness", recorded, "--json", "-")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["bits"] == BITS
    assert all(told["tests"].values())


def test_an_image_is_made_of_them(command, recorded, tmp_path):
    words = ("--converter", "bit-sum-4", "--images", 1, "--steps", 2, "--output", tmp_path / "out", "--json", "-")
    done = command("sample", recorded, *words)
    assert done.returncode == 0, done.stderr
    assert 0 < json.loads(done.stdout)["bits_used"] <= BITS
    image = np.load(tmp_path / "out/images.npz")["images"]
    assert image.shape[0] == 1
    assert np.ptp(image) > 0.5


def test_the_bench_names_the_terminal_that_is_read():
    file = BenchFile.load("simulated-sot")
    assert file.simulation.device == "sot-junction"
    assert file.device.resistance == pytest.approx(650e-12 / (np.pi * 70e-9**2), rel=0.01)
