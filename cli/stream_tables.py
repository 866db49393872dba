"""The physics of a bitstream as tables."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mtjlab.analysis.bitstream import Spectrum, StreamPhysics
    from mtjlab.cli.output import Output
    from mtjlab.core import Quantity

__all__ = ["print_stream"]

LINES = 5
"""Spectral lines printed of each spectrum."""

STEPS = 8
"""Stretches between change points printed."""

VERDICTS = {True: "yes", False: "NO", None: ""}


def print_stream(physics: "StreamPhysics", output: "Output") -> None:
    """Print the numbers with their intervals, then each question with its answer.

    Parameters
    ----------
    physics
        All results.
    output
        Where to.
    """
    from mtjlab.analysis.bitstream import stream_findings

    for remark in physics.remarks:
        output.say(remark)
    output.table(f"{physics.bits:,} bits, intervals of 95 %", dict(_numbers(physics)))
    said = stream_findings(physics)
    odd = [number for number, finding in enumerate(said.values()) if finding.junction is False]
    output.grid(
        "What it says, and whether a toggled junction under steady pulses gives such bits",
        ["question", "answer", "junction"],
        [[each.title, each.says, VERDICTS[each.junction]] for each in said.values()],
        odd,
    )
    names = [finding.title for finding in said.values() if finding.junction is False]
    if names:
        output.say(f"Not what a toggled junction under steady pulses gives: {', '.join(names)}.")
    elif any(finding.junction for finding in said.values()):
        output.say("Nothing here speaks against a toggled junction under steady pulses.")


def _numbers(physics: "StreamPhysics") -> Iterator[tuple[str, str]]:
    from mtjlab.analysis.bitstream import NotApplicable, Spectrum, p_text

    yield "bias, P(1) - 1/2", _interval(physics.bias)
    seen = physics.bits_to_see_bias
    yield "bits that show this bias", seen.reason if isinstance(seen, NotApplicable) else f"{seen:,}"
    yield "smallest bias that these bits show", f"{physics.smallest_bias:.2g}"
    if not isinstance(physics.transitions, NotApplicable):
        yield "P_ud", _interval(physics.transitions.p_ud)
        yield "P_du", _interval(physics.transitions.p_du)
        correlation = physics.transitions.state_correlation
        if math.isfinite(correlation.value):
            yield "correlation of states, 1 - P_ud - P_du", f"{correlation.value:.5f} ± {correlation.uncertainty:.5f}"
        yield "P_ud = P_du", f"{p_text(physics.transitions.equal.p_value)}"
    if not isinstance(physics.autocorrelation, NotApplicable):
        test = physics.autocorrelation.ljung_box
        yield "Ljung-Box", f"Q = {test.chi_square:.5g}, {test.freedom} lags, {p_text(test.p_value)}"
    if not isinstance(physics.entropy, NotApplicable):
        for before, found in enumerate(physics.entropy.entropies):
            if before in (0, 1, len(physics.entropy.entropies) - 1):
                yield f"h({before})", f"{found.value:.6f} ± {found.uncertainty:.6f} bit"
    if not isinstance(physics.byte_counts, NotApplicable):
        test = physics.byte_counts.goodness
        yield "chi-square of bytes", f"{test.chi_square:.1f} of {test.freedom}, {p_text(test.p_value)}"
    yield from _time(physics)
    for spectrum in (physics.spectrum, physics.fast_spectrum):
        if isinstance(spectrum, Spectrum):
            yield from _lines(spectrum)
    for name, each in physics.correlations.items():
        if isinstance(each, NotApplicable):
            yield f"correlation with {name}", f"not applicable: {each.reason}"
        else:
            yield f"correlation with {name}, Pearson", f"{_interval(each.pearson)}, {p_text(each.p_value)}"
            yield f"correlation with {name}, Spearman", f"{_interval(each.spearman)}, {p_text(each.rank_p_value)}"


def _time(physics: "StreamPhysics") -> Iterator[tuple[str, str]]:
    from mtjlab.analysis.bitstream import NotApplicable

    if physics.period is not None:
        yield "time from bit to bit", f"{physics.period:.4g} s"
    if isinstance(physics.steps, NotApplicable) or isinstance(physics.windows, NotApplicable):
        return
    unit = physics.windows.time_unit
    unit = "pulses" if unit == "pulse" else unit
    starts = [0.0, *(change.time for change in physics.steps.changes)]
    if len(starts) > 1:
        for start, share in list(zip(starts, physics.steps.shares, strict=True))[:STEPS]:
            yield f"P(1) from {start:.6g} {unit}", _interval(share)
        if len(starts) > STEPS:
            yield "further change points", f"{len(starts) - STEPS}"
    if not isinstance(physics.allan, NotApplicable):
        bits, deviation = physics.allan.bits[-1], physics.allan.deviation[-1]
        ratio = deviation / physics.allan.white[-1]
        yield (
            f"Allan deviation at {bits:,.0f} bits",
            f"{deviation:.2g}, {ratio:.2f} of what steady P gives",
        )


def _lines(spectrum: "Spectrum") -> Iterator[tuple[str, str]]:
    from mtjlab.analysis.bitstream import mains_of, p_text

    for line in spectrum.lines[:LINES]:
        mains = mains_of(line, spectrum)
        named = f"line at {line.frequency:.6g} {spectrum.unit}" + (f", {mains}" if mains else "")
        yield named, f"amplitude {line.amplitude:.2g}, {p_text(line.p_value)}"
    if len(spectrum.lines) > LINES:
        yield f"further lines up to {spectrum.frequencies[-1]:.4g} {spectrum.unit}", f"{len(spectrum.lines) - LINES}"


def _interval(found: "Quantity") -> str:
    if not math.isfinite(found.value):
        return "not known: the state never occurred"
    digits = 3 if abs(found.value) > 1 else 5
    return f"{found.value:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"
