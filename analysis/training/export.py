"""Write trained networks as ONNX files, and check that onnxruntime computes the same."""

import json
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
from mtjlab.analysis.training.flip_network import FlipNetwork
from mtjlab.analysis.training.unet import UNet
from mtjlab.core import new_file

__all__ = ["export_checkpoint", "export_classifier", "export_denoiser", "export_flip_denoiser"]

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
    state = load_checkpoint(checkpoint)
    image, net = state["image"], averaged_network(state)
    export = export_flip_denoiser if isinstance(net, FlipNetwork) else export_denoiser
    return export(net, path, side=image["shape"][-1], classes=image["classes"])  # type: ignore[arg-type]


def averaged_network(state: dict[str, Any]) -> UNet | FlipNetwork:
    """Build the averaged network from what a checkpoint holds."""
    settings, image = state["settings"], state["image"]
    widths, classes = (settings["width"], settings["deep_width"]), len(image["classes"])
    net: UNet | FlipNetwork
    if settings.get("process") == "bit-flip":
        net = FlipNetwork(*widths, planes=settings["planes"], classes=classes)
    else:
        net = UNet(*widths, channels=1 if len(image["shape"]) == 2 else 3, classes=classes)
    net.load_state_dict(state["average"])
    return net.eval()


def export_denoiser(net: UNet, path: Path, *, side: int = 28, classes: Sequence[str] = ()) -> float:
    """Write a denoiser as an ONNX file, with the inputs and outputs that `Denoiser` reads.

    Parameters
    ----------
    net
        The network.
    path
        ONNX file to write.
    side
        Pixels of an image's side.
    classes
        Names of the classes that the network knows, which go into the file's metadata.

    Returns
    -------
    float
        Largest difference between torch's and onnxruntime's v on random images.

    Raises
    ------
    RuntimeError
        If they differ by 1e-4 or more; `path` is not written then.
    """
    x = torch.randn(7, net.stem.in_channels // 4, side, side, generator=torch.Generator().manual_seed(1))
    return _export_predictor(net, x, "v", path, classes)


def export_flip_denoiser(net: FlipNetwork, path: Path, *, side: int = 28, classes: Sequence[str] = ()) -> float:
    """Write a denoiser of flipped bits as an ONNX file, with the inputs and outputs that `FlipDenoiser` reads.

    Parameters
    ----------
    net
        The network.
    path
        ONNX file to write.
    side
        Pixels of an image's side.
    classes
        Names of the classes that the network knows, which go into the file's metadata.

    Returns
    -------
    float
        Largest difference between torch's and onnxruntime's log-odds on random bits.

    Raises
    ------
    RuntimeError
        If they differ by 1e-4 or more; `path` is not written then.
    """
    planes = net.stem.in_channels // 4
    bits = torch.randint(0, 2, (7, planes, side, side), generator=torch.Generator().manual_seed(1))
    return _export_predictor(net, bits.float() * 2 - 1, "log_odds", path, classes)


def _export_predictor(net: nn.Module, x: Tensor, output: str, path: Path, classes: Sequence[str]) -> float:
    """Write what takes x, times and perhaps classes."""
    time = torch.linspace(0.0, 1.0, len(x))
    if not classes:
        return _export(net, (x, time), ["x", "t"], [output], path)
    label = torch.arange(len(x)) % (len(classes) + 1)
    return _export(net, (x, time, label), ["x", "t", "y"], [output], path, {"classes": json.dumps(list(classes))})


def export_classifier(net: Classifier, path: Path) -> float:
    """Write a classifier as an ONNX file: x, images, in, features (N, 64) and logits (N, classes) out.

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
    examples = (torch.rand(7, *net.image, generator=torch.Generator().manual_seed(1)) * 2 - 1,)
    return _export(net, examples, ["x"], ["features", "logits"], path)


def _export(
    net: nn.Module,
    examples: tuple[Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    path: Path,
    metadata: dict[str, str] | None = None,
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
        _describe(partial, metadata or {})
        difference = _difference(net, examples, inputs, outputs, partial)
        if not difference < LARGEST_DIFFERENCE:
            raise RuntimeError(f"torch and onnxruntime differ by {difference:.2g}: nothing was written to {path}")
    return difference


def _describe(path: Path, metadata: dict[str, str]) -> None:
    import onnx

    model = onnx.load(path)
    onnx.helper.set_model_props(model, metadata)
    onnx.save(model, path)


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
