"""Precession frequency, ξ and field in the plane from a map of P(switch)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.switching_map.free_layer import FreeLayer
from mtjlab.analysis.switching_map.precession import Precession
from mtjlab.analysis.switching_map.precession_model import GYROMAGNETIC_RATIO, NODES, PrecessionModel
from mtjlab.analysis.switching_map.precession_parameters import PRIOR, PrecessionParameters
from mtjlab.core import FitError, Quantity

__all__ = ["USUAL_MODELS", "PrecessionFit"]

FLOOR = 2e-3
"""P is taken to be no nearer to 0 and 1: the model is not better than that, and reads err."""
MOST_ROUNDS = 15
USUAL_MODELS = 20
"""Models that a fit solves, about: the start, one for each derivative, and one a round."""
FAR = 3.0
"""A step of as many standard deviations asks for new derivatives."""
ENOUGH = 0.1
"""A step of this many standard deviations is the last."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class _Shots:
    amplitudes: Values
    widths: Values
    shots: Values
    """Shape (2, N), from P and from AP; (1, N) where both are counted together."""
    shares: Values

    @property
    def pooled(self) -> Values:
        """Share that switched from either state, shape (N,)."""
        return np.asarray((self.shots * self.shares).sum(axis=0) / self.shots.sum(axis=0))


