"""The image predicted from a noisy one: with it every sampler starts a step."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.schedule import CosineSchedule
from mtjlab.analysis.diffusion.v_prediction import VPrediction

__all__ = ["image_guess"]


def image_guess(
    schedule: CosineSchedule, denoiser: VPrediction, x: NDArray[np.float32], time: float, *, clip: bool
) -> NDArray[np.float32]:
    """Guess x_0 = alpha x_t - sigma v(x_t, t).

    Parameters
    ----------
    schedule
        Weights of image and noise.
    denoiser
        What predicts v.
    x
        Noisy images, of any shape.
    time
        Their time, 0 (image) to 1 (noise).
    clip
        Whether what is below -1 becomes -1, and what is above 1 becomes 1, as in every real image.

    Returns
    -------
    NDArray
        The images, shape of `x`.
    """
    alpha, sigma = float(schedule.alpha(time)), float(schedule.sigma(time))
    image: NDArray[np.float32] = alpha * x - sigma * denoiser.predict_v(x, time)
    return np.clip(image, -1.0, 1.0, out=image) if clip else image
