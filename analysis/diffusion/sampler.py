"""What a sampler is: the rule by which noise becomes an image, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from mtjlab.core import Registry

if TYPE_CHECKING:  # a command's arguments name the samplers, and loading numpy for that would take its time
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.analysis.diffusion.v_prediction import VPrediction

__all__ = ["SAMPLERS", "MultistepSampler", "Sampler", "SamplerKind"]


class Sampler(Protocol):
    """A rule with its number of steps. `sample` makes images with it."""

    @property
    def times(self) -> NDArray[np.float64]:
        """Times of the steps from pure noise to the image, shape (steps + 1,), falling from 1 to 0."""
        ...

    @property
    def renewals(self) -> int:
        """Steps that take noise: the first so many."""
        ...

    def step(
        self,
        denoiser: VPrediction,
        x: NDArray[np.float32],
        time: float,
        next_time: float,
        z: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Take one step.

        Parameters
        ----------
        denoiser
            What predicts v.
        x
            Noisy images, of any shape: a sampler treats every number alike.
        time, next_time
            Where the step starts and ends, 1 >= time > next_time >= 0.
        z
            Normals of the shape of `x`; None from step number `renewals` on.

        Returns
        -------
        NDArray
            The less noisy images, shape of `x`.
        """
        ...


@runtime_checkable
class MultistepSampler(Sampler, Protocol):
    """A sampler whose steps remember what came before: it is asked for a new one for each batch of images."""

    def start(self) -> Sampler:
        """Return the same sampler with nothing to remember.

        Returns
        -------
        Sampler
            Takes the steps of one batch, each once and in order.
        """
        ...


class SamplerKind(Protocol):
    """What makes samplers of one kind: their class, say.

    A package brings one of its own as an entry point in the group ``mtjlab.samplers``.
    """

    def __call__(self, steps: int, eta: float | None) -> Sampler:
        """Make a sampler.

        Parameters
        ----------
        steps
            Number of denoising steps, at least 1.
        eta
            Share of the noise that each step renews: 0 (none) to 1 (all). None: what is usual for this kind.

        Raises
        ------
        InputError
            If there is no such sampler of this kind.
        """
        ...


SAMPLERS: Registry[SamplerKind] = Registry("mtjlab.samplers", "sampler")
"""The kinds of samplers that are installed."""
