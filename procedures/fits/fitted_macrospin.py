"""The macrospin of a map: what its fit takes as known, where it begins, and what a recording holds of the answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.switching_map import USUAL_MODELS, FreeLayer, Precession, PrecessionFit, PrecessionModel
from mtjlab.core import FitError, Quantity, TomlDocument
from mtjlab.data import Recording
from mtjlab.instruments import BenchFile, SignalPath

if TYPE_CHECKING:
    from mtjlab.procedures.measurements.fit_task import FitTask
    from mtjlab.procedures.switching_probability import SwitchingProbability

__all__ = [
    "FittedMacrospin",
    "begin",
    "fit_macrospin",
    "fitted_macrospin",
    "known_layer",
    "macrospin_fit_time",
    "macrospin_results",
    "signal_path",
]

log = logging.getLogger(__name__)

Values = NDArray[np.float64]

_RECORDED = {
    "vcma": "VCMA coefficient",
    "in_plane_field": "field in the plane",
    "damping": "damping",
    "torque": "field of the current's torque",
    "normal_field": "field along the normal",
    "warming": "heating",
}
"""Under which name a result keeps each value of `Precession`, in its unit."""

STABILITY = "thermal stability"
"""Result that keeps Ms·Vol/kT, times Keff/Ms."""


def signal_path(bench: BenchFile) -> SignalPath:
    """Give what the pulses pass on their way to the device."""
    return SignalPath(bench.wiring, bench.device, bench.limits.duty_cycle)


def known_layer(settings: SwitchingProbability, line: SignalPath) -> FreeLayer:
    """Give what a fit with these settings takes as known."""
    return FreeLayer(
        settings.magnetisation,
        settings.thickness,
        settings.barrier,
        settings.anisotropy_energy,
        settings.edge,
        rest=line.voltage(0.0, settings.bias),
        warming_time=settings.warming_time,
        lag=settings.lag,
    )


def begin(settings: SwitchingProbability) -> Precession:
    """Give where a fit with these settings begins."""
    # Δ = Keff·Vol/kT, and the model asks for Ms·Vol/kT.
    moment = settings.stability * settings.magnetisation / settings.anisotropy_energy
    return Precession(settings.vcma, settings.in_plane_field, settings.damping, moment, warming=settings.warming)


def macrospin_fit_time(settings: SwitchingProbability) -> float:
    """Estimate the time that a fit takes [s]: so many models of so many steps in time."""
    # The top and both edges, in which the fields are four times as high; long pulses need more amplitudes, and a
    # density that is narrow needs more functions and more steps.
    longest = settings.longest
    lasts = 0.5 + (0.4 + 0.35 * (longest - settings.edge) / 1e-9) * (1 if longest < 3.5e-9 else 2)
    return float(USUAL_MODELS * max(lasts, 0.5) * (settings.stability / 45.0) ** 1.5)


def fit_macrospin(settings: SwitchingProbability, task: FitTask) -> None:
    """Fit a macrospin to the counts of a map; where that fails, say so: the map is kept, whatever can be said of it.

    Parameters
    ----------
    settings
        What is known, and where to begin.
    task
        Rows of the map, and whom to tell what is found.
    """
    line, rows = signal_path(task.bench), task.rows
    layer = known_layer(settings, line)
    # The bias of the reads stays on under the pulses.
    voltages = np.array([line.voltage(float(amplitude), settings.bias) for amplitude in rows[:, 0]])
    try:
        found = PrecessionFit.fit(
            voltages,
            rows[:, 1],
            rows[:, [3, 5]].T,
            rows[:, [2, 4]].T,
            layer,
            begin(settings),
            warming_error=settings.warming_error,
            progress=task.progress,
        )
    except FitError as error:
        log.warning("no fit of the precession: %s", error)
        return
    task.found(macrospin_results(found, layer))


def macrospin_results(found: PrecessionFit, layer: FreeLayer) -> dict[str, Quantity]:
    """Give what a fit found, by the names that results have."""
    to_stability = layer.anisotropy_energy / layer.magnetisation
    unknown = float("nan")
    moment, warming = found.precession.moment, found.precession.warming
    return {
        "precession frequency": found.frequency,
        "VCMA coefficient": found.vcma,
        "field in the plane": found.in_plane_field,
        "bias that cancels the anisotropy": found.cancelling_voltage,
        "damping": found.damping,
        "field of the current's torque": found.torque,
        "field along the normal": found.normal_field,
        STABILITY: Quantity(moment * to_stability, found.errors.get("moment", unknown) * to_stability, "1"),
        "heating": Quantity(warming, found.errors.get("warming", unknown), "K/V^2"),
        "goodness of the precession (p)": Quantity(found.p_value, unknown, "1"),
    }


def fitted_macrospin(procedure: SwitchingProbability, recording: Recording) -> FittedMacrospin | None:
    """Make the macrospin of the newest fit again, by its results, its settings and the bench file in the recording.

    Parameters
    ----------
    procedure
        With the parameters of the recording.
    recording
        The recording; its bench file is read as data, and nothing that it names is opened or loaded.

    Returns
    -------
    FittedMacrospin or None
        None where no macrospin was fitted.
    """
    newest = _newest_fit(recording)
    if newest is None:
        return None
    text, results = newest
    given = {name: getattr(procedure, name) for name in ("bias", *procedure.fit_settings)}
    settings = type(procedure)(**given | dict(pair.split("=", 1) for pair in text.split()))
    line = signal_path(BenchFile.recorded(TomlDocument(f"{recording.path}: bench", recording.bench)))
    layer = known_layer(settings, line)
    return FittedMacrospin(layer, line, settings.bias, _recorded_precession(results, layer, begin(settings)))


def _newest_fit(recording: Recording) -> tuple[str, Mapping[str, Quantity]] | None:
    """Return the settings, NAME=VALUE separated by spaces, and the results of the newest fit that found a macrospin."""
    for fit in reversed(recording.fits):
        if "VCMA coefficient" in fit.results:
            return fit.settings, fit.results
    results = recording.results  # a recording from before fits were told apart
    return ("", results) if "VCMA coefficient" in results else None


def _recorded_precession(results: Mapping[str, Quantity], layer: FreeLayer, guess: Precession) -> Precession:
    """Return what a fit found.

    Parameters
    ----------
    results
        Its results. Δ and heating were not kept before December 2026, the field along the normal before November.
    layer
        What it took as known.
    guess
        Where it began, for what was not kept.
    """
    found = {name: results[told].value for name, told in _RECORDED.items() if told in results}
    if STABILITY in results:
        found["moment"] = results[STABILITY].value * layer.magnetisation / layer.anisotropy_energy
    return guess._replace(**found)


@dataclass(frozen=True)
class FittedMacrospin:
    """P(switch) of a fitted macrospin at what the generator is set to, as a train of pulses shows it."""

    layer: FreeLayer
    line: SignalPath
    bias: float
    """Read bias that stays on under the pulses [V]."""
    precession: Precession

    def __call__(self, amplitudes: Values, widths: Values) -> Values:
        """Give the share of the pulses of a train that switch, at amplitudes [V] and widths [s], broadcast together.

        A train finds the states in the ratio of their P(switch) to each other, the one that switches more seldom more
        often: so it is the harmonic mean of both, and less than the arithmetic one by up to an eighth at one half.

        Raises
        ------
        FitError
            If a width is shorter than the edges.
        """
        voltages = np.array([self.line.voltage(float(each), self.bias) for each in amplitudes.ravel()])
        model = PrecessionModel(self.layer, self.precession)
        from_p, from_ap = model.probabilities(voltages.reshape(amplitudes.shape), widths)
        both = np.maximum(from_p + from_ap, 1e-12)
        return np.asarray(2 * from_p * from_ap / both)
