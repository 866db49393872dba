"""idx files, gzipped or not."""

import numpy as np
import pytest

from mtjlab.analysis.training.fashion_mnist import load_fashion_mnist
from mtjlab.core import InputError


def test_images_and_labels_are_read_from_gzipped_and_plain_files(dataset_folder):
    images, labels = load_fashion_mnist(dataset_folder)
    assert images.shape == (500, 28, 28)
    assert labels.shape == (500,)
    # A rectangle labelled k is 2 (k + 2) wide.
    widths = (images.max(axis=1) > 0).sum(axis=1)
    np.testing.assert_array_equal(widths, 2 * (labels.astype(int) + 2))
    assert len(load_fashion_mnist(dataset_folder, "t10k")[0]) == 100


def test_a_missing_file_says_where_to_get_it(tmp_path):
    with pytest.raises(InputError, match="dataset-fashion-mnist"):
        load_fashion_mnist(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an idx file"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x01\x00\x00\x00\x00", "not an idx file of bytes"),
        (b"\x00\x00\x08\x03\x00\x00", "ends within the header"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x05abc", "says .5. values and holds 3"),
    ],
)
def test_a_file_that_is_no_idx_is_refused(tmp_path, content, message):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        load_fashion_mnist(tmp_path)
