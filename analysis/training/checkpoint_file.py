"""Read a checkpoint of a training without running anything that the file may name."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from mtjlab.core import InputError

__all__ = ["load_checkpoint"]

KEYS = {"settings", "losses", "net", "average", "optimizer"}


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint that `Training` wrote.

    Parameters
    ----------
    path
        The checkpoint.

    Returns
    -------
    dict
        ``settings``, ``losses`` (one an epoch), ``net``, ``average`` (the weights to use) and ``optimizer``.

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
