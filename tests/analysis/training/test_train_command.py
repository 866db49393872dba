"""`mtjlab train`, as a user gives it."""

import json
import os
import signal

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[train]'")
pytest.importorskip("onnx", reason="the export needs onnx: pip install '.[train]'")

from mtjlab.cli.main import main  # noqa: E402

SMALL = ("--epochs", "2", "--width", "8", "--deep-width", "8", "--images", "10", "--precision", "float32")


@pytest.fixture
def train(dataset_folder, one_thread, tmp_path):
    def run(*words, output="out"):
        return main(["train", "--dataset", str(dataset_folder), "--output", str(tmp_path / output), *SMALL, *words])

    return run


def test_a_training_stops_at_ctrl_c_continues_and_leaves_a_denoiser(train, tmp_path, capsys, monkeypatch):
    change_weights, steps = torch.optim.AdamW.step, []

    def interrupted(self, *arguments):
        steps.append(0)
        if len(steps) == 5:
            os.kill(os.getpid(), signal.SIGINT)
        change_weights(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", interrupted)
        assert train() == 130
    # The step that the signal came in is done and kept: an epoch of 500 images has 3.
    assert train("--json", str(tmp_path / "told.json")) == 0
    assert "continuing at step 5 of 6" in capsys.readouterr().out
    told = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert len(told["losses"]) == 2
    assert told["card"]["classes"] == list("0123456789")
    assert (tmp_path / "out/denoiser.onnx").exists()
    assert (tmp_path / "out/preview.png").exists()


def test_too_few_bits_of_noise_are_refused_and_repeated_ones_told(train, tmp_path, capsys):
    needed = 3 * 128 * 784 * 16
    short = tmp_path / "short.bin"
    short.write_bytes(np.random.default_rng(1).bytes(needed // 8 - 1))
    again = ("--noise", str(short), "--format", "packed", "--unconditional", "--epochs", "1")
    assert train(*again) == 2
    assert f"1 epochs take {needed:,} bits and there are {needed - 8:,}, enough for 0" in capsys.readouterr().err
    assert train(*again, "--repeat-bits", "--json", str(tmp_path / "told.json")) == 0
    told = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert told["card"]["training"]["noise"] == f"{needed:,} bits, of a file that began again 1 times"


def test_a_width_and_a_device_that_cannot_be_are_refused_in_a_line(train, capsys):
    assert train("--width", "12") == 2
    assert "width = 12: expected a multiple of 8 (--width)" in capsys.readouterr().err
    assert train("--device", "abacus") == 2
    assert "(--device)" in capsys.readouterr().err


def test_a_training_on_flips_leaves_a_denoiser_of_bits_and_its_card(train, tmp_path):
    path = tmp_path / "told.json"
    assert train("--process", "bit-flip", "--planes", "3", "--epochs", "1", "--json", str(path), output="flips") == 0
    card = json.loads((tmp_path / "flips/flip_denoiser.json").read_text("utf-8"))
    assert json.loads(path.read_text("utf-8"))["card"] == card
    assert card["outputs"] == {"log_odds": "float32 (N, 3, 28, 28)"}
    assert (card["training"]["process"], card["training"]["planes"]) == ("bit-flip", 3)
    assert [row["steps"] for row in card["evaluation"]["samples"]] == [25, 50, 100]
    assert card["evaluation"]["real"]["FD"] < min(row["FD"] for row in card["evaluation"]["samples"])
    for name in ("flip_denoiser.onnx", "flip_images.png", "flip_loss_curve.png", "preview.png"):
        assert (tmp_path / "flips" / name).stat().st_size
    # The other process continues nothing of it.
    assert train("--epochs", "1", output="flips") == 2
