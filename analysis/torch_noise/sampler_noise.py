"""Noise of a source in the places that diffusers and k-diffusion have for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from mtjlab.analysis.noise import NoiseSource
from mtjlab.analysis.torch_noise.normal_tensor import normal_tensor

__all__ = ["noise_sampler", "variance_noise"]


def variance_noise(source: NoiseSource, sample: torch.Tensor) -> torch.Tensor:
    """Draw the noise of a step, for schedulers of diffusers whose ``step`` takes ``variance_noise``.

    `DDIMScheduler`, `DDIMParallelScheduler`, `CogVideoXDDIMScheduler` and `DPMSolverMultistepScheduler` do. Others,
    `DDPMScheduler` among them, draw it themselves: for these there is `feeding_torch`.

    Parameters
    ----------
    source
        Where the noise comes from.
    sample
        Noisy images of the step, whose shape, type and device the noise takes.

    Returns
    -------
    torch.Tensor
        Normals.

    Examples
    --------
    >>> step = scheduler.step(  # doctest: +SKIP
    ...     unet(x, t).sample, t, x, eta=1.0, variance_noise=variance_noise(source, x)
    ... )
    """
    return normal_tensor(source, sample.shape, dtype=sample.dtype, device=sample.device)


def noise_sampler(source: NoiseSource, x: torch.Tensor) -> Callable[[Any, Any], torch.Tensor]:
    """Make the argument ``noise_sampler`` of the stochastic samplers of k-diffusion.

    Parameters
    ----------
    source
        Where the noise comes from.
    x
        Noise that the sampler begins with, whose shape, type and device the noise of the steps takes.

    Returns
    -------
    Callable
        Takes the noise levels between which the step goes, sigma and sigma_next, which change nothing: the noise of
        steps is independent. Returns normals of unit variance.

    Examples
    --------
    >>> x = variance_noise(source, torch.empty(4, 1, 28, 28)) * sigmas[0]  # doctest: +SKIP
    >>> sample_euler_ancestral(model, x, sigmas, noise_sampler=noise_sampler(source, x))  # doctest: +SKIP
    """
    return lambda sigma, sigma_next: variance_noise(source, x)
