"""Precession frequency, ξ and field in the plane from a map of P(switch)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.estimate import Estimate
from mtjlab.analysis.switching_map.precession_model import (
    GYROMAGNETIC_RATIO,
    NODES,
    FreeLayer,
    Precession,
    PrecessionModel,
)

__all__ = ["PrecessionFit"]

FLOOR = 2e-3
"""P is taken to be no nearer to 0 and 1: the model is not better than that, and reads err."""
STEPS = np.array([1e-3, 2e-3, 0.03, 0.03])
"""Relative steps of the derivatives by ξ, Hx, α and Ms·Vol/kT."""
PRIOR = np.array([np.inf, np.inf, 0.5, 0.15])
"""Standard deviations of the logarithms about the guess: α is known to a factor of two or so, the volume to 15 %."""
MOST_ROUNDS = 12
ENOUGH = 0.05
"""A step of this many standard deviations is the last."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class _Shots:
    amplitudes: Values
    widths: Values
    shots: Values
    shares: Values


@dataclass(frozen=True)
class PrecessionFit:
    """Most likely macrospin for a measured map, with Keff, Ms, tf and tox taken as known.

    A map fixes Bk(V) = 2(Keff - ξV/(tox·tf))/Ms, so ξ is found for the Keff, Ms, tf, tox and amplitudes that are
    given, and is as wrong as they are. Damping and thermal stability are found along with it, under weak priors.
    """

    frequency: Estimate
    """γHx/2π, the frequency of precession at the amplitude that cancels the anisotropy [Hz]."""
    vcma: Estimate
    """ξ [J/(V·m)]."""
    in_plane_field: Estimate
    """Hx, as μ0·H [T]."""
    cancelling_amplitude: Estimate
    """Amplitude at which Bk is nought [V]."""
    damping: Estimate
    """Gilbert damping α; mostly what was guessed, where the map is of short pulses."""
    precession: Precession
    """The values, for `PrecessionModel`."""
    chi_square: float
    """Of the counts about the model."""
    freedom: int
    """Degrees of freedom."""

    @property
    def p_value(self) -> float:
        """Chance of a worse agreement if the model is true."""
        from scipy.special import gammaincc

        return float(gammaincc(self.freedom / 2, self.chi_square / 2))

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
        progress: Callable[[int], None] | None = None,
    ) -> Self:
        """Fit by the greatest likelihood of the binomial counts.

        Parameters
        ----------
        amplitudes, widths
            Settings [V], [s], shape (N,).
        switched, shots
            Pulses that switched, and pulses sent, from both states about as often; shape (N,).
        layer
            What is known.
        guess
            Where to begin; ξ within 40 %, Hx within 30 %.
        progress
            Is told the number of models solved so far; some 15 will be.

        Raises
        ------
        ValueError
            If there are fewer than ten settings, P hardly changes among them, or the fit does not settle.

        Notes
        -----
        Fisher's scoring with derivatives by differences. Where the counts scatter more than they may about the model
        the uncertainties are widened by √(χ²/ν) (McCullagh and Nelder, Generalized Linear Models, 2nd ed., 1989, sect.
        4.5.2).
        """
        n = np.asarray(shots, float)
        data = _Shots(np.asarray(amplitudes, float), np.asarray(widths, float), n, np.asarray(switched, float) / n)
        if n.size < 10 or np.ptp(data.shares) < 0.2:
            raise ValueError(
                f"{n.size} settings with P(switch) from {data.shares.min():.3g} to {data.shares.max():.3g} do not show "
                "precession: map at least 10 settings between which P changes by 0.2"
            )
        scoring = _Scoring(data, layer, guess, progress or (lambda _: None))
        logs, covariance = scoring.run(_start(data, layer, guess))
        found = Precession(*np.exp(logs).tolist())
        expected = scoring.expected(logs)
        variance = expected * (1 - expected) / n
        chi_square, freedom = float(((data.shares - expected) ** 2 / variance).sum()), n.size - 4
        errors = np.sqrt(np.diag(covariance) * max(1.0, chi_square / freedom)) * np.array(found)
        field = Estimate(found.in_plane_field, float(errors[1]), "T")
        turns = GYROMAGNETIC_RATIO / (2 * np.pi)
        volts = layer.anisotropy_energy * layer.barrier_thickness * layer.thickness / found.vcma
        return cls(
            Estimate(turns * field.value, turns * field.uncertainty, "Hz"),
            Estimate(found.vcma, float(errors[0]), "J/(V*m)"),
            field,
            Estimate(volts, volts * float(errors[0]) / found.vcma, "V"),
            Estimate(found.damping, float(errors[2]), "1"),
            found,
            chi_square,
            freedom,
        )


