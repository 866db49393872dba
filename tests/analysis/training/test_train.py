"""The training of the denoiser."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[train]'")

from mtjlab.analysis.diffusion import Denoiser  # noqa: E402
from mtjlab.analysis.noise import INVERSE_CDF16, BitNoise, NotEnoughBits, SoftwareBits  # noqa: E402
from mtjlab.analysis.training.checkpoint_file import load_checkpoint  # noqa: E402
from mtjlab.analysis.training.export import export_checkpoint  # noqa: E402
from mtjlab.analysis.training.image_files import load_images  # noqa: E402
from mtjlab.analysis.training.preview import write_preview  # noqa: E402
from mtjlab.analysis.training.train import Training  # noqa: E402
from mtjlab.analysis.training.training_images import TrainingImages  # noqa: E402
from mtjlab.analysis.training.training_settings import TrainingSettings  # noqa: E402
from mtjlab.core import InputError  # noqa: E402


def test_a_few_steps_reduce_the_loss(trained):
    losses = load_checkpoint(trained)["losses"]
    assert len(losses) == 4
    # It starts at the mean square of v, since the untrained network answers 0.
    assert losses[-1] < 0.85 * losses[0]


def test_a_training_that_was_stopped_continues_as_if_it_had_not_been(images, small_settings, trained, tmp_path):
    class StoppedError(Exception):
        pass

    def stop_in_the_third_epoch(step, steps, loss):
        if step == 10:
            raise StoppedError

    checkpoint = tmp_path / "checkpoint.pt"
    with pytest.raises(StoppedError):
        Training(images, small_settings, checkpoint).run(stop_in_the_third_epoch)
    resumed = Training(images, small_settings, checkpoint)
    assert (resumed.step, len(resumed.losses)) == (10, 2)
    resumed.run()
    whole, parts = load_checkpoint(trained), load_checkpoint(checkpoint)
    assert parts["losses"] == pytest.approx(whole["losses"], rel=1e-6)
    for name in ("net", "average"):
        for key, weight in whole[name].items():
            torch.testing.assert_close(parts[name][key], weight, rtol=1e-4, atol=1e-6)


def test_an_interrupt_within_a_step_leaves_the_last_whole_checkpoint(images, small_settings, tmp_path, monkeypatch):
    checkpoint = tmp_path / "checkpoint.pt"
    training = Training(images, small_settings, checkpoint)
    change_weights = torch.optim.AdamW.step

    def interrupted(self, *arguments):
        change_weights(self, *arguments)
        if training.step == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(torch.optim.AdamW, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        training.run()
    # An epoch has 4 steps: step 5 has changed weights and is not counted.
    assert Training(images, small_settings, checkpoint).step == 4


def test_bits_are_the_noise_and_a_resumed_training_uses_each_once(images, small_settings, tmp_path):
    def noise():
        return BitNoise(SoftwareBits(5), INVERSE_CDF16)

    settings = dataclasses.replace(small_settings, epochs=2)
    source = noise()
    whole = Training(images, settings, tmp_path / "whole.pt", noise=source)
    whole.run()
    assert source.bits_used == 8 * 32 * 784 * 16

    def stop(step, steps, loss):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Training(images, settings, tmp_path / "parts.pt", noise=noise()).run(stop)
    resumed = Training(images, settings, tmp_path / "parts.pt", noise=noise())
    resumed.run()
    assert resumed.losses == pytest.approx(whole.losses, rel=1e-6)
    with pytest.raises(InputError, match="was made with bits as noise"):
        Training(images, settings, tmp_path / "parts.pt")
    with pytest.raises(NotEnoughBits):
        Training(images, settings, tmp_path / "dry.pt", noise=BitNoise([0, 1] * 784, INVERSE_CDF16)).run()


def test_a_network_with_classes_tells_them_apart(one_thread, dataset_folder, tmp_path):
    data = load_images(dataset_folder)
    settings = TrainingSettings(
        epochs=12, batch_size=50, learning_rate=0.2, cooldown=0.5, width=8, conditional=True, seed=3
    )
    training = Training(data, settings, tmp_path / "checkpoint.pt")
    training.run()
    export_checkpoint(training.checkpoint, tmp_path / "denoiser.onnx")
    denoiser = Denoiser(tmp_path / "denoiser.onnx", threads=1)
    assert denoiser.classes == data.classes
    x = np.random.default_rng(1).standard_normal((10, 28, 28)).astype(np.float32)
    # At pure noise -v is the mean image of the class: class k is a rectangle 2 (k + 2) wide.
    narrow, wide = (-denoiser.conditioned([label] * 10).predict_v(x, 1.0) for label in (0, 9))
    assert wide[:, :, [4, 23]].mean() > narrow[:, :, [4, 23]].mean() + 0.2
    # Guidance extends the difference between the class and any class.
    free, single, double = (denoiser.conditioned([9] * 10, weight).predict_v(x, 1.0) for weight in (0.0, 1.0, 2.0))
    np.testing.assert_allclose(double - free, 2 * (single - free), atol=1e-5)
    np.testing.assert_array_equal(free, denoiser.predict_v(x, 1.0))
    write_preview(training.denoiser, tmp_path / "preview.png", side=28, count=10, steps=2)
    assert (tmp_path / "preview.png").stat().st_size > 0


def test_colour_of_32_pixels_is_trained_and_exported(one_thread, tmp_path):
    colour = np.random.default_rng(1).integers(0, 256, (40, 32, 32, 3)).astype(np.uint8)
    settings = TrainingSettings(epochs=1, batch_size=20, width=8, precision="bfloat16")
    training = Training(TrainingImages(colour), settings, tmp_path / "checkpoint.pt")
    training.run()
    export_checkpoint(training.checkpoint, tmp_path / "denoiser.onnx")
    assert Denoiser(tmp_path / "denoiser.onnx", threads=1).image_shape == (3, 32, 32)


def test_more_epochs_may_be_asked_for(images, small_settings, trained, tmp_path):
    longer = Training(images, dataclasses.replace(small_settings, epochs=6), trained)
    assert (longer.step, longer.steps) == (16, 24)


def test_the_rate_warms_up_stays_and_cools_down():
    settings = TrainingSettings(learning_rate=1e-3, cooldown=0.25)
    rates = [settings.rate_at(step, 1000, 100) for step in (0, 49, 500, 750, 875, 1000)]
    assert rates == pytest.approx([1e-5, 5e-4, 1e-3, 1e-3, 5e-4, 0])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"width": 12}, "width = 12: expected a multiple of 8"),
        ({"ema_decay": 1.0}, "ema_decay = 1.0"),
        ({"conditional": True}, "have no classes"),
    ],
)
def test_settings_that_cannot_be_are_refused(images, small_settings, tmp_path, changed, message):
    with pytest.raises(InputError, match=message):
        Training(images, dataclasses.replace(small_settings, **changed), tmp_path / "checkpoint.pt")


def test_a_device_that_is_not_there_is_refused(images, small_settings, tmp_path):
    with pytest.raises(InputError, match="cannot compute on 'abacus'"):
        Training(images, small_settings, tmp_path / "checkpoint.pt", device="abacus")


def test_progress_counts_the_steps_of_all_epochs(images, small_settings, tmp_path):
    seen = []
    settings = dataclasses.replace(small_settings, epochs=1)
    Training(images, settings, tmp_path / "checkpoint.pt").run(lambda *at: seen.append(at[:2]))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_other_settings_than_the_checkpoints_are_refused(images, small_settings, trained):
    with pytest.raises(ValueError, match="was made with"):
        Training(images, dataclasses.replace(small_settings, seed=4), trained)


def test_too_few_images_are_refused(images, small_settings, tmp_path):
    with pytest.raises(ValueError, match="31 images are fewer than one batch of 32"):
        Training(images[:31], small_settings, tmp_path / "checkpoint.pt")


def test_what_is_no_checkpoint_is_refused(tmp_path):
    with pytest.raises(ValueError, match="does not exist"):
        load_checkpoint(tmp_path / "gone.pt")
    for content in (b"", b"hello", b"\x80\x02]q\x00."):
        (tmp_path / "other.pt").write_bytes(content)
        with pytest.raises(ValueError, match="not a checkpoint of a training"):
            load_checkpoint(tmp_path / "other.pt")
    torch.save({"weights": torch.zeros(3)}, tmp_path / "weights.pt")
    with pytest.raises(ValueError, match="it lacks"):
        load_checkpoint(tmp_path / "weights.pt")


def test_a_checkpoint_cannot_run_code(tmp_path):
    class Evil:
        def __reduce__(self):
            return (print, ("run",))

    torch.save({"settings": Evil()}, tmp_path / "evil.pt")
    with pytest.raises(ValueError, match="torch cannot read it"):
        load_checkpoint(tmp_path / "evil.pt")
