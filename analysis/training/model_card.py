"""The model card: what a denoiser was trained on, how, and how good it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from mtjlab.analysis.plots import drawing, encoded
from mtjlab.analysis.training.evaluation import Evaluation

__all__ = ["model_card", "write_loss_curve"]


def model_card(
    state: dict[str, Any],
    *,
    parameters: int,
    export_difference: float,
    evaluations: Sequence[Evaluation],
    real_distance: float,
    reference_mean_pixel: float,
    accuracy: float,
) -> dict[str, Any]:
    """Put together what ``denoiser.json`` says.

    Parameters
    ----------
    state
        What the checkpoint holds.
    parameters
        Number of weights of the denoiser.
    export_difference
        Largest difference between torch's and onnxruntime's v.
    evaluations
        What was measured of its images.
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
    losses = [float(loss) for loss in state["losses"]]
    return {
        "name": "mtjlab denoiser",
        "task": "predict v = alpha eps - sigma x_0 of 28 x 28 images, cosine schedule, weights averaged (EMA)",
        "inputs": {"x": "float32 (N, 1, 28, 28), a clean image within [-1, 1]", "t": "float32 (N,), 0 to 1"},
        "outputs": {"v": "float32 (N, 1, 28, 28)"},
        "parameters": parameters,
        "data_set": {
            "name": "Fashion-MNIST, 60,000 training images",
            "source": "https://github.com/zalandoresearch/fashion-mnist",
            "paper": "Xiao, Rasul and Vollgraf, arXiv:1708.07747",
            "licence": "MIT, Copyright (c) 2017 Zalando SE, https://tech.zalando.com",
        },
        "training": {**state["settings"], "epochs_done": len(losses), "torch": torch.__version__},
        "loss_per_epoch": [round(loss, 6) for loss in losses],
        "export_difference": export_difference,
        "evaluation": {
            "distance": "FD: Fréchet distance of 64 classifier features to the 10,000 test images; not an FID",
            "classifier_accuracy": round(accuracy, 4),
            "samples": [
                {
                    "eta": one.eta,
                    "steps": one.steps,
                    "images": one.count,
                    "noise": f"software, PseudoRandomNoise({one.seed})",
                    "FD": round(one.distance, 4),
                    "mean_pixel": round(one.mean_pixel, 2),
                }
                for one in evaluations
            ],
            "real": {
                "what": "as many images drawn from the 10,000 test images",
                "FD": round(real_distance, 4),
                "mean_pixel": round(reference_mean_pixel, 2),
            },
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
