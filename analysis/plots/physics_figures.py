"""The physics of a stream as figures: a plot for each question, with the answer in words above it."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, TypeVar

from mtjlab.analysis.bitstream import Correlation, Finding, StreamPhysics, stream_findings
from mtjlab.analysis.plots.figure import drawing, encoded
from mtjlab.analysis.plots.stream_bit_panels import (
    draw_autocorrelation,
    draw_bias,
    draw_bytes,
    draw_entropy,
    draw_runs,
    draw_transitions,
)
from mtjlab.analysis.plots.stream_colours import DARK, LIGHT, StreamColours
from mtjlab.analysis.plots.stream_time_panels import draw_allan, draw_correlation, draw_spectrum, draw_windows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["stream_figures", "stream_pages", "stream_pictures"]

Made = TypeVar("Made")

PANELS: dict[str, Callable[[Axes, StreamPhysics, StreamColours], None]] = {
    "bias": draw_bias,
    "windows": draw_windows,
    "allan": draw_allan,
    "autocorrelation": draw_autocorrelation,
    "transitions": draw_transitions,
    "runs": draw_runs,
    "entropy": draw_entropy,
    "bytes": draw_bytes,
    "spectrum": draw_spectrum,
}
"""What draws each, but the correlations, which have axes each."""

WIDTH, HEIGHT = 7.2, 3.7
"""Inches."""

LETTERS = 98
"""Letters on a line of the caption."""


def stream_figures(
    physics: StreamPhysics,
    *,
    names: Collection[str] | None = None,
    colours: StreamColours | None = None,
    dark: bool = False,
) -> dict[str, Figure]:
    """Draw each question to a stream as a figure of its own.

    Parameters
    ----------
    physics
        All results.
    names
        Those that are wanted; None for all.
    colours
        Colours; None for those of this package.
    dark
        Whether those are for dark surroundings.

    Returns
    -------
    dict
        Figures by the names of `stream_findings`. The title says whether a toggled junction gives such a plot. What the
        bits could not be asked is a figure that says why.
    """
    return dict(_drawn(physics, names, colours or (DARK if dark else LIGHT), lambda figure: figure))


def stream_pictures(
    physics: StreamPhysics,
    *,
    names: Collection[str] | None = None,
    colours: StreamColours | None = None,
    dark: bool = False,
) -> dict[str, bytes]:
    """Draw the same as files: PNG, or what `picture_format` asks for.

    Parameters
    ----------
    physics
        All results.
    names, colours, dark
        As for `stream_figures`.

    Returns
    -------
    dict
        Files by name.
    """
    return dict(_drawn(physics, names, colours or (DARK if dark else LIGHT), encoded))


def stream_pages(
    physics: StreamPhysics,
    *,
    names: Collection[str] | None = None,
    colours: StreamColours | None = None,
    dark: bool = False,
) -> bytes:
    """Draw the same as the pages of one PDF.

    Parameters
    ----------
    physics
        All results.
    names, colours, dark
        As for `stream_figures`.

    Returns
    -------
    bytes
        The PDF; the same results give the same file.
    """
    from matplotlib.backends.backend_pdf import PdfPages

    target = io.BytesIO()
    with PdfPages(target, metadata={"CreationDate": None}) as pages:
        for _ in _drawn(physics, names, colours or (DARK if dark else LIGHT), pages.savefig):
            pass
    return target.getvalue()


def _drawn(
    physics: StreamPhysics, names: Collection[str] | None, colours: StreamColours, make: Callable[[Figure], Made]
) -> Iterator[tuple[str, Made]]:
    for name, finding in stream_findings(physics).items():
        if names is not None and name not in names:
            continue
        height = HEIGHT if finding.applies else 1.2
        with drawing(WIDTH, height) as figure:
            figure.set_facecolor(colours.background)
            figure.suptitle(_caption(finding), x=0.01, ha="left", fontsize=8.5, color=colours.text, linespacing=1.35)
            if finding.applies:
                _fill(figure, name, physics, colours)
            yield name, make(figure)


def _caption(finding: Finding) -> str:
    verdict = {True: "as from a toggled junction", False: "NOT what a toggled junction gives", None: ""}
    head = ": ".join(filter(None, (finding.title.upper(), verdict[finding.junction])))
    return "\n".join([head, *textwrap.wrap(finding.says.replace("p = ", "p\u00a0=\u00a0"), LETTERS)])


def _fill(figure: Figure, name: str, physics: StreamPhysics, colours: StreamColours) -> None:
    if name in PANELS:
        PANELS[name](_styled(figure.subplots(), colours), physics, colours)
    else:
        there = [each for each in physics.correlations.values() if isinstance(each, Correlation)]
        for axes, each in zip(figure.subplots(1, len(there), squeeze=False, sharey=True).flat, there, strict=True):
            draw_correlation(_styled(axes, colours), each, colours)
    for axes in figure.axes:
        for text in filter(None, [axes.get_legend()]):
            for entry in text.get_texts():
                entry.set_color(colours.text)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set_color(colours.text)


def _styled(axes: Axes, colours: StreamColours) -> Axes:
    axes.set_facecolor(colours.background)
    axes.spines[["top", "right"]].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(colours.muted)
    axes.tick_params(which="both", colors=colours.muted, labelcolor=colours.text, labelsize=8.5)
    axes.grid(visible=True, color=colours.grid, lw=0.6)
    axes.set_axisbelow(True)
    axes.ticklabel_format(useOffset=False)
    return axes
