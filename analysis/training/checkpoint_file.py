"""Write a checkpoint of a training, and read one without running anything that the file may name."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from mtjlab.core import InputError, new_file

__all__ = ["load_checkpoint", "save_checkpoint"]

KEYS = {
    "settings", "image", "losses", "step", "loss_so_far", "noise_bits", "noise_repeated", "net", "average", "optimizer",
}  # fmt: skip


def save_checkpoint(state: dict[str, Any], path: Path) -> None:
    """Write a checkpoint, whole or not at all.

    Parameters
    ----------
    state
        What `load_checkpoint` returns.
    path
        File to write; an older one is replaced.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    with new_file(path, overwrite=True) as partial:
        torch.save(state, partial)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint that `Training` wrote.

    Parameters
    ----------
    path
        The checkpoint.

    Returns
    -------
    dict
        ``settings``; ``image`` (shape, classes and name of the data set); ``losses`` (one an epoch), ``step``,
        ``loss_so_far`` (sum of the losses of the epoch that has begun), ``noise_bits`` (bits used; 0 for software's
        noise) and ``noise_repeated`` (how often they began again); ``net``, ``average`` (the weights to use) and
        ``optimizer``.

    Raises
    ------
    ValueError
        If the file is missing or is no checkpoint of a training.
    """
    if not path.is_file():
        raise InputError(f"{path} does not exist: train first, or give the checkpoint of a training")
    # A learning rate or a loss may have been saved as a numpy scalar; nothing else of numpy is let in.
    scalar: Any = np.float64(0.0).__reduce__()[0]
    try:
        with torch.serialization.safe_globals([scalar, np.dtype, type(np.dtype(np.float64))]):
            state = torch.load(path, weights_only=True, map_location="cpu")
    # torch raises whatever the bytes lead it to: UnpicklingError, RuntimeError, EOFError, KeyError, ...
    except Exception as error:
        raise InputError(f"{path} is not a checkpoint of a training (torch cannot read it)") from error
    if not isinstance(state, dict) or not state.keys() >= KEYS:
        raise InputError(f"{path} is not a checkpoint of a training: it lacks {', '.join(sorted(KEYS))}")
    return state
