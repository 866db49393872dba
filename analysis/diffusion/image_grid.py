"""Many small images on one page, as a PNG file."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError, new_file

__all__ = ["image_grid", "write_image_grid"]


def image_grid(
    images: NDArray[np.uint8], *, columns: int | None = None, scale: int = 3, gap: int = 6
) -> NDArray[np.uint8]:
    """Lay images out in rows, grey ones dark on white as on paper, colours as they are.

    Parameters
    ----------
    images
        uint8, shape (N, height, width), light on black as Fashion-MNIST has them, or (N, height, width, 3) in colour.
    columns
        Images in a row; None makes the page about square.
    scale
        Screen pixels of an image pixel.
    gap
        Screen pixels between images.

    Returns
    -------
    NDArray
        uint8, the page: (height, width), or (height, width, 3) in colour.

    Raises
    ------
    ValueError
        If there are no images, they are not uint8, or `columns`, `scale` or `gap` is too small.
    """
    colours = images.shape[3:]
    if images.ndim not in (3, 4) or colours not in ((), (3,)) or len(images) == 0 or images.dtype != np.uint8:
        raise InputError(
            f"{images.dtype} array of shape {images.shape}: expected uint8 images (N, height, width), or (N, height, "
            "width, 3) in colour"
        )
    columns = math.ceil(math.sqrt(len(images))) if columns is None else columns
    if columns < 1 or scale < 1 or gap < 0:
        raise InputError(f"columns = {columns}, scale = {scale}, gap = {gap}: expected at least 1, 1 and 0")
    rows = math.ceil(len(images) / columns)
    height, width = (side * scale + gap for side in images.shape[1:3])
    page = np.full((rows * height + gap, columns * width + gap, *colours), 255, dtype=np.uint8)
    for index, image in enumerate(images):
        top, left = gap + index // columns * height, gap + index % columns * width
        large = (image if colours else 255 - image).repeat(scale, axis=0).repeat(scale, axis=1)
        page[top : top + height - gap, left : left + width - gap] = large
    return page


def write_image_grid(
    path: Path,
    images: NDArray[np.uint8],
    *,
    columns: int | None = None,
    scale: int = 3,
    gap: int = 6,
    comment: str = "",
) -> None:
    """Write `image_grid` of these images as a PNG file.

    Parameters
    ----------
    path
        File to write, ending in ``.png``.
    images, columns, scale, gap
        As `image_grid` takes them.
    comment
        What the file says of them, in the text entry ``Comment``; empty for nothing.

    Raises
    ------
    InputError
        If `path` does not end in ``.png``, or for what `image_grid` refuses.
    FileError
        If the file cannot be written.
    """
    from PIL import Image, PngImagePlugin

    if path.suffix.lower() != ".png":
        raise InputError(f"{path}: an image grid is written as PNG; let the name end in .png")
    page = Image.fromarray(image_grid(images, columns=columns, scale=scale, gap=gap))
    said = PngImagePlugin.PngInfo()
    if comment:
        said.add_text("Comment", comment)
    with new_file(path, overwrite=True) as partial:
        page.save(partial, format="PNG", optimize=True, pnginfo=said)
