"""Small images and a data set folder of them."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


def rectangles(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Make grey rectangles on black, labelled by their width: 0 (narrow) to 9 (wide)."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, count).astype(np.uint8)
    images = np.zeros((count, 28, 28), dtype=np.uint8)
    for image, label, top in zip(images, labels, random.integers(2, 12, count), strict=True):
        half = 2 + int(label)
        image[top : top + 14, 14 - half : 14 + half] = random.integers(120, 250)
    return images, labels


def write_idx(path: Path, data: NDArray[np.uint8]) -> None:
    lengths = np.array(data.shape, dtype=">u4").tobytes()
    raw = bytes([0, 0, 8, data.ndim]) + lengths + data.tobytes()
    path.write_bytes(gzip.compress(raw, compresslevel=1) if path.suffix == ".gz" else raw)


@pytest.fixture(scope="session")
def images() -> NDArray[np.uint8]:
    return rectangles(128, 1)[0]


@pytest.fixture(scope="session")
def dataset_folder(tmp_path_factory) -> Path:
    """Make a folder laid out as Fashion-MNIST's, with 500 images to train on and 100 to test with."""
    folder = tmp_path_factory.mktemp("dataset")
    for part, count, seed in (("train", 500, 1), ("t10k", 100, 2)):
        data, labels = rectangles(count, seed)
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", data)
        write_idx(folder / f"{part}-labels-idx1-ubyte", labels)
    return folder


@pytest.fixture(scope="session")
def one_thread():
    """Keep torch on one thread, so that sums are added in one order and busy cores do not matter."""
    torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[train]'")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def small_settings(one_thread):
    from mtjlab.analysis.training.training_settings import TrainingSettings

    # The rate warms up over 500 steps: these 16 stay below 0.2 x 16 / 500 = 0.0064.
    return TrainingSettings(epochs=4, batch_size=32, learning_rate=0.2, ema_decay=0.999, width=8, seed=3)


@pytest.fixture(scope="session")
def classifier_file(one_thread, dataset_folder, tmp_path_factory) -> Path:
    """Train a classifier of the rectangles and export it."""
    pytest.importorskip("onnx", reason="the export needs onnx: pip install '.[train]'")
    from mtjlab.analysis.training.classifier import train_classifier
    from mtjlab.analysis.training.export import export_classifier
    from mtjlab.analysis.training.image_files import load_images

    path = tmp_path_factory.mktemp("classifier") / "features.onnx"
    net = train_classifier(load_images(dataset_folder), epochs=10, batch_size=50)
    assert export_classifier(net, path) < 1e-4
    return path


@pytest.fixture(scope="session")
def trained(one_thread, images, tmp_path_factory):
    """Make the checkpoint of a small training."""
    from mtjlab.analysis.training.train import Training
    from mtjlab.analysis.training.training_settings import TrainingSettings

    path = tmp_path_factory.mktemp("trained") / "checkpoint.pt"
    settings = TrainingSettings(epochs=4, batch_size=32, learning_rate=0.2, ema_decay=0.999, width=8, seed=3)
    Training(images, settings, path).run()
    return path
