"""`mtjlab simulate` asks the device alone; what it says is what the macrospin says, with intervals that hold."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.stats import norm

from mtjlab.cli.numbers import number_list
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin


def refusal(done):
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def wilson(probability, shots):
    z = norm.ppf(0.975)
    middle = (probability + z * z / (2 * shots)) / (1 + z * z / shots)
    half = z / (1 + z * z / shots) * np.sqrt(probability * (1 - probability) / shots + z * z / (4 * shots**2))
    return middle - half, middle + half


def test_switching_gives_probability_and_wilson_interval_of_every_width(command, tmp_path):
    words = ("simulate", "switching", "--device", "reference", "--amplitude", 1.5, "--widths", "0.4e-9:1.4e-9:0.5e-9")
    path, words = tmp_path / "s.json", (*words, "--shots", 4_000, "--effects", "ideal", "--state", "AP", "--seed", 3)
    done = command(*words, "--json", path)
    assert done.returncode == 0, done.stderr
    told = json.loads(path.read_text())
    assert told["effects"] == ["thermal"]
    assert (told["seed"], told["shots"], told["state"], told["edge"]) == (3, 4_000, "AP", 50e-12)
    assert [point["width"] for point in told["points"]] == [0.4e-9, 0.9e-9, 1.4e-9]
    before = np.ones(4_000, np.uint8)
    for point in told["points"]:
        pulse = Pulse(1.5, point["width"], 50e-12, 50e-12)
        assert point["probability"] == (Macrospin(Device()).switch(pulse, before, seed=3) == 0).mean()
        assert (point["low"], point["high"]) == pytest.approx(wilson(point["probability"], 4_000), abs=1e-9)
    assert told["points"][2]["probability"] < 0.01 < 0.4 < told["points"][0]["probability"]
    assert "effects on: thermal; seed 3" in done.stdout
    assert json.loads(command(*words, "--threads", 3, "--json", "-").stdout)["points"] == told["points"]


def test_full_is_the_default_and_says_which_effects_were_on(command):
    words = ("simulate", "switching", "--amplitude", 1.5, "--widths", "0.45e-9", "--shots", 500, "--seed", 1)
    told = json.loads(command(*words, "--json", "-").stdout)
    assert told["effects"] == list(Effects.full().dynamic)
    assert json.loads(command(*words, "--effects", "full", "--json", "-").stdout) == told
    fewer = json.loads(command(*words, "--effects", "full,-stt,-jitter", "--json", "-").stdout)
    assert set(told["effects"]) - set(fewer["effects"]) == {"stt", "jitter"}
    assert told["parameters"]["torque.towards"] == "P"


def test_a_seed_that_was_not_given_is_told_so_that_it_can_be(command):
    words = ("simulate", "switching", "--amplitude", 1.5, "--widths", "0.45e-9", "--shots", 500)
    first, other = (json.loads(command(*words, "--json", "-").stdout) for _ in range(2))
    assert first["seed"] != other["seed"]
    assert json.loads(command(*words, "--seed", first["seed"], "--json", "-").stdout) == first


def test_a_device_file_of_ones_own(command, tmp_path):
    path = tmp_path / "thick.toml"
    path.write_text('name = "thick"\nresistance_area = 2e-8\nin_plane_field = 0.0\n[torque]\ntowards = "AP"\n')
    words = ("simulate", "switching", "--amplitude", 1.5, "--widths", "0.7e-9", "--shots", 256, "--json", "-")
    told = json.loads(command(*words, "--device", path).stdout)
    assert told["device"] == "thick"
    assert told["points"][0]["probability"] < 0.5  # no field in the plane, no precession
    path.write_text(path.read_text().replace("2e-8", '"thick"'))
    assert "thick.toml, line 2: resistance_area" in refusal(command(*words, "--device", path))


def test_a_map_is_numbers_and_a_picture(command, tmp_path):
    picture, words = tmp_path / "map.png", ("simulate", "map", "--amplitudes", "1.0,1.5", "--widths", "0.7e-9,1.4e-9")
    done = command(*words, "--effects", "ideal", "--shots", 400, "--seed", 2, "--output", picture, "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    found = {(point["amplitude"], point["width"]): point["probability"] for point in told["points"]}
    assert list(found) == [(1.0, 0.7e-9), (1.0, 1.4e-9), (1.5, 0.7e-9), (1.5, 1.4e-9)]
    assert found[1.5, 0.7e-9] > 0.98 > 0.02 > found[1.5, 1.4e-9]
    assert found[1.0, 0.7e-9] < 0.02  # the barrier stands
    assert (told["points"][0]["low"], told["points"][0]["high"]) == pytest.approx(
        wilson(found[1.0, 0.7e-9], 400), abs=1e-9
    )
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    red, blue = (pixels[..., 0] - pixels[..., 2] > 50).mean(), (pixels[..., 2] - pixels[..., 0] > 50).mean()
    assert blue > 2 * red > 0.2  # three cells of P = 0 and one of P = 1


def test_relaxation_gives_dwell_times_with_and_without_a_field_in_the_plane(command):
    words = ("simulate", "relaxation", "--device", "field-free", "--effects", "ideal", "--stability", 4)
    done = command(*words, "--shots", 2_000, "--seed", 4, "--json", "-")
    assert done.returncode == 0, done.stderr
    none, along = json.loads(done.stdout)["points"]
    assert (none["field"], along["field"]) == (0.0, 2e-3)
    assert along["dwell_p"] < 0.9 * none["dwell_p"]
    # λ1(1+α²)/(αγBk) = .032459 at Δ = 4, from the Fokker-Planck equation
    field = Device().anisotropy_field(0.0) * 4 / Device().thermal_stability
    expected = 0.032459 * 0.05 * 1.76e11 * field / (1 + 0.05**2)
    assert none["rate"] == pytest.approx(expected, abs=0.05 * expected + 4 * none["rate_error"])
    assert 2 / none["rate"] == pytest.approx(none["dwell_p"], rel=0.15)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("switching --widths 1e-9:2e-9", "argument --widths: '1e-9:2e-9' is no list: give numbers with commas, or"),
        ("switching --widths 1e-9:2e-9:0", "a step of 0 does not lead from 1e-09 to 2e-09"),
        ("switching --widths 1e-9 --amplitude 11", "argument --amplitude: '11' is out of range; allowed: -10 to 10"),
        ("switching --widths 1e-9 --amplitude 1 --shots 0", "argument --shots: 0 is out of range; allowed: 1 to"),
        ("switching --widths 3e-11 --amplitude 1", "--widths: pulse width 3e-11 s is too short to reach its amplitude"),
        ("switching --widths 1e-9,1 --amplitude 1", "pulse width 1.0 s is too long to integrate step by step"),
        ("switching --widths 1e-9 --amplitude 1 --device x", "x does not exist: name a shipped device (field-free,"),
        ("switching --widths 1e-9 --amplitude 1 --effects x", "unknown effect 'x': name some of thermal, temperature"),
        ("switching --widths 1e-9 --amplitude 1 --effects johnson", "none of these acts on the magnetisation"),
        ("switching --widths 1e-9 --amplitude 1 --json no/folder", "--json no/folder: the folder does not exist"),
        ("map --amplitudes 1 --widths 1e-9 --output map.gif", "--output map.gif: end the name with .png, .pdf, .svg"),
        ("map --amplitudes 1 --widths 1e-9 --output no/map.png", "--output no/map.png cannot be written: give a file"),
        ("map --amplitudes 1:9:0.1 --widths 1e-9:2e-9:5e-14", "are too many points: give at most 100,000"),
        ("map --amplitudes 1 --widths 1e-9,1.001e-9", "two pulse widths are 1e-09 s after rounding to the generator's"),
        ("map --amplitudes 1,12 --widths 1e-9", "time step 2e-12 s is too long for fields of 1.27 T"),
        ("relaxation --stability 45", "argument --stability: '45' is out of range; allowed: 1 to 12"),
        ("relaxation --fields 0.5", "nothing separates the two states: lower the voltage or the field"),
        ("relaxation --effects stt", "--effects without 'thermal': nothing leaves its state then; add it"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_before_any_work(command, tmp_path, words, line):
    assert line in refusal(command("simulate", *words.split(), folder=tmp_path))
    assert not list(tmp_path.iterdir())


def test_lists_of_numbers():
    assert number_list("2,1.5,-1e-9") == [2.0, 1.5, -1e-9]
    assert number_list("0:1:0.1") == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert number_list("0.2e-9:0.69e-9:0.1e-9") == [0.2e-9, 0.3e-9, 0.4e-9, 0.5e-9, 0.6e-9]
    assert number_list("1:0:-0.5") == [1.0, 0.5, 0.0]
    assert number_list("3:3:1") == [3.0]
    for word in ("", "a", "1,", "1:2", "1:2:3:4", "inf", "0:1:-1", "0:1:1e-9", "nan:1:1"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"is no list|does not lead"):
            number_list(word)


def test_a_table_is_made_once_and_kept(mtjlab, tmp_path, monkeypatch):
    monkeypatch.setenv("MTJLAB_CACHE", str(tmp_path))
    words = ("simulate", "table", "--amplitudes", 1.5, 1.5, "--widths", "0.7e-9", "0.7e-9", "--edge", "50e-12")
    words += ("--effects", "ideal", "--shots", 32, "--json", "-")
    made = json.loads(mtjlab(*words).stdout)
    assert made["counted"] == made["points"] > 0
    assert Path(made["path"]).is_relative_to(tmp_path)
    assert json.loads(mtjlab(*words).stdout) == made | {"counted": 0}


def test_a_table_for_no_pulse_is_refused(mtjlab):
    done = mtjlab("simulate", "table", "--amplitudes", 1.5, 1.4, "--widths", "0.7e-9", "0.7e-9")
    assert done.returncode == 2
    assert "no pulse has 1.5 to 1.4 V" in done.stderr
