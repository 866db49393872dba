"""The arguments of a command that writes a picture."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.plots import PictureFormat

__all__ = ["add_picture_arguments", "wanted_format"]


def add_picture_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--width`` and ``--dpi``."""
    parser.add_argument("--width", metavar="INCH", type=float, help="width of the picture, 1 to 40; 3.4 fits a column")
    parser.add_argument("--dpi", type=float, help="resolution of a PNG, 30 to 1200 dots per inch")


def wanted_format(
    path: str, width: float | None = None, dpi: float | None = None, *, option: str = "--output"
) -> "PictureFormat":
    """Tell the format of a picture by its name, and refuse a name that cannot be written before the work is done.

    Parameters
    ----------
    path
        Picture to write.
    width, dpi
        As given on the command line.
    option
        The option that named the picture.

    Raises
    ------
    InputError
        If the path is a folder, has another extension, lies in a folder that is missing or not writable, or a size is
        out of range.
    """
    from mtjlab.analysis.plots import FORMATS, PictureFormat

    target = Path(path)
    name = target.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise InputError(f"{option} {path}: end the name with .{', .'.join(FORMATS)}, which tells the format")
    if target.is_dir() or not os.access(target.resolve().parent, os.W_OK):
        raise InputError(f"{option} {path} cannot be written: give a file in a folder that exists and is yours")
    return PictureFormat(name, width, dpi)
