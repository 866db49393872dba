"""`mtjlab budget` answers by words, JSON and exit code."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from mtjlab.cli.main import main

DATA = Path(__file__).parents[1] / "data"


def bits_file(folder, share, count=2_000_000):
    path = folder / "bits.bin"
    np.packbits(np.random.default_rng(4).random(count) < share).tofile(path)
    return str(path)


@pytest.mark.parametrize(("share", "count", "answer", "code"), [
    (0.5, 2_000_000, "yes", 0), (0.49, 2_000_000, "no", 1), (0.5, 20_000, "too few bits to tell", 1),
])  # fmt: skip
def test_the_answer_is_the_exit_code(share, count, answer, code, tmp_path, capsys):
    done = main(["budget", bits_file(tmp_path, share, count), "--format", "packed", "--json", "-"])
    told = json.loads(capsys.readouterr().out)
    assert (done, told["answer"]) == (code, answer)
    assert (told["margin"] > 1) is (answer == "yes")
    assert (told["bits_to_tell"] is None) is (answer != "too few bits to tell")
    assert told["excess"]["low"] <= 2 * share - 1 <= told["excess"]["high"]


def test_a_no_says_what_would_mend_it(tmp_path, capsys):
    main(["budget", bits_file(tmp_path, 0.49), "--format", "packed", "--steps", "20"])
    told = capsys.readouterr().out
    assert "Good for 20-step images at 16 bits a normal: no, bias makes them darker" in told
    assert "von Neumann's extractor (von-neumann) keeps" in told


def test_bits_are_judged_as_they_will_be_used(tmp_path, capsys):
    path = bits_file(tmp_path, 0.49)
    main(["budget", path, "--format", "packed", "--extract", "von-neumann", "--json", "-"])
    told = json.loads(capsys.readouterr().out)
    assert told["bits"] < told["raw"]["bits"] / 3
    assert (told["raw"]["answer"], told["answer"]) == ("no", "yes")


def test_the_raw_bits_of_a_recording_are_conditioned_first_as_for_images(tmp_path, capsys):
    path = tmp_path / "recording.h5"
    path.write_bytes(gzip.decompress((DATA / "version_2/finished.h5.gz").read_bytes()))
    assert main(["budget", str(path), "--json", "-"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["extractor"], told["answer"]) == ("von-neumann", "too few bits to tell")
    assert told["raw"]["bits"] >= 3 * told["bits"]


@pytest.mark.parametrize("content", [b"", None])
def test_what_holds_no_bits_is_refused_in_a_line(content, tmp_path, capsys):
    path = tmp_path / "bits.bin"
    if content is not None:
        path.write_bytes(content)
    assert main(["budget", str(path), "--format", "packed"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_too_few_bits_for_the_images_wanted_are_a_no(tmp_path, capsys):
    arguments = ["budget", bits_file(tmp_path, 0.5), "--format", "packed", "--images"]
    assert main([*arguments, "150"]) == 0
    assert main([*arguments, "200"]) == 1
    assert "200 images need 2,508,800 bits" in capsys.readouterr().out


def test_every_sampler_and_converter_has_a_budget(tmp_path, capsys):
    path = bits_file(tmp_path, 0.45, 500_000)
    for sampler in ("ddpm", "heun", "dpm-solver++", "sde-dpm-solver++"):
        assert main(["budget", path, "--format", "packed", "--steps", "10", "--sampler", sampler]) == 1
    assert "bias" in capsys.readouterr().out
