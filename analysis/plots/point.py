"""The search for P(switch) = 1/2, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.operating_point import Shots
from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png
from mtjlab.analysis.switching_map import GaussianProcess, Scales
from mtjlab.core import NORMAL_95

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["point_plot"]

_LEAST = 8
"""Settings that a curve needs."""


def point_plot(
    settings: ArrayLike,
    switched: ArrayLike,
    pulses: ArrayLike,
    found: tuple[float, float, float] | None,
    title: str,
    *,
    name: str = "pulse amplitude",
    unit: str = "V",
) -> bytes:
    """Plot the share that switched at each setting, the smooth curve through all with its band, and the point.

    Parameters
    ----------
    settings
        Setting of each train of pulses, shape (N,).
    switched, pulses
        Pulses that switched, and pulses sent, shape (N,).
    found
        The operating point and the ends of its 95 % interval, if there is one.
    title
        Above the picture.
    name, unit
        Of the setting.

    Returns
    -------
    bytes
        A PNG.
    """
    known = Shots(*(np.asarray(each, float) for each in (settings, pulses, switched))).merged()
    across = AxisLabel.of(name, unit, known.settings)

    def draw(axes: Axes, *, inside: tuple[float, float] | None = None) -> None:
        axes.axhline(0.5, color=GREY, lw=0.8)
        at, share, n = known.settings, known.fractions, known.pulses
        first, last = inside or (float(at[0]), float(at[-1]))
        every = np.linspace(first, last, 400)
        if at.size >= _LEAST:
            width = float(np.ptp(at))
            curve = GaussianProcess.fit(at, known.switched, n, Scales((width / 15,), 0.6))
            angle, error = curve.predict(every)
            low, high = (_share(angle + sign * NORMAL_95 * error) for sign in (-1, 1))
            axes.fill_between(every * across.factor, low, high, color=BLUE, alpha=0.25, lw=0, label="95 %")
            axes.plot(every * across.factor, _share(angle), color=BLUE, lw=1.2)
        error = np.sqrt(np.maximum(share * (1 - share), 0.25 / n) / n)
        shown = (at >= every[0]) & (at <= every[-1])
        axes.errorbar(
            at[shown] * across.factor, share[shown], error[shown], fmt=".", color="black", ms=3, lw=0.7,
            label="share switched",
        )  # fmt: skip
        if found is not None:
            axes.axvline(found[0] * across.factor, color=RED, lw=1, label="P = 1/2")
        axes.set(xlabel=across.text, ylabel="P(switch)")

    def whole(axes: Axes) -> None:
        draw(axes)
        axes.set_ylim(-0.03, 1.03)
        axes.legend(frameon=False, fontsize=8)

    def close(axes: Axes) -> None:
        assert found is not None
        wide = found[2] - found[1]
        reach = max(2 * wide, float(np.ptp(known.settings)) / 30) if np.isfinite(wide) else np.inf
        low, high = (float(np.clip(found[0] + s * reach, known.settings[0], known.settings[-1])) for s in (-1, 1))
        draw(axes, inside=(low, high))
        for end in found[1:]:
            if np.isfinite(end):
                axes.axvline(end * across.factor, color=RED, lw=0.7, ls=":")
        axes.set_title("about the point, with its 95 % interval", fontsize=8)
        axes.set_xlim(low * across.factor, high * across.factor)

    return png(whole, close, title=title) if found is not None else png(whole, title=title)


def _share(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give P of an angle about that of one half."""
    return np.asarray(np.sin(np.clip(angle + np.pi / 4, 0, np.pi / 2)) ** 2)