class _Scoring:
    """Fisher's scoring in the logarithms of the four parameters; derivatives are kept while steps are small."""

    def __init__(self, data: _Shots, layer: FreeLayer, guess: Precession, progress: Callable[[int], None]) -> None:
        self._data, self._layer, self._progress = data, layer, progress
        self._centre = np.log(guess)
        self._solved = 0

    def expected(self, logs: Values) -> Values:
        model = PrecessionModel(self._layer, Precession(*np.exp(logs).tolist()))
        self._solved += 1
        self._progress(self._solved)
        return FLOOR + (1 - 2 * FLOOR) * model.probability(self._data.amplitudes, self._data.widths)

    def run(self, logs: Values) -> tuple[Values, Values]:
        """Give the most likely logarithms and their covariance."""
        largest, expected = np.inf, self.expected(logs)
        for _ in range(MOST_ROUNDS):
            if largest > 1.0:
                slopes = np.stack(
                    [
                        (self.expected(logs + step * unit) - expected) / step
                        for step, unit in zip(STEPS, np.eye(4), strict=True)
                    ]
                )
            weight = self._data.shots / (expected * (1 - expected))
            precision = (slopes * weight) @ slopes.T + np.diag(PRIOR**-2)
            covariance = np.linalg.inv(precision)
            pull = slopes @ (weight * (self._data.shares - expected)) - (logs - self._centre) / PRIOR**2
            step = covariance @ pull
            largest = float(np.abs(step / np.sqrt(np.diag(covariance))).max())
            # Far from the answer a full step may jump over a fringe.
            step *= min(1.0, 0.05 / max(1e-12, float(np.abs(step[:2]).max())))
            logs = logs + step
            if largest < ENOUGH:
                return logs, covariance
            expected = self.expected(logs)
        raise ValueError(
            f"the fit of the precession does not settle (ξ = {np.exp(logs[0]):.3g} J/(V·m), Hx = {np.exp(logs[1]):.3g} "
            "T): check Keff, Ms, tf and tox, or begin with better guesses"
        )


def _start(data: _Shots, layer: FreeLayer, guess: Precession) -> Values:
    """Scan ξ and Hx by one solution.

    In fields c times as strong everything turns c times as fast: P at (Bk, t) in Bx·c is nearly that at (Bk/c, t·c) in
    Bx, but for edges and temperature.
    """
    from scipy.interpolate import RectBivariateSpline

    scales, coefficients = np.linspace(0.7, 1.4, 29), guess.vcma * np.linspace(0.6, 1.6, 81)
    reach = [layer.anisotropy_field(xi, data.amplitudes[[data.amplitudes.argmin(), data.amplitudes.argmax()]])
             for xi in coefficients[[0, -1]]]  # fmt: skip
    fields = np.linspace(np.min(reach) / scales[0], np.max(reach) / scales[0], NODES)
    tops = data.widths - layer.edge
    times, found = PrecessionModel(layer, guess).curves_at(fields, float(tops.max() * scales[-1]))
    table = RectBivariateSpline(times, fields, found, s=0)
    best, answer = np.inf, (1.0, guess.vcma)
    for scale in scales:
        for xi in coefficients:
            expected = np.clip(table.ev(tops * scale, layer.anisotropy_field(xi, data.amplitudes) / scale), 0.02, 0.98)
            misfit = float((data.shots * (data.shares - expected) ** 2 / (expected * (1 - expected))).sum())
            if misfit < best:
                best, answer = misfit, (float(scale), float(xi))
    return np.log([answer[1], guess.in_plane_field * answer[0], guess.damping, guess.moment])
