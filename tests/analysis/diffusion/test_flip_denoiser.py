"""The shipped denoiser of flipped bits: what it says of bits, and what it makes."""

import json
from importlib import resources

import numpy as np
import pytest

from mtjlab.analysis.diffusion import (
    BernoulliTree,
    BitFlipSampler,
    Features,
    FlipDenoiser,
    FlipSchedule,
    SoftwareBernoulli,
    bit_planes,
    images_of_planes,
    sample_planes,
)
from mtjlab.analysis.noise import SoftwareBits

FOLDER = resources.files("mtjlab.data") / "denoiser"


@pytest.fixture(scope="module")
def denoiser():
    return FlipDenoiser.shipped(threads=1)


@pytest.fixture(scope="module")
def made(denoiser):
    return sample_planes(BitFlipSampler(25), denoiser, 40, SoftwareBernoulli(1), batch=40)


def test_it_is_small_and_knows_the_ten_classes(denoiser):
    assert len((FOLDER / "flip_denoiser.onnx").read_bytes()) <= 5_000_000
    card = json.loads((FOLDER / "flip_denoiser.json").read_text("utf-8"))
    assert (list(denoiser.classes), denoiser.planes_shape) == (card["classes"], (4, 28, 28))
    assert len(denoiser.classes) == 10


def test_its_garments_are_those_that_were_asked_for(made):
    # The classifier names 92 % of real images rightly. By chance it would name one in ten.
    labels = Features.shipped(threads=1).labels(images_of_planes(made))
    assert np.mean(labels == np.arange(40) % 10) >= 0.7


def test_bits_of_an_image_that_were_flipped_are_found(denoiser, made):
    images, time = images_of_planes(made), 0.3
    planes = bit_planes(images)
    flipped = np.random.default_rng(2).random(planes.shape) < float(FlipSchedule().flipped(time))
    seen = planes ^ flipped.astype(np.uint8)
    asked = denoiser.of_classes(np.arange(40) % 10)
    guess = asked.ones(seen, time) > 0.5
    # A bit by itself is wrong as often as it was flipped; its neighbours know better.
    assert np.mean(guess != planes) < 0.5 * np.mean(flipped)


def test_at_fair_bits_it_says_what_is_usual_for_the_class(denoiser):
    fair = np.random.default_rng(3).integers(0, 2, (20, 4, 28, 28), dtype=np.uint8)
    trousers, bags = (denoiser.of_classes(np.full(20, number)).ones(fair, 1.0).mean(axis=0) for number in (1, 8))
    # Trousers are narrow: the corners of the picture are black, and of a bag the sides are not.
    assert trousers[0, 14, :3].max() < 0.1
    assert bags[0, 18, 3:25].mean() > trousers[0, 18, [3, 4, 5, 22, 23, 24]].mean()


def test_recorded_bits_through_a_tree_make_images_of_their_own(denoiser, made):
    tree = BernoulliTree(SoftwareBits(5))
    images = sample_planes(BitFlipSampler(10), denoiser, 2, tree, batch=2)
    again = sample_planes(BitFlipSampler(10), denoiser, 2, BernoulliTree(SoftwareBits(5)), batch=2)
    assert np.array_equal(images, again)
    assert not np.array_equal(images, made[:2])
    # The fair start takes one bit, a draw two at most in the mean, and those that are nearly certain take two as well.
    cells = 2 * 4 * 784
    assert cells < tree.bits_used < 2.1 * 10 * cells


def test_labels_that_do_not_fit_are_refused(denoiser):
    bits = np.zeros((3, 4, 28, 28), np.uint8)
    with pytest.raises(ValueError, match="labels from 0 to 11: expected 0 to 9, or 10 for any class"):
        denoiser.of_classes(np.array([0, 5, 11]))
    with pytest.raises(ValueError, match="2 labels for 3 images"):
        denoiser.of_classes(np.array([0, 5])).ones(bits, 0.5)
    with pytest.raises(ValueError, match="does not exist"):
        FlipDenoiser(FOLDER / "nothing.onnx")
    with pytest.raises(ValueError, match=r"log_odds|inputs|outputs"):
        FlipDenoiser(FOLDER / "denoiser.onnx")
