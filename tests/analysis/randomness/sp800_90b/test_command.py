"""`mtjlab randomness --suite sp800-90b` as a user runs it."""

import json

import numpy as np
import pytest

from mtjlab.analysis.health import EntropyClaim, HealthTests
from mtjlab.cli.main import main


@pytest.fixture
def symbols(tmp_path, symbols_of):
    path = tmp_path / "rand4.bin"
    symbols_of("rand4_short.bin").tofile(path)
    return path


def test_symbols_of_several_bits_are_assessed_as_they_are_and_as_bits(symbols, tmp_path, expected, capsys):
    words = ["randomness", str(symbols), "--format", "symbols", "--bits-per-symbol", "4", "--suite", "sp800-90b"]
    assert main([*words, "--json", str(tmp_path / "r.json")]) == 0
    said = json.loads((tmp_path / "r.json").read_text())
    assert (said["suite"], said["symbols"], said["bits_per_symbol"]) == ("sp800-90b", 10_000, 4)
    found = said["non_iid"]["estimators"]
    assert list(found) == list(expected["rand4_short.bin"]["min_entropy"]["bitstring"])
    assert found["collision"]["literal"] is None
    assert found["lz78y"]["literal"] == pytest.approx(3.882495664055963, abs=1e-9)
    assert said["non_iid"]["min_entropy"] == pytest.approx(expected["rand4_short.bin"]["assessed"], abs=1e-9)
    shown = capsys.readouterr().out
    assert "these are 10,000" in shown
    assert "Min-entropy: 3.215488 bits a symbol of 4 bits, the least estimate: compression on the bits." in shown


def test_a_part_of_packed_bits_is_assessed(tmp_path, capsys):
    np.random.default_rng(1).integers(0, 256, 2000, np.uint8).tofile(tmp_path / "bits.bin")
    words = ["randomness", str(tmp_path / "bits.bin"), "--format", "packed", "--suite", "sp800-90b"]
    assert main([*words, "--sequence-length", "9000", "--json", str(tmp_path / "r.json")]) == 0
    said = json.loads((tmp_path / "r.json").read_text())
    assert said["symbols"] == 9000
    assert isinstance(said["non_iid"]["estimators"]["markov"], float)
    claim = EntropyClaim(said["non_iid"]["min_entropy"], 2.0**-20)
    first = said["health_tests"][0]
    assert (first["false_alarm"], first["repetition_count"]) == (2.0**-20, HealthTests(claim).repetition_count.cutoff)
    assert f"{first['adaptive_proportion']} of 1,024 like the first" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        (b"\x05" * 9000, ["--format", "symbols"], "constant stream"),
        (b"\x00\x05" * 90, ["--format", "symbols", "--bits-per-symbol", "2"], "2 bits per symbol allow 0 to 3"),
        (b"\x00\x01" * 90, ["--format", "symbols", "--mode", "nist"], "--mode goes with --suite sp800-22 only"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(tmp_path, capsys, content, words, message):
    path = tmp_path / "bits.bin"
    path.write_bytes(content)
    assert main(["randomness", str(path), "--suite", "sp800-90b", *words]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_options_of_the_suite_need_the_suite(symbols, capsys):
    assert main(["randomness", str(symbols), "--format", "symbols", "--track", "non-iid"]) == 2
    assert "--track goes with --suite sp800-90b only" in capsys.readouterr().err


def test_the_iid_track_shows_no_entropy_where_its_claim_fails(tmp_path, capsys):
    bits = (np.random.default_rng(1).random(8000) < 0.4).astype(np.uint8)
    np.packbits(np.bitwise_xor.accumulate(bits)).tofile(tmp_path / "bits.bin")
    words = ["randomness", str(tmp_path / "bits.bin"), "--format", "packed", "--suite", "sp800-90b", "--track", "both"]
    assert main([*words, "--json", str(tmp_path / "r.json")]) == 1
    said = json.loads((tmp_path / "r.json").read_text())
    assert said["iid"]["claim_holds"] is False
    assert said["iid"]["min_entropy"] is None
    assert "independence" in said["iid"]["failed"]
    assert 0 < said["non_iid"]["min_entropy"] < 1
    shown = capsys.readouterr().out
    assert "The IID claim FAILS: independence" in shown
    assert "were not run" in shown


def test_the_iid_track_gives_the_entropy_by_the_most_common_value(tmp_path, symbols_of):
    symbols_of("rand1_short.bin").tofile(tmp_path / "rand1.bin")
    words = ["randomness", str(tmp_path / "rand1.bin"), "--format", "symbols", "--suite", "sp800-90b"]
    assert main([*words, "--track", "iid", "--seed", "5", "--json", str(tmp_path / "r.json")]) == 0
    said = json.loads((tmp_path / "r.json").read_text())
    assert "non_iid" not in said
    assert said["iid"]["min_entropy"] == pytest.approx(0.9610588257005508, abs=1e-9)
    assert said["iid"]["seed"] == 5


def test_a_matrix_of_restarts_gives_the_final_entropy(tmp_path, capsys):
    bits = np.random.default_rng(3).integers(0, 2, 1_000_000, np.uint8)
    np.packbits(bits).tofile(tmp_path / "restarts.bin")
    words = ["randomness", str(tmp_path / "restarts.bin"), "--format", "packed", "--suite", "sp800-90b"]
    assert main([*words, "--initial-entropy", "0.7", "--json", str(tmp_path / "r.json")]) == 0
    assert json.loads((tmp_path / "r.json").read_text())["restart"]["min_entropy"] == 0.7
    assert "Final min-entropy: 0.700000" in capsys.readouterr().out
    assert main([*words, "--initial-entropy", "3"]) == 2
    assert "allowed is above 0 and at most 1" in capsys.readouterr().err
