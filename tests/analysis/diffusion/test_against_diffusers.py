"""Each sampler against the scheduler of diffusers that does the same, step by step."""

import itertools

import numpy as np
import pytest

from mtjlab.analysis.diffusion import CosineSchedule, Ddim, Ddpm, DpmSolver, Heun, SdeDpmSolver

pytest.importorskip("diffusers", reason="diffusers comes with the extra 'train'")
torch = pytest.importorskip("torch", reason="torch comes with the extra 'train'")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:diffusers")

STEPS, SHAPE = 20, (3, 8, 8)


class Bent:
    """A denoiser that is no straight line in x or t; what it guesses leaves [-1, 1] here and there."""

    image_shape = SHAPE[1:]

    def predict_v(self, x, t):
        t = float(t)
        return np.sin(2.0 * x + 3.0 * t) + 0.3 * t * x


def normals(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def ours(sampler, x, z):
    """Yield the noisy images after each step."""
    if hasattr(sampler, "start"):
        sampler = sampler.start()
    for index, (time, next_time) in enumerate(itertools.pairwise(sampler.times.tolist())):
        x = sampler.step(Bent(), x, time, next_time, z[index] if index < sampler.renewals else None)
        yield x


def discrete(scheduler_class, schedule, **settings):
    """Make a scheduler of diffusers whose K training steps are ours, the noisiest last."""
    scheduler = scheduler_class(num_train_timesteps=STEPS, prediction_type="v_prediction", **settings)
    alphas = schedule.alpha(schedule.times(STEPS)[:-1])[::-1].copy()
    scheduler.alphas_cumprod = torch.from_numpy(alphas**2)
    scheduler.set_timesteps(STEPS)
    assert scheduler.timesteps.tolist() == list(range(STEPS))[::-1]
    return scheduler


def in_sigma(scheduler_class, schedule, **settings):
    """Make a scheduler of diffusers that counts in sigma / alpha, from ours to 0."""
    scheduler = scheduler_class(num_train_timesteps=1000, prediction_type="v_prediction", **settings)
    scheduler.set_timesteps(STEPS)
    times = schedule.times(STEPS)
    scheduler.sigmas = torch.from_numpy(schedule.sigma(times) / schedule.alpha(times))
    return scheduler


@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("clip", [True, False])
def test_ddim(eta, clip):
    from diffusers import DDIMScheduler

    sampler = Ddim(STEPS, eta, clip=clip)
    scheduler = discrete(DDIMScheduler, sampler.schedule, clip_sample=clip, set_alpha_to_one=True)
    x, z = normals(1, *SHAPE), normals(2, STEPS, *SHAPE)
    theirs = torch.from_numpy(x)
    for index, found in enumerate(ours(sampler, x, z)):
        v = torch.from_numpy(Bent().predict_v(theirs.numpy(), sampler.times[index]))
        noise = torch.from_numpy(z[index]) if eta and index < STEPS - 1 else None
        theirs = scheduler.step(
            v,
            STEPS - 1 - index,
            theirs,
            eta=eta if noise is not None else 0.0,
            use_clipped_model_output=True,
            variance_noise=noise,
        ).prev_sample
        np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("clip", [True, False])
def test_ddpm(clip):
    from diffusers import DDPMScheduler

    sampler = Ddpm(STEPS, clip=clip)
    scheduler = discrete(DDPMScheduler, sampler.schedule, clip_sample=clip, variance_type="fixed_small")
    generator = torch.Generator().manual_seed(3)  # the scheduler draws; a second generator draws the same for us
    z = [torch.randn(SHAPE, generator=generator).numpy() for _ in range(STEPS - 1)]
    generator = torch.Generator().manual_seed(3)
    x = normals(1, *SHAPE)
    theirs = torch.from_numpy(x)
    for index, found in enumerate(ours(sampler, x, z)):
        v = torch.from_numpy(Bent().predict_v(theirs.numpy(), sampler.times[index]))
        theirs = scheduler.step(v, STEPS - 1 - index, theirs, generator=generator).prev_sample
        np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", [DpmSolver, SdeDpmSolver])
@pytest.mark.parametrize("spacing", ["time", "log-snr"])
def test_dpm_solver(kind, spacing):
    from diffusers import DPMSolverMultistepScheduler

    # diffusers counts in log(alpha / sigma) from the first step on, which is finite only below time 1.
    sampler = kind(STEPS, schedule=CosineSchedule(spacing, first=0.999), clip=False)
    algorithm = "dpmsolver++" if kind is DpmSolver else "sde-dpmsolver++"
    scheduler = in_sigma(
        DPMSolverMultistepScheduler,
        sampler.schedule,
        algorithm_type=algorithm,
        solver_order=2,
        solver_type="midpoint",
        final_sigmas_type="zero",
    )
    x, z = normals(1, *SHAPE), normals(2, STEPS, *SHAPE)
    theirs = torch.from_numpy(x)
    for index, found in enumerate(ours(sampler, x, z)):
        v = torch.from_numpy(Bent().predict_v(theirs.numpy(), sampler.times[index]))
        noise = torch.from_numpy(z[index])
        theirs = scheduler.step(v, scheduler.timesteps[index], theirs, variance_noise=noise).prev_sample
        np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("clip", [True, False])
def test_heun(clip):
    from diffusers import HeunDiscreteScheduler

    sampler = Heun(STEPS, schedule=CosineSchedule(first=0.999), clip=clip)
    scheduler = in_sigma(HeunDiscreteScheduler, sampler.schedule, clip_sample=clip)
    single = scheduler.sigmas
    scheduler.sigmas = torch.cat([single[:1], single[1:-1].repeat_interleave(2), single[-1:]])
    # In double precision: the scheduler's numbers begin at 1 / alpha = 637, where single precision ends at 1e-4.
    x, look = normals(1, *SHAPE).astype(np.float64), 0
    theirs = torch.from_numpy(x) / sampler.schedule.alpha(sampler.times[0])
    for index, found in enumerate(ours(sampler, x, [])):
        for time in sampler.times[index : index + (1 if index == STEPS - 1 else 2)]:
            scaled = (theirs * sampler.schedule.alpha(time)).numpy()
            v = torch.from_numpy(Bent().predict_v(scaled, time))
            theirs = scheduler.step(v, scheduler.timesteps[look], theirs).prev_sample
            look += 1
        np.testing.assert_allclose(found, theirs * sampler.schedule.alpha(sampler.times[index + 1]), rtol=0, atol=1e-5)
    assert look == 2 * STEPS - 1
