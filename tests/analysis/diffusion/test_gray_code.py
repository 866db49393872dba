"""Images as bit planes."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion import bit_planes, images_of_planes

GREYS = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)


@pytest.mark.parametrize("planes", range(1, 9))
def test_neighbouring_levels_differ_in_one_bit(planes: int) -> None:
    levels = bit_planes(GREYS, planes)[0].reshape(planes, 256)[:, :: 256 >> planes]
    assert levels.shape[1] == 2**planes
    assert np.all(np.abs(np.diff(levels.astype(int), axis=1)).sum(axis=0) == 1)
    assert len({tuple(level) for level in levels.T}) == 2**planes


@pytest.mark.parametrize("planes", range(1, 9))
def test_images_come_back_on_evenly_spaced_levels(planes: int) -> None:
    back = images_of_planes(bit_planes(GREYS, planes)).ravel()
    assert (back[0], back[-1]) == (0, 255)
    assert np.array_equal(np.unique(back), np.rint(np.linspace(0, 255, 2**planes)))
    assert np.all(np.diff(back.astype(int)) >= 0)
    # Halves of a level: half of what was cut off, and half of what is spread from 0 to 255 again.
    assert np.abs(back.astype(int) - GREYS.ravel()).max() <= 256 / 2**planes
    assert planes < 8 or np.array_equal(back, GREYS.ravel())


def test_four_planes_of_a_level_are_its_gray_code() -> None:
    # Level 10 is 1010 in binary and 1111 in Gray code.
    assert bit_planes(np.full((1, 1, 1), 10 * 16 + 3, np.uint8))[0, :, 0, 0].tolist() == [1, 1, 1, 1]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="bit planes = 9: expected 1 to 8"):
        bit_planes(GREYS, 9)
    with pytest.raises(ValueError, match="float64 images of shape"):
        bit_planes(np.zeros((1, 2, 2)))
    with pytest.raises(ValueError, match="bit planes of shape"):
        images_of_planes(np.zeros((4, 2, 2), np.uint8))
