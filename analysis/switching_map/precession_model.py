"""P(switch) over amplitude and width as a macrospin in its thermal bath has it, without counting pulses."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.switching_map.expansion_steps import LANES, hold, march
from mtjlab.analysis.switching_map.free_layer import FreeLayer
from mtjlab.analysis.switching_map.free_layer_operator import free_layer_operator
from mtjlab.analysis.switching_map.harmonic_nodes import azimuthal_nodes, polar_nodes
from mtjlab.analysis.switching_map.precession import Precession
from mtjlab.analysis.switching_map.pulse_course import Moments, PulseCourse
from mtjlab.core import FitError

__all__ = ["GYROMAGNETIC_RATIO", "PrecessionModel"]

GYROMAGNETIC_RATIO = 1.76e11
"""γ of the electron [rad/(s·T)]."""
LARGEST_TURN = 2.6
"""Of the fastest function in a step [rad]: Runge's fourth-order method is stable up to 2.8."""
SPONGE = 1e11
"""Rate at which the finest functions are taken out [1/s]: at the cut they would come back where they do not belong."""
NODES = 64
"""Amplitudes that are solved at most; what lies between is interpolated."""
FEW_FRINGES = 20.0
"""Phase of precession by which the ends of the amplitudes may differ [rad] for half as many to do: errors in P are
.0002, at most .002."""

Values = NDArray[np.float64]
"""Real numbers."""


