"""A file too large to hold is judged part by part, with the same words and numbers."""

import argparse
import json

import numpy as np
import pytest

from mtjlab.cli import bit_source
from mtjlab.cli.bit_source import load_first_bits
from mtjlab.cli.main import main
from mtjlab.cli.output import Output

COUNT = 24_000


@pytest.fixture
def bits():
    return (np.random.default_rng(3).random(COUNT) < 0.52).astype(np.uint8)


@pytest.fixture
def files(tmp_path, bits):
    packed, text, symbols = (tmp_path / f"bits.{end}" for end in ("bin", "txt", "sym"))
    packed.write_bytes(np.packbits(bits).tobytes())
    text.write_text("".join(map(str, bits)))
    symbols.write_bytes((bits.reshape(-1, 3) @ np.array([4, 2, 1], np.uint8)).astype(np.uint8).tobytes())
    return {"packed": packed, "ascii": text, "symbols": symbols}


def judged(file, format_, path, capsys):
    code = main(["randomness", str(file), "--format", format_, "--json", str(path)])
    return code, json.loads(path.read_text()), capsys.readouterr()


@pytest.mark.parametrize("format_", ["packed", "ascii", "symbols"])
def test_the_verdict_is_that_of_the_whole_file(files, format_, tmp_path, monkeypatch, capsys):
    code, whole, _ = judged(files[format_], format_, tmp_path / "whole.json", capsys)
    monkeypatch.setattr(bit_source, "LARGE", 100)
    again, streamed, said = judged(files[format_], format_, tmp_path / "streamed.json", capsys)
    assert (again, streamed) == (code, whole)
    assert code == 1  # 2 % more ones are 6 standard deviations
    assert f"{COUNT:,} bits" in said.out + said.err
    assert whole["bits_per_symbol"] == (3 if format_ == "symbols" else 1)


def test_an_extractor_takes_the_whole_file(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bit_source, "LARGE", 100)
    path = tmp_path / "conditioned.json"
    assert (
        main(["randomness", str(files["packed"]), "--format", "packed", "--extract", "xor-2", "--json", str(path)]) == 0
    )
    told = json.loads(path.read_text())
    assert (told["extractor"], told["bits"]) == ("xor-2", COUNT // 2)


def arguments(file, format_=None, extract=None):
    return argparse.Namespace(file=file, format=format_, bits_per_symbol=None, extract=extract)


@pytest.mark.parametrize("format_", ["packed", "ascii"])
def test_the_first_bits_of_a_large_file_are_those_of_the_file(files, bits, format_, monkeypatch):
    monkeypatch.setattr(bit_source, "LARGE", 100)
    read = load_first_bits(arguments(files[format_], format_), Output(None), 1001)
    assert np.array_equal(read.bits.unpacked(), bits[:1001])
    assert (read.format, read.extractor, read.bits_per_symbol) == (format_, "none", 1)


def test_of_a_small_file_and_where_all_are_needed_all_are_read(files, bits, monkeypatch):
    assert len(load_first_bits(arguments(files["packed"], "packed"), Output(None), 1001).bits) == COUNT
    monkeypatch.setattr(bit_source, "LARGE", 100)
    assert len(load_first_bits(arguments(files["packed"], "packed"), Output(None), None).bits) == COUNT


def test_other_suites_look_at_the_first_bits_only(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bit_source, "LARGE", 100)
    path = tmp_path / "90b.json"
    words = [
        "randomness",
        str(files["packed"]),
        "--format",
        "packed",
        "--suite",
        "sp800-90b",
        "--sequence-length",
        "5000",
    ]
    assert main([*words, "--json", str(path)]) == 0
    assert json.loads(path.read_text())["symbols"] == 5000
    assert "the first 5,000 are looked at" in "".join(capsys.readouterr())


def test_a_file_that_is_none_is_said_in_one_line(tmp_path, capsys):
    assert main(["randomness", str(tmp_path / "nothing.bin")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
