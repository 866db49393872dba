"""Which bits make which image."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion.denoiser import Denoiser
from mtjlab.analysis.images_from_bits import ImagesFromBits


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_an_image_is_made_of_its_own_bits_however_many_are_made(eta):
    recipe = ImagesFromBits(steps=4, eta=eta)
    each = recipe.bits_per_image
    bits = np.random.default_rng(5).integers(0, 2, 67 * each, dtype=np.uint8)
    denoiser = Denoiser.shipped()
    many = recipe.make(denoiser, bits, 67)  # more than the batch of 64
    for k in (0, 1, 65):
        # Grey levels may differ by one: matrices of another size are summed in another order.
        (alone,) = recipe.make(denoiser, bits[k * each : (k + 1) * each], 1)
        assert np.abs(alone.astype(int) - many[k]).max() <= 1
    few = recipe.make(denoiser, bits, 3)
    assert np.abs(few.astype(int) - many[:3]).max() <= 1
    # And of no others: the bits of image 1 changed, image 0 and 2 stay.
    bits[each : 2 * each] ^= 1
    changed = recipe.make(denoiser, bits, 3)
    assert [np.array_equal(changed[k], few[k]) for k in range(3)] == [True, False, True]
