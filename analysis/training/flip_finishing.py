"""After a training on flipped bits: export the denoiser, judge it, write its card; and pages while it learns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import (
    BitFlipSampler,
    Features,
    FeatureStatistics,
    FlipDenoiser,
    SoftwareBernoulli,
    bit_planes,
    images_of_planes,
    sample_planes,
    write_image_grid,
)
from mtjlab.analysis.training.evaluation import real_distance
from mtjlab.analysis.training.export import averaged_network, export_flip_denoiser
from mtjlab.analysis.training.flip_network import FlipNetwork
from mtjlab.analysis.training.image_files import load_images
from mtjlab.analysis.training.model_card import training_card, write_loss_curve
from mtjlab.core import new_file

__all__ = ["TorchFlipDenoiser", "finish_flips", "write_flip_preview"]

Progress = Callable[[str, int, int], None]
SEED = 1
"""Seed of the draws that a denoiser is judged by."""


class TorchFlipDenoiser:
    """A network in torch as what the sampler of flipped bits asks: `BitPrediction`.

    Parameters
    ----------
    net
        The network.
    side
        Pixels of an image's side.
    labels
        Class of each image, shape (N,); None for a network that knows none.
    """

    def __init__(self, net: FlipNetwork, side: int, labels: NDArray[np.int64] | None = None) -> None:
        self.planes_shape: tuple[int, ...] = (net.stem.in_channels // 4, side, side)
        """Shape of an image as bit planes."""
        self._net, self._labels = net, labels

    def ones(self, x: NDArray[np.uint8], t: float) -> NDArray[np.float64]:
        """Predict P(x_0 = 1) of each bit.

        Parameters
        ----------
        x
            Flipped images, 0 and 1, shape (N,) followed by `planes_shape`.
        t
            Their time, 0 to 1.

        Returns
        -------
        NDArray
            Probabilities, shape of `x`.
        """
        device = next(self._net.parameters()).device
        bits = torch.from_numpy(x.astype(np.float32) * 2 - 1).to(device)
        label = None if self._labels is None else torch.from_numpy(self._labels).to(device)
        with torch.no_grad():
            answer = torch.sigmoid(self._net(bits, torch.full((len(x),), t, device=device), label))
        ones: NDArray[np.float64] = answer.cpu().numpy().astype(np.float64)
        return ones


def write_flip_preview(net: FlipNetwork, path: Path, *, side: int, count: int = 40, steps: int = 20) -> None:
    """Write a page of images, the classes in turn, always of the same draws so that pages can be compared.

    Parameters
    ----------
    net
        The averaged network.
    path
        PNG file to write.
    side
        Pixels of an image's side.
    count
        Number of images.
    steps
        Denoising steps.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    known = 0 if net.class_embedding is None else net.class_embedding.num_embeddings - 1
    labels = np.arange(count) % known if known else None
    denoiser = TorchFlipDenoiser(net, side, labels)
    planes = sample_planes(BitFlipSampler(steps), denoiser, count, SoftwareBernoulli(SEED), batch=count)
    write_image_grid(path, images_of_planes(planes), columns=10)


def finish_flips(
    state: dict[str, Any],
    dataset_folder: Path,
    output_folder: Path,
    features: Features | None,
    progress: Progress,
    *,
    count: int = 1000,
    steps: tuple[int, ...] = (25, 50, 100),
    threads: int | None = None,
) -> dict[str, Any]:
    """Turn a checkpoint into ``flip_denoiser.onnx``, its card ``flip_denoiser.json`` and a page of images.

    Parameters
    ----------
    state
        What the checkpoint holds.
    dataset_folder
        Folder of the data set.
    output_folder
        Folder to write to.
    features
        The classifier that looks at images; None where there are no labels: nothing is judged then.
    progress
        Called with what is being done, how much of it is done, and how much there is.
    count
        Images to judge by, for each number of steps.
    steps
        Denoising steps to judge by.
    threads
        Threads of onnxruntime; None takes every core.

    Returns
    -------
    dict
        The card.
    """
    net = averaged_network(state)
    assert isinstance(net, FlipNetwork)
    classes, side = state["image"]["classes"], state["image"]["shape"][-1]
    path = output_folder / "flip_denoiser.onnx"
    difference = export_flip_denoiser(net, path, side=side, classes=classes)
    denoiser = FlipDenoiser(path, threads=threads)
    card = _card(state, sum(weight.numel() for weight in net.parameters()), difference)
    images = None
    if features is not None:
        images = _judge(card, denoiser, features, load_images(dataset_folder, "test").images, count, steps, progress)
    if images is not None:
        columns = len(classes) or 8
        write_image_grid(output_folder / "flip_images.png", images[: 8 * columns], columns=columns)
    write_loss_curve(output_folder / "flip_loss_curve.png", card["loss_per_epoch"])
    with new_file(output_folder / "flip_denoiser.json", overwrite=True) as partial:
        partial.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card


def _judge(
    card: dict[str, Any],
    denoiser: FlipDenoiser,
    features: Features,
    test: NDArray[np.uint8],
    count: int,
    steps: tuple[int, ...],
    progress: Progress,
) -> NDArray[np.uint8]:
    """Put FD into the card; return the images of the last number of steps."""
    cut = images_of_planes(bit_planes(test, denoiser.planes_shape[0]))
    reference = FeatureStatistics.of(cut, features)
    rows, images = [], cut[:0]
    for number in steps:
        name = f"sampling, {number} steps"
        planes = sample_planes(
            BitFlipSampler(number),
            denoiser,
            count,
            SoftwareBernoulli(SEED),
            progress=lambda done, total, name=name: progress(name, done, total),  # type: ignore[misc]
        )
        images = images_of_planes(planes)
        found = FeatureStatistics.of(images, features)
        rows.append(
            {
                "sampler": "bit-flip, likelier bit at the last step",
                "steps": number,
                "images": count,
                "noise": f"software, SoftwareBernoulli({SEED})",
                "FD": round(reference.distance(found), 4),
                "mean_pixel": round(found.mean_pixel, 2),
            }
        )
    card["evaluation"] = {
        "distance": f"FD: Fréchet distance of 64 classifier features to the {len(test):,} test images, cut to as many "
        "grey levels; not an FID",
        "samples": rows,
        "real": {
            "what": "as many test images, cut to as many grey levels, drawn with replacement",
            "FD": round(real_distance(cut, features, reference, count=count), 4),
            "mean_pixel": round(reference.mean_pixel, 2),
        },
    }
    return images


def _card(state: dict[str, Any], parameters: int, difference: float) -> dict[str, Any]:
    planes, image = state["settings"]["planes"], state["image"]
    size = ", ".join(map(str, (planes, *image["shape"][-2:])))
    inputs = {"x": f"float32 (N, {size}), -1 and 1: bit planes in Gray code", "t": "float32 (N,), 0 to 1"}
    if image["classes"]:
        inputs["y"] = f"int64 (N,), 0 to {len(image['classes']) - 1}, {len(image['classes'])} for any"
    return {
        "name": "mtjlab denoiser of flipped bits",
        "task": "predict log P(x_0 = 1) / P(x_0 = 0) of each bit of images that are flipped with "
        "P = (1 - cos(pi t / 2)) / 2, weights averaged (EMA)",
        "inputs": inputs,
        "outputs": {"log_odds": f"float32 (N, {size})"},
        **training_card(state, parameters=parameters, export_difference=difference),
    }
