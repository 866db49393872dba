"""FD of each seed of each arm, with the margin around the first arm."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mtjlab.analysis.plots.png import BLUE, GREY, RED, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["arm_distance_plot"]


def arm_distance_plot(
    values: Mapping[str, Sequence[float]], margin: float, controls: frozenset[str] = frozenset()
) -> bytes:
    """Draw a point for each seed, a bar for the mean of each arm, and the band of the margin.

    Parameters
    ----------
    values
        FD of each seed, by the name of the arm; the band is around the mean of the first.
    margin
        Half the height of the band, in FD.
    controls
        Names of the arms that are biased on purpose.

    Returns
    -------
    bytes
        A PNG.
    """

    def panel(axes: "Axes") -> None:
        first = next(iter(values.values()))
        middle = sum(first) / len(first)
        axes.axhspan(middle - margin, middle + margin, color=GREY, alpha=0.25, lw=0, label=f"margin ±{margin:.3g}")
        for place, (name, seeds) in enumerate(values.items()):
            colour = RED if name in controls else BLUE
            spread = [place + 0.18 * (2 * i / max(1, len(seeds) - 1) - 1) for i in range(len(seeds))]
            axes.plot(spread, list(seeds), "o", ms=4, color=colour, alpha=0.8)
            mean = sum(seeds) / len(seeds)
            axes.plot([place - 0.28, place + 0.28], [mean, mean], "-", lw=1.5, color=colour)
        axes.set_xticks(range(len(values)), list(values))
        axes.tick_params(axis="x", labelrotation=20 if max(map(len, values)) * len(values) > 70 else 0)
        axes.set_xlim(-0.6, len(values) - 0.4)
        axes.set_ylabel("FD to real images")
        axes.legend(frameon=False, fontsize=8)

    return png(panel)