@dataclass(frozen=True)
class PrecessionFit:
    """Most likely macrospin for a measured map, with Keff, Ms, tf and tox taken as known.

    A map fixes Bk(V) = 2(Keff - ξV/(tox·tf))/Ms, so ξ is found for the Keff, Ms, tf, tox and amplitudes that are
    given, and is as wrong as they are. Damping, thermal stability and the heating by the pulses are found along with
    it, under weak priors.
    """

    frequency: Quantity
    """γHx/2π, the frequency of precession at the amplitude that cancels the anisotropy [Hz]."""
    vcma: Quantity
    """ξ [J/(V·m)]."""
    in_plane_field: Quantity
    """Hx, as μ0·H [T]."""
    cancelling_voltage: Quantity
    """Voltage at which Bk is zero [V]."""
    damping: Quantity
    """Gilbert damping α; mostly what was guessed, where the map is of short pulses."""
    torque: Quantity
    """Field that the torque of the tunnelling current is worth, for each volt [T/V], positive towards P; zero, and
    not fitted, where both states were counted together."""
    precession: Precession
    """The values, for `PrecessionModel`."""
    chi_square: float
    """Of the counts about the model."""
    freedom: int
    """Degrees of freedom."""
    scatter: float
    """Standard deviation that chi-square has if the model is true; few counts near 0 and 1 make it more than √(2ν)."""
    normal_field: Quantity = field(default_factory=lambda: Quantity(0.0, 0.0, "T"))
    """Stray field along the film normal, as μ0·H [T], positive towards P; zero, and not fitted, where both states were
    counted together."""
    errors: Mapping[str, float] = field(default_factory=dict)
    """Standard uncertainty of each of `precession` that was varied, in its unit."""

    @property
    def p_value(self) -> float:
        """Chance of a worse agreement if the model is true: of the gamma law with this mean and scatter."""
        from scipy.special import gammaincc

        scale = self.scatter**2 / self.freedom
        return float(gammaincc(self.freedom / scale, self.chi_square / scale))

    @classmethod
    def fit(
        cls,
        amplitudes: ArrayLike,
        widths: ArrayLike,
        switched: ArrayLike,
        shots: ArrayLike,
        layer: FreeLayer,
        guess: Precession,
        *,
        warming_error: float = 0.3,
        progress: Callable[[float, float], None] = lambda done, total: None,
    ) -> Self:
        """Fit by the greatest likelihood of the binomial counts.

        Parameters
        ----------
        amplitudes, widths
            Voltages at the device, what it rests at included [V], and widths [s], shape (N,).
        switched, shots
            Pulses that switched, and pulses sent, shape (2, N) from P and from AP, or shape (N,) from both states about
            as often. A torque of the current and a stray field along the normal are told by the difference of the two,
            and from each other by how that follows the voltage; where they are there and both states are counted
            together, ξ comes out low: by up to a per cent for the torque.
        layer
            What is known.
        guess
            Where to begin; ξ within 40 %, Hx within 30 %. Without warming in it pulses are taken not to heat.
        warming_error
            Relative standard uncertainty of the guess's warming; it is part of that of ξ.
        progress
            Called several times a second with the models solved so far, and how many it will be, about; what it raises
            ends the fit.

        Returns
        -------
        PrecessionFit
            What was found, with standard uncertainties and the goodness of the fit.

        Raises
        ------
        FitError
            If there are fewer than ten settings, P hardly changes among them, or the fit does not settle.

        Notes
        -----
        Fisher's scoring with derivatives by differences. Where the counts scatter more than they may about the model
        the uncertainties are widened by √(χ²/ν) (McCullagh and Nelder, Generalized Linear Models, 2nd ed., 1989, sect.
        4.5.2).
        """
        n, k = (np.atleast_2d(np.asarray(each, float)) for each in (shots, switched))
        data = _Shots(np.asarray(amplitudes, float), np.asarray(widths, float), n, k / np.maximum(n, 1))
        if n.shape[1] < 10 or np.ptp(data.pooled) < 0.2:
            raise FitError(
                f"{n.shape[1]} settings with P(switch) from {data.pooled.min():.3g} to {data.pooled.max():.3g} do not "
                "show precession: map at least 10 settings between which P changes by 0.2"
            )
        parameters = PrecessionParameters(guess, apart=len(n) == 2, warming_error=warming_error)
        scoring = _Scoring(data, layer, parameters, progress)
        where, covariance = scoring.run(parameters.values(scoring.start(guess)))
        expected = scoring.expected(where)
        variance = expected * (1 - expected)
        chi_square = float((n * (data.shares - expected) ** 2 / variance).sum())
        there = n > 0
        freedom = int(np.count_nonzero(there)) - where.size
        # Each cell's part has the variance 2 + (1 - 6p(1-p))/(np(1-p)), that of a squared standardised binomial count.
        scatter = float(np.sqrt((2 + (1 - 6 * variance) / (np.maximum(n, 1) * variance))[there].sum()))
        errors = np.sqrt(np.diag(covariance) * max(1.0, chi_square / freedom))
        found = parameters.precession(where)
        return cls._of(found, parameters.errors(found, errors), layer, (chi_square, freedom, scatter))

    @classmethod
    def _of(
        cls, found: Precession, errors: dict[str, float], layer: FreeLayer, goodness: tuple[float, int, float]
    ) -> Self:
        vcma = Quantity(found.vcma, errors["vcma"], "J/(V*m)")
        in_plane = Quantity(found.in_plane_field, errors["in_plane_field"], "T")
        turns = GYROMAGNETIC_RATIO / (2 * np.pi)
        volts = layer.anisotropy_energy / layer.per_volt(found.vcma)
        return cls(
            frequency=Quantity(turns * in_plane.value, turns * in_plane.uncertainty, "Hz"),
            vcma=vcma,
            in_plane_field=in_plane,
            cancelling_voltage=Quantity(volts, volts * vcma.uncertainty / vcma.value, "V"),
            damping=Quantity(found.damping, errors["damping"], "1"),
            torque=Quantity(found.torque, errors.get("torque", 0.0), "T/V"),
            normal_field=Quantity(found.normal_field, errors.get("normal_field", 0.0), "T"),
            precession=found,
            chi_square=goodness[0],
            freedom=goodness[1],
            scatter=goodness[2],
            errors=errors,
        )


