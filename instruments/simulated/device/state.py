"""The two states of a junction."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["State", "as_states"]


class State(IntEnum):
    """Which way the free layer points; the number is the bit that a read gives."""

    P = 0
    """Parallel to the reference layer: mz = +1, the low resistance."""
    AP = 1
    """Antiparallel: mz = -1, the high resistance."""


def as_states(states: ArrayLike) -> NDArray[np.uint8]:
    """Check that every value is 0 (P) or 1 (AP).

    Parameters
    ----------
    states
        States, any shape.

    Returns
    -------
    ndarray of uint8
        The same states.

    Raises
    ------
    ValueError
        If a value is neither 0 nor 1.
    """
    given = np.asarray(states)
    wrong = given[(given != 0) & (given != 1)]
    if wrong.size:
        raise InputError(f"state {wrong.flat[0]} is not a junction's: give 0 (P) or 1 (AP)")
    return given.astype(np.uint8)
