"""The picture of a recording, as `mtjlab plot` draws it; in another process."""

from __future__ import annotations

from mtjlab.data import Recording
from mtjlab.procedures.running import recorded_picture

__all__ = ["read_picture"]


def read_picture(path: str) -> bytes:
    """Draw a recording with its fit.

    Parameters
    ----------
    path
        The recording.

    Returns
    -------
    bytes
        A PNG.

    Raises
    ------
    InputError
        If there is nothing to draw.
    """
    with Recording(path) as recording:
        return recorded_picture(recording)
