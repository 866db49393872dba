"""Train the denoiser: on added normals, to predict v, or on flipped bits, to predict the bits (`forward_process`).

What a step draws follows from (seed, step), the order of the images from (seed, epoch), and the noise from software or
from bits, each taken once. A checkpoint is kept every minute and when the training is stopped, so that one that was
stopped continues as if it had not been.
"""

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mtjlab.analysis.noise import NoiseSource
from mtjlab.analysis.training.checkpoint_file import load_checkpoint, save_checkpoint
from mtjlab.analysis.training.flip_finishing import write_flip_preview
from mtjlab.analysis.training.flip_network import FlipNetwork
from mtjlab.analysis.training.forward_process import forward_process
from mtjlab.analysis.training.preview import write_preview
from mtjlab.analysis.training.training_images import TrainingImages
from mtjlab.analysis.training.training_settings import TrainingSettings
from mtjlab.analysis.training.unet import UNet
from mtjlab.core import InputError

__all__ = ["Training"]

SAVE_EVERY = 60.0
"""Seconds of training that a kill may lose."""
WARM_UP = 500
"""Steps over which the learning rate rises."""
Progress = Callable[[int, int, float], None]


class Training:
    """A training of the denoiser, which can be stopped at any moment and continued.

    Parameters
    ----------
    images
        Images to learn from: an `TrainingImages`, or grey ones without labels, uint8, shape (N, side, side).
    settings
        What the training is told.
    checkpoint
        File that is written every minute, when the training stops and when it ends; if it exists, the training
        continues from it.
    noise
        Where the noise of the forward process comes from; None is software's, by the seed.
    device
        Where torch computes: ``cpu``, ``cuda``.

    Raises
    ------
    InputError
        If there are fewer images than one batch takes, if `checkpoint` was made with other settings (`epochs` may
        differ), if a conditional training has no labels, or if torch has no such device.
    NotEnoughBits
        If `noise` has fewer bits than the training has used before.
    """

    def __init__(
        self,
        images: TrainingImages | NDArray[np.uint8],
        settings: TrainingSettings,
        checkpoint: Path,
        *,
        noise: NoiseSource | None = None,
        device: str = "cpu",
    ) -> None:
        data = images if isinstance(images, TrainingImages) else TrainingImages(images)
        settings.refuse_unfit(data)
        self.settings = settings
        self.checkpoint = checkpoint
        self.losses: list[float] = []
        """Mean loss of each epoch that is done."""
        self.step = 0
        """Steps done."""
        self._device = _usable(device)
        self._classes = data.classes if settings.conditional else ()
        self._process = forward_process(settings)
        self._images = self._process.tensor(data)
        self._labels = torch.from_numpy(data.labels.astype(np.int64)) if settings.conditional else None
        self._noise = noise
        self._loss_so_far = 0.0
        self._within_step = False
        torch.manual_seed(settings.seed)
        channels = int(self._images.shape[1])
        # Channels last suits the convolutions of CPUs (half as much again on some).
        self._net = self._process.network(settings, channels, len(self._classes))
        self._net.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._average = self._process.network(settings, channels, len(self._classes)).to(self._device)
        self._average.load_state_dict(self._net.state_dict())
        self._optimizer = torch.optim.AdamW(self._net.parameters(), settings.learning_rate, weight_decay=1e-4)
        self._image = {"shape": list(data.image_shape), "classes": list(self._classes), "name": data.name}
        if checkpoint.exists():
            self._load()

    @property
    def steps_per_epoch(self) -> int:
        """Steps an epoch; the last, incomplete batch is left out."""
        return len(self._images) // self.settings.batch_size

    @property
    def steps(self) -> int:
        """Steps of the whole training."""
        return self.steps_per_epoch * self.settings.epochs

    @property
    def denoiser(self) -> torch.nn.Module:
        """The averaged network."""
        return self._average.eval()

    @property
    def side(self) -> int:
        """Pixels of an image's side."""
        return int(self._images.shape[-1])

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes that the network learns; empty if none."""
        return self._classes

    def write_preview(self, path: Path) -> None:
        """Write a page of images of the averaged network, always of the same noise so that pages can be compared.

        Parameters
        ----------
        path
            PNG file to write.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        net = self.denoiser
        if isinstance(net, FlipNetwork):
            write_flip_preview(net, path, side=self.side)
        elif isinstance(net, UNet):
            write_preview(net, path, side=self.side)

    def run(
        self,
        progress: Progress = lambda step, steps, loss: None,
        after_epoch: Callable[[], None] = lambda: None,
    ) -> None:
        """Train until all epochs are done.

        Parameters
        ----------
        progress
            Called after every step with the steps done, the steps in all and the loss of this step.
        after_epoch
            Called after every epoch, its checkpoint written.

        Raises
        ------
        NotEnoughBits
            If the bits of the noise run out; the steps before are in the checkpoint.
        """
        order, saved = torch.empty(0), time.monotonic()
        try:
            while self.step < self.steps:
                epoch, index = divmod(self.step, self.steps_per_epoch)
                if index == 0 or not len(order):
                    order = torch.randperm(len(self._images), generator=self._generator(2 * epoch + 1))
                size = self.settings.batch_size
                self._within_step = True
                loss = self._step(order[index * size : (index + 1) * size])
                self._finish_step(loss)
                self._within_step = False
                progress(self.step, self.steps, loss)
                if index + 1 == self.steps_per_epoch:
                    self._save()
                    after_epoch()
                    saved = time.monotonic()
                elif time.monotonic() - saved > SAVE_EVERY:
                    self._save()
                    saved = time.monotonic()
        finally:
            # Half a step in the weights is in no checkpoint: the one of the last minute holds then.
            if not self._within_step:
                self._save()

    def _generator(self, number: int) -> torch.Generator:
        """Give what draws the order of an epoch (odd numbers) or a step (even ones)."""
        words = np.random.SeedSequence((self.settings.seed, number)).generate_state(1, np.uint64)
        return torch.Generator().manual_seed(int(words[0] >> np.uint64(1)))

    def _finish_step(self, loss: float) -> None:
        epoch_ends = (self.step + 1) % self.steps_per_epoch == 0
        total = self._loss_so_far + loss
        if epoch_ends:
            self.losses.append(total / self.steps_per_epoch)
        self._loss_so_far, self.step = 0.0 if epoch_ends else total, self.step + 1

    def _step(self, chosen: torch.Tensor) -> float:
        generator = self._generator(2 * self.step)
        batch = self._images[chosen]
        count = len(batch)
        # One time in each of `count` equal slices: the loss varies less than with independent times.
        moment = (torch.arange(count) + torch.rand(count, generator=generator)) / count
        label = self._label(chosen, generator)
        disturbed, target = self._process.disturb(batch, moment, lambda shape: self._draw(shape, generator), generator)
        disturbed = disturbed.contiguous(memory_format=torch.channels_last)
        for group in self._optimizer.param_groups:
            group["lr"] = self.settings.rate_at(self.step, self.steps, WARM_UP)
        half = self.settings.precision == "bfloat16"
        with torch.autocast(self._device.type, torch.bfloat16, enabled=half):
            answer = self._net(disturbed.to(self._device), moment.to(self._device), label)
        loss = self._process.loss(answer, target.to(self._device))
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._optimizer.step()
        self._follow()
        return float(loss.detach())

    def _label(self, chosen: torch.Tensor, generator: torch.Generator) -> torch.Tensor | None:
        """Give the classes of a batch, some of them replaced by "any" (arXiv:2207.12598, algorithm 1)."""
        if self._labels is None:
            return None
        dropped = torch.rand(len(chosen), generator=generator) < self.settings.label_dropout
        return torch.where(dropped, len(self._classes), self._labels[chosen]).to(self._device)

    def _draw(self, shape: torch.Size, generator: torch.Generator) -> torch.Tensor:
        if self._noise is None:
            return torch.randn(shape, generator=generator)
        return torch.from_numpy(self._noise.normal(tuple(shape)))

    def _follow(self) -> None:
        """Move the averaged weights; early on, faster, so that the start is forgotten."""
        decay = min(self.settings.ema_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, weight in zip(self._average.parameters(), self._net.parameters(), strict=True):
                average.lerp_(weight, 1 - decay)

    def _save(self) -> None:
        state = {
            "settings": dataclasses.asdict(self.settings),
            "image": self._image,
            "losses": self.losses,
            "step": self.step,
            "loss_so_far": self._loss_so_far,
            "noise_bits": 0 if self._noise is None else self._noise.bits_used,
            "noise_repeated": int(getattr(self._noise, "repeated", 0)),
            "net": self._net.state_dict(),
            "average": self._average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        save_checkpoint(state, self.checkpoint)

    def _load(self) -> None:
        state = load_checkpoint(self.checkpoint)
        self.settings.refuse_other(state["settings"], self.checkpoint)
        if state["image"] != self._image:
            raise InputError(
                f"{self.checkpoint} was made of {state['image']['name']}, shape {state['image']['shape']}, and this is "
                f"{self._image['name']}, shape {self._image['shape']}: give its data set"
            )
        self.losses, self.step = state["losses"], state["step"]
        self._loss_so_far = state["loss_so_far"]
        self._net.load_state_dict(state["net"])
        self._average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        if (self._noise is None) != (state["noise_bits"] == 0) and self.step:
            raise InputError(f"{self.checkpoint} was made with {_whose(state)} noise: continue it with the same")
        self._take_used_noise()

    def _take_used_noise(self) -> None:
        """Take from the noise what the steps before took, so that no bit is used twice."""
        if self._noise is not None:
            shape = (self.settings.batch_size, *self._images.shape[1:])
            for _ in range(self.step):
                self._noise.normal(shape)


def _whose(state: dict[str, Any]) -> str:
    return "software's" if state["noise_bits"] == 0 else "bits as"


def _usable(device: str) -> torch.device:
    try:
        torch.empty(1, device=device)
    # torch raises what the backend gives: RuntimeError, AssertionError, NotImplementedError ...
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"torch cannot compute on '{device}' ({reason}): take cpu", argument="device") from None
    return torch.device(device)
