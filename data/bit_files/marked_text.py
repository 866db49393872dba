"""ASCII bits behind a byte order mark, as Notepad and PowerShell write them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError, encoding_of
from mtjlab.data.bit_files.ascii_bits import strange_character

__all__ = ["is_marked_text", "text_chunks", "unmarked"]

CHUNK = 1 << 17
"""Bytes read at a time."""


def unmarked(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the bytes of a text as UTF-8 without a mark.

    Parameters
    ----------
    data
        Bytes of the file, or its first ones.

    Raises
    ------
    InputError
        If the mark promises an encoding that the bytes are not of.
    """
    codec = encoding_of(data[:4].tobytes())
    if codec == "utf-8":
        return data
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(data.tobytes())
    except UnicodeDecodeError as error:
        raise InputError(f"begins like {codec} text and is not ({error.reason} at byte {error.start})") from None
    return np.frombuffer(text.encode(), np.uint8)


def is_marked_text(data: NDArray[np.uint8]) -> bool:
    """Tell bits behind a mark from packed bits that happen to begin like one."""
    try:
        text = unmarked(data)
    except InputError:
        return False
    return text is not data and text.size > 0 and not strange_character(text)


def text_chunks(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Read a text piece by piece, as UTF-8 without a mark.

    Parameters
    ----------
    path
        The text.

    Raises
    ------
    InputError
        If the mark promises an encoding that the bytes are not of.
    """
    with path.open("rb") as file:
        codec = encoding_of(file.read(4))
        file.seek(0)
        decoder = codecs.getincrementaldecoder(codec)() if codec != "utf-8" else None
        while data := file.read(CHUNK):
            if decoder is None:
                yield np.frombuffer(data, np.uint8)
                continue
            try:
                yield np.frombuffer(decoder.decode(data).encode(), np.uint8)
            except UnicodeDecodeError as error:
                raise InputError(f"begins like {codec} text and is not ({error.reason})") from None
