"""`mtjlab budget` answers by words, JSON and exit code."""

import json

import numpy as np
import pytest

from mtjlab.cli.main import main


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
    assert "images of 20 steps at 16 bits a normal: no, bias makes them darker" in told
    assert "von Neumann's extractor (von-neumann) keeps" in told


def test_bits_are_judged_as_they_will_be_used(tmp_path, capsys):
    path = bits_file(tmp_path, 0.49)
    main(["budget", path, "--format", "packed", "--extract", "von-neumann", "--json", "-"])
    told = json.loads(capsys.readouterr().out)
    assert told["bits"] < told["raw"]["bits"] / 3
    assert (told["raw"]["answer"], told["answer"]) == ("no", "yes")


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
