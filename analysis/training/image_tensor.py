"""Images as the networks take them."""

import numpy as np
import torch

from mtjlab.analysis.training.training_images import TrainingImages

__all__ = ["image_tensor"]


def image_tensor(images: TrainingImages) -> torch.Tensor:
    """Turn grey levels into [-1, 1].

    Parameters
    ----------
    images
        N images.

    Returns
    -------
    Tensor
        float32, shape (N, channels, side, side).
    """
    values = torch.from_numpy(images.images.astype(np.float32) / 127.5 - 1.0)
    return values[:, None] if images.channels == 1 else values.permute(0, 3, 1, 2).contiguous()
