"""The noise of other people's samplers: diffusers' pipelines and schedulers, and loops in the manner of k-diffusion."""

from __future__ import annotations

import importlib
import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install '.[train]'")

from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16, BitNoise, NotEnoughBits, PseudoRandomNoise  # noqa: E402
from mtjlab.analysis.torch_noise.feeding import feeding_torch  # noqa: E402
from mtjlab.analysis.torch_noise.sampler_noise import noise_sampler, variance_noise  # noqa: E402
from mtjlab.core import Bits  # noqa: E402

IMAGE = 8 * 8


@pytest.fixture(scope="module")
def diffusers():
    return pytest.importorskip("diffusers", reason="needs diffusers: pip install '.[train]'")


@pytest.fixture(scope="module")
def unet(diffusers):
    """Make a small U-Net of random weights."""
    torch.manual_seed(1)
    return diffusers.UNet2DModel(
        sample_size=8,
        in_channels=1,
        out_channels=1,
        layers_per_block=1,
        block_out_channels=(8, 8),
        norm_num_groups=4,
        down_block_types=("DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D"),
    ).eval()


def pipeline(diffusers, unet):
    made = diffusers.DDPMPipeline(unet, diffusers.DDPMScheduler(num_train_timesteps=10))
    made.set_progress_bar_config(disable=True)
    return made


def test_a_pipeline_of_diffusers_takes_every_normal_from_bits(diffusers, unet, monkeypatch):
    bits = Bits(np.random.default_rng(2).integers(0, 2, 16 * 10 * 2 * IMAGE))
    source = BitNoise(bits, INVERSE_CDF16)
    with feeding_torch(source) as fed:
        images = pipeline(diffusers, unet)(batch_size=2, num_inference_steps=10, output_type="np").images
    # One normal a pixel to start with, and one for each of the ten steps but the last.
    assert fed.normals == 2 * IMAGE * 10
    assert (source.bits_used, source.bits_left) == (16 * fed.normals, 0)
    assert not fed.left_to_torch
    assert images.shape == (2, 8, 8, 1)

    # They are the images of these bits: the same where diffusers' own function hands the normals over.
    again = BitNoise(bits, INVERSE_CDF16)
    for module in ("pipelines.ddpm.pipeline_ddpm", "schedulers.scheduling_ddpm"):
        monkeypatch.setattr(
            importlib.import_module(f"diffusers.{module}"),
            "randn_tensor",
            lambda shape, **_: torch.from_numpy(again.normal(tuple(shape))),
        )
    handed = pipeline(diffusers, unet)(batch_size=2, num_inference_steps=10, output_type="np").images
    np.testing.assert_array_equal(images, handed)


def test_a_pipeline_ends_where_the_bits_end(diffusers, unet):
    source = BitNoise(Bits(np.random.default_rng(2).integers(0, 2, 16 * 3 * IMAGE)), INVERSE_CDF16)
    with feeding_torch(source), pytest.raises(NotEnoughBits, match="needs 1,024 more bits and 0 of 3,072"):
        pipeline(diffusers, unet)(num_inference_steps=10, output_type="np")


SCHEDULERS = {
    "DDIMScheduler": ({}, {"eta": 1.0}),
    "DDIMParallelScheduler": ({}, {"eta": 1.0}),
    "DPMSolverMultistepScheduler": ({"algorithm_type": "sde-dpmsolver++"}, {}),
}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # diffusers asks torch for arrays
@pytest.mark.parametrize("name", SCHEDULERS)
def test_schedulers_take_their_noise(diffusers, unet, name):
    settings, step = SCHEDULERS[name]
    bits = Bits(np.random.default_rng(3).integers(0, 2, 100_000))

    def sampled(by_argument):
        scheduler = getattr(diffusers, name)(**settings)
        scheduler.set_timesteps(5)
        start = BitNoise(bits, INVERSE_CDF16)
        steps = start.sharing(BIT_SUM_1)
        x = variance_noise(start, torch.empty(1, 1, 8, 8))
        with torch.no_grad():
            for t in scheduler.timesteps:
                v = unet(x, t).sample
                if by_argument:
                    x = scheduler.step(v, t, x, **step, variance_noise=variance_noise(steps, x)).prev_sample
                else:
                    with feeding_torch(steps):
                        x = scheduler.step(v, t, x, **step).prev_sample
        return x, start.bits_used

    (given, used), (fed, fed_used) = sampled(by_argument=True), sampled(by_argument=False)
    assert used == fed_used == IMAGE * (16 + 5)
    torch.testing.assert_close(given, fed)


def euler_ancestral(model, x, sigmas, noise_sampler):
    """Sample as k-diffusion's ``sample_euler_ancestral`` does: Karras et al. (2022), with noise added at each step."""
    for sigma, sigma_next in itertools.pairwise(sigmas):
        up = min(sigma_next, (sigma_next**2 * (sigma**2 - sigma_next**2) / sigma**2) ** 0.5)
        down = (sigma_next**2 - up**2) ** 0.5
        x = x + (x - model(x, sigma)) / sigma * (down - sigma)
        if sigma_next > 0:
            x = x + noise_sampler(sigma, sigma_next) * up
    return x


def test_a_loop_in_the_manner_of_k_diffusion_takes_its_noise():
    # Data that are normal of variance 1 have the denoiser x / (1 + sigma^2). Every step then keeps the noisy data's
    # variance, 1 + sigma^2, up to the step's length, and takes one normal a pixel, but for the last.
    source = PseudoRandomNoise(5)
    sigmas = [*np.geomspace(10.0, 0.05, 60).tolist(), 0.0]
    x = variance_noise(source, torch.empty(20_000, dtype=torch.float64)) * sigmas[0]
    asked = []
    sampler = noise_sampler(source, x)

    def counting(sigma, sigma_next):
        noise = sampler(sigma, sigma_next)
        asked.append(noise)
        return noise

    images = euler_ancestral(lambda x, sigma: x / (1 + sigma**2), x, sigmas, counting)
    assert len(asked) == len(sigmas) - 2
    assert {(each.shape, each.dtype) for each in asked} == {(x.shape, x.dtype)}
    assert images.var().item() == pytest.approx(1.0, abs=0.1)
    assert images.mean().item() == pytest.approx(0.0, abs=0.03)
