"""How a generator's pulses differ from shot to shot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.sections.drive import Drive
from mtjlab.instruments.simulated.kernels.kernel import Kernel

__all__ = ["jitter"]

_FILL_NORMALS = Kernel("jitter", "fill_normals", "u8* f8* i8")


def jitter(drive: Drive, words: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw the amplitude and the width of each shot.

    Parameters
    ----------
    drive
        Standard deviations.
    words
        One random word a shot, shape (count,).

    Returns
    -------
    tuple of ndarray of float32, shape (count,)
        Amplitude over its mean, and width less its mean [s].
    """
    normals = np.empty((2, words.size), np.float64)
    _FILL_NORMALS(words, normals, words.size)
    gain, delay = 1 + drive.amplitude_jitter * normals[0], drive.width_jitter * normals[1]
    return gain.astype(np.float32), delay.astype(np.float32)
