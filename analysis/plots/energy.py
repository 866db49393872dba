"""Energy of a bit beside other generators, and the factors that follow, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mtjlab.analysis.energy import CLAIM, CLAIMED_BY, SCOPES, EnergyReport
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["energy_plot"]

_COLOURS = (BLUE, RED, GREY)
ROW = 0.2
"""Height of a row [inch]."""


def energy_plot(report: EnergyReport, title: str) -> bytes:
    """Plot the energy of a bit by scope beside that of others, and how many times more energy × area others take.

    Parameters
    ----------
    report
        What was calculated.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    ours = [(scope, report.bit.bit(scope), BLUE) for scope in SCOPES]
    others = [(each.name, each.energy, GREY) for each in report.generators]
    rows = [*ours, *others][::-1]

    def energies(axes: Axes) -> None:
        names, values, colours = zip(*rows, strict=True)
        places = range(len(rows))
        low = min(values) / 3
        axes.hlines(places, low, values, color=colours, lw=1)
        axes.scatter(values, places, color=colours, s=18, zorder=3)
        axes.set(xscale="log", xlim=(low, 4 * max(values)))
        axes.set_xlabel("energy of a bit (J): this source blue, others grey", fontsize=8)
        axes.set_yticks(places, names)
        axes.tick_params(labelsize=7)

    def factors(axes: Axes) -> None:
        known = [each for each in report.generators if each.area][: len(_COLOURS)]
        for definition, marker in (("energy", "o"), ("energy × area", "s"), ("energy × area / rate", "^")):
            for number, generator in enumerate(known):
                found = [
                    (ratio.value, list(SCOPES).index(ratio.scope) + 0.16 * number)
                    for ratio in report.ratios
                    if (ratio.of, ratio.generator, ratio.definition) == ("bit", generator.name, definition)
                ]
                across, up = zip(*found, strict=True)
                axes.plot(across, up, marker, color=_COLOURS[number], ms=4, label=f"{definition}, {generator.name}")
        axes.axvline(CLAIM, color="black", lw=0.8, ls="--", label=f"claim of {CLAIMED_BY}")
        axes.axvline(1, color="black", lw=0.5)
        axes.set(xscale="log", ylim=(len(SCOPES) - 0.5, -0.5))
        axes.set_xlabel("how many times more others take", fontsize=8)
        axes.set_yticks(range(len(SCOPES)), list(SCOPES))
        axes.tick_params(labelsize=7)
        axes.legend(frameon=False, fontsize=6.5, loc="upper center", bbox_to_anchor=(0.4, -0.14))

    return png(energies, factors, title=title, height=2.2 + ROW * len(rows))
