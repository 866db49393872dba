"""`mtjlab stream` of files of bits, of a recording, and of what it cannot read."""

import json

import numpy as np
import pytest

from mtjlab.data import Blocks, RecordingHead, RecordingWriter


@pytest.fixture(scope="module")
def humming(tmp_path_factory):
    path = tmp_path_factory.mktemp("bits") / "bits.bin"
    chance = 0.5 + 0.04 * np.cos(2 * np.pi * 60 * 1e-4 * np.arange(160_000))
    path.write_bytes(np.packbits(np.random.default_rng(61).random(160_000) < chance).tobytes())
    return path


def one_line(done):
    assert done.returncode == 2, done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_a_file_is_told_with_its_line(command, humming, tmp_path):
    done = command("stream", humming, "--rate", "1e4", "--lags", "20", "--json", tmp_path / "a.json")
    assert done.returncode == 0, done.stderr
    assert "line at 60 Hz, mains (60 Hz)" in done.stdout
    assert "Not what a toggled junction under steady pulses gives: " in done.stdout
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    (line,) = told["spectrum"]["lines"]
    assert line["frequency"] == pytest.approx(60, abs=0.1)
    assert line["amplitude"] == pytest.approx(0.04, abs=0.01)
    assert told["bits"] == 160_000
    assert told["findings"]["spectrum"]["toggled_junction"] is False
    assert len(told["autocorrelation"]["coefficients"]) == 20
    assert told["correlations"]["temperature"] == {"not_applicable": "the bits came without it"}


def test_without_a_rate_frequencies_are_per_pulse(command, humming):
    assert "line at 0.006 1/pulse" in command("stream", humming).stdout


def test_a_recording_is_told_with_its_temperature(command, tmp_path):
    rng = np.random.default_rng(62)
    with RecordingWriter.create(tmp_path / "a.h5", RecordingHead("Bits", columns={"Temperature": "K"})) as writer:
        for block in range(30):
            kelvin = rng.normal(300, 1)
            bits = rng.random(2000) < 0.5 + 0.05 * (kelvin - 300)
            writer.append(Blocks(bits, start=1e9 + block), rows={"Temperature": [kelvin]})
    done = command("stream", tmp_path / "a.h5", "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["correlations"]["Temperature"]["pearson"]["low"] > 0.5
    assert told["period"] == pytest.approx(1 / 2000)
    assert "leave out --rate" in one_line(command("stream", tmp_path / "a.h5", "--rate", "5"))


def test_few_bits_are_an_answer(command, tmp_path):
    (tmp_path / "a.txt").write_text("0110")
    for name in ("plots", "a.pdf"):
        done = command("stream", tmp_path / "a.txt", "--plot", tmp_path / name, "--dark")
        assert done.returncode == 0, done.stderr
        assert "Not applicable" in done.stdout
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert len(list((tmp_path / "plots").glob("*.png"))) == 10


def test_constant_bits_are_an_answer(command, tmp_path):
    (tmp_path / "a.bin").write_bytes(bytes(5000))
    done = command("stream", tmp_path / "a.bin", "--format", "packed", "--json", tmp_path / "a.json")
    assert done.returncode == 0, done.stderr
    assert "speaks against" not in done.stdout
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert told["transitions"]["p_du"] == {"value": None}
    assert "constant" in told["runs"]["not_applicable"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--rate", "0"], "out of range"),
        (["--rate", "1", "--period", "1"], "not allowed with"),
        (["--plot", "a.png"], "several plots"),
        (["--plot", "nowhere/a.pdf"], "cannot be written"),
        (["--dark"], "--plot"),
        (["--lags", "0"], "out of range"),
    ],
)
def test_wrong_input_is_one_line(command, humming, given, says):
    assert says in one_line(command("stream", humming, *given))


def test_a_file_that_is_not_there(command, tmp_path):
    assert "no such file" in one_line(command("stream", tmp_path / "a.bin"))


def test_the_same_bits_are_told_the_same_in_every_format(command, tmp_path):
    bits = np.random.default_rng(63).integers(0, 2, 4000, dtype=np.uint8)
    (tmp_path / "packed").write_bytes(np.packbits(bits).tobytes())
    (tmp_path / "ascii").write_text("".join(map(str, bits)))
    (tmp_path / "symbols").write_bytes((bits.reshape(-1, 4) @ [8, 4, 2, 1]).astype(np.uint8).tobytes())
    with RecordingWriter.create(tmp_path / "recording", RecordingHead("Bits")) as writer:
        writer.append(Blocks(bits[:1001], start=1e9))
        writer.append(Blocks(bits[1001:], start=1e9))  # no time passes: frequencies are per pulse, as of the others
    told = {}
    for name in ("packed", "ascii", "symbols", "recording"):
        words = ["--format", name, *(["--bits-per-symbol", "4"] if name == "symbols" else [])]
        done = command("stream", tmp_path / name, *words, "--json", "-")
        assert done.returncode == 0, done.stderr
        told[name] = json.loads(done.stdout)
    for each in told.values():
        for name in ("file", "format", "correlations", "findings"):  # a recording gives another reason
            each.pop(name)
    assert told["packed"] == told["ascii"] == told["symbols"] == told["recording"]


def test_a_recording_that_is_cut_short_is_one_line(command, tmp_path):
    with RecordingWriter.create(tmp_path / "a.h5", RecordingHead("Bits")) as writer:
        writer.append(Blocks(np.zeros(100_000, np.uint8)))
    (tmp_path / "cut.h5").write_bytes((tmp_path / "a.h5").read_bytes()[:9000])
    assert "cut short" in one_line(command("stream", tmp_path / "cut.h5"))


def test_what_no_folder_takes_is_one_line(command, humming, tmp_path):
    (tmp_path / "a").write_text("a file")
    assert "is a file" in one_line(command("stream", humming, "--plot", tmp_path / "a"))
    assert "the folder does not exist" in one_line(command("stream", humming, "--json", tmp_path / "none" / "a.json"))
    assert not (tmp_path / "none").exists()
