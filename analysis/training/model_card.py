"""The model card: what a denoiser was trained on, how, and how good it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from mtjlab.analysis.plots import drawing, encoded
from mtjlab.analysis.training.evaluation import Evaluation

__all__ = ["evaluation_card", "model_card", "training_card", "write_loss_curve"]


def model_card(state: dict[str, Any], *, parameters: int, export_difference: float) -> dict[str, Any]:
    """Put together what ``denoiser.json`` says of how a denoiser was made.

    Parameters
    ----------
    state
        What the checkpoint holds.
    parameters
        Number of weights of the denoiser.
    export_difference
        Largest difference between torch's and onnxruntime's v.

    Returns
    -------
    dict
        Ready for JSON.
    """
    image = state["image"]
    shape = (1, *image["shape"])[-3:]
    size = ", ".join(map(str, shape))
    inputs = {"x": f"float32 (N, {size}), a clean image within [-1, 1]", "t": "float32 (N,), 0 to 1"}
    if image["classes"]:
        inputs["y"] = f"int64 (N,), 0 to {len(image['classes']) - 1}, {len(image['classes'])} for any"
    return {
        "name": "mtjlab denoiser",
        "task": f"predict v = alpha eps - sigma x_0 of {shape[1]} x {shape[2]} images, cosine schedule, weights "
        "averaged (EMA)",
        "inputs": inputs,
        "outputs": {"v": f"float32 (N, {size})"},
        **training_card(state, parameters=parameters, export_difference=export_difference),
    }


def training_card(state: dict[str, Any], *, parameters: int, export_difference: float) -> dict[str, Any]:
    """Put together what a card says of classes, data set and training, whatever is predicted.

    Parameters
    ----------
    state
        What the checkpoint holds.
    parameters
        Number of weights.
    export_difference
        Largest difference between torch's and onnxruntime's answer.

    Returns
    -------
    dict
        Ready for JSON.
    """
    losses, image = [float(loss) for loss in state["losses"]], state["image"]
    return {
        "classes": image["classes"],
        "parameters": parameters,
        "data_set": FASHION_MNIST if image["name"] == "Fashion-MNIST" else {"name": image["name"]},
        "training": {
            **state["settings"],
            "epochs_done": len(losses),
            "noise": _noise(state),
            "torch": torch.__version__,
        },
        "loss_per_epoch": [round(loss, 6) for loss in losses],
        "export_difference": export_difference,
    }


def _noise(state: dict[str, Any]) -> str:
    if not state["noise_bits"]:
        return "software's, by the seed"
    again = f", of a file that began again {state['noise_repeated']} times" if state["noise_repeated"] else ""
    return f"{state['noise_bits']:,} bits{again}"


FASHION_MNIST = {
    "name": "Fashion-MNIST, 60,000 training images",
    "source": "https://github.com/zalandoresearch/fashion-mnist",
    "paper": "Xiao, Rasul and Vollgraf, arXiv:1708.07747",
    "licence": "MIT, Copyright (c) 2017 Zalando SE, https://tech.zalando.com",
}


def evaluation_card(
    evaluations: Sequence[Evaluation],
    *,
    test: int,
    real_distance: float,
    reference_mean_pixel: float,
    accuracy: float,
) -> dict[str, Any]:
    """Put together what ``denoiser.json`` says of how good a denoiser is.

    Parameters
    ----------
    evaluations
        What was measured of its images.
    test
        Number of test images.
    real_distance
        FD of as many test images.
    reference_mean_pixel
        Mean grey level of the test images.
    accuracy
        Share of test images that the classifier behind FD names rightly.

    Returns
    -------
    dict
        Ready for JSON.
    """
    return {
        "distance": f"FD: Fréchet distance of 64 classifier features to the {test:,} test images; not an FID",
        "classifier_accuracy": round(accuracy, 4),
        "samples": [
            {
                "sampler": one.trial.name,
                "steps": len(one.trial.sampler.times) - 1,
                "images": one.count,
                "noise": f"software, PseudoRandomNoise({one.seed})",
                "FD": round(one.distance, 4),
                "mean_pixel": round(one.mean_pixel, 2),
            }
            for one in evaluations
        ],
        "real": {
            "what": "as many images drawn from the test images, with replacement",
            "FD": round(real_distance, 4),
            "mean_pixel": round(reference_mean_pixel, 2),
        },
    }


def write_loss_curve(path: Path, losses: Sequence[float]) -> None:
    """Draw the loss of each epoch.

    Parameters
    ----------
    path
        PNG file to write.
    losses
        Mean loss of each epoch.
    """
    with drawing(5.0, 3.2, dpi=120) as figure:
        axes = figure.add_subplot()
        axes.plot(range(1, len(losses) + 1), losses, marker="o", markersize=3)
        axes.set_xlabel("Epoch")
        axes.set_ylabel("Mean squared error of v")
        axes.grid(visible=True, alpha=0.3)
        path.write_bytes(encoded(figure))
