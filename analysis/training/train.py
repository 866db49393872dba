"""Train the denoiser on v-prediction.

    v = alpha eps - sigma x_0,    loss = mean (net(alpha x_0 + sigma eps, t) - v)^2,    t uniform in (0, 1)

Every epoch is seeded by (seed, epoch), and a checkpoint is kept after each, so that a training that
was stopped continues as if it had not been.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import CosineSchedule
from mtjlab.analysis.training.checkpoint_file import load_checkpoint
from mtjlab.analysis.training.unet import UNet
from mtjlab.core import InputError, new_file

__all__ = ["Training", "TrainingSettings"]


@dataclasses.dataclass(frozen=True)
class TrainingSettings:
    """What a training is told."""

    epochs: int = 24
    """Passes over the images."""
    batch_size: int = 128
    """Images a step."""
    learning_rate: float = 2e-3
    """Peak learning rate of AdamW; it warms up over 500 steps and falls to zero as a cosine."""
    ema_decay: float = 0.999
    """Decay a step of the exponential moving average of the weights, which is what is kept."""
    width: int = 32
    """Channels of the U-Net at 14 x 14."""
    seed: int = 1
    """Seed of the weights, the order of the images, the times and the noise."""


class Training:
    """A training of the denoiser, which can be stopped and taken up again.

    Parameters
    ----------
    images
        uint8, shape (N, 28, 28).
    settings
        What the training is told.
    checkpoint
        File that is written after each epoch; if it exists, the training continues from it.

    Raises
    ------
    ValueError
        If there are fewer images than one batch takes, or if `checkpoint` was made with other settings.
    """

    def __init__(self, images: NDArray[np.uint8], settings: TrainingSettings, checkpoint: Path) -> None:
        if len(images) < settings.batch_size:
            raise InputError(f"{len(images)} images are fewer than one batch of {settings.batch_size}")
        self.settings = settings
        self.checkpoint = checkpoint
        self.losses: list[float] = []
        self._images = torch.from_numpy(images.astype(np.float32) / 127.5 - 1.0)[:, None]
        self._schedule = CosineSchedule()
        torch.manual_seed(settings.seed)
        # Channels last suits the convolutions of CPUs (half as much again on some).
        self._net = UNet(settings.width)
        self._net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._average = UNet(settings.width)
        self._average.load_state_dict(self._net.state_dict())
        self._optimizer = torch.optim.AdamW(self._net.parameters(), settings.learning_rate, weight_decay=1e-4)
        if checkpoint.exists():
            self._load()

    @property
    def steps_per_epoch(self) -> int:
        """Steps an epoch; the last, incomplete batch is left out."""
        return len(self._images) // self.settings.batch_size

    @property
    def denoiser(self) -> UNet:
        """The averaged network."""
        return self._average.eval()

    def run(self, progress: Callable[[int, int, float], None] = lambda step, steps, loss: None) -> None:
        """Train until all epochs are done.

        Parameters
        ----------
        progress
            Called after every step with the steps done, the steps in all and the loss of this step.
        """
        for epoch in range(len(self.losses), self.settings.epochs):
            self.losses.append(self._epoch(epoch, progress))
            self._save()

    def _epoch(self, epoch: int, progress: Callable[[int, int, float], None]) -> float:
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + epoch)
        order = torch.randperm(len(self._images), generator=generator)
        size, steps = self.settings.batch_size, self.steps_per_epoch
        total = 0.0
        for index in range(steps):
            batch = self._images[order[index * size : (index + 1) * size]]
            step = epoch * steps + index
            for group in self._optimizer.param_groups:
                group["lr"] = self._learning_rate(step)
            loss = self._step(batch, generator)
            self._follow(step)
            total += loss
            progress(step + 1, steps * self.settings.epochs, loss)
        return total / steps

    def _learning_rate(self, step: int) -> float:
        fraction = step / (self.steps_per_epoch * self.settings.epochs)
        # A float, not a numpy scalar: it is saved with the optimizer, and torch reads back plain types only.
        return float(self.settings.learning_rate * min(1.0, (step + 1) / 500) * 0.5 * (1 + np.cos(np.pi * fraction)))

    def _step(self, batch: torch.Tensor, generator: torch.Generator) -> float:
        count = len(batch)
        # One time in each of `count` equal slices: the loss varies less than with independent times.
        slices = torch.arange(count) + torch.rand(count, generator=generator)
        time = slices / count
        alpha, sigma = (
            torch.from_numpy(weight(time.numpy()).astype(np.float32))[:, None, None, None]
            for weight in (self._schedule.alpha, self._schedule.sigma)
        )
        noise = torch.randn(batch.shape, generator=generator)
        noisy = (alpha * batch + sigma * noise).contiguous(memory_format=torch.channels_last)
        loss = torch.nn.functional.mse_loss(self._net(noisy, time), alpha * noise - sigma * batch)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _follow(self, step: int) -> None:
        """Move the averaged weights; early on, faster, so that the start is forgotten."""
        decay = min(self.settings.ema_decay, (1 + step) / (10 + step))
        with torch.no_grad():
            for average, weight in zip(self._average.parameters(), self._net.parameters(), strict=True):
                average.lerp_(weight, 1 - decay)

    def _save(self) -> None:
        state = {
            "settings": dataclasses.asdict(self.settings),
            "losses": self.losses,
            "net": self._net.state_dict(),
            "average": self._average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        with new_file(self.checkpoint, overwrite=True) as partial:
            torch.save(state, partial)

    def _load(self) -> None:
        state = load_checkpoint(self.checkpoint)
        if state["settings"] != dataclasses.asdict(self.settings):
            raise InputError(
                f"{self.checkpoint} was made with {state['settings']}: remove it, or train with the same settings"
            )
        self.losses = state["losses"]
        self._net.load_state_dict(state["net"])
        self._average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
