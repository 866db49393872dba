"""The way from noise to images, as an animated picture."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion.image_grid import image_grid
from mtjlab.analysis.diffusion.sampling import to_bytes
from mtjlab.core import InputError, new_file

__all__ = ["Trajectory"]

FRAMES = 60
"""Frames at most: of more steps, as many as are spread evenly."""
FORMATS = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}


class Trajectory:
    """The first images of a run, as they are after each step. It is the `watch` of `sample`.

    Parameters
    ----------
    steps
        Steps of the sampler.
    images
        How many images, from the first; those of the first batch that come later are not watched.

    Raises
    ------
    InputError
        If `steps` or `images` is below 1.
    """

    def __init__(self, steps: int, images: int = 16) -> None:
        if steps < 1 or images < 1:
            raise InputError(f"steps = {steps}, images = {images}: expected at least 1 of each")
        self._kept = set(np.linspace(0, steps, min(steps + 1, FRAMES)).round().astype(int).tolist())
        self._images = images
        self.frames: list[NDArray[np.uint8]] = []
        """What was seen, from the noise to the images: uint8, shape (images, height, width) or with 3 behind."""

    def __call__(self, first: int, step: int, x: NDArray[np.float32]) -> None:
        """Look at a batch after a step.

        Parameters
        ----------
        first
            Number of its first image.
        step
            Steps made; 0 is the noise.
        x
            Noisy images.
        """
        if first == 0 and step in self._kept:
            self.frames.append(to_bytes(x[: self._images]))

    def write(self, path: Path, *, frame_time: float = 0.1, last_time: float = 2.0, comment: str = "") -> None:
        """Write the frames as an animated picture that begins again at its end.

        Parameters
        ----------
        path
            File to write: ``.gif``, or ``.png`` or ``.apng`` (animated PNG).
        frame_time, last_time
            How long a frame stands, and how long the images at the end [s].
        comment
            What the file says of them; empty for nothing.

        Raises
        ------
        InputError
            If `path` ends otherwise, or nothing was seen.
        FileError
            If the file cannot be written.
        """
        from PIL import Image, PngImagePlugin

        form = FORMATS.get(path.suffix.lower())
        if form is None or not self.frames:
            raise InputError(
                f"{path}: expected a name in .gif, .png or .apng, and frames ({len(self.frames)} were seen)"
            )
        pages = [Image.fromarray(image_grid(frame)) for frame in self.frames]
        durations = [round(1000 * frame_time)] * (len(pages) - 1) + [round(1000 * last_time)]
        said: dict[str, Any] = {}
        if comment:
            said = {"pnginfo": PngImagePlugin.PngInfo(), "comment": comment.encode()}  # APNG takes one, GIF the other
            said["pnginfo"].add_text("Comment", comment)
        with new_file(path, overwrite=True) as partial:
            pages[0].save(
                partial, format=form, save_all=True, append_images=pages[1:], duration=durations, loop=0, **said
            )