class _Scoring:
    """Fisher's scoring in the parameters; derivatives are kept while steps are small."""

    def __init__(
        self, data: _Shots, layer: FreeLayer, parameters: PrecessionParameters, progress: Callable[[float, float], None]
    ) -> None:
        self._data, self._layer, self._progress = data, layer, progress
        self._parameters = parameters
        # The same for all models of a fit, and enough for what is more stable by a standard deviation: from one degree
        # to the next P makes a small jump, about which the steps would go in circles.
        guess = parameters.precession(parameters.centre)
        self._degree = PrecessionModel.degree(layer, guess.moment * (1 + PRIOR["moment"]))
        self._solved = 0

    def start(self, guess: Precession) -> Precession:
        """Look where to begin; without torque and heat it is less work than a model."""
        begin = _start(self._data, self._layer, guess, lambda share: self._tell(share / 2))
        self._solved += 1
        return begin

    def _tell(self, share: float) -> None:
        done = self._solved + share
        self._progress(done, max(USUAL_MODELS, done + 2))

    def expected(self, where: Values) -> Values:
        model = PrecessionModel(self._layer, self._parameters.precession(where), self._degree, self._tell)
        both = model.probabilities(self._data.amplitudes, self._data.widths)
        self._solved += 1
        wanted = both if len(self._data.shots) == 2 else both.mean(axis=0, keepdims=True)
        return np.asarray(FLOOR + (1 - 2 * FLOOR) * wanted)

    def run(self, where: Values) -> tuple[Values, Values]:
        """Give the most likely parameters and their covariance."""
        largest, expected, slopes = np.inf, self.expected(where), None
        for _ in range(MOST_ROUNDS):
            if slopes is None or largest > FAR:
                slopes = self._slopes(where, expected)
            step, covariance = self._step(where, expected, slopes)
            errors = np.sqrt(np.diag(covariance))
            largest = float(np.abs(step / errors).max())
            # Far from the answer a full step may jump over a fringe.
            step *= min(1.0, 0.05 / max(1e-12, float(np.abs(step[:2]).max())))
            where, before = where + step, expected
            if largest < ENOUGH:
                return where, covariance
            expected = self.expected(where)
            # Broyden's rule in Fisher's metric: along the step the slopes are what it has changed.
            weighed = np.linalg.solve(covariance, step)
            slopes = slopes + np.outer(weighed, (expected - before).ravel() - step @ slopes) / float(step @ weighed)
        raise FitError(
            f"the fit of the precession does not settle (ξ = {np.exp(where[0]):.3g} J/(V·m), Hx = "
            f"{np.exp(where[1]):.3g} T): check Keff, Ms, tf and tox, or begin with better guesses"
        )

    def _slopes(self, where: Values, expected: Values) -> Values:
        """Give the derivatives by the parameters, by differences; shape (parameters, cells)."""
        steps = self._parameters.steps
        return np.stack(
            [
                (self.expected(where + step * unit) - expected).ravel() / step
                for step, unit in zip(steps, np.eye(where.size), strict=True)
            ]
        )

    def _step(self, where: Values, expected: Values, slopes: Values) -> tuple[Values, Values]:
        """Give the step to the most likely parameters by what is known here, and their covariance."""
        loose = np.diag(self._parameters.prior**-2)
        weight = (self._data.shots / (expected * (1 - expected))).ravel()
        try:
            covariance = np.linalg.inv((slopes * weight) @ slopes.T + loose)
        except np.linalg.LinAlgError:
            raise FitError("the counts do not determine ξ and Hx: map settings between which P changes more") from None
        pull = slopes @ (weight * (self._data.shares - expected).ravel()) - loose @ (where - self._parameters.centre)
        return np.asarray(covariance @ pull), np.asarray(covariance)


def _start(
    data: _Shots, layer: FreeLayer, guess: Precession, progress: Callable[[float], None] = lambda share: None
) -> Precession:
    """Scan ξ and Hx by one solution, without heat.

    In fields c times as strong everything turns c times as fast: P at (Bk, t) in Bx·c is nearly that at (Bk/c, t·c) in
    Bx, but for edges and temperature.
    """
    from scipy.interpolate import RectBivariateSpline

    scales, coefficients = np.linspace(0.7, 1.4, 29), guess.vcma * np.linspace(0.6, 1.6, 81)
    reach = [layer.anisotropy_field(xi, data.amplitudes[[data.amplitudes.argmin(), data.amplitudes.argmax()]])
             for xi in coefficients[[0, -1]]]  # fmt: skip
    fields = np.linspace(np.min(reach) / scales[0], np.max(reach) / scales[0], NODES)
    tops = data.widths - layer.edge
    times, found = PrecessionModel(
        layer, guess._replace(torque=0.0, warming=0.0, normal_field=0.0), progress=progress
    ).curves_at(fields, float(tops.max() * scales[-1]))
    table = RectBivariateSpline(times, fields, found, s=0)
    shots, shares = data.shots.sum(axis=0), data.pooled
    best, answer = np.inf, (1.0, guess.vcma)
    for scale in scales:
        progress(1.0)
        for xi in coefficients:
            expected = np.clip(table.ev(tops * scale, layer.anisotropy_field(xi, data.amplitudes) / scale), 0.02, 0.98)
            misfit = float((shots * (shares - expected) ** 2 / (expected * (1 - expected))).sum())
            if misfit < best:
                best, answer = misfit, (float(scale), float(xi))
    return guess._replace(vcma=answer[1], in_plane_field=guess.in_plane_field * answer[0])
