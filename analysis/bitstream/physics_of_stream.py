"""All that is asked of a bitstream, found in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.bitstream.correlations import Correlation, correlation
from mtjlab.analysis.bitstream.not_applicable import NotApplicable, or_reason
from mtjlab.analysis.bitstream.recorded_conditions import (
    KELVINS,
    OHMS,
    RecordedConditions,
    Stretches,
    junctions_in_turn,
    remarks_on,
)
from mtjlab.analysis.bitstream.stream_results import StreamPhysics
from mtjlab.analysis.bitstream.stream_tallies import StreamTallies
from mtjlab.core import Bits, InputError, Progress

if TYPE_CHECKING:
    from mtjlab.data import Recording

__all__ = ["LAGS", "LEVEL", "stream_physics"]

LAGS = 256
"""Largest lag of the autocorrelation, unless another is asked for."""

LEVEL = 1e-3
"""Chance that steady, independent bits are given a change point; the same for a line, and so on."""

AT_ONCE = 1 << 23
"""Bits of a recording that are read at once."""


def stream_physics(
    source: Recording | Bits | ArrayLike | Iterator[Bits],
    *,
    period: float | None = None,
    lags: int = LAGS,
    level: float = LEVEL,
    begins_up: bool = True,
    progress: Progress = lambda done, total: None,
) -> StreamPhysics:
    """Ask a bitstream of any length everything, in one pass at flat memory.

    Parameters
    ----------
    source
        A recording; or bits, all together or an iterator over parts of any size. The parts have no part in the result.
    period
        Time from bit to bit [s], for bits that bring no time. A recording has the start times of its blocks.
    lags
        Largest lag of the autocorrelation.
    level
        Chance that steady, independent bits give a false alarm, for each question by itself.
    begins_up
        As for `transitions`.
    progress
        Called with the bits that are done and all there are, as far as that is known.

    Returns
    -------
    StreamPhysics
        All results; what the bits are too few for is `NotApplicable`.

    Raises
    ------
    InputError
        If there is no bit, or an argument is out of its range.

    Examples
    --------
    >>> found = stream_physics(np.random.default_rng(1).integers(0, 2, 100_000))
    >>> found.bits, found.correlations["temperature"].reason
    (100000, 'the bits came without it')
    """
    if lags < 1:
        raise InputError(f"lags = {lags}: expected 1 or more", argument="lags")
    if not 0 < level < 1:
        raise InputError(f"level = {level}: expected a number between 0 and 1, as 0.001", argument="level")
    if period is not None and not 0 < period < np.inf:
        raise InputError(f"period = {period} s: expected a positive time from bit to bit", argument="period")
    from mtjlab.data import Recording

    tallies = StreamTallies(lags, begins_up=begins_up)
    if isinstance(source, Iterator):
        tallies.take(source, progress)
        return tallies.result(period, level)
    if not isinstance(source, Recording):
        bits = Bits.of(source)
        tallies.take([bits], progress, len(bits))
        return tallies.result(period, level)
    with source as recording:
        total = recording.committed
        tallies.take(_recorded(recording, total), progress, total)
        stretches = Stretches.of(recording)
        found = tallies.result(period or stretches.period, level, stretches)
        return replace(found, correlations=_correlations(recording, stretches), remarks=remarks_on(recording))


def _recorded(recording: Recording, total: int) -> Iterator[Bits]:
    for first in range(0, total, AT_ONCE):
        yield recording.packed_bits(first, min(first + AT_ONCE, total))


def _correlations(recording: Recording, stretches: Stretches) -> dict[str, Correlation | NotApplicable]:
    if junctions_in_turn(recording):
        turns = NotApplicable("several junctions take turns, each with its own resistance")
        return {"resistance": turns, "temperature": turns}
    conditions = RecordedConditions.of(recording, stretches).values
    shares = stretches.ones / np.maximum(stretches.counts, 1)
    found: dict[str, Correlation | NotApplicable] = {}
    for name, (unit, values) in conditions.items():
        found[name] = or_reason(partial(correlation, values, shares, name, unit))
    for kind, units in (("resistance", OHMS), ("temperature", KELVINS)):
        if not any(unit in units for unit, _ in conditions.values()):
            found[kind] = NotApplicable("the recording has no such column")
    return found