class PrecessionModel:
    """Solve the Fokker-Planck equation of the free layer for pulses of many amplitudes and widths.

    Parameters
    ----------
    layer
        What is known.
    precession
        What decides the map.
    largest
        Largest degree of the spherical harmonics; by default what a density of this width needs: errors in P are .001,
        near the foot of the barrier .008.
    progress
        Called several times a second with the share of the curves that is solved; what it raises ends the work.

    Notes
    -----
    The density in thermal equilibrium is carried forward through the rise and the top, the chance to end in P backward
    through the settling and the fall; their product is the answer for each length of the top. A pulse of one amplitude
    gives all widths. A torque or a field along the normal makes P(switch) different from the two states, and takes
    twice as long. What the pulse
    has heated the layer acts as a slightly larger voltage; in the fall, as after half of the longest top.

    Examples
    --------
    >>> layer = FreeLayer(1e6, 1.1e-9, 1.4e-9, 8.63e4, edge=50e-12)
    >>> model = PrecessionModel(layer, Precession(90e-15, 25.5e-3, 0.02, 521.0))
    >>> model.probability(1.5, [0.7e-9, 1.4e-9]).round(2).tolist()  # half a turn, a whole one
    [1.0, 0.0]
    """

    def __init__(
        self,
        layer: FreeLayer,
        precession: Precession,
        largest: int | None = None,
        progress: Callable[[float], None] = lambda share: None,
    ) -> None:
        from scipy.sparse import diags

        self.layer, self.precession = layer, precession
        self.largest = self.degree(layer, precession.moment) if largest is None else largest
        operator, p = free_layer_operator(self.largest, not precession.is_even), precession
        turn = GYROMAGNETIC_RATIO / (1 + p.damping**2)
        steady, varying = (
            turn * (around + p.damping * down)
            for around, down in zip(operator.precession, operator.damping, strict=True)
        )
        spread = p.damping * turn / p.moment
        degree = operator.degrees.astype(float)
        lost = spread * degree * (degree + 1) + SPONGE * (degree / self.largest) ** 16
        without, with_one = (float(layer.anisotropy_field(p.vcma, volts)) for volts in (0.0, 1.0))
        push, around = operator.torque
        # A field along the normal has the energy -Bz mz: it turns about z, and damps towards the pole.
        normal = p.normal_field * turn * (around + p.damping * push)
        self._steady = (p.in_plane_field * steady + without * varying + normal - diags(lost)).tocsr()
        self._per_volt = ((with_one - without) * varying + p.torque * turn * (push - p.damping * around)).tocsr()
        self._turn = turn
        self._operator = operator
        self._progress = progress

    @staticmethod
    def degree(layer: FreeLayer, moment: float) -> int:
        """Give the largest degree that a density needs which is as narrow as Ms·Vol/kT makes it [1/T].

        Parameters
        ----------
        layer
            What is known of the free layer.
        moment
            Ms·Vol/kT [1/T].
        """
        stability = moment * layer.anisotropy_energy / layer.magnetisation
        return int(np.clip(6.3 * np.sqrt(stability), 24, 90))

    def probability(self, amplitudes: ArrayLike, widths: ArrayLike) -> Values:
        """Give P(switch), the mean of both states, at pairs of amplitude [V] and width [s], broadcast together.

        Parameters
        ----------
        amplitudes
            Voltages across the device on the top of the pulse [V].
        widths
            Widths at half maximum [s].
        """
        return np.asarray(self.probabilities(amplitudes, widths).mean(axis=0))

    def probabilities(self, amplitudes: ArrayLike, widths: ArrayLike) -> Values:
        """Give P(switch) from P and from AP, first axis, at pairs of voltage [V] and width [s], broadcast together.

        Parameters
        ----------
        amplitudes
            Voltages across the device on the top of the pulse [V].
        widths
            Widths at half maximum [s], none shorter than the edges.

        Raises
        ------
        FitError
            If a width is shorter than the edges.
        """
        v, w = np.broadcast_arrays(np.asarray(amplitudes, float), np.asarray(widths, float))
        tops = w - self.layer.edge
        if not tops.size or tops.min() < -1e-15:
            raise FitError(f"a width of {w.min():g} s is shorter than the edges, {self.layer.edge:g} s: leave it out")
        levels, which = np.unique(v, return_inverse=True)
        longest = float(tops.max())
        enough = self._nodes(levels, longest)
        many = levels.size > enough
        nodes = np.linspace(levels[0], levels[-1], enough) if many else levels
        times, curves = self.curves(nodes, longest)
        look_up = _between_levels if many else _at_levels
        flat = tops.ravel(), v.ravel(), which.ravel()
        both = np.stack([look_up(times, nodes, found, *flat) for found in curves])
        return np.asarray(np.clip(both, 0.0, 1.0).reshape(2, *v.shape))

    def curves(self, amplitudes: Values, longest: float) -> tuple[Values, Values]:
        """Give times on the top [s], shape (T,), and P(switch) of pulses that end then.

        Parameters
        ----------
        amplitudes
            Voltages [V], shape (K,).
        longest
            The last of the times [s].

        Returns
        -------
        times, found : ndarray of float64
            Shapes (T,) and (2, T, K): from P and from AP.
        """
        volts, layer = np.asarray(amplitudes), self.layer
        course = PulseCourse(layer.edge, layer.lag, layer.warming_time)
        ones = np.ones((1, len(volts)), np.float32)
        rise = self._times(course.rising, layer.edge, volts)
        rising = self._felt(course.rising(rise), volts)
        fall = self._times(lambda times: course.falling(times, longest / 2), course.fall_time, volts)
        # Backward in time the fall is a rise.
        falling = self._felt(course.falling(fall, longest / 2), volts)[::-1]
        down = np.diff(fall[::2])[::-1].copy()
        up = np.diff(rise[::2])
        dt, steps = self._steps(max(longest, 1e-12), volts)
        stepped = self._counter((down.size + (up.size + steps) * len(self._densities)) * -(-volts.size // LANES))
        chance, _ = march(self._steady, self._per_volt, self._committor[:, None] * ones, falling, down, stepped=stepped)
        top = self._felt(course.on_top(np.arange(2 * steps + 1) * dt / 2), volts)
        forward, correlation = (self._steady.T, self._per_volt.T), []
        for density in self._densities:
            risen, _ = march(*forward, density[:, None] * ones, rising, up, stepped=stepped)
            correlation.append(march(*forward, risen, top, np.full(steps, dt), chance[None], stepped)[1][0])
        times: Values = np.arange(steps + 1, dtype=np.float64) * dt
        # The chance to end in P less that of AP; without a torque it is the same from either state, but for the sign.
        from_p, from_ap = correlation[0], correlation[-1] if len(correlation) > 1 else -correlation[0]
        return times, np.asarray([(1 - from_p) / 2, (1 + from_ap) / 2], np.float64)

    def curves_at(self, fields: Values, longest: float) -> tuple[Values, Values]:
        """Give times and the mean of both states where the anisotropy field on the top is known [T], shape (K,).

        Parameters
        ----------
        fields
            Anisotropy fields [T], shape (K,).
        longest
            Longest time on the top of a pulse [s].
        """
        without, with_one = (self.layer.anisotropy_field(self.precession.vcma, volts) for volts in (0.0, 1.0))
        times, found = self.curves((fields - without) / (with_one - without), longest)
        return times, found.mean(axis=0)

    def _nodes(self, levels: Values, longest: float) -> int:
        """Give how many amplitudes are solved: more for long pulses and a wide range, whose fringes are close."""
        apart = float(np.ptp(self.layer.anisotropy_field(self.precession.vcma, levels[[0, -1]])))
        return NODES // 2 if self._turn * apart * longest < FEW_FRINGES else NODES

    def _counter(self, total: int) -> Callable[[int], None]:
        """Give what takes steps that were made, of so many, and tells the share."""
        made = 0

        def stepped(steps: int) -> None:
            nonlocal made
            made += steps
            self._progress(made / total)

        return stepped

    def _felt(self, moments: Moments, tops: Values) -> Values:
        """Give the voltages that act at some moments of pulses, shape (T, K)."""
        volts = self.layer.rest + moments.share[:, None] * (tops - self.layer.rest)
        warming = self.precession.warming
        if not warming:
            return volts
        return self.layer.felt_voltage(self.precession.vcma, volts, warming * tops**2 * moments.warmth[:, None])

    def _times(self, course: Callable[[Values], Moments], duration: float, amplitudes: Values) -> Values:
        """Give the ends and middles of steps, long where fields are low; shape (2·steps + 1,)."""
        times = np.linspace(0.0, duration, 129)
        rest = self.layer.rest
        fastest = [self._fastest(rest + share * (amplitudes - rest)) for share in course(times).share]
        turned = np.concatenate(([0.0], np.cumsum(np.maximum(fastest[1:], fastest[:-1]) / 128))) * duration
        steps = max(4, int(np.ceil(turned[-1] / LARGEST_TURN)))
        ends = np.interp(np.linspace(0.0, turned[-1], steps + 1), turned, times)
        return np.sort(np.concatenate([ends, (ends[1:] + ends[:-1]) / 2]))

    def _steps(self, duration: float, voltages: Values) -> tuple[float, int]:
        steps = max(4, int(np.ceil(duration * self._fastest(voltages) / LARGEST_TURN)))
        return float(duration / steps), steps

    def _fastest(self, voltages: Values) -> float:
        """Give how fast the fastest function turns at any of the voltages [1/s]."""
        p = self.precession
        fields = self.layer.anisotropy_field(p.vcma, voltages)
        field = abs(p.in_plane_field) + np.abs(fields).max() / 2 + abs(p.torque) * np.abs(voltages).max()
        field += abs(p.normal_field)
        return float(
            self._turn * (self.largest * field * (1 + p.damping) + p.damping / p.moment * self.largest**2) + SPONGE
        )

    @cached_property
    def _committor(self) -> NDArray[np.float32]:
        """The chance to be found in P less that of AP, as the fall ends."""
        _, weights, table = polar_nodes(self.largest)
        operator = self._operator
        axial = (operator.orders == 0) & (operator.degrees % 2 == 1)
        sign = np.zeros(operator.degrees.size)
        sign[axial] = [4 * np.pi * (table[n, 0] * weights).sum() for n in operator.degrees[axial]]
        rest, settle = self.layer.rest, self.layer.settle
        steps = self._steps(settle, np.array([rest]))[1]
        hold(self._steady + rest * self._per_volt, sign, settle, steps, lambda: self._progress(0.0))
        return sign.astype(np.float32)

    @cached_property
    def _densities(self) -> NDArray[np.float32]:
        """Densities in equilibrium about P and about AP, shape (2, N); about P alone where both are alike."""
        if self.precession.is_even:
            return self._density(0.0)[None]
        # As far as it stays near the pole, a torque a acts as the field a/α along the axis.
        pull = self.precession.torque * self.layer.rest / self.precession.damping + self.precession.normal_field
        operator = self._operator
        turned = np.where((operator.degrees + operator.orders) % 2 == 0, 1.0, -1.0)
        return np.stack([self._density(pull), turned * self._density(-pull)]).astype(np.float32)

    def _density(self, along: float) -> NDArray[np.float32]:
        """Boltzmann's density about P in a field along the axis; the integral over the azimuth is a Bessel function."""
        from scipy.special import ive

        p, operator = self.precession, self._operator
        rest = float(self.layer.anisotropy_field(p.vcma, self.layer.rest))
        theta, weights, table = azimuthal_nodes(self.largest)
        sine, cosine = np.sin(theta), np.cos(theta)
        kappa = p.moment * abs(p.in_plane_field) * sine
        exponent = kappa - p.moment * (rest / 2 * sine**2 + along * (1 - cosine))
        density = np.exp(exponent - exponent.max()) * sine * weights
        density /= 2 * np.pi * (density * ive(0, kappa)).sum()
        found = np.zeros(operator.degrees.size)
        bessel = [ive(m, kappa) * density for m in range(self.largest + 1)]
        towards = np.sign(p.in_plane_field) or 1.0
        for i, (n, m, sines) in enumerate(zip(operator.degrees, operator.orders, operator.sines, strict=True)):
            if not sines:
                scale = 2 * np.pi * (np.sqrt(2) if m else 1.0) * towards**m
                found[i] = scale * (table[n, m] * bessel[m]).sum()
        return found.astype(np.float32)


def _between_levels(
    times: Values, levels: Values, found: Values, tops: Values, voltages: Values, which: NDArray[np.int_]
) -> Values:
    """Look P up between levels that were solved."""
    from scipy.interpolate import RectBivariateSpline

    return np.asarray(RectBivariateSpline(times, levels, found, s=0).ev(tops, voltages))


def _at_levels(
    times: Values, levels: Values, found: Values, tops: Values, voltages: Values, which: NDArray[np.int_]
) -> Values:
    """Look P up where each voltage is one of the levels that were solved."""
    from scipy.interpolate import CubicSpline

    answer = np.empty(tops.size)
    for number in range(levels.size):
        answer[which == number] = CubicSpline(times, found[:, number])(tops[which == number])
    return answer
