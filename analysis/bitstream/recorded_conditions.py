"""What a recording holds beside its bits: when each stretch was taken, at which resistance and temperature."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError

if TYPE_CHECKING:
    import pandas as pd

    from mtjlab.data import Recording

__all__ = ["KELVINS", "OHMS", "RecordedConditions", "Stretches", "junctions_in_turn", "remarks_on"]

MOST = 4096
"""Stretches into which the blocks of a recording are joined, at most."""

AT_ONCE = 1 << 16
"""Rows read at once."""

OHMS, KELVINS = ("ohm", "Ω"), ("K", "degC", "celsius", "°C")
"""Units of columns that are a resistance, a temperature."""

CURRENTS = ("Parallel current", "Antiparallel current")
"""Columns of a bitstream from which, with the read bias, the resistances of both states follow."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """Blocks of a recording, some joined to one."""

    first_bits: NDArray[np.int64]
    """First bit of each, shape (W,)."""

    counts: NDArray[np.int64]
    """Its bits."""

    ones: NDArray[np.int64]
    """Ones among them."""

    starts: NDArray[np.float64]
    """Its start [Unix s]."""

    joined: int
    """Blocks in each; the last may have fewer."""

    @classmethod
    def of(cls, recording: Recording, most: int = MOST) -> Self:
        """Read the blocks, at flat memory.

        Parameters
        ----------
        recording
            The recording.
        most
            Stretches, at most.

        Returns
        -------
        Stretches
            With arrays of length zero where the recording has no block.
        """
        total = recording.length("blocks")
        joined = max(1, -(-total // most))
        parts = [_joined(frame, joined) for frame in _ranges(recording, "blocks", total, joined)]
        if not parts:
            nothing = np.empty(0, np.int64)
            return cls(nothing, nothing, nothing, np.empty(0), joined)
        first, counts, ones, starts = (np.concatenate(each) for each in zip(*parts, strict=True))
        return cls(first.astype(np.int64), counts.astype(np.int64), ones.astype(np.int64), starts, joined)

    @property
    def period(self) -> float | None:
        """Usual time from bit to bit [s], the median over stretches: pauses count for nothing. None if not known."""
        bits, time = np.diff(self.first_bits), np.diff(self.starts)
        usable = (bits > 0) & (time > 0)
        if not usable.any():
            return None
        return float(np.median(time[usable] / bits[usable]))

    @property
    def rises(self) -> bool:
        """Whether there are two or more and each starts after the one before."""
        return self.starts.size > 1 and bool(np.all(np.diff(self.starts) > 0))

    def times(self, bits: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the time of bits since the first [s].

        Parameters
        ----------
        bits
            Their places in the stream, rising, shape (B,).

        Returns
        -------
        array
            Between the starts of stretches by proportion, shape (B,).

        Raises
        ------
        InputError
            If the starts do not rise.
        """
        period = self.period
        if period is None or not self.rises:
            raise InputError("start times of the blocks do not rise: time is counted in pulses")
        ends = np.append(self.first_bits, self.first_bits[-1] + self.counts[-1])
        starts = np.append(self.starts, self.starts[-1] + self.counts[-1] * period)
        found: NDArray[np.float64] = np.interp(bits, ends, starts) - self.starts[0]
        return found


