"""Which bits make which image."""

import numpy as np
import pytest

from mtjlab.analysis.diffusion import Ddim, Denoiser
from mtjlab.analysis.images_from_bits import ImagesFromBits
from mtjlab.analysis.noise import INVERSE_CDF16, BitNoise, BitSum, NotEnoughBits


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_an_image_is_made_of_its_own_bits_however_many_are_made(eta):
    recipe = ImagesFromBits(Ddim(4, eta))
    each = recipe.bits_per_image
    bits = np.random.default_rng(5).integers(0, 2, 67 * each, dtype=np.uint8)
    denoiser = Denoiser.shipped()
    many = recipe.make(denoiser, bits, 67)  # more than the batch of 64
    for k in (0, 1, 65):
        # Grey levels may differ by one: matrices of another size are summed in another order.
        (alone,) = recipe.make(denoiser, bits[k * each : (k + 1) * each], 1, labels=np.array([k % 10]))
        assert np.abs(alone.astype(int) - many[k]).max() <= 1
    few = recipe.make(denoiser, bits, 3)
    assert np.abs(few.astype(int) - many[:3]).max() <= 1
    # And of no others: the bits of image 1 changed, image 0 and 2 stay.
    bits[each : 2 * each] ^= 1
    changed = recipe.make(denoiser, bits, 3)
    assert [np.array_equal(changed[k], few[k]) for k in range(3)] == [True, False, True]


def test_anything_with_normals_drives_the_images(counted_noise):
    recipe, denoiser, noise = ImagesFromBits(Ddim(3, 1.0)), Denoiser.shipped(), counted_noise(4)
    images = recipe.make_of_noise(denoiser, noise, 2)
    assert noise.drawn == 2 * 784 * 3
    np.testing.assert_array_equal(images, recipe.make_of_noise(denoiser, counted_noise(4), 2))
    with pytest.raises(NotEnoughBits, match=r"for 1 of 3 images and 1 are missing .* 12,544 more bits and 12,543"):
        recipe.make_of_noise(denoiser, BitNoise(np.zeros(3 * 12_544 + 12_543, np.uint8), INVERSE_CDF16), 3)


def test_the_converters_say_how_many_bits_an_image_takes():
    recipe = ImagesFromBits(Ddim(4, 1.0), BitSum(2), BitSum(3))
    assert recipe.bits_per_image == 784 * (2 + 3 * 3)
    bits = np.random.default_rng(6).integers(0, 2, recipe.bits_per_image, dtype=np.uint8)
    image = recipe.make(Denoiser.shipped(), bits, 1)
    start = BitNoise(bits, BitSum(2))
    again = recipe.make_of_noise(Denoiser.shipped(), start, 1, step_noise=start.sharing(BitSum(3)))
    np.testing.assert_array_equal(image, again)
    assert start.bits_left == 0


class Waiting:
    """Counts pairs of bits until one is unequal, whose first bit is the sign: 4 bits a normal on average."""

    bits_per_normal = 4.0
    shift = 0.0

    def draw(self, count, take):
        signs = []
        while len(signs) < count:
            first, second = take(2).unpacked()
            if first != second:
                signs.append(2.0 * first - 1.0)
        return np.array(signs, np.float32)


def test_a_converter_that_rejects_takes_what_it_needs():
    recipe = ImagesFromBits(Ddim(2, 1.0), Waiting(), BitSum(1))
    assert recipe.bits_per_image == 784 * 5
    bits = np.random.default_rng(8).integers(0, 2, 3 * recipe.bits_per_image, dtype=np.uint8)
    noise = BitNoise(bits, Waiting())
    images = recipe.make_of_noise(Denoiser.shipped(), noise, 2, step_noise=noise.sharing(BitSum(1)))
    # A pair is unequal with probability 1/2: 2 bits times a number of trials of mean 2 and variance 2.
    assert noise.bits_used == pytest.approx(2 * recipe.bits_per_image, abs=4 * 2 * np.sqrt(2 * 2 * 784))
    assert images.shape == (2, 28, 28)
