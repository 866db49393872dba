"""The demo leaves what it says: recording, report, images, JSON, all in agreement."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.diffusion.denoiser import Denoiser
from mtjlab.analysis.diffusion.image_grid import image_grid
from mtjlab.analysis.extraction.pairs_of_a_state import von_neumann
from mtjlab.analysis.images_from_bits import ImagesFromBits
from mtjlab.data.recording import Recording


@pytest.fixture(scope="module")
def result(demo):
    return json.loads((demo / "demo.json").read_text())


def test_the_json_says_where_everything_is(demo, result):
    assert set(result) == {
        *("recording", "report", "images", "bits", "p_one", "p_one_interval", "tests", "bits_per_image", "seconds"),
    }
    for name in ("recording", "report", "images"):
        assert (demo / "out") in Path(result[name]).parents
    assert result["bits_per_image"] == 28 * 28 * 16
    assert set(result["seconds"]) >= {"acquire", "extract", "sample", "report"}


def test_the_figures_are_those_of_the_recording(result):
    recording = Recording(result["recording"])
    bits = recording.bits[:]
    assert recording.status == "finished"
    assert result["bits"] == len(bits) >= 4 * 64 * result["bits_per_image"]
    assert result["p_one"] == pytest.approx(bits.mean())
    low, high = result["p_one_interval"]
    assert low < bits.mean() < high
    # 95 % Wilson interval of so many bits near one half.
    assert high - low == pytest.approx(2 * 1.96 * 0.5 / len(bits) ** 0.5, rel=0.01)


def test_the_conditioned_bits_pass(result):
    # At a family-wise level of 1 %, with a fixed seed.
    names = "frequency", "runs", "alternation", "longest run", "autocorrelation", "drift", "strongest line"
    assert result["tests"] == dict.fromkeys(names, True)


def test_every_image_is_made_of_the_recordings_bits_and_none_twice(demo, result):
    bits = von_neumann(Recording(result["recording"]).bits[:])
    recipe = ImagesFromBits()
    page = np.asarray(Image.open(result["images"]))
    # The last of the 64 images from its own 12,544 bits alone, then its place on the page.
    own = bits[63 * recipe.bits_per_image : 64 * recipe.bits_per_image]
    denoiser = Denoiser.shipped()
    image = recipe.make(denoiser, own, 1, labels=np.array([63 % len(denoiser.classes)]))
    blank = np.zeros((63, 28, 28), np.uint8)
    there = image_grid(np.concatenate([blank, image]))
    part = np.s_[-90:, -90:]
    # onnxruntime rounds differently in another batch: one grey level.
    assert np.abs(page[part].astype(int) - there[part].astype(int)).max() <= 2


def test_the_report_needs_no_network_and_has_its_pictures(result):
    text = Path(result["report"]).read_text(encoding="utf-8")
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("data:image/png;base64,") == text.count("<img") >= 5
    assert len(text) < 3_000_000
    assert all(words in text for words in ("Images", "Verdict", "Physics of the stream", "Energy", "Time"))
    assert f"{result['bits']:,}" in text


def test_the_terminal_gets_a_summary_and_what_to_try_next(demo, result):
    said = (demo / "stdout.txt").read_text(encoding="utf-8")
    for words in (
        "bits acquired",
        "P(1)",
        "tests passed",
        "bits used per image",
        "time: sample",
        "Next:",
        "mtjlab gui",
    ):
        assert words in said
    assert "\x1b[" not in said  # no colours and no bars on a pipe


def test_a_folder_that_holds_a_demo_is_not_touched(command, demo):
    before = sorted((path.name, path.stat().st_mtime_ns) for path in (demo / "out").iterdir())
    done = command("demo", "--output", demo / "out")
    assert done.returncode == 2
    assert "holds a recording already" in done.stderr
    assert sorted((path.name, path.stat().st_mtime_ns) for path in (demo / "out").iterdir()) == before


def test_a_folder_that_can_not_be_made_is_one_clear_line(command, tmp_path):
    (tmp_path / "file").write_text("")
    done = command("demo", "--output", tmp_path / "file" / "out")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "cannot be written" in done.stderr
