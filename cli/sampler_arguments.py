"""The arguments that say how images are made of bits: sampler, steps, converters."""

import argparse

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.numbers import integer, real

__all__ = ["add_sampler_arguments"]

SAMPLER, START, RENEWAL = "ddim", "inverse-cdf16", "bit-sum-1"


def add_sampler_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--steps``, ``--eta``, ``--sampler``, ``--converter`` and ``--step-converter``."""
    parser.add_argument("--steps", type=integer(1, 1000), default=50, help="denoising steps (default: 50)")
    parser.add_argument(
        "--eta",
        type=real(0.0, 1.0),
        default=0.0,
        help="share of the noise that each step renews: 0 (DDIM, default) to 1 (DDPM, one bit a pixel and step more)",
    )
    parser.add_argument(
        "--sampler", choices=SAMPLERS.names(), default=SAMPLER, help=f"rule of the steps (default: {SAMPLER})"
    )
    parser.add_argument(
        "--converter",
        choices=NOISE_CONVERTERS.names(),
        default=START,
        help=f"how bits become the initial noise (default: {START}, 16 bits a pixel)",
    )
    parser.add_argument(
        "--step-converter",
        choices=NOISE_CONVERTERS.names(),
        default=RENEWAL,
        help=f"how bits become the noise of the steps, with --eta (default: {RENEWAL}, plus or minus one)",
    )
