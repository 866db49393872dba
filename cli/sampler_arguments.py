"""The arguments that say how images are made of bits: sampler, steps, converters."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.numbers import integer, real
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.diffusion import Sampler

__all__ = ["BothConverters", "add_sampler_arguments", "chosen_sampler"]

SAMPLER, START, RENEWAL = "ddim", "inverse-cdf16", "bit-sum-1"


def add_sampler_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--steps``, ``--eta``, ``--sampler``, ``--noise`` and its halves ``--converter``, ``--step-converter``."""
    parser.add_argument("--steps", type=integer(1, 1000), default=50, help="denoising steps (default: 50)")
    parser.add_argument(
        "--sampler",
        choices=SAMPLERS.names(),
        default=SAMPLER,
        help=f"rule of the steps (default: {SAMPLER}); 20 steps of dpm-solver++ are as good as 50 of ddim",
    )
    parser.add_argument(
        "--eta",
        type=real(0.0, 1.0),
        help="share of the noise that each step of ddim renews: 0 (default) to 1, which is ddpm",
    )
    names = NOISE_CONVERTERS.names()
    parser.add_argument(
        "--noise",
        metavar="CONVERTER[+STEP_CONVERTER]",
        action=BothConverters,
        help="how bits become the initial noise, and after + that of the steps; one alone makes both "
        f"(default: {START}+{RENEWAL}). There are: {', '.join(names)}",
    )
    parser.add_argument(
        "--converter", choices=names, default=START, help="the first half of --noise: the initial noise"
    )
    parser.add_argument(
        "--step-converter", choices=names, default=RENEWAL, help="the second half of --noise: the noise of the steps"
    )


def chosen_sampler(arguments: argparse.Namespace) -> "Sampler":
    """Make the sampler that the arguments of `add_sampler_arguments` ask for.

    Raises
    ------
    InputError
        If the sampler has another eta than the one asked for.
    """
    sampler = SAMPLERS.load(arguments.sampler)(arguments.steps, arguments.eta)
    has = getattr(sampler, "eta", arguments.eta)
    if arguments.eta not in (None, has):
        raise InputError(f"--eta {arguments.eta:g}: --sampler {arguments.sampler} has eta = {has:g}; leave --eta out")
    return sampler


class BothConverters(argparse.Action):
    """Take both converters at once."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Set the two converters."""
        names = NOISE_CONVERTERS.names()
        start, plus, renewal = str(values).partition("+")
        for name in (start, renewal) if plus else (start,):
            if name not in names:
                raise argparse.ArgumentError(self, f"no converter {name!r} (choose from {', '.join(names)})")
        namespace.converter, namespace.step_converter = start, renewal if plus else start
