"""A recorded bitstream as a picture."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots.bitstream_plots import bitstream_plot
from mtjlab.analysis.plots.picture_titles import picture_title
from mtjlab.core import InputError
from mtjlab.data import Recording

__all__ = ["bitstream_picture", "recorded_resistances"]

MOST = 5000
"""Points of the resistance, at most."""


COLUMNS = ("Time", "Parallel current", "Antiparallel current")


def bitstream_picture(recording: Recording, bias: float) -> bytes:
    """Draw the share of ones and the resistances of both states along a recording.

    Parameters
    ----------
    recording
        The recording.
    bias
        Read bias [V].

    Raises
    ------
    ValueError
        If it holds no bits, or lacks a column.
    """
    blocks = recording.blocks()
    if not len(blocks):
        raise InputError(f"{recording.path} holds no bits: there is nothing to draw")
    first, count, ones = (blocks[name].to_numpy().astype(np.int64) for name in ("first_bit", "count", "ones"))
    times, resistances = recorded_resistances(recording, bias)
    bits, share = int(count.sum()), ones.sum() / count.sum()
    title = f"{picture_title(recording)}, {bits:,} bits, P(1) = {share:.5f}"
    return bitstream_plot(first, count, ones, times, resistances, title)


def recorded_resistances(
    recording: Recording, bias: float
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Give times [s] and the mean resistances [Ω] of both states in blocks, thinned to some thousands.

    Parameters
    ----------
    recording
        Recording of bits.
    bias
        Read bias [V].

    Raises
    ------
    InputError
        If the recording lacks the columns.
    """
    frame = recording.frame()
    frame = frame.iloc[:: max(1, -(-len(frame) // MOST))]
    lacking = [name for name in COLUMNS if name not in frame]
    if lacking:
        raise InputError(
            f"{recording.path} lacks the columns {', '.join(lacking)}: it was not recorded by this procedure"
        )
    with np.errstate(divide="ignore"):
        resistances = {
            state.lower(): bias / frame[f"{state} current"].to_numpy(float) for state in ("Parallel", "Antiparallel")
        }
    return frame["Time"].to_numpy(float), resistances
