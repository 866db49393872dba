"""Data sets: idx files, gzipped or not, and pictures in folders."""

import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.training.image_files import load_images
from mtjlab.core import InputError


def test_images_and_labels_are_read_from_gzipped_and_plain_files(dataset_folder):
    data = load_images(dataset_folder)
    images, labels = data.images, data.labels
    assert images.shape == (500, 28, 28)
    assert labels.shape == (500,)
    # A rectangle labelled k is 2 (k + 2) wide.
    widths = (images.max(axis=1) > 0).sum(axis=1)
    np.testing.assert_array_equal(widths, 2 * (labels.astype(int) + 2))
    assert len(load_images(dataset_folder, "test")) == 100
    assert data.classes == tuple("0123456789")


def test_a_missing_file_says_where_to_get_it(tmp_path):
    with pytest.raises(InputError, match="dataset-fashion-mnist"):
        load_images(tmp_path)


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
        load_images(tmp_path)


def test_damaged_gzip_is_refused(tmp_path):
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(b"\x1f\x8b\x08nothing")
    with pytest.raises(InputError, match="get it again"):
        load_images(tmp_path)


def pictures(folder, shape, count=10):
    folder.mkdir(parents=True)
    for number in range(count):
        Image.fromarray(np.full(shape, number, dtype=np.uint8)).save(folder / f"{number:02}.png")


def test_pictures_in_colour_are_read_with_the_folders_as_classes(tmp_path):
    for part, count in (("train", 3), ("test", 2)):
        for name in ("mug", "ant"):
            pictures(tmp_path / part / name, (32, 32, 3), count)
    train, test = load_images(tmp_path), load_images(tmp_path, "test")
    assert train.classes == ("ant", "mug")
    assert train.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert train.image_shape == (3, 32, 32)
    assert train.images[2, 5, 5, 1] == 2
    assert len(test) == 4


def test_every_tenth_picture_is_to_test_with_where_the_folder_is_not_divided(tmp_path):
    pictures(tmp_path / "mug", (28, 28))
    pictures(tmp_path / "ant", (28, 28))
    train, test = load_images(tmp_path), load_images(tmp_path, "test")
    assert (len(train), len(test)) == (18, 2)
    assert test.images[:, 0, 0].tolist() == [9, 9]
    assert train.image_shape == (28, 28)


@pytest.mark.parametrize(
    ("shape", "other", "message"),
    [((30, 30), None, "28 or 32 pixels"), ((28, 28), (28, 28, 3), "one size, all grey or all in colour")],
)
def test_pictures_of_other_or_different_sizes_are_refused(tmp_path, shape, other, message):
    pictures(tmp_path / "train" / "ant", shape)
    if other:
        pictures(tmp_path / "train" / "mug", other)
    with pytest.raises(InputError, match=message):
        load_images(tmp_path)


def test_a_file_that_is_no_picture_is_named(tmp_path):
    pictures(tmp_path / "ant", (28, 28))
    (tmp_path / "ant" / "00.png").write_bytes(b"none")
    with pytest.raises(InputError, match=r"00\.png cannot be read as a picture"):
        load_images(tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        load_images(tmp_path / "gone")
