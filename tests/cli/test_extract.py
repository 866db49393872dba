"""`mtjlab extract` and `--extract`: conditioned bits as a file, and under every suite of tests."""

import hashlib
import json
import math
import tracemalloc

import numpy as np
import pytest

from mtjlab.analysis.extraction.conditioned_bits import conditioned, pieces, stretch
from mtjlab.analysis.extraction.exclusive_or import bias_and_correlation, xor_at_distance, xor_distance
from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.analysis.extraction.iterated_pairs import peres
from mtjlab.analysis.extraction.pairs_of_a_state import VON_NEUMANN, von_neumann
from mtjlab.analysis.extraction.sha256_conditioning import output_entropy
from mtjlab.analysis.randomness.bias import bias_bound
from mtjlab.cli.main import main
from mtjlab.core import Bits
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks


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
    assert "thinning keeps 66,667 of them: every third bit." in done.stderr
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


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Write a recording of 100,000 bits of a junction that switches with 0.45 and 0.6 from its two states."""
    path = tmp_path_factory.mktemp("recording") / "raw.h5"
    bits, state = np.empty(100_000, np.uint8), 0
    for place, chance in enumerate(np.random.default_rng(5).random(bits.size).tolist()):
        bits[place] = chance < (0.6 if state else 0.45)
        state ^= int(bits[place])
    head = RecordingHead("random-bitstream", simulated=True, sample={"device": "A7"})
    with RecordingWriter.create(path, head) as writer:
        writer.append(Blocks(bits))
    return path, bits


def test_a_recording_of_conditioned_bits_says_where_they_come_from(recording, tmp_path, capsys):
    path, raw = recording
    out = tmp_path / "fair.h5"
    assert main(["extract", str(path), "--method", "peres", "--output", str(out), "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    fair = Recording(out)
    np.testing.assert_array_equal(fair.bits[:], peres(raw))
    assert (told["bits"], told["yield"]) == (fair.committed, fair.committed / raw.size)
    assert told["bias_bound"] == bias_bound(int(peres(raw).sum()), fair.committed)
    lineage = {name: parameter.value for name, parameter in fair.parameters.items()}
    assert lineage["source"] == "raw.h5"
    assert lineage["source_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (lineage["first_bit"], lineage["raw_bits"], lineage["method"]) == (0, raw.size, "peres")
    assert (lineage["min_entropy_in"], lineage["min_entropy_out"], lineage["seed"]) == (None, 1.0, "")
    assert (fair.simulated, fair.sample["device"]) == (True, "A7")
    # Nothing conditions it once more, as it does the raw bits of a recording.
    assert main(["budget", str(out), "--json", "-"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["bits"] == fair.committed


def test_toeplitz_hashing_can_be_done_again_with_the_recorded_seed(recording, tmp_path, capsys):
    path, raw = recording
    words = [
        "extract",
        str(path),
        "--method",
        "toeplitz",
        "--min-entropy",
        "0.7",
        "--epsilon",
        "1e-9",
        "--block",
        "1024",
    ]
    assert main([*words, "--output", str(tmp_path / "one.h5"), "--json", "-"]) == 0
    told = capsys.readouterr()
    assert "an estimate is not a proven bound" in told.err
    one, length = json.loads(told.out), math.floor(0.7 * 1024 - 2 * math.log2(1e9))
    blocks = raw.size // 1024
    assert (one["bits"], one["epsilon"]) == (blocks * length, pytest.approx(blocks * 1e-9))
    recorded = Recording(tmp_path / "one.h5").parameters
    assert (recorded["seed"].value, recorded["epsilon"].value) == (one["seed"], one["epsilon"])
    (tmp_path / "seed.bin").write_bytes(bytes.fromhex(one["seed"]))
    seeded = ["--seed", str(tmp_path / "seed.bin"), "--output", str(tmp_path / "two.bin"), "--json", "-"]
    assert main([*words, *seeded]) == 0
    assert json.loads(capsys.readouterr().out)["seed_source"] == "file seed.bin"
    again = np.unpackbits(np.fromfile(tmp_path / "two.bin", np.uint8))
    np.testing.assert_array_equal(again, Recording(tmp_path / "one.h5").bits[: again.size])


def test_sha_256_says_the_entropy_of_the_standard(biased, tmp_path, capsys):
    path, raw = biased
    out = tmp_path / "out.bin"
    words = ["--format", "packed", "--method", "sha-256", "--min-entropy", "0.5", "--block", "512"]
    assert main(["extract", str(path), *words, "--output", str(out), "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["min_entropy_out"] == output_entropy(512, 256.0) / 256
    content = np.packbits(raw).tobytes()
    assert out.read_bytes() == b"".join(
        hashlib.sha256(content[at : at + 64]).digest() for at in range(0, len(content) // 64 * 64, 64)
    )


def test_the_distance_follows_from_bias_and_correlation(biased, tmp_path, capsys):
    path, raw = biased
    words = ["extract", str(path), "--format", "packed", "--method", "xor-distance", "--json", "-", "--overwrite"]
    assert main([*words, "--output", str(tmp_path / "out.bin")]) == 0
    excess, correlation = bias_and_correlation(raw)
    error = 4 / math.sqrt(raw.size)
    expected = xor_distance(abs(excess) + error, abs(correlation) + error)
    assert json.loads(capsys.readouterr().out)["extractor"] == f"xor-{expected}"
    assert main([*words, "--distance", "24", "--output", str(tmp_path / "out.bin")]) == 0
    written = np.unpackbits(np.fromfile(tmp_path / "out.bin", np.uint8))
    np.testing.assert_array_equal(written, xor_at_distance(raw, 24).unpacked()[: written.size])


def test_streams_of_several_files_are_joined(biased, tmp_path, capsys):
    path, raw = biased
    others = [np.random.default_rng(seed).integers(0, 2, 160_000, dtype=np.uint8) for seed in (1, 2)]
    for number, bits in enumerate(others):
        (tmp_path / f"{number}.bin").write_bytes(np.packbits(bits).tobytes())
    words = ["extract", str(path), "--format", "packed", "--method", "xor-streams", "--output", str(tmp_path / "x.h5")]
    assert main([*words, "--with", str(tmp_path / "0.bin"), "--with", str(tmp_path / "1.bin"), "--json", "-"]) == 0
    joined = Recording(tmp_path / "x.h5")
    np.testing.assert_array_equal(joined.bits[:], raw[:160_000] ^ others[0] ^ others[1])
    assert joined.parameters["source"].value == "raw.bin, 0.bin, 1.bin"
    assert main([*words, "--with", str(path)]) == 2
    assert "comes twice" in capsys.readouterr().err


def test_a_stretch_of_the_raw_bits_is_taken_and_said(recording, tmp_path, capsys):
    path, raw = recording
    words = ["extract", str(path), "--first", "1234", "--output", str(tmp_path / "fair.h5"), "--json", "-"]
    assert main([*words, "--count", "20001"]) == 0
    told, fair = json.loads(capsys.readouterr().out), Recording(tmp_path / "fair.h5")
    np.testing.assert_array_equal(fair.bits[:], von_neumann(raw[1234:21_235]))
    assert (told["first_bit"], told["raw_bits"]) == (1234, 20_001)
    assert (fair.parameters["first_bit"].value, fair.parameters["raw_bits"].value) == (1234, 20_001)
    assert main([*words, "--overwrite", "--count", "100000"]) == 2
    assert "100,000 bits from bit 1,234 on, and there are 100,000 in all" in capsys.readouterr().err


@pytest.mark.parametrize(("first", "count"), [(0, 10), (3, 4), (4, 1), (9, 1), (2, 100), (10, 5)])
def test_a_stretch_is_a_slice(first, count):
    raw = Bits(np.random.default_rng(1).integers(0, 2, 10, dtype=np.uint8))
    parts = [raw[:4], raw[4:4], raw[4:9], raw[9:]]
    assert Bits.joined(stretch(parts, first, count)) == raw[first : first + count]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--method", "toeplitz"], "toeplitz needs --min-entropy"),
        (["--method", "sha-256"], "sha-256 needs --min-entropy"),
        (["--method", "peres", "--epsilon", "0.1"], "--epsilon is a value of toeplitz, not of peres"),
        (["--min-entropy", "0.9"], "--min-entropy is a value of toeplitz and sha-256, not of von-neumann"),
        (["--method", "xor-streams"], "name the others"),
        (["--method", "toeplitz", "--min-entropy", "0.01"], "use larger blocks"),
        (["--method", "toeplitz", "--min-entropy", "0.9", "--seed", "none.bin"], "none.bin: cannot be read"),
    ],
)
def test_values_that_do_not_fit_the_method_are_refused(words, message, biased, tmp_path, capsys):
    out = tmp_path / "out.bin"
    assert main(["extract", str(biased[0]), "--format", "packed", *words, "--output", str(out)]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()
