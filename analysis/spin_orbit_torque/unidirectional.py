"""Unidirectional magnetoresistance: what turns its sign with the current and with the magnetisation across the bar."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.analysis.spin_orbit_torque.power_law import PowerLaw
from mtjlab.core import FitError, InputError, Quantity

__all__ = ["UnidirectionalMagnetoresistance", "reversal_contrasts", "torque_hall"]

_FEWEST = 6
"""Readings at one size of the current, at least: of four means and the noise."""
_SURE = 2.0
"""Nernst voltage over its uncertainty below which it is given as an upper bound."""


@dataclasses.dataclass(frozen=True)
class UnidirectionalMagnetoresistance:
    """`R(I, m) = R0(I) + Ru(|I|) sgn(I) my + V0/I + Rm my`, with R0 even in I: it holds the heat.

    Ru is the only term that is odd in both: Joule heat, however strong, a thermal voltage of the contacts and a
    magnetisation that looks different up and down all go out. The anomalous Nernst effect of the gradient through the
    film, `V = c I² my`, is odd in both as well. At m along the bar it makes the transverse voltage `-c (w/l) I² mx`
    instead (its field is along m × ∇T); without such readings Ru holds it, and `nernst` is NaN. The torques turn
    that magnetisation, too: the damping-like one out of the plane by `b I/(Beff + B)`, which the anomalous Hall effect
    sees, the field of the current in the plane by `h I/(B - Bk)`, which the planar Hall effect sees, both as
    voltages of the same kind. Only where these are told (`torque_hall`) is the rest the Nernst effect's and subtracted;
    else it is a bound.
    """

    currents: NDArray[np.float64]
    """Sizes of the current [A], shape (n,)."""
    resistances: tuple[Quantity, ...]
    """R0 at each [Ω]."""
    contrasts: tuple[Quantity, ...]
    """Ru at each with the Nernst effect in it [Ω]."""
    nernst: tuple[Quantity, ...]
    """What of it is the anomalous Nernst effect's [Ω], the torque's Hall voltage among it unless `separated`."""
    separated: bool
    """Whether the Nernst effect was told apart, and so subtracted from `amplitudes`."""

    @classmethod
    def analyse(
        cls,
        currents: ArrayLike,
        directions: ArrayLike,
        resistances: ArrayLike,
        transverse: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
        length_over_width: float = 1.0,
        torque_hall: Quantity | None = None,
    ) -> Self:
        """Take the readings apart.

        Parameters
        ----------
        currents
            Current of each reading [A], of both signs, shape (N,), in order of time.
        directions
            +1 where the magnetisation lies along +y, -1 along -y, shape (N,).
        resistances
            Longitudinal voltage over current [Ω], shape (N,).
        transverse
            Currents [A], directions (+1 for m along +x, -1 for -x) and transverse voltages [V] of readings with the
            magnetisation along the bar, each of shape (M,).
        length_over_width
            Distance of the longitudinal contacts over the width of the bar; negative where the transverse voltage is
            that of the contact at -y less that at +y.
        torque_hall
            What the torques add to the transverse resistance per ampere [Ω/A], see `torque_hall`; None where it is not
            known.

        Returns
        -------
        UnidirectionalMagnetoresistance
            The parts, at each size of the current.

        Raises
        ------
        InputError
            If shapes differ, or a current is 0.
        FitError
            If a size of the current has fewer than six readings, or not both signs in both directions.
        """
        even, odd = reversal_contrasts(currents, directions, resistances)
        sizes = np.array(sorted(even))
        nernst = tuple(Quantity(math.nan, math.nan, "Ω") for _ in sizes)
        if transverse is not None:
            amperes, along, volts = (np.asarray(each, float) for each in transverse)
            # The voltage even in the current and odd in m: over the current that is odd in both, as Ru is.
            _, across = reversal_contrasts(amperes, along, volts / amperes)
            missing = [size for size in even if size not in across]
            if missing:
                raise FitError(f"no transverse voltage at {missing[0]:g} A: read it at the same currents")
            turned = torque_hall or Quantity(0.0, 0.0, "Ω/A")
            nernst = tuple(
                _less(across[size], turned.scaled(size, "Ω")).scaled(-length_over_width, "Ω") for size in sizes.tolist()
            )
        levels = sizes.tolist()
        separated = transverse is not None and torque_hall is not None
        return cls(sizes, tuple(even[each] for each in levels), tuple(odd[each] for each in levels), nernst, separated)

    @property
    def amplitudes(self) -> tuple[Quantity, ...]:
        """Ru at each current [Ω], the Nernst effect subtracted where it was told apart."""
        if not self.separated:
            return self.contrasts
        return tuple(_less(whole, part) for whole, part in zip(self.contrasts, self.nernst, strict=True))

    @property
    def ratios(self) -> tuple[Quantity, ...]:
        """(R(+I) - R(-I))/R0 at my = +1 and each current: 2 Ru over R0."""
        return tuple(
            Quantity(2 * odd.value / even.value, 2 * odd.uncertainty / abs(even.value), "1")
            for odd, even in zip(self.amplitudes, self.resistances, strict=True)
        )

    @property
    def nernst_bound(self) -> Quantity:
        """What the Nernst effect adds to the ratio at the largest current; the bound where it is not seen.

        Where it is not told apart, or not seen, the value is 0 and the upper end of the interval is the bound.
        NaN where no transverse voltage was read.
        """
        part, whole = self.nernst[-1], self.resistances[-1].value
        if not math.isfinite(part.value):
            return Quantity(math.nan, math.nan, "1")
        share = part.scaled(2 / whole, "1")
        if self.separated and abs(share.value) > _SURE * share.uncertainty:
            return share
        bound = max(abs(end) for end in share.interval)
        return Quantity(0.0, math.nan, "1", -bound, bound)

    @property
    def is_there(self) -> bool:
        """Whether any current shows an Ru beyond four standard uncertainties."""
        return any(abs(each.value) > 4 * each.uncertainty for each in self.amplitudes)

    @property
    def local_powers(self) -> tuple[Quantity, ...]:
        """Power of the current from each of the currents to the next, `d ln|ratio|/d ln|I|`; NaN where a ratio is lost.

        A ratio that is linear at small currents, cubic above and constant at large ones has no power of its own.
        """
        found = []
        steps = np.diff(np.log(self.currents))
        for low, high, step in zip(self.ratios[:-1], self.ratios[1:], steps.tolist(), strict=True):
            if not all(abs(each.value) > 4 * each.uncertainty for each in (low, high)) or low.value * high.value < 0:
                found.append(Quantity(math.nan, math.nan, "1"))
                continue
            error = math.hypot(low.uncertainty / low.value, high.uncertainty / high.value) / step
            found.append(Quantity(math.log(high.value / low.value) / step, error, "1"))
        return tuple(found)

    def power_law(self) -> PowerLaw:
        """Fit a power of the current to the ratios.

        Returns
        -------
        PowerLaw
            The fit.

        Raises
        ------
        FitError
            As `PowerLaw.fit` does.
        """
        values, errors = (np.array(each) for each in zip(*((q.value, q.uncertainty) for q in self.ratios), strict=True))
        return PowerLaw.fit(self.currents, values, errors)

    @property
    def heating(self) -> Quantity:
        """Rise of R0 over the square of the current [Ω/A²], by a straight line through R0 against I².

        Raises
        ------
        FitError
            If there are fewer than three currents.
        """
        design = np.stack([np.ones_like(self.currents), self.currents**2], axis=1)
        scale = np.array([1.0, float(self.currents.max()) ** 2])
        even = np.array([each.value for each in self.resistances])
        errors = np.array([each.uncertainty for each in self.resistances])
        return NoisyFit.linear(design / scale, even, errors).quantity(1, "Ω/A²", 1 / float(scale[1]))


def reversal_contrasts(
    currents: ArrayLike, directions: ArrayLike, readings: ArrayLike
) -> tuple[dict[float, Quantity], dict[float, Quantity]]:
    """Give what is even in current and direction together, and what is odd in both, at each size of the current.

    Parameters
    ----------
    currents
        Current of each reading [A], shape (N,), in order of time.
    directions
        +1 or -1, shape (N,).
    readings
        Voltages over currents [Ω], shape (N,).

    Returns
    -------
    even, odd : dict
        By the size of the current [A]: the mean, and the mean with the signs of both [Ω].

    Raises
    ------
    InputError
        If shapes differ, or a current is 0.
    FitError
        If a size of the current has fewer than six readings, or not both signs in both directions.
    """
    amperes, side, read = (np.asarray(each, float) for each in (currents, directions, readings))
    if not amperes.shape == side.shape == read.shape:
        raise InputError(f"{amperes.size} currents, {side.size} directions, {read.size} readings: give as many of each")
    if not np.all(amperes):
        raise InputError("current = 0 A among the readings: nothing turns its sign with no current; leave it out")
    even, odd = {}, {}
    size = np.abs(amperes)
    for level in _levels(size):
        which = np.isclose(size, level, rtol=1e-6)
        sign, way = np.sign(amperes[which]), np.sign(side[which])
        if which.sum() < _FEWEST or len({*zip(sign.tolist(), way.tolist(), strict=True)}) < 4:
            raise FitError(
                f"{which.sum()} readings at {level:g} A: give at least {_FEWEST}, of both signs of the current and "
                "both directions of the magnetisation"
            )
        fitted = NoisyFit.linear(np.stack([np.ones_like(sign), sign, way, sign * way], axis=1), read[which])
        even[level], odd[level] = fitted.quantity(0, "Ω"), fitted.quantity(3, "Ω")
    return even, odd


def torque_hall(anomalous: Quantity, out_of_plane: Quantity, planar: Quantity, in_plane: Quantity) -> Quantity:
    """Give what the torques of the current add to the transverse resistance, at a magnetisation along the bar.

    Parameters
    ----------
    anomalous
        Anomalous Hall resistance at a magnetisation along +z [Ω].
    out_of_plane
        Turning out of the plane per ampere, `b/(Beff + B)` [1/A].
    planar
        Amplitude of the planar Hall resistance [Ω]: `AngleDependence.amplitude` of the transverse voltage.
    in_plane
        Turning in the plane per ampere, `h/(B - Bk)`, with Bk positive for an easy axis across the bar [1/A].

    Returns
    -------
    Quantity
        The sum of both products [Ω/A].
    """
    value, variance = 0.0, 0.0
    for hall, turn in ((anomalous, out_of_plane), (planar, in_plane)):
        value += hall.value * turn.value
        variance += (hall.value * _known(turn)) ** 2 + (turn.value * _known(hall)) ** 2
    return Quantity(value, math.sqrt(variance), "Ω/A")


def _known(quantity: Quantity) -> float:
    return quantity.uncertainty if math.isfinite(quantity.uncertainty) else 0.0


def _levels(sizes: NDArray[np.float64]) -> list[float]:
    """Give the different sizes; instruments round to a part in a million."""
    found: list[float] = []
    for size in np.sort(sizes).tolist():
        if not found or not math.isclose(size, found[-1], rel_tol=1e-6):
            found.append(size)
    return found


def _less(whole: Quantity, part: Quantity) -> Quantity:
    return Quantity(whole.value - part.value, math.hypot(whole.uncertainty, part.uncertainty), whole.unit)
