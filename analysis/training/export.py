"""Write trained networks as ONNX files, and check that onnxruntime computes the same."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mtjlab.analysis.diffusion import open_session
from mtjlab.analysis.training.checkpoint_file import load_checkpoint
from mtjlab.analysis.training.classifier import Classifier
from mtjlab.analysis.training.unet import UNet
from mtjlab.core import new_file

__all__ = ["export_checkpoint", "export_classifier", "export_denoiser"]

# Group norm has an operator of its own from opset 21, but onnxruntime takes it apart again: 11 % slower on the
# CPU than the instance norm that opset 17 gives (743 against 837 images a second and core, batch 64).
OPSET = 17
LARGEST_DIFFERENCE = 1e-4


def export_checkpoint(checkpoint: Path, path: Path) -> float:
    """Write the averaged network of a checkpoint as an ONNX file.

    Parameters
    ----------
    checkpoint
        Checkpoint of a training.
    path
        ONNX file to write.

    Returns
    -------
    float
        Largest difference between torch's and onnxruntime's v on random images.

    Raises
    ------
    ValueError
        If `checkpoint` is none.
    """
    return export_denoiser(averaged_network(load_checkpoint(checkpoint)), path)


def averaged_network(state: dict[str, Any]) -> UNet:
    """Build the averaged network from what a checkpoint holds."""
    net = UNet(state["settings"]["width"])
    net.load_state_dict(state["average"])
    return net.eval()


def export_denoiser(net: UNet, path: Path) -> float:
    """Write a denoiser as an ONNX file: x (N, 1, 28, 28) and t (N,) in, v (N, 1, 28, 28) out.

    Parameters
    ----------
    net
        The network.
    path
        ONNX file to write.

    Returns
    -------
    float
        Largest difference between torch's and onnxruntime's v on random images.

    Raises
    ------
    RuntimeError
        If they differ by 1e-4 or more; `path` is not written then.
    """
    generator = torch.Generator().manual_seed(1)
    examples = torch.randn(7, 1, 28, 28, generator=generator), torch.linspace(0.0, 1.0, 7)
    return _export(net, examples, ["x", "t"], ["v"], path)


def export_classifier(net: Classifier, path: Path) -> float:
    """Write a classifier as an ONNX file: x (N, 1, 28, 28) in, features (N, 64) and logits (N, 10) out.

    Parameters
    ----------
    net
        The network.
    path
        ONNX file to write.

    Returns
    -------
    float
        Largest difference between torch's and onnxruntime's outputs on random images.

    Raises
    ------
    RuntimeError
        If they differ by 1e-4 or more; `path` is not written then.
    """
    examples = (torch.rand(7, 1, 28, 28, generator=torch.Generator().manual_seed(1)) * 2 - 1,)
    return _export(net, examples, ["x"], ["features", "logits"], path)


def _export(
    net: nn.Module, examples: tuple[Tensor, ...], inputs: Sequence[str], outputs: Sequence[str], path: Path
) -> float:
    net = net.eval()
    with new_file(path, overwrite=True) as partial:
        with warnings.catch_warnings():
            # torch's TorchScript exporter is old but needs onnx alone (the new one wants onnxscript); it warns
            # that it is old, and that the tracer takes the channel counts of the attention as constants.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                net,
                examples,
                str(partial),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={name: {0: "N"} for name in (*inputs, *outputs)},
                opset_version=OPSET,
                dynamo=False,
            )
        difference = _difference(net, examples, inputs, outputs, partial)
        if not difference < LARGEST_DIFFERENCE:
            raise RuntimeError(f"torch and onnxruntime differ by {difference:.2g}: nothing was written to {path}")
    return difference


def _difference(
    net: nn.Module, examples: tuple[Tensor, ...], inputs: Sequence[str], outputs: Sequence[str], path: Path
) -> float:
    """Compare at another batch size than the one exported with, so that a fixed batch would be seen."""
    doubled = [torch.cat([example, example.flip(0)]) for example in examples]
    with torch.no_grad():
        answer = net(*doubled)
    expected: list[NDArray[np.float32]] = [part.numpy() for part in (answer if len(outputs) > 1 else (answer,))]
    session = open_session(path, inputs, outputs, threads=1)
    found = session.run(list(outputs), dict(zip(inputs, (part.numpy() for part in doubled), strict=True)))
    return max(float(np.abs(a - b).max()) for a, b in zip(expected, found, strict=True))
