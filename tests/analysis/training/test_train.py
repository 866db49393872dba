"""The training of the denoiser."""

import dataclasses

import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[train]'")

from mtjlab.analysis.training.checkpoint_file import load_checkpoint  # noqa: E402
from mtjlab.analysis.training.train import Training  # noqa: E402


def test_a_few_steps_reduce_the_loss(trained):
    losses = load_checkpoint(trained)["losses"]
    assert len(losses) == 4
    # It starts at the mean square of v, since the untrained network answers 0.
    assert losses[-1] < 0.85 * losses[0]


def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(images, small_settings, trained, tmp_path):
    class StoppedError(Exception):
        pass

    def stop_in_the_third_epoch(step, steps, loss):
        if step == 10:
            raise StoppedError

    checkpoint = tmp_path / "checkpoint.pt"
    with pytest.raises(StoppedError):
        Training(images, small_settings, checkpoint).run(stop_in_the_third_epoch)
    resumed = Training(images, small_settings, checkpoint)
    assert len(resumed.losses) == 2
    resumed.run()
    whole, parts = load_checkpoint(trained), load_checkpoint(checkpoint)
    assert parts["losses"] == pytest.approx(whole["losses"], rel=1e-6)
    for name in ("net", "average"):
        for key, weight in whole[name].items():
            torch.testing.assert_close(parts[name][key], weight, rtol=1e-4, atol=1e-6)


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
