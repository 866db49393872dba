"""What the physics of a stream says, in words: each question, and whether a toggled junction gives such an answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from mtjlab.analysis.bitstream.junction_comparison import (
    byte_agreement,
    correlation_p_value,
    entropy_p_value,
    run_agreement,
)
from mtjlab.analysis.bitstream.not_applicable import NotApplicable
from mtjlab.analysis.bitstream.periodogram import Line, Spectrum, mains_of
from mtjlab.analysis.bitstream.stream_results import StreamPhysics

__all__ = ["Finding", "p_text", "stream_findings"]

Found = TypeVar("Found")

LAW = "a toggled junction"

SLOW = 4
"""Periods in the whole stretch below which a line is a drift."""

FEW = 100
"""Bits below which counts of transitions are too small for their test."""


@dataclass(frozen=True)
class Finding:
    """The answer to one question."""

    title: str
    """The question, in a few words."""

    says: str
    """The answer: a sentence or two."""

    junction: bool | None
    """Whether a toggled junction under steady pulses gives such bits; None where the question does not decide it."""

    p_value: float | None = None
    """Probability that such a junction gives an answer at least so odd; None where there is no test."""

    applies: bool = True
    """Whether the bits could be asked."""


def p_text(p_value: float) -> str:
    """Give a p-value as text; one that is too small for a number is below the smallest.

    Parameters
    ----------
    p_value
        Probability.

    Returns
    -------
    str
        Such as ``"p = 0.023"``.

    Examples
    --------
    >>> p_text(0.0234), p_text(0.0)
    ('p = 0.023', 'p < 1e-300')
    """
    return f"p = {p_value:.2g}" if p_value > 1e-300 else "p < 1e-300"


def stream_findings(physics: StreamPhysics) -> dict[str, Finding]:
    """Say in words what was found.

    Parameters
    ----------
    physics
        All results.

    Returns
    -------
    dict
        Findings by the names of `stream_figures`: bias, windows, allan, autocorrelation, transitions, runs, entropy,
        bytes, spectrum, correlations.
    """
    ask: dict[str, tuple[str, Callable[[StreamPhysics], Finding]]] = {
        "bias": ("Bias", _bias),
        "windows": ("P(1) over time", _windows),
        "allan": ("Allan deviation of P(1)", _allan),
        "autocorrelation": ("Autocorrelation", _autocorrelation),
        "transitions": ("Transitions", _transitions),
        "runs": ("Run lengths", _runs),
        "entropy": ("Conditional entropy", _entropy),
        "bytes": ("Bytes", _bytes),
        "spectrum": ("Spectral lines", _spectrum),
        "correlations": ("Resistance and temperature", _correlations),
    }
    return {name: _answer(title, question, physics) for name, (title, question) in ask.items()}


class _NoAnswerError(Exception):
    """There is nothing to say but why."""


def _answer(title: str, question: Callable[[StreamPhysics], Finding], physics: StreamPhysics) -> Finding:
    try:
        return question(physics)
    except _NoAnswerError as reason:
        return Finding(title, f"Not applicable: {reason}.", None, applies=False)


def _given(found: Found | NotApplicable) -> Found:
    if isinstance(found, NotApplicable):
        raise _NoAnswerError(found.reason)
    return found


def _judged(title: str, says: str, p_value: float, physics: StreamPhysics, yes: str, no: str) -> Finding:
    fits = not p_value < physics.level
    return Finding(title, f"{says} {yes if fits else no} ({p_text(p_value)}).".strip(), fits, p_value)


def _bias(physics: StreamPhysics) -> Finding:
    bias = physics.bias
    fair = bias.low <= 0 <= bias.high
    seen = physics.bits_to_see_bias
    if fair:
        says = f"Bias {bias.value:+.2g}: not told from zero. So many bits show a bias of {physics.smallest_bias:.2g}."
    elif isinstance(seen, int):
        says = f"Bias {bias.value:+.2g}, which {seen:,} bits are enough to see."
    else:
        says = f"Bias {bias.value:+.2g}."
    return Finding("Bias", f"{says} A toggled junction may have any bias.", None)


def _windows(physics: StreamPhysics) -> Finding:
    steps = _given(physics.steps)
    if physics.ones in (0, physics.bits):
        raise _NoAnswerError("all bits are equal")
    count = len(steps.changes)
    least = min((change.p_value for change in steps.changes), default=None)
    if not count:
        says = "No change points: P(1) is as steady as that of a toggled junction under steady pulses."
    else:
        times = "a change point" if count == 1 else f"{count} change points"
        says = f"P(1) changes ({times}): a toggled junction under steady pulses does not do this."
    return Finding("P(1) over time", says, not count, least)


def _allan(physics: StreamPhysics) -> Finding:
    allan = _given(physics.allan)
    odd = int(np.argmin(allan.p_values))
    p_value = min(1.0, float(allan.p_values[odd]) * allan.bits.size)
    where = f"at {allan.bits[odd]:,.0f} bits it is {allan.deviation[odd] / allan.white[odd]:.2f} times"
    yes = "P(1) averages out as 1/√n, as from a toggled junction under steady pulses"
    no = f"P(1) drifts or flickers, {where} what steady pulses of a toggled junction give"
    return _judged("Allan deviation of P(1)", "", p_value, physics, yes, no)


def _autocorrelation(physics: StreamPhysics) -> Finding:
    found, junction = _given(physics.autocorrelation), _given(physics.junction)
    p_value = correlation_p_value(found, junction, physics.bits)
    outside = found.outside.size
    lags = found.coefficients.size
    says = f"{outside} of {lags} lags outside what independent bits give in 95 % of streams."
    yes = "This is the memory of a toggled junction with these P_ud and P_du"
    no = "A toggled junction with these P_ud and P_du does not remember so"
    return _judged("Autocorrelation", says, p_value, physics, yes, no)


def _transitions(physics: StreamPhysics) -> Finding:
    found = _given(physics.transitions)
    _given(physics.junction)
    if physics.bits < FEW:
        raise _NoAnswerError(f"{physics.bits} bits: the test needs at least {FEW}")
    says = f"P_ud = {found.p_ud.value:.4f}, P_du = {found.p_du.value:.4f}."
    differ = found.equal.p_value < physics.level
    yes = f"They {'differ' if differ else 'are not told apart'}; a bit knows the state and nothing else, as of {LAW}"
    no = "A bit also knows the bit before it: this is not a toggled junction, and they describe nothing"
    return _judged("Transitions", says, found.memory.p_value, physics, yes, no)


def _runs(physics: StreamPhysics) -> Finding:
    runs, junction = _given(physics.runs), _given(physics.junction)
    agreement = run_agreement(runs, junction)
    if not agreement.freedom:
        raise _NoAnswerError(f"{int(runs.counts.sum())} runs: too few to be held against a law")
    geometric = "agree with" if not runs.goodness.p_value < physics.level else "differ from"
    says = f"Runs {geometric} the geometric law of independent bits ({p_text(runs.goodness.p_value)})."
    yes, no = (
        f"They {word} those of a toggled junction with these P_ud and P_du" for word in ("agree with", "differ from")
    )
    return _judged("Run lengths", says, agreement.p_value, physics, yes, no)


def _entropy(physics: StreamPhysics) -> Finding:
    entropy, junction = _given(physics.entropy), _given(physics.junction)
    p_value = entropy_p_value(entropy, junction)
    most = len(entropy.entropies) - 1
    says = f"h({most}) = {entropy.entropies[-1].value:.5f} bit."
    yes = f"The bits before tell as much as those of {LAW} with these P_ud and P_du do"
    no = f"The bits before tell more, or less, than those of {LAW} do"
    return _judged("Conditional entropy", says, p_value, physics, yes, no)


def _bytes(physics: StreamPhysics) -> Finding:
    found, junction = _given(physics.byte_counts), _given(physics.junction)
    agreement = byte_agreement(found, junction)
    uniform = "agree with" if not found.goodness.p_value < physics.level else "differ from"
    says = f"Bytes {uniform} equal frequencies ({p_text(found.goodness.p_value)})."
    yes, no = (
        f"They {word} those of a toggled junction with these P_ud and P_du" for word in ("agree with", "differ from")
    )
    return _judged("Bytes", says, agreement.p_value, physics, yes, no)


def _spectrum(physics: StreamPhysics) -> Finding:
    spectra = [each for each in (physics.spectrum, physics.fast_spectrum) if isinstance(each, Spectrum)]
    if not spectra:
        _given(physics.spectrum)
    lines = [(line, spectrum) for spectrum in spectra for line in spectrum.lines]
    if not lines:
        says = f"No line above the noise up to {max(s.frequencies[-1] for s in spectra):.4g} {spectra[0].unit}."
        return Finding("Spectral lines", f"{says} A toggled junction under steady pulses has none.", True)
    strongest, spectrum = min(lines, key=lambda pair: (pair[0].p_value, -pair[0].power))
    says = f"Strongest line at {_frequency(strongest, spectrum)}, amplitude {strongest.amplitude:.2g} in P(1)."
    if strongest.frequency < SLOW * spectrum.frequencies[0]:
        says = f"{says} With fewer than {SLOW} periods in the whole stretch it is a drift."
    return Finding(
        "Spectral lines",
        f"{says} A toggled junction under steady pulses has no lines ({p_text(strongest.p_value)}).",
        False,
        strongest.p_value,
    )


def _frequency(line: Line, spectrum: Spectrum) -> str:
    mains = mains_of(line, spectrum)
    return f"{line.frequency:.5g} {spectrum.unit}" + (f", {mains}" if mains else "")


def _correlations(physics: StreamPhysics) -> Finding:
    there = [each for each in physics.correlations.values() if not isinstance(each, NotApplicable)]
    if not there:
        reasons = {each.reason for each in physics.correlations.values() if isinstance(each, NotApplicable)}
        raise _NoAnswerError("; ".join(sorted(reasons)))
    parts = []
    for each in there:
        low, high = each.pearson.low, each.pearson.high
        r, low, high = (round(end, 2) + 0.0 for end in (each.pearson.value, low, high))  # no minus before a zero
        parts.append(f"r = {r:+.2f} ({low:+.2f} to {high:+.2f}) with {each.name}")
    least = min(1.0, len(there) * 2 * min(min(each.p_value, each.rank_p_value) for each in there))
    follows = least < physics.level
    meaning = (
        "P(1) follows what was measured beside it"
        if follows
        else f"No more than chance gives at the level of {physics.level:g}"
    )
    says = f"{'; '.join(parts)}. {meaning} ({p_text(least)})."
    return Finding("Resistance and temperature", says, None, least if math.isfinite(least) else None)
