"""`mtjlab extract` and `--extract`: conditioned bits as a file, and under every suite of tests."""

import json
import tracemalloc

import numpy as np
import pytest

from mtjlab.analysis.extraction.conditioned_bits import conditioned, pieces
from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.analysis.extraction.pairs_of_a_state import VON_NEUMANN, von_neumann
from mtjlab.cli.main import main
from mtjlab.core import Bits


@pytest.fixture(scope="module")
def biased(tmp_path_factory):
    """Write 200,000 independent bits of which three in ten are one."""
    bits = (np.random.default_rng(8).random(200_000) < 0.3).astype(np.uint8)
    path = tmp_path_factory.mktemp("biased") / "raw.bin"
    path.write_bytes(np.packbits(bits).tobytes())
    return path, bits


def test_the_file_holds_von_neumanns_bits(command, biased, tmp_path):
    path, raw = biased
    done = command("extract", path, "--format", "packed", "--output", tmp_path / "out.bin", "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    expected = von_neumann(raw)
    written = np.unpackbits(np.fromfile(tmp_path / "out.bin", np.uint8))
    assert told["bits"] == len(written) == len(expected) // 8 * 8
    assert told["left_out"] == len(expected) % 8
    np.testing.assert_array_equal(written, expected[: len(written)])
    assert abs(written.mean() - 0.5) < 4 * 0.5 / np.sqrt(len(written))  # four standard errors of a fair mean


def test_the_bits_of_a_recording_as_text(command, tmp_path):
    recording, out = tmp_path / "recording.h5", tmp_path / "out.txt"
    words = "run", "random-bitstream", "--seed", 3, "--set", "bits=50000", "--output", recording
    assert command(*words).returncode == 0
    assert command("extract", recording, "--output", out, "--output-format", "ascii").returncode == 0
    judged = command("randomness", out, "--json", "-")
    conditioned = command("randomness", recording, "--extract", "von-neumann", "--json", "-")
    assert json.loads(judged.stdout)["p_one"] == json.loads(conditioned.stdout)["p_one"]


def test_sp800_22_judges_conditioned_bits(command, biased, tmp_path):
    path, raw = biased
    words = ("--suite", "sp800-22", "--tests", "frequency,runs", "--json", "-")
    assert command("randomness", path, "--format", "packed", *words).returncode == 1  # raw: 0.3 is not 1/2
    done = command("randomness", path, "--format", "packed", "--extract", "von-neumann", *words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["extractor"], told["file"], told["format"]) == ("von-neumann", str(path), "packed")
    assert told["bits"] == len(von_neumann(raw)) // 8 * 8
    command("extract", path, "--format", "packed", "--output", tmp_path / "out.bin")
    again = json.loads(command("randomness", tmp_path / "out.bin", "--format", "packed", *words).stdout)
    assert again["sequences"] == told["sequences"]


def test_a_file_that_is_there_is_kept(command, biased, tmp_path):
    path, _ = biased
    out = tmp_path / "out.bin"
    out.write_bytes(b"precious")
    done = command("extract", path, "--format", "packed", "--output", out)
    assert (done.returncode, out.read_bytes()) == (2, b"precious")
    assert command("extract", path, "--format", "packed", "--output", out, "--overwrite").returncode == 0
    assert out.read_bytes() != b"precious"


@pytest.mark.parametrize("words", [("extract", "--output", "out.bin"), ("randomness", "--suite", "sp800-22")])
def test_bits_that_never_change_leave_none(command, tmp_path, words):
    (tmp_path / "ones.txt").write_text("1" * 2000)
    extract = ("--extract", "von-neumann") if words[0] == "randomness" else ()
    done = command(words[0], "ones.txt", *words[1:], *extract, "--format", "ascii", folder=tmp_path)
    assert done.returncode == 2
    assert "0 bits are left after the extractor" in done.stderr
    assert not (tmp_path / "out.bin").exists()


THINNER = """\
import numpy as np
from mtjlab.analysis.extraction import Extractor

THIN = Extractor(name="thinning", claim="every third bit", extract=lambda bits: np.asarray(bits)[::3])
"""


def test_an_extractor_of_another_package(command, biased, installed, tmp_path):
    path, raw = biased
    installed("thinner", "[mtjlab.extractors]\nthin = reg_thinner:THIN\n", reg_thinner=THINNER)
    words = ("--extractor", "thin", "--format", "packed", "--output", tmp_path / "out.bin", "--json", "-")
    done = command("extract", path, *words)
    assert done.returncode == 0, done.stderr
    assert "thinning keeps 66,667 of them." in done.stderr
    told = json.loads(done.stdout)
    assert (told["extractor"], told["claim"]) == ("thin", "every third bit")
    written = np.unpackbits(np.fromfile(tmp_path / "out.bin", np.uint8))
    np.testing.assert_array_equal(written, raw[::3][: len(written)])
    judged = command("randomness", path, "--format", "packed", "--extract", "thin", "--json", "-")
    assert json.loads(judged.stdout)["bits"] == 66_667
    assert (
        "invalid choice: 'thick' (choose from 'none', 'peres', 'thin', 'von-neumann', 'xor-K')"
        in command("randomness", path, "--extract", "thick").stderr
    )


@pytest.mark.parametrize("lengths", [(1, 2, 3, 997), (997, 1, 1, 4), (0, 501, 502)])
def test_parts_of_any_length_give_what_all_at_once_gives(lengths):
    raw = np.random.default_rng(3).integers(0, 2, sum(lengths), dtype=np.uint8)
    parts = [Bits(part) for part in np.split(raw, np.cumsum(lengths)[:-1])]
    expected = von_neumann(raw)
    np.testing.assert_array_equal(Bits.joined(conditioned(parts, VON_NEUMANN)), expected)
    cut = list(pieces(conditioned(parts, VON_NEUMANN), 64))
    assert {len(piece) for piece in cut[:-1]} <= {64}
    np.testing.assert_array_equal(Bits.joined(cut), expected)
    # One that wants all raw bits at once gets them.
    backwards = Extractor(name="all of them backwards", claim="none", extract=lambda bits: np.asarray(bits)[::-1])
    np.testing.assert_array_equal(Bits.joined(conditioned(parts, backwards)), raw[::-1])


def test_memory_does_not_go_with_the_length_of_the_file(tmp_path):
    peaks, main_words = [], ["--format", "packed", "--overwrite"]
    for size in (100_000, 9_000_000, 18_000_000):  # the first imports and compiles
        (tmp_path / "raw.bin").write_bytes(np.random.default_rng(4).bytes(size))
        tracemalloc.start()
        words = ["extract", str(tmp_path / "raw.bin"), "--output", str(tmp_path / "out"), *main_words]
        assert main(words) == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # 8 million conditioned bits are encoded at a time; 144 million raw ones would take a byte each.
    assert peaks[2] < 1.1 * peaks[1]
    assert peaks[2] < 40e6
