"""Many macrospins at once, in lanes of 128; the equation and its arithmetic are those of `kernels.lanes`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.kernels.kernel import Kernel
from mtjlab.instruments.simulated.kernels.lane_layout import DELAY, GAIN, LANES, NOISE, QUANTITIES, VECTOR

__all__ = ["integrate"]

_ADVANCE, _ADVANCE_IN_COMMON = (
    Kernel("lanes", name, "f4* u4* f4* i8 i8 f4") for name in ("advance", "advance_in_common")
)


def integrate(
    m: NDArray[np.float32],
    words: NDArray[np.uint64],
    course: NDArray[np.float32],
    *,
    damping: float,
    gain: NDArray[np.float32] | None = None,
    delay: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Integrate independent macrospins over a common course of fields and voltage.

    Parameters
    ----------
    m
        Unit vectors at the start, shape (count, 3).
    words
        One random 64-bit word a macrospin, shape (count,); it alone decides that macrospin's thermal field.
    course
        Shape (steps + 1, 9), the ends of the steps: voltage V [V], its derivative W by the pulse's width [V/s],
        anisotropy field at zero voltage [rad] and per volt [rad/V], torque per volt [rad/V], then what is constant in
        a step: factor of the noise [rad], and constant field along x, y and z, less the noise's mean [rad]. Fields
        are stated as the angle that they turn the magnetisation in a step, γ dt/(1+α²) times what they are.
    damping
        Gilbert damping.
    gain, delay
        Of each macrospin, shape (count,): its voltage is gain·(V + delay·W); 1 and 0 s unless given.

    Returns
    -------
    ndarray of float32, shape (count, 3)
        Unit vectors at the end.
    """
    count = len(m)
    number = -(-count // LANES)
    groups = np.zeros((number, QUANTITIES, LANES), np.float32)
    _put(groups[:, VECTOR:NOISE], m, [0.0, 0.0, 1.0])
    _put(groups[:, GAIN : GAIN + 1], None if gain is None else gain[:, None], [1.0])
    _put(groups[:, DELAY : DELAY + 1], None if delay is None else delay[:, None], [0.0])
    seeds = np.empty((number, 2, LANES), np.uint32)
    # A xorshift state of zero would stay there; a word has one such half once in four thousand million. A word's
    # low half is taken first, whatever the order of the processor's bytes.
    halves = np.stack((words & np.uint64(0xFFFFFFFF), words >> np.uint64(32)), axis=1).astype(np.uint32)
    _put(seeds, np.maximum(halves, 1), [1, 1])
    shared = gain is None and delay is None and not course[:, 4].any()
    advance = _ADVANCE_IN_COMMON if shared else _ADVANCE
    advance(groups, seeds, course, number, len(course) - 1, damping)
    moved = np.empty((number, LANES, 3), np.float32)
    for axis in range(3):
        moved[:, :, axis] = groups[:, VECTOR + axis]
    return moved.reshape(-1, 3)[:count]


def _put(groups: NDArray[Any], rows: NDArray[Any] | None, default: list[float]) -> None:
    """Put a row a macrospin into rows a quantity, with default values in lanes that are not used."""
    number, columns, lanes = groups.shape
    count = 0 if rows is None else len(rows)
    whole = count // lanes
    groups[whole:] = np.array(default)[:, None]
    if rows is not None:
        for column in range(columns):
            groups[:whole, column] = rows[: whole * lanes, column].reshape(whole, lanes)
            if whole < number:
                groups[whole, column, : count - whole * lanes] = rows[whole * lanes :, column]