@dataclass(frozen=True, eq=False)
class RecordedConditions:
    """Resistances and temperatures of the stretches of a recording."""

    values: Mapping[str, tuple[str, NDArray[np.float64]]]
    """Unit and mean in each stretch, by the name of the quantity; NaN where there is none."""

    @classmethod
    def of(cls, recording: Recording, stretches: Stretches) -> Self:
        """Read the columns, at flat memory.

        Parameters
        ----------
        recording
            The recording.
        stretches
            Its blocks.

        Returns
        -------
        RecordedConditions
            Empty where the recording has no such column.

        Notes
        -----
        A row a block is the rule, and then rows are joined as blocks are. Other rows are put to the stretches by the
        times at which they were handed over.
        """
        rows, blocks = recording.length("data"), recording.length("blocks")
        one_each = rows == blocks
        joined = stretches.joined if one_each else max(1, -(-rows // MOST))
        read_bias = recording.parameters.get("bias")
        bias = float(read_bias.value) if read_bias is not None and read_bias.unit == "V" else math.nan
        means: dict[str, tuple[str, list[NDArray[np.float64]]]] = {}
        times: list[NDArray[np.float64]] = []
        for frame in _ranges(recording, "data", rows, joined):
            for name, unit, values in _quantities(frame, bias):
                means.setdefault(name, (unit, []))[1].append(_means(values, joined))
            if "row_time" in frame:
                times.append(_means(frame["row_time"].to_numpy(np.float64), joined))
        found = {name: (unit, np.concatenate(parts)) for name, (unit, parts) in means.items()}
        if one_each:
            return cls(found)
        at = np.concatenate(times) if times else np.empty(0)
        return cls({name: (unit, _interpolated(stretches.starts, at, each)) for name, (unit, each) in found.items()})


def _ranges(recording: Recording, table: str, rows: int, joined: int) -> Iterator[pd.DataFrame]:
    step = max(1, AT_ONCE // joined) * joined
    for first in range(0, rows, step):
        yield recording.table(table, first, min(first + step, rows))


def _joined(frame: pd.DataFrame, joined: int) -> tuple[NDArray[np.float64], ...]:
    edges = np.arange(0, len(frame), joined)
    first, starts = (frame[name].to_numpy()[edges] for name in ("first_bit", "start"))
    counts, ones = (np.add.reduceat(frame[name].to_numpy().astype(np.int64), edges) for name in ("count", "ones"))
    return first, counts, ones, starts


def _quantities(frame: pd.DataFrame, bias: float) -> Iterator[tuple[str, str, NDArray[np.float64]]]:
    units = frame.attrs.get("units", {})
    for name in frame.columns:
        unit = str(units.get(name, ""))
        values = frame[name].to_numpy()
        if values.dtype.kind not in "fiu":
            continue
        if name in CURRENTS and math.isfinite(bias):
            with np.errstate(divide="ignore", invalid="ignore"):
                yield f"{name.split()[0].lower()} resistance", "ohm", bias / values.astype(np.float64)
        elif unit in OHMS or unit in KELVINS:
            yield str(name), unit, values.astype(np.float64)


def _means(values: NDArray[np.float64], joined: int) -> NDArray[np.float64]:
    """Give the means of so many rows each, without those that are not finite."""
    edges = np.arange(0, values.size, joined)
    there = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        found: NDArray[np.float64] = np.add.reduceat(np.where(there, values, 0.0), edges) / np.add.reduceat(
            there.astype(np.int64), edges
        )
    return found


def _interpolated(
    wanted: NDArray[np.float64], at: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    there = np.isfinite(values)
    if at.size != values.size or not np.any(there := there & np.isfinite(at)):
        return np.full(wanted.size, math.nan)
    found: NDArray[np.float64] = np.interp(wanted, at[there], values[there])
    return found


def junctions_in_turn(recording: Recording) -> bool:
    """Tell whether several junctions took turns in a recording.

    Parameters
    ----------
    recording
        The recording.

    Returns
    -------
    bool
        Whether its parameter ``junctions`` names more than one.
    """
    named = recording.parameters.get("junctions")
    return named is not None and "," in str(named.value)


def remarks_on(recording: Recording) -> tuple[str, ...]:
    """Say what is to be known before the physics of a recording is read.

    Parameters
    ----------
    recording
        The recording.

    Returns
    -------
    tuple of str
        A line for each; none for raw bits of one toggled junction.
    """
    from mtjlab.analysis.extraction import is_conditioned

    mode = recording.parameters.get("mode")
    said = (
        (
            recording.simulated,
            "The bench was simulated: unless it kept real time, times and frequencies are those of the computer.",
        ),
        (is_conditioned(recording), "These bits went through an extractor: they are no switches of a junction."),
        (junctions_in_turn(recording), "Several junctions took turns: states and runs go over the ends of the turns."),
        (
            mode is not None and mode.value == "reset",
            "Each pulse began in the same state (mode reset): there is one probability, and P_ud = P_du of the bits.",
        ),
    )
    return tuple(text for applies, text in said if applies)
