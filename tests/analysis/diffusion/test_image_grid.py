"""The page of images."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion.image_grid import image_grid, write_image_grid


def test_every_image_stands_in_its_place_dark_on_white():
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    page = image_grid(images, columns=3, scale=2, gap=4)
    assert page.shape == (2 * 60 + 4, 3 * 60 + 4)
    for index, image in enumerate(images):
        top, left = 4 + index // 3 * 60, 4 + index % 3 * 60
        np.testing.assert_array_equal(255 - page[top : top + 56 : 2, left : left + 56 : 2], image)
        np.testing.assert_array_equal(255 - page[top + 1 : top + 56 : 2, left + 1 : left + 56 : 2], image)
    # The gaps and the empty sixth place are white.
    assert np.all(page[:4] == 255)
    assert np.all(page[64:, 124:] == 255)


def test_the_file_holds_the_page(tmp_path):
    image = pytest.importorskip("PIL.Image", reason="Pillow reads the file back")
    images = np.random.default_rng(1).integers(0, 256, (4, 28, 28), dtype=np.uint8)
    write_image_grid(tmp_path / "grid.png", images)
    with image.open(tmp_path / "grid.png") as file:
        np.testing.assert_array_equal(np.asarray(file), image_grid(images))


def test_four_images_make_a_square_page():
    page = image_grid(np.zeros((4, 28, 28), dtype=np.uint8))
    assert page.shape[0] == page.shape[1]


def test_what_is_no_page_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected uint8 images"):
        image_grid(np.zeros((4, 28, 28)))
    with pytest.raises(ValueError, match="expected uint8 images"):
        image_grid(np.zeros((0, 28, 28), dtype=np.uint8))
    with pytest.raises(ValueError, match="scale = 0"):
        image_grid(np.zeros((4, 28, 28), dtype=np.uint8), scale=0)
    with pytest.raises(ValueError, match="written as PNG"):
        write_image_grid(tmp_path / "grid.jpg", np.zeros((4, 28, 28), dtype=np.uint8))


def test_colours_stand_as_they_are():
    images = np.random.default_rng(1).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    page = image_grid(images, columns=2, scale=1, gap=1)
    assert page.shape == (10, 19, 3)
    np.testing.assert_array_equal(page[1:9, 10:18], images[1])
