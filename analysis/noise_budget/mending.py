"""What would mend bits that are not good enough for images."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from numpy.typing import ArrayLike

from mtjlab.analysis.diffusion import Sampler
from mtjlab.analysis.extraction import Extractor
from mtjlab.analysis.noise import AnyConverter
from mtjlab.analysis.noise_budget.budget import Answer, NoiseBudget
from mtjlab.analysis.noise_budget.damage import Flaws
from mtjlab.core import Bits

__all__ = ["remedies"]


def remedies(
    budget: NoiseBudget,
    bits: ArrayLike | Bits,
    *,
    extractors: Mapping[str, Extractor] = {},
    converters: Mapping[str, AnyConverter] = {},
    sampler_of: Callable[[int], Sampler] | None = None,
) -> list[str]:
    """Say what would make the answer yes; each way is tried on the bits, not guessed.

    Parameters
    ----------
    budget
        Budget of the bits, whose answer is not yes.
    bits
        The bits themselves.
    extractors
        Extractors to try, by their names.
    converters
        Converters to try in place of both of the setting's, by their names.
    sampler_of
        Makes the same sampler with another number of steps; None where that is not wanted.

    Returns
    -------
    list
        Sentences without full stops; a warning of XOR is last, where it would do harm. None if the answer is yes.
    """
    if budget.answer is Answer.YES:
        return []
    found: list[str] = []
    packed = Bits.of(bits)
    for name, extractor in extractors.items():
        kept = extractor.condition(packed)
        after = NoiseBudget.of(kept, budget.setting)
        if budget.answer is Answer.TOO_FEW and after.answer is not Answer.YES:
            continue
        share = f"{extractor.name} ({name}) keeps {len(kept):,} of {len(packed):,} bits"
        found.append(f"{share}; of these: {after.sentence}")
    found += list(_other_settings(budget, converters, sampler_of))
    if budget.answer is Answer.NO and budget.setting.brightness(1.0) > 0:
        found.append(f"hold P within {budget.allowed_excess / 2:.2g} of one half, as with feedback")
    return found + xor_warning(budget)


def _other_settings(
    budget: NoiseBudget, converters: Mapping[str, AnyConverter], sampler_of: Callable[[int], Sampler] | None
) -> Iterator[str]:
    for name, converter in converters.items():
        other = replace(budget, setting=replace(budget.setting, start=converter, renewal=converter))
        # What correlation does is dear to find for some converters: not for those that bias alone rules out.
        bias = max(abs(other.brightness.low), abs(other.brightness.high))
        if other.damage.severity(Flaws(bias)) <= 1.0 and other.answer is Answer.YES:
            yield f"converter {name} for all noise: margin {other.margin:.2g}"
    if sampler_of is None:
        return
    steps = len(budget.setting.sampler.times) - 1
    fewer = steps // 2
    while fewer >= 5:
        other = replace(budget, setting=replace(budget.setting, sampler=sampler_of(fewer)))
        if other.answer is Answer.YES:
            yield f"{fewer} steps in place of {steps}: margin {other.margin:.2g}"
            return
        fewer //= 2


def xor_warning(budget: NoiseBudget) -> list[str]:
    """Warn of XOR of neighbouring bits where their correlation would become a bias that harms.

    Parameters
    ----------
    budget
        Budget of the bits.

    Returns
    -------
    list
        One sentence, or none.

    Notes
    -----
    The XOR of neighbours has 2P - 1 = -(ρ_1 (1 - e²) + e²): it squares a bias e, and hands on the correlation ρ_1.
    """
    stream = budget.stream
    excess = float(stream.correlations[0]) * (1.0 - stream.excess.value**2) + stream.excess.value**2
    known = abs(stream.correlations[0]) > 4.0 * stream.correlation_error
    if not known or abs(excess) <= budget.allowed_excess:
        return []
    return [
        f"no XOR of neighbouring bits: their lag-1 correlation of {stream.correlations[0]:.2g} would become a bias, "
        f"P = {0.5 - excess / 2:.3f}"
    ]
