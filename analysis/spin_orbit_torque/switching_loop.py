"""The state of a bar after write pulses that rise and fall: the currents at which it switches."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction import student_factor
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["Attempts", "SwitchingLoop", "attempts_of", "two_levels"]

_FEWEST = 6
"""Readings that tell two states apart, at least."""


@dataclasses.dataclass(frozen=True)
class Attempts:
    """Pulses that tried to switch a bar from the state it was in."""

    currents: NDArray[np.float64]
    """Size of the current of each [A], shape (N,)."""
    signs: NDArray[np.float64]
    """Its sign, shape (N,)."""
    switched: NDArray[np.bool_]
    """Whether it switched, shape (N,)."""


@dataclasses.dataclass(frozen=True)
class SwitchingLoop:
    """Critical currents of repeated loops 0 → +max → 0 → -max → 0 of write pulses, with a probe after each.

    The probe is odd in the state: the unidirectional magnetoresistance of a type-y bar, `R(+i) - R(-i)`; the planar
    Hall voltage under a small field across of a type-x bar, which AMR, UMR and the planar Hall effect without a field
    cannot tell +x from -x.
    """

    positive: Quantity
    """Current at which pulses of positive sign switch [A], mean over the loops."""
    negative: Quantity
    """Likewise those of negative sign [A], below 0."""
    critical: Quantity
    """Half the distance of the two [A]."""
    offset: Quantity
    """Middle of the two [A]: a field along the easy axis favours one state."""
    contrast: float
    """Distance of the readings of both states over their standard deviation."""
    upwards: bool
    """Whether pulses of positive sign lead to the state that reads higher."""
    threshold: float
    """Reading between the two states."""

    @classmethod
    def analyse(cls, currents: ArrayLike, signals: ArrayLike) -> Self:
        """Find the switching currents of each loop and average.

        Parameters
        ----------
        currents
            Current of the write pulse before each probe [A], shape (loops, points).
        signals
            What the probe read, odd in the state, same shape.

        Returns
        -------
        SwitchingLoop
            The averages; uncertainties are Student's over the loops, and the step's for a single one.

        Raises
        ------
        InputError
            If the shapes are others.
        FitError
            If the two states cannot be told apart, or the bar does not switch with either sign.
        """
        amperes, read = np.asarray(currents, float), np.asarray(signals, float)
        if amperes.ndim != 2 or amperes.shape != read.shape or amperes.shape[1] < 8:
            raise InputError(f"currents {amperes.shape}, signals {read.shape}: give both as (loops, at least 8 points)")
        threshold, contrast = two_levels(read)
        upwards = _upwards(amperes, read, threshold)
        attempts = attempts_of(amperes, read, threshold, upwards)
        step = _step(amperes)
        found = {}
        for sign in (1.0, -1.0):
            sizes = attempts.currents[(attempts.signs == sign) & attempts.switched]
            if not sizes.size:
                raise FitError(
                    f"pulses of {'positive' if sign > 0 else 'negative'} sign up to {np.abs(amperes).max():g} A do not "
                    "switch the bar: raise the current or the width; a field along its easy axis may hold it"
                )
            # The bar switched between the step before and this one.
            found[sign] = _mean(sign * (sizes - step / 2), step)
        up, down = found[1.0], found[-1.0]
        error = math.hypot(up.uncertainty, down.uncertainty) / 2
        return cls(
            positive=up,
            negative=down,
            critical=Quantity((up.value - down.value) / 2, error, "A"),
            offset=Quantity((up.value + down.value) / 2, error, "A"),
            contrast=contrast,
            upwards=upwards,
            threshold=threshold,
        )

    def attempts(self, currents: ArrayLike, signals: ArrayLike) -> Attempts:
        """Give the pulses that tried to switch, for `ThermalSwitching.fit`.

        Parameters
        ----------
        currents, signals
            As for `analyse`.
        """
        return attempts_of(np.asarray(currents, float), np.asarray(signals, float), self.threshold, self.upwards)


def attempts_of(
    currents: NDArray[np.float64], signals: NDArray[np.float64], threshold: float, upwards: bool
) -> Attempts:
    """Find the pulses that pushed the bar towards the state that it was not in.

    Parameters
    ----------
    currents, signals
        As for `SwitchingLoop.analyse`, shape (loops, points).
    threshold
        Signal between the two states.
    upwards
        Whether a positive current leads to the state that reads higher.

    Returns
    -------
    Attempts
        The pulses. The first of each loop is left out: the state before it is that of the loop before.
    """
    high = signals > threshold
    before, after = high[:, :-1], high[:, 1:]
    pulse = currents[:, 1:]
    towards_high = (pulse > 0) == upwards
    tried = (pulse != 0) & (before != towards_high)
    return Attempts(np.abs(pulse[tried]), np.sign(pulse[tried]), (after == towards_high)[tried])


def two_levels(signals: ArrayLike) -> tuple[float, float]:
    """Tell the readings of two states apart.

    Parameters
    ----------
    signals
        Readings, any shape, of either state.

    Returns
    -------
    threshold, contrast : float
        The middle between both states, and their distance over the standard deviation about them.

    Raises
    ------
    FitError
        If they cannot be told apart.
    """
    read = np.asarray(signals, float)
    if read.size < _FEWEST:
        raise FitError(f"{read.size} probes do not tell two states apart: take {_FEWEST} or more")
    if not np.isfinite(read).all():
        raise FitError("some probes are no numbers: the contact is open, or the meter at its limit")
    middle = float(read.min() + read.max()) / 2
    for _ in range(50):
        low, high = read[read <= middle], read[read > middle]
        if not (low.size and high.size):
            break
        settled = float(low.mean() + high.mean()) / 2
        if settled == middle:
            break
        middle = settled
    low, high = read[read <= middle], read[read > middle]
    apart = float(high.mean() - low.mean()) if low.size and high.size else 0.0  # readings all alike are all low
    spread = math.sqrt(sum(float(each.var()) * each.size for each in (low, high) if each.size) / read.size)
    contrast = apart / spread if spread else (math.inf if apart else 0.0)
    # White noise alone, cut in its middle, is 2.6 of such standard deviations apart where there is much of it; few
    # readings may be far more. This line lies above 999 of 1000 such draws, of six readings and of a thousand.
    least = 3 + 50 / (read.size - 3)
    if not contrast > least:
        raise FitError(
            f"the probe does not tell two states apart (contrast {contrast:.2g}, {least:.2g} needed): the bar does "
            "not switch, or the signal is below the noise: raise the write current, probe with more current or longer"
        )
    return middle, contrast


def _upwards(currents: NDArray[np.float64], read: NDArray[np.float64], threshold: float) -> bool:
    """Tell which state the pulses of the largest positive current leave."""
    largest = float(np.abs(currents).max())
    side = np.where(read > threshold, 1.0, -1.0)
    strong = np.abs(currents) > 0.9 * largest
    return float((side * np.sign(currents))[strong].sum()) > 0


def _step(currents: NDArray[np.float64]) -> float:
    steps = np.abs(np.diff(currents, axis=1))
    return float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0


def _mean(values: NDArray[np.float64], step: float) -> Quantity:
    single = step / math.sqrt(12)
    if values.size == 1:
        return Quantity(float(values[0]), single, "A")
    error = math.hypot(float(values.std(ddof=1)), single) / math.sqrt(values.size)
    return Quantity(float(values.mean()), error * student_factor(values.size - 1), "A")
