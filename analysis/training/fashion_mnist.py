"""Fashion-MNIST in its idx files, as Debian's package and the authors ship them."""

import gzip
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

__all__ = ["DEBIAN_FOLDER", "load_fashion_mnist"]

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package ``dataset-fashion-mnist`` puts the files."""


def load_fashion_mnist(
    folder: Path, part: Literal["train", "t10k"] = "train"
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read one part of Fashion-MNIST.

    Parameters
    ----------
    folder
        Folder with ``train-images-idx3-ubyte.gz`` and its three companions (also without ``.gz``).
    part
        ``train`` (60,000 images) or ``t10k`` (10,000).

    Returns
    -------
    images, labels
        uint8, shapes (N, 28, 28) and (N,).

    Raises
    ------
    FileNotFoundError
        If a file is missing; the message says where to get it.
    ValueError
        If a file is not idx.
    """
    images = _read_idx(_find(folder, f"{part}-images-idx3-ubyte"))
    labels = _read_idx(_find(folder, f"{part}-labels-idx1-ubyte"))
    return images, labels


def _find(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    raise InputError(
        f"{folder} holds no {name}[.gz]: install Debian's package dataset-fashion-mnist, or give the folder "
        "with the four idx files of Fashion-MNIST",
        argument="dataset",
    )


def _read_idx(path: Path) -> NDArray[np.uint8]:
    """Read an idx file of bytes: two zeros, 0x08, the number of axes, big-endian lengths, the data."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if len(raw) < 4 or raw[:3] != b"\x00\x00\x08":
        raise InputError(f"{path} is not an idx file of bytes (it begins with {raw[:4].hex() or 'nothing'})")
    axes = raw[3]
    if len(raw) < 4 + 4 * axes:
        raise InputError(f"{path} ends within the header of its idx format, after {len(raw)} bytes")
    shape = np.frombuffer(raw, dtype=">u4", count=axes, offset=4).astype(int).tolist()
    data = np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * axes)
    if data.size != np.prod(shape):
        raise InputError(f"{path} says {shape} values and holds {data.size}: get it again")
    return data.reshape(shape)
