"""The standard FID: what Inception is given, and files that are none."""

import numpy as np
import pytest

from mtjlab.analysis.evidence.inception import InceptionFeatures, enlarged
from mtjlab.analysis.evidence.inception_scores import inception_distances


def write_network(path, side=299, features=6):
    """Write a network of Inception's interface: the means of the colours in an upper and a lower part of the image."""
    onnx = pytest.importorskip("onnx", reason="onnx writes the network")
    from onnx import TensorProto, helper

    rows = side // 2
    nodes = [
        helper.make_node("AveragePool", ["x"], ["pooled"], kernel_shape=[rows, side], strides=[rows, side]),
        helper.make_node("Flatten", ["pooled"], ["features"]),
    ]
    graph = helper.make_graph(
        nodes,
        "inception",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, side, side])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", features])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)


def test_small_images_are_enlarged_between_the_centres_of_their_pixels():
    image = np.array([[[0, 255]]], np.uint8)
    large = enlarged(image, side=4)
    assert large.shape == (1, 3, 4, 4)
    assert np.allclose(large[0, 0, 0], [-1, -0.5, 0.5, 1], atol=1e-6)
    assert np.array_equal(large[0, 0], large[0, 2])


def test_it_agrees_with_torchs_bilinear_interpolation():
    torch = pytest.importorskip("torch", reason="torch is the peer")
    images = np.random.default_rng(1).integers(0, 256, (2, 28, 28), dtype=np.uint8)
    x = torch.from_numpy(images[:, None].astype(np.float32) / 127.5 - 1)
    peer = torch.nn.functional.interpolate(x, size=(299, 299), mode="bilinear", align_corners=False)
    assert np.abs(enlarged(images)[:, :1] - peer.numpy()).max() < 1e-5


def test_the_fid_is_that_of_the_networks_features(tmp_path):
    write_network(tmp_path / "inception.onnx")
    images = np.random.default_rng(1).integers(0, 100, (20, 28, 28), dtype=np.uint8)
    network = InceptionFeatures(tmp_path / "inception.onnx", threads=1)
    steps = []
    first = network.statistics(images, lambda done, total: steps.append((done, total)))
    brighter = network.statistics(images + 51)
    # All six features rise by 51 / 127.5.
    assert brighter.distance(first) == pytest.approx(6 * 0.4**2, rel=1e-4)
    assert steps[-1] == (20, 20)


def test_what_inception_has_seen_is_kept(comparison, tmp_path):
    write_network(tmp_path / "inception.onnx")
    comparison.run(tmp_path, keep_images=True)
    real = np.random.default_rng(1).integers(0, 256, (30, 28, 28), dtype=np.uint8)
    shown = []

    def stage(name):
        return lambda done, total: shown.append((done, total))

    found = inception_distances(comparison, tmp_path, tmp_path / "inception.onnx", real, stage)
    assert {name: len(each) for name, each in found.items()} == {"software": 2, "fair": 2, "control": 2}
    before = len(shown)
    again = inception_distances(comparison, tmp_path, tmp_path / "inception.onnx", real, stage)
    assert again == found
    assert len(shown) - before == 6  # one a cell, none for images


def test_a_file_that_is_no_inception_network_is_refused_in_one_line(tmp_path):
    from importlib import resources

    ours = resources.files("mtjlab.data") / "denoiser" / "features.onnx"
    with resources.as_file(ours) as path, pytest.raises(ValueError, match="is no Inception network") as refusal:
        InceptionFeatures(path)
    assert "\n" not in str(refusal.value)
    (tmp_path / "weights.pth").write_bytes(b"no network")
    with pytest.raises(ValueError, match="not an ONNX network"):
        InceptionFeatures(tmp_path / "weights.pth")
    with pytest.raises(ValueError, match="does not exist"):
        InceptionFeatures(tmp_path / "none.onnx")
