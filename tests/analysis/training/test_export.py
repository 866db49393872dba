"""Networks as ONNX files, and all that finishes a training."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[train]'")
pytest.importorskip("onnx", reason="the export needs onnx: pip install '.[train]'")

from mtjlab.analysis.diffusion.denoiser import Denoiser  # noqa: E402
from mtjlab.analysis.diffusion.feature_distance import Features  # noqa: E402
from mtjlab.analysis.diffusion.feature_statistics import FeatureStatistics  # noqa: E402
from mtjlab.analysis.training.checkpoint_file import load_checkpoint  # noqa: E402
from mtjlab.analysis.training.classifier import Classifier, train_classifier  # noqa: E402
from mtjlab.analysis.training.export import (  # noqa: E402
    averaged_network,
    export_checkpoint,
    export_classifier,
    export_denoiser,
)
from mtjlab.analysis.training.finishing import finish  # noqa: E402
from mtjlab.analysis.training.image_files import load_images  # noqa: E402
from mtjlab.analysis.training.image_tensor import image_tensor  # noqa: E402
from mtjlab.analysis.training.training_images import TrainingImages  # noqa: E402
from mtjlab.analysis.training.unet import UNet  # noqa: E402


def test_onnxruntime_computes_what_torch_computes(trained, tmp_path):
    path = tmp_path / "denoiser.onnx"
    assert export_checkpoint(trained, path) < 1e-4
    x = np.random.default_rng(5).standard_normal((3, 1, 28, 28)).astype(np.float32)
    t = np.array([0.05, 0.5, 1.0], dtype=np.float32)
    with torch.no_grad():
        expected = averaged_network(load_checkpoint(trained))(torch.from_numpy(x), torch.from_numpy(t))
    found = Denoiser(path, threads=1).predict_v(x, t)
    assert np.abs(expected.numpy()).max() > 0.5
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-4)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["denoiser.onnx"]


def test_a_network_that_computes_something_else_is_not_written(one_thread, tmp_path):
    class Unsteady(UNet):
        def forward(self, image, time):
            # Another answer at each call, as a network left in training mode would give.
            self.calls = getattr(self, "calls", 0) + 1
            return image * float(self.calls) + time[:, None, None, None]

    with pytest.raises(RuntimeError, match="torch and onnxruntime differ"):
        export_denoiser(Unsteady(8), tmp_path / "denoiser.onnx")
    assert list(tmp_path.iterdir()) == []


def test_the_classifier_learns_and_is_exported_as_it_is(classifier_file, dataset_folder):
    test = load_images(dataset_folder, "test")
    features = Features(classifier_file, threads=1)
    # Ten widths: chance names one in ten.
    assert np.mean(features.labels(test.images) == test.labels) > 0.6
    assert features.features(test.images).shape == (100, 64)


def test_the_classifier_of_colour_images_is_exported_as_it_is(one_thread, tmp_path):
    net = Classifier(32, 3, 4).eval()
    export_classifier(net, tmp_path / "features.onnx")
    features = Features(tmp_path / "features.onnx", threads=1)
    images = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3)).astype(np.uint8)
    with torch.no_grad():
        expected, _ = net(image_tensor(TrainingImages(images)))
    np.testing.assert_allclose(features.features(images), expected.numpy(), atol=1e-5)
    with pytest.raises(ValueError, match="expected uint8 images"):
        features.features(images[..., 0])


def test_a_label_for_each_image_is_asked_for(images):
    with pytest.raises(ValueError, match="a label an image"):
        train_classifier(TrainingImages(images), batch_size=32)


def test_finish_leaves_a_denoiser_with_its_card(trained, dataset_folder, tmp_path):
    seen = []
    output = tmp_path / "out"
    card = finish(trained, dataset_folder, output, lambda *at: seen.append(at), count=12, steps=3, threads=1)
    assert json.loads((output / "denoiser.json").read_text(encoding="utf-8")) == card
    assert {file.name for file in output.iterdir()} == {
        "denoiser.json",
        "denoiser.onnx",
        "features.onnx",
        "images.png",
        "loss_curve.png",
        "reference_features.npz",
        "reference_statistics.npz",
    }
    assert card["training"]["epochs_done"] == 4
    assert card["loss_per_epoch"] == pytest.approx(load_checkpoint(trained)["losses"], abs=1e-6)
    assert [sample["sampler"] for sample in card["evaluation"]["samples"]] == ["DDIM, eta = 1", "DPM-Solver++"]
    assert seen[-1] == ("sampling, DPM-Solver++", 12, 12)
    assert FeatureStatistics.load(output / "reference_statistics.npz").count == 100
    # A denoiser of 16 steps makes nothing like the rectangles; real ones drawn at random are close.
    assert all(one["FD"] > card["evaluation"]["real"]["FD"] for one in card["evaluation"]["samples"])


def test_finish_keeps_the_classifier_that_is_there(trained, classifier_file, dataset_folder, tmp_path):
    before = classifier_file.read_bytes()
    (tmp_path / "features.onnx").write_bytes(before)
    card = finish(trained, dataset_folder, tmp_path, count=4, steps=1, threads=1)
    assert (tmp_path / "features.onnx").read_bytes() == before
    assert card["evaluation"]["classifier_accuracy"] > 0.6
