"""After the training: export the denoiser, judge it, write its card."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Denoiser, Features, FeatureStatistics, write_image_grid
from mtjlab.analysis.evidence import RealImages
from mtjlab.analysis.training.checkpoint_file import load_checkpoint
from mtjlab.analysis.training.classifier import train_classifier
from mtjlab.analysis.training.evaluation import Evaluation, evaluate, real_distance, trials_of
from mtjlab.analysis.training.export import averaged_network, export_classifier, export_denoiser
from mtjlab.analysis.training.flip_finishing import finish_flips
from mtjlab.analysis.training.flip_network import FlipNetwork
from mtjlab.analysis.training.image_files import load_images
from mtjlab.analysis.training.model_card import evaluation_card, model_card, write_loss_curve
from mtjlab.core import InputError, new_file

__all__ = ["finish"]

Progress = Callable[[str, int, int], None]
CLASSIFIER = "training the classifier"


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

    Writes ``denoiser.onnx``, ``denoiser.json`` (its card), ``loss_curve.png``, ``images.png`` (DDIM at eta = 1, a
    column for each class where it knows any), ``reference_statistics.npz`` and ``reference_features.npz`` (the test
    images as the classifier sees them), and, unless it is there already, ``features.onnx`` (a classifier that is
    trained for it in one to four minutes). Of images without labels nothing can be judged: the card then says
    nothing of FD, and there are neither features nor statistics. Of a training on flipped bits the files are
    ``flip_denoiser.onnx`` and ``.json``, ``flip_loss_curve.png``, ``flip_images.png`` and ``features.onnx``.

    Parameters
    ----------
    checkpoint
        Checkpoint of a training, finished or not.
    dataset_folder
        Folder of the data set, as `load_images` reads it.
    output_folder
        Folder to write to; made if need be.
    progress
        Called with what is being done, how much of it is done, and how much there is.
    count
        Images to judge by, for each way to make them (`trials_of`).
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
    InputError
        If `checkpoint` is none, or the data set is not there or is another.
    """
    state = load_checkpoint(checkpoint)
    test = load_images(dataset_folder, "test")
    if list(test.image_shape) != state["image"]["shape"]:
        raise InputError(f"{dataset_folder} has images of shape {test.image_shape}, the checkpoint another data set")
    output_folder.mkdir(parents=True, exist_ok=True)
    net = averaged_network(state)
    if isinstance(net, FlipNetwork):
        judge = (
            _features(dataset_folder, output_folder / "features.onnx", progress, threads) if test.labels.size else None
        )
        return finish_flips(state, dataset_folder, output_folder, judge, progress, count=count, threads=threads)
    side, classes = state["image"]["shape"][-1], state["image"]["classes"]
    difference = export_denoiser(net, output_folder / "denoiser.onnx", side=side, classes=classes)
    denoiser = Denoiser(output_folder / "denoiser.onnx", threads=threads)
    parameters = sum(weight.numel() for weight in net.parameters())
    card = model_card(state, parameters=parameters, export_difference=difference)
    evaluations = []
    if test.labels.size:
        features = _features(dataset_folder, output_folder / "features.onnx", progress, threads)
        reference = FeatureStatistics.of(test.images, features)
        reference.save(output_folder / "reference_statistics.npz")
        RealImages.of(test.images, features).save_features(output_folder / "reference_features.npz")
        for trial in trials_of(denoiser, steps):
            report = functools.partial(progress, f"sampling, {trial.name}")
            evaluations.append(evaluate(denoiser, features, reference, trial, count=count, progress=report))
        card["evaluation"] = evaluation_card(
            evaluations,
            test=len(test),
            real_distance=real_distance(test.images, features, reference, count=count),
            reference_mean_pixel=reference.mean_pixel,
            accuracy=float(np.mean(features.labels(test.images) == test.labels)),
        )
    _write(output_folder, card, evaluations, columns=len(classes) or 8)
    return card


def _features(dataset_folder: Path, path: Path, progress: Progress, threads: int | None) -> Features:
    if not path.exists():
        net = train_classifier(load_images(dataset_folder), progress=functools.partial(progress, CLASSIFIER))
        export_classifier(net, path)
    return Features(path, threads=threads)


def _write(folder: Path, card: dict[str, Any], evaluations: list[Evaluation], columns: int) -> None:
    if evaluations:
        images: NDArray[np.uint8] = evaluations[0].images[: 8 * columns]
        write_image_grid(folder / "images.png", images, columns=columns)
    write_loss_curve(folder / "loss_curve.png", card["loss_per_epoch"])
    with new_file(folder / "denoiser.json", overwrite=True) as partial:
        partial.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
