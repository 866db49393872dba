"""The physics of a stream as plain numbers, texts and lists."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.bitstream.block_entropy import ByteCounts, ConditionalEntropy
from mtjlab.analysis.bitstream.correlations import Correlation
from mtjlab.analysis.bitstream.drift import AllanDeviation
from mtjlab.analysis.bitstream.findings import stream_findings
from mtjlab.analysis.bitstream.lags import Correlogram
from mtjlab.analysis.bitstream.not_applicable import NotApplicable
from mtjlab.analysis.bitstream.periodogram import Spectrum, mains_of
from mtjlab.analysis.bitstream.runs import RunLengths
from mtjlab.analysis.bitstream.state_transitions import Transitions
from mtjlab.analysis.bitstream.steps import Steps
from mtjlab.analysis.bitstream.stream_results import StreamPhysics
from mtjlab.analysis.bitstream.toggled_junction import ToggledJunction
from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import Quantity

__all__ = ["stream_as_dict"]


def stream_as_dict(physics: StreamPhysics) -> dict[str, Any]:
    """Give all results ready for JSON.

    Parameters
    ----------
    physics
        All results.

    Returns
    -------
    dict
        Numbers with their intervals, series, and ``findings`` in words. What does not apply is
        ``{"not_applicable": REASON}``; a number that is not finite is None. Of spectra there are the lines and the
        threshold, not the powers.
    """
    names = (
        "bias",
        "bits_to_see_bias",
        "transitions",
        "junction",
        "runs",
        "autocorrelation",
        "entropy",
        "byte_counts",
        "windows",
        "steps",
        "allan",
        "spectrum",
        "fast_spectrum",
    )
    return {
        "bits": physics.bits,
        "ones": physics.ones,
        "period": physics.period,
        "level": physics.level,
        "smallest_bias": physics.smallest_bias,
        **{name: _plain(getattr(physics, name)) for name in names},
        "correlations": {name: _plain(found) for name, found in physics.correlations.items()},
        "remarks": list(physics.remarks),
        "findings": {
            name: {
                "title": finding.title,
                "says": finding.says,
                "toggled_junction": finding.junction,
                "p_value": finding.p_value,
                "applies": finding.applies,
            }
            for name, finding in stream_findings(physics).items()
        },
    }


def _plain(found: object) -> Any:
    if isinstance(found, int):
        return found
    if isinstance(found, NotApplicable):
        return {"not_applicable": found.reason}
    return _BY_KIND[type(found)](found)


def _quantity(found: Quantity) -> dict[str, Any]:
    numbers = {name: getattr(found, name) for name in ("value", "uncertainty", "low", "high")}
    return {name: _finite(value) for name, value in numbers.items() if math.isfinite(value) or name == "value"}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _goodness(found: Goodness) -> dict[str, float]:
    return {"chi_square": found.chi_square, "freedom": found.freedom, "p_value": found.p_value}


def _listed(array: NDArray[Any]) -> list[Any]:
    listed: list[Any] = array.tolist()
    return listed


def _transitions(found: Transitions) -> dict[str, Any]:
    return {
        "counts": [list(row) for row in found.counts],
        "p_ud": _quantity(found.p_ud),
        "p_du": _quantity(found.p_du),
        "state_correlation": _quantity(found.state_correlation),
        "equal": _goodness(found.equal),
        "memory": _goodness(found.memory),
    }


def _junction(found: ToggledJunction) -> dict[str, Any]:
    return {
        "p_ud": found.p_ud,
        "p_du": found.p_du,
        "share_of_ones": found.share_of_ones,
        "variance_factor": found.variance_factor,
        "entropy_rate": found.entropy_rate,
    }


def _runs(found: RunLengths) -> dict[str, Any]:
    zeros, ones = found.counts.tolist()
    return {"zeros": zeros, "ones": ones, "geometric": _goodness(found.goodness)}


def _autocorrelation(found: Correlogram) -> dict[str, Any]:
    return {
        "coefficients": _listed(found.coefficients),
        "band": _listed(found.band),
        "outside": _listed(found.outside),
        "ljung_box": _goodness(found.ljung_box),
    }


def _entropy(found: ConditionalEntropy) -> dict[str, Any]:
    return {
        "entropies": [_quantity(each) for each in found.entropies],
        "memory": [_goodness(each) for each in found.memory],
    }


def _bytes(found: ByteCounts) -> dict[str, Any]:
    return {"counts": _listed(found.counts), "uniform": _goodness(found.goodness)}


def _windows(found: Windows) -> dict[str, Any]:
    return {
        "ones": _listed(found.ones),
        "bits": int(found.counts[0]),
        "times": _listed(found.times),
        "time_unit": found.time_unit,
    }


def _steps(found: Steps) -> dict[str, Any]:
    return {
        "changes": [{"time": each.time, "p_value": each.p_value} for each in found.changes],
        "shares": [_quantity(each) for each in found.shares],
    }


def _allan(found: AllanDeviation) -> dict[str, Any]:
    names = ("bits", "deviation", "low", "high", "white", "p_values")
    return {name: _listed(getattr(found, name)) for name in names}


def _spectrum(found: Spectrum) -> dict[str, Any]:
    return {
        "unit": found.unit,
        "lowest": float(found.frequencies[0]),
        "highest": float(found.frequencies[-1]),
        "segments": found.segments,
        "threshold": found.threshold,
        "lines": [
            {
                "frequency": line.frequency,
                "amplitude": line.amplitude,
                "power": line.power,
                "p_value": line.p_value,
                "mains": mains_of(line, found),
            }
            for line in found.lines
        ],
    }


def _correlation(found: Correlation) -> dict[str, Any]:
    return {
        "unit": found.unit,
        "pearson": _quantity(found.pearson),
        "spearman": _quantity(found.spearman),
        "p_value": found.p_value,
        "rank_p_value": found.rank_p_value,
        "stretches": int(np.size(found.values)),
        "independent": found.independent,
    }


_BY_KIND: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    Quantity: _quantity,
    Transitions: _transitions,
    ToggledJunction: _junction,
    RunLengths: _runs,
    Correlogram: _autocorrelation,
    ConditionalEntropy: _entropy,
    ByteCounts: _bytes,
    Windows: _windows,
    Steps: _steps,
    AllanDeviation: _allan,
    Spectrum: _spectrum,
    Correlation: _correlation,
}
