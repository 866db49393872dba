"""Read a folder of images to learn from: idx files as MNIST and its relatives ship them, or pictures in folders."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.training.training_images import TrainingImages
from mtjlab.core import InputError

__all__ = ["DEBIAN_FOLDER", "load_images"]

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package ``dataset-fashion-mnist`` puts the files."""
FASHION_MNIST = "657fbd221bfc9f4198cc14b5619cc33e"
"""Half the SHA-256 of the 60,000 labels of Fashion-MNIST."""
GARMENTS = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
"""Classes of Fashion-MNIST in the order of their numbers."""
PICTURES = {".png", ".bmp", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".webp"}

Part = Literal["train", "test"]


def load_images(folder: Path, part: Part = "train") -> TrainingImages:
    """Read one part of a data set.

    Parameters
    ----------
    folder
        Either idx files (``train-images-idx3-ubyte[.gz]``, ``train-labels-idx1-ubyte[.gz]``, the same with ``t10k`` to
        test with; ``idx4`` and a last axis of 3 for colour) and perhaps ``classes.txt``, a name a line; or pictures
        in ``train/CLASS/`` and ``test/CLASS/``; or pictures in ``CLASS/``, of which each tenth is to test with.
    part
        ``train`` or ``test``.

    Returns
    -------
    TrainingImages
        Images of 28 or 32 pixels, with labels and names of the classes where there are any.

    Raises
    ------
    InputError
        If there is no such data set, a file cannot be read, or the images are of other or different sizes.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: {_WANTED}", argument="dataset")
    if any(folder.glob("*-idx[1-4]-ubyte*")):
        return _from_idx(folder, part)
    return _from_pictures(folder, part)


_WANTED = (
    "install Debian's package dataset-fashion-mnist, or give a folder with four idx files, or with pictures in "
    "train/CLASS/ and test/CLASS/"
)


def _from_idx(folder: Path, part: Part) -> TrainingImages:
    prefix = "train" if part == "train" else "t10k"
    images = _read_idx(_find(folder, f"{prefix}-images-idx3-ubyte", f"{prefix}-images-idx4-ubyte"))
    labels = _read_idx(_find(folder, f"{prefix}-labels-idx1-ubyte"))
    name, classes = _known(folder)
    if not classes:
        classes = tuple(str(number) for number in range(int(labels.max(initial=0)) + 1))
    return TrainingImages(images, labels, classes, name)


def _known(folder: Path) -> tuple[str, tuple[str, ...]]:
    names = folder / "classes.txt"
    if names.is_file():
        lines = (line.strip() for line in names.read_text(encoding="utf-8").splitlines())
        return folder.name, tuple(line for line in lines if line)
    labels = _read_idx(_find(folder, "train-labels-idx1-ubyte"))
    if hashlib.sha256(labels.tobytes()).hexdigest()[:32] == FASHION_MNIST:
        return "Fashion-MNIST", GARMENTS
    return folder.name, ()


def _find(folder: Path, *names: str) -> Path:
    for name in names:
        for path in (folder / f"{name}.gz", folder / name):
            if path.is_file():
                return path
    raise InputError(f"{folder} holds no {names[0]}[.gz]: {_WANTED}", argument="dataset")


def _read_idx(path: Path) -> NDArray[np.uint8]:
    """Read an idx file of bytes: two zeros, 0x08, the number of axes, big-endian lengths, the data."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read ({error}): get it again", argument="dataset") from None
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


def _from_pictures(folder: Path, part: Part) -> TrainingImages:
    divided = (folder / "train").is_dir()
    if divided and not (folder / part).is_dir():
        raise InputError(f"{folder} holds train and no {part}: {_WANTED}", argument="dataset")
    files = _pictures(folder / part if divided else folder)
    classes = tuple(sorted({path.parent.name for path in _pictures(folder / "train" if divided else folder)}))
    if not divided:
        files = [path for index, path in enumerate(files) if (index % 10 == 9) == (part == "test")]
    if not files:
        raise InputError(f"{folder} holds no idx files and no pictures for '{part}': {_WANTED}", argument="dataset")
    unknown = {path.parent.name for path in files} - set(classes)
    if unknown:
        raise InputError(f"{folder / part} has classes that train has not: {', '.join(sorted(unknown))}")
    images = _read_pictures(files)
    labels = np.array([classes.index(path.parent.name) for path in files], dtype=np.int64)
    return TrainingImages(images, labels, classes if len(classes) > 1 else (), folder.name)


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*") if path.suffix.lower() in PICTURES)


def _read_pictures(files: list[Path]) -> NDArray[np.uint8]:
    from PIL import Image, UnidentifiedImageError

    arrays = []
    for path in files:
        try:
            with Image.open(path) as picture:
                grey = picture.mode in ("1", "L", "LA", "I", "I;16")
                arrays.append(np.asarray(picture.convert("L" if grey else "RGB")))
        except (OSError, UnidentifiedImageError) as error:
            raise InputError(f"{path} cannot be read as a picture ({error}): remove it", argument="dataset") from None
        if arrays[-1].shape != arrays[0].shape:
            raise InputError(
                f"{path} has shape {arrays[-1].shape} and {files[0]} has {arrays[0].shape}: all pictures must be of "
                "one size, all grey or all in colour",
                argument="dataset",
            )
    return np.stack(arrays)
