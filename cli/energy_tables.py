"""The tables of `mtjlab energy`."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mtjlab.analysis.energy import EnergyReport
    from mtjlab.cli.output import Output

__all__ = ["print_report"]

_ONE_SCOPE = "cell"
_PREFIXES = ("a", "f", "p", "n", "µ", "m", "", "k", "M", "G")


def print_report(report: "EnergyReport", output: "Output", *, extractor: str) -> None:
    """Print inputs, energies, and the comparison.

    Parameters
    ----------
    report
        What was calculated.
    output
        Where to.
    extractor
        What the bits went through.
    """
    _print_inputs(report, output)
    _print_bit(report, output, extractor)
    _print_noise(report, output)
    _print_images(report, output)
    _print_areas(report, output)
    _print_energies(report, output)
    _print_verdict(report, output)


def with_prefix(value: float, unit: str) -> str:
    """Write a number with three digits and a prefix.

    Parameters
    ----------
    value
        In the unit; zero or more.
    unit
        Unit.

    Examples
    --------
    >>> with_prefix(44.2e-15, "J"), with_prefix(0.0, "J")
    ('44.2 fJ', '0 J')
    """
    if not value:
        return f"0 {unit}"
    power = min(max(math.floor(math.log10(abs(value)) / 3 + 1e-9), -6), 3)
    return f"{value / 1000.0**power:.3g} {_PREFIXES[power + 6]}{unit}"


def _area(value: float | None) -> str:
    return "-" if value is None else f"{value * 1e12:,.4g} µm²" if value < 1e-8 else f"{value * 1e6:.3g} mm²"


def _print_inputs(report: "EnergyReport", output: "Output") -> None:
    from mtjlab.analysis.energy import INPUTS

    rows = [
        [INPUTS[name].words, f"{each.value:.4g} {each.unit.replace('1', '')}".strip(), str(each.origin), each.source]
        for name, each in report.inputs.items()
    ]
    output.grid("Calculated from", ["input", "value", "", "source"], rows)


def _print_bit(report: "EnergyReport", output: "Output", extractor: str) -> None:
    from mtjlab.analysis.energy import SCOPES

    bit = report.bit
    rows = [[name, each.words, with_prefix(each.energy, "J"), each.formula] for name, each in bit.contributions.items()]
    low, high = sorted(bit.states)
    output.grid("Energy of one pulse with its read", ["contribution", "", "energy", "formula"], rows)
    output.say(f"In the junction {with_prefix(low, 'J')} or {with_prefix(high, 'J')}, by the state it is in.")
    output.grid(
        f"Energy of a bit ({bit.pulses_per_bit:.3g} pulses a raw bit, {bit.raw_per_bit:.3g} raw bits a bit, extractor "
        f"{extractor})",
        ["scope", "counts", "raw bit", "bit", "area", "bits in a second"],
        [
            [
                name,
                ", ".join(scope.contributions),
                with_prefix(bit.raw(name), "J"),
                with_prefix(bit.bit(name), "J"),
                _area(bit.areas[name]),
                "-" if (rate := bit.rate(name)) is None else with_prefix(rate, ""),
            ]
            for name, scope in SCOPES.items()
        ],
    )


def _print_noise(report: "EnergyReport", output: "Output") -> None:
    from mtjlab.analysis.energy import SCOPES

    bits = {scope: report.bit.bit(scope) for scope in SCOPES}
    output.grid(
        f"Energy of a normal; numpy on this processor {with_prefix(report.software.energy, 'J')} in "
        f"{with_prefix(report.software.time, 's')} ({report.software.how})",
        ["converter", "bits", *SCOPES, "conversion on this processor"],
        [
            [
                name,
                f"{size:.4g}",
                *(with_prefix(size * each, "J") for each in bits.values()),
                with_prefix(report.conversions[name].energy, "J"),
            ]
            for name, size in report.converters.items()
        ],
    )


def _print_images(report: "EnergyReport", output: "Output") -> None:
    """Print each sampler with the usual converters in all scopes, then with each converter in one."""
    from mtjlab.analysis.energy import SCOPES

    usual = _usual_converter(report)
    output.grid(
        f"Energy of the noise of an image of {report.steps} steps; start {usual}, steps {report.step_converter}",
        ["sampler", "eta", "normals", "bits", *SCOPES, "numpy on this processor"],
        [
            [
                name,
                f"{eta:g}",
                f"{noise.normals:,}",
                f"{noise.bits:,.0f}",
                *(with_prefix(noise.bits * report.bit.bit(scope), "J") for scope in SCOPES),
                with_prefix(noise.normals * report.software.energy, "J"),
            ]
            for name, eta, start, renewal, noise in report.images
            if (start, renewal) == (usual, report.step_converter)
        ],
    )
    same = {(name, eta, start): noise for name, eta, start, renewal, noise in report.images if start == renewal}
    output.grid(
        f"The same in the scope {_ONE_SCOPE}, start and steps by one converter",
        ["sampler", "eta", *report.converters],
        [
            [name, f"{eta:g}"]
            + [with_prefix(same[name, eta, each].bits * report.bit.bit(_ONE_SCOPE), "J") for each in report.converters]
            for name, eta in dict.fromkeys((name, eta) for name, eta, _ in same)
        ],
    )


def _usual_converter(report: "EnergyReport") -> str:
    """Name the converter that makes images where nobody says another one."""
    return "inverse-cdf16" if "inverse-cdf16" in report.converters else next(iter(report.converters))


def _print_areas(report: "EnergyReport", output: "Output") -> None:
    """Print how many times more those take whose area is known, by scope and definition."""
    from mtjlab.analysis.energy import DEFINITIONS, PROCESSOR, SCOPES

    converter = _usual_converter(report)
    columns = {(each.name, "bit"): each.name for each in report.generators if each.area is not None}
    columns[PROCESSOR, f"normal of {converter}"] = f"this processor, normals against {converter}"
    values = {(r.generator, r.of, r.scope, r.definition): r for r in report.ratios}
    rows = []
    for scope in SCOPES:
        for definition, kind in DEFINITIONS.items():
            if kind.needs and report.bit.areas[scope] is None:
                continue
            cells = [values.get((*column, scope, definition)) for column in columns]
            rows.append([scope, definition, *("-" if c is None else _times(c.value) for c in cells)])
    output.grid("How many times more others take (* at least 1,000)", ["scope", "definition", *columns.values()], rows)
    for name, each in DEFINITIONS.items():
        output.say(f"{name}: {each.words}.")


def _print_energies(report: "EnergyReport", output: "Output") -> None:
    """Print all other generators, whose energy alone is known."""
    from mtjlab.analysis.energy import SCOPES

    values = {(r.generator, r.scope): r for r in report.ratios if r.of == "bit" and r.definition == "energy"}
    output.grid(
        "How many times more energy others take for a bit (* at least 1,000)",
        ["generator", "", "energy", "area", *SCOPES, "citation"],
        [
            [
                each.name,
                each.kind,
                f"{'< ' if each.kind == 'bound' else ''}{with_prefix(each.energy, 'J')}",
                _area(each.area),
                *(_times(values[each.name, scope].value) for scope in SCOPES),
                each.citation,
            ]
            for each in report.generators
        ],
    )


def _print_verdict(report: "EnergyReport", output: "Output") -> None:
    """Say under which scopes and definitions the claim holds, against whom."""
    from mtjlab.analysis.energy import CLAIMED_BY, DEFINITIONS, SCOPES

    for generator in report.generators:
        if generator.area is None:
            continue
        found = [r for r in report.ratios if r.generator == generator.name and r.of == "bit"]
        for definition in DEFINITIONS:
            scopes = [r.scope for r in found if r.definition == definition and r.reached]
            output.say(
                f"A factor of 1,000 ({CLAIMED_BY}) over {generator.name} by {definition}: "
                + (f"reached by {', '.join(scopes)}." if scopes else "reached in no scope.")
            )
        limits = (
            f"{scope} {_area(report.largest_area(generator, scope))}" for scope in SCOPES if report.bit.areas[scope]
        )
        output.say(f"By energy × area it is reached up to an area of: {', '.join(limits)}.")


def _times(value: float) -> str:
    return f"{value:.2g}{' *' if value >= 1e3 else ''}"
