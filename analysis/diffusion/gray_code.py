"""Images as bit planes in Gray code: what a memory with one bit a cell holds of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["MOST_PLANES", "bit_planes", "images_of_planes"]

MOST_PLANES = 8


def bit_planes(images: NDArray[np.uint8], planes: int = 4) -> NDArray[np.uint8]:
    """Cut images to 2**planes grey levels and write each level in Gray code, so that neighbours differ in one bit.

    Parameters
    ----------
    images
        uint8, shape (N, height, width).
    planes
        Bits a pixel, 1 to 8.

    Returns
    -------
    NDArray
        0 and 1, uint8, shape (N, planes, height, width), the most significant bit first.

    Raises
    ------
    InputError
        If `planes` is out of its range or the images are none.

    Notes
    -----
    The level of a pixel v is floor(v 2^planes / 256); its Gray code g = level XOR (level >> 1) (Gray, US patent
    2,632,058).
    """
    _check_planes(planes)
    if images.dtype != np.uint8 or images.ndim != 3:
        raise InputError(f"{images.dtype} images of shape {images.shape}: expected uint8, shape (N, height, width)")
    level = images >> np.uint8(8 - planes)
    code = level ^ (level >> np.uint8(1))
    shifts = np.arange(planes - 1, -1, -1, dtype=np.uint8)
    bits: NDArray[np.uint8] = (code[:, None] >> shifts[:, None, None]) & np.uint8(1)
    return bits


def images_of_planes(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn bit planes back into images; the levels are spread evenly from black to white.

    Parameters
    ----------
    bits
        0 and 1, uint8, shape (N, planes, height, width), the most significant bit first.

    Returns
    -------
    NDArray
        uint8, shape (N, height, width).

    Raises
    ------
    InputError
        If there are no planes of bits.
    """
    if bits.ndim != 4:
        raise InputError(f"bit planes of shape {bits.shape}: expected (N, planes, height, width)")
    planes = bits.shape[1]
    _check_planes(planes)
    binary = np.bitwise_xor.accumulate(bits, axis=1)  # a Gray code is undone by the parity of all bits above
    weights = 1 << np.arange(planes - 1, -1, -1)
    level = np.tensordot(binary.astype(np.uint16), weights.astype(np.uint16), axes=(1, 0))
    images: NDArray[np.uint8] = np.rint(level * (255.0 / ((1 << planes) - 1))).astype(np.uint8)
    return images


def _check_planes(planes: int) -> None:
    if not 1 <= planes <= MOST_PLANES:
        raise InputError(f"bit planes = {planes}: expected 1 to {MOST_PLANES}", argument="planes")
