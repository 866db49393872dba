"""After the training: export the denoiser, judge it, write its card."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Denoiser, Features, FeatureStatistics, write_image_grid
from mtjlab.analysis.training.checkpoint_file import load_checkpoint
from mtjlab.analysis.training.classifier import train_classifier
from mtjlab.analysis.training.evaluation import Evaluation, evaluate, real_distance
from mtjlab.analysis.training.export import averaged_network, export_classifier, export_denoiser
from mtjlab.analysis.training.fashion_mnist import load_fashion_mnist
from mtjlab.analysis.training.model_card import model_card, write_loss_curve

__all__ = ["finish"]

Progress = Callable[[str, int, int], None]


def finish(
    checkpoint: Path,
    dataset_folder: Path,
    output_folder: Path,
    progress: Progress = lambda what, done, total: None,
    *,
    count: int = 1000,
    steps: int = 50,
    threads: int | None = None,
) -> dict[str, Any]:
    """Turn a checkpoint into a folder with all that is shipped of a denoiser.

    Writes ``denoiser.onnx``, ``denoiser.json`` (its card), ``loss_curve.png``, ``images.png`` (64 images at
    eta = 1), ``reference_statistics.npz``, and, unless it is there already, ``features.onnx`` (a classifier
    that is trained for it in one to four minutes).

    Parameters
    ----------
    checkpoint
        Checkpoint of a training, finished or not.
    dataset_folder
        Folder of Fashion-MNIST's idx files.
    output_folder
        Folder to write to; made if need be.
    progress
        Called with what is being done, how much of it is done, and how much there is.
    count
        Images to judge by, at each of eta = 0 and eta = 1.
    steps
        Denoising steps.
    threads
        Threads of onnxruntime; None takes every core.

    Returns
    -------
    dict
        The card, as in ``denoiser.json``.

    Raises
    ------
    ValueError
        If `checkpoint` is none.
    FileNotFoundError
        If the data set is not there.
    """
    state = load_checkpoint(checkpoint)
    test_images, test_labels = load_fashion_mnist(dataset_folder, "t10k")
    output_folder.mkdir(parents=True, exist_ok=True)
    net = averaged_network(state)
    difference = export_denoiser(net, output_folder / "denoiser.onnx")
    features = _features(dataset_folder, output_folder / "features.onnx", progress, threads)
    reference = FeatureStatistics.of(test_images, features)
    reference.save(output_folder / "reference_statistics.npz")
    denoiser = Denoiser(output_folder / "denoiser.onnx", threads=threads)
    evaluations = []
    for eta in (0.0, 1.0):
        report = functools.partial(progress, f"sampling at eta = {eta:g}")
        evaluations.append(evaluate(denoiser, features, reference, eta=eta, count=count, steps=steps, progress=report))
    card = model_card(
        state,
        parameters=sum(weight.numel() for weight in net.parameters()),
        export_difference=difference,
        evaluations=evaluations,
        real_distance=real_distance(test_images, features, reference, count=count),
        reference_mean_pixel=reference.mean_pixel,
        accuracy=float(np.mean(features.labels(test_images) == test_labels)),
    )
    _write(output_folder, card, evaluations)
    return card


def _features(dataset_folder: Path, path: Path, progress: Progress, threads: int | None) -> Features:
    if not path.exists():
        images, labels = load_fashion_mnist(dataset_folder)
        report = functools.partial(progress, "training the classifier")
        net = train_classifier(images, labels, progress=report)
        export_classifier(net, path)
    return Features(path, threads=threads)


def _write(folder: Path, card: dict[str, Any], evaluations: list[Evaluation]) -> None:
    images: NDArray[np.uint8] = evaluations[-1].images[:64]
    write_image_grid(folder / "images.png", images, columns=8)
    write_loss_curve(folder / "loss_curve.png", card["loss_per_epoch"])
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (folder / "denoiser.json").write_text(text + "\n", encoding="utf-8")
