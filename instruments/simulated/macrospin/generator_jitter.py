"""How a generator's pulses differ from shot to shot."""

from __future__ import annotations

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.sections.drive import Drive
from mtjlab.instruments.simulated.macrospin.random_words import next_word

__all__ = ["jitter"]


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
    _fill_normals(words, normals)
    gain, delay = 1 + drive.amplitude_jitter * normals[0], drive.width_jitter * normals[1]
    return gain.astype(np.float32), delay.astype(np.float32)


@njit(cache=True, nogil=True)
def _fill_normals(words, out):  # type: ignore[no-untyped-def]
    # Twelve 16-bit uniforms have variance one (to 2e-10) and reach six standard deviations; sums are exact.
    for i in range(words.size):
        state = uint64(words[i])
        for row in range(2):
            total = 0
            for _ in range(3):
                state, word = next_word(state)
                for shift in (0, 16, 32, 48):
                    total += int((word >> uint64(shift)) & uint64(0xFFFF))
            out[row, i] = (total - 6 * 65535) / 65536.0
