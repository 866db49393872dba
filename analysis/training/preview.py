"""What a denoiser makes while it still learns: a page of images from the averaged network, in torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Ddim, sample, write_image_grid
from mtjlab.analysis.noise import PseudoRandomNoise
from mtjlab.analysis.training.unet import UNet

__all__ = ["TorchDenoiser", "write_preview"]


class TorchDenoiser:
    """A network in torch as what a sampler asks: `VPrediction`.

    Parameters
    ----------
    net
        The network.
    side
        Pixels of an image's side.
    labels
        Class of each image, shape (N,); None asks a network that knows classes for any.
    """

    def __init__(self, net: UNet, side: int, labels: Sequence[int] | None = None) -> None:
        channels = net.stem.in_channels // 4
        self.image_shape: tuple[int, ...] = (side, side) if channels == 1 else (channels, side, side)
        """Shape of one image."""
        self._net, self._labels = net, labels
        self._device = next(net.parameters()).device

    def predict_v(self, x: NDArray[np.float32], t: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """Predict v.

        Parameters
        ----------
        x
            Noisy images, shape (N,) followed by `image_shape`.
        t
            Their time, 0 to 1.

        Returns
        -------
        NDArray
            v, shape of `x`.
        """
        images = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32)).to(self._device)
        side = self.image_shape[-1]
        times = torch.as_tensor(np.broadcast_to(np.asarray(t, dtype=np.float32), len(x)).copy()).to(self._device)
        with torch.no_grad():
            v = self._net(images.reshape(len(x), -1, side, side), times, self._label(len(x)))
        answer: NDArray[np.float32] = v.cpu().numpy()
        return answer.reshape(x.shape)

    def _label(self, count: int) -> torch.Tensor | None:
        if self._net.class_embedding is None:
            return None
        known = self._net.class_embedding.num_embeddings - 1
        labels = [known] * count if self._labels is None else list(self._labels)
        return torch.tensor(labels, device=self._device)


def write_preview(net: UNet, path: Path, *, side: int, count: int = 40, steps: int = 20, seed: int = 1) -> None:
    """Write a page of images, the classes in turn, always of the same seeded noise so that pages can be compared.

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
        Denoising steps of DDIM.
    seed
        Seed of the software noise.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    known = 0 if net.class_embedding is None else net.class_embedding.num_embeddings - 1
    labels = [index % known for index in range(count)] if known else None
    images = sample(Ddim(steps), TorchDenoiser(net, side, labels), count, PseudoRandomNoise(seed), batch=count)
    write_image_grid(path, images, columns=10)
