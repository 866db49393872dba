"""The resistance of a bar in a field, and what the current does to it, as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.plots.axis_label import AxisLabel
from mtjlab.analysis.plots.png import BLUE, GREY, RED, png
from mtjlab.analysis.spin_orbit_torque import (
    AngleDependence,
    CurrentInducedField,
    FieldLoops,
    HarmonicAngle,
    PowerLaw,
    UnidirectionalMagnetoresistance,
)
from mtjlab.core import NORMAL_95

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["field_shift_plot", "harmonic_plot", "turn_plot", "umr_plot"]


def turn_plot(angles: ArrayLike, resistances: ArrayLike, fitted: AngleDependence | None, title: str) -> bytes:
    """Plot the resistance against the angle of the field, with the fit and the axis of the bar.

    Parameters
    ----------
    angles, resistances
        Angle of the field [rad] and resistance [Ω] of each reading, shape (N,).
    fitted
        What was found, if anything.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    at, ohms = (np.asarray(each, float) for each in (angles, resistances))
    up = AxisLabel.of("resistance", "Ω", ohms)

    def draw(axes: Axes) -> None:
        axes.plot(np.degrees(at), ohms * up.factor, ".", color=BLUE, ms=4, label="readings")
        if fitted is not None:
            every = np.linspace(at.min(), at.max(), 400)
            axes.plot(np.degrees(every), fitted.curve(every) * up.factor, color=RED, lw=1.1, label="fit")
            along = -np.degrees(fitted.misalignment.value)
            spread = np.degrees(NORMAL_95 * fitted.misalignment.uncertainty)
            axes.axvspan(along - spread, along + spread, color=GREY, alpha=0.4, lw=0, label="field along the bar, 95 %")
        axes.set(xlabel="angle of the field (°)", ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)


def field_shift_plot(
    currents: ArrayLike,
    fields: ArrayLike,
    resistances: ArrayLike,
    loops: FieldLoops | None,
    line: CurrentInducedField | None,
    title: str,
    *,
    axis: str = "across",
) -> bytes:
    """Plot loops at the largest current of each sign with their fits, and the shift of all against the current.

    Parameters
    ----------
    currents, fields, resistances
        Current [A], field that is swept [T] and resistance [Ω] of each reading, shape (N,), in order of time.
    loops, line
        What was found, if anything.
    title
        Above the picture.
    axis
        Direction of the field that is swept: ``"across"`` or ``"along"`` the bar.

    Returns
    -------
    bytes
        A PNG.
    """
    amperes, at, ohms = (np.asarray(each, float) for each in (currents, fields, resistances))
    across = AxisLabel.of(f"field {axis} the bar", "T", at)
    extremes = ((float(amperes.max()), RED), (float(amperes.min()), BLUE))

    def curves(axes: Axes) -> None:
        for current, colour in extremes if extremes[0][0] != extremes[1][0] else extremes[:1]:
            which = amperes == current
            base = float(np.median(ohms[which]))
            name = AxisLabel.of("", "A", [current])
            label = f"{current * name.factor:+.3g} {name.text.strip(' ()')}"
            axes.plot(at[which] * across.factor, ohms[which] - base, ".", color=colour, ms=3, label=label)
            if loops is not None and current in loops.currents:
                index = int(np.argmax(loops.currents == current))
                fitted, swept = (each[index][0] for each in (loops.curves(), loops.model.fields))
                for way in (0, 1):
                    axes.plot(swept[way] * across.factor, fitted[way] - base, color=colour, lw=0.9)
        axes.set(xlabel=across.text, ylabel="resistance, off its median (Ω)")
        axes.legend(frameon=False, fontsize=8)

    def shifts(axes: Axes) -> None:
        assert loops is not None
        side, high = (
            AxisLabel.of("current", "A", loops.currents),
            AxisLabel.of("field of the current", "T", loops.shifts),
        )
        bars = NORMAL_95 * np.sqrt(np.diag(loops.covariance))
        axes.errorbar(
            loops.currents * side.factor, loops.shifts * high.factor, bars * high.factor, fmt=".", color=BLUE, ms=5
        )
        if line is not None:
            ends = np.array([loops.currents.min(), loops.currents.max()])
            values = line.offset.value + line.per_ampere.value * ends
            axes.plot(ends * side.factor, values * high.factor, color=RED, lw=1, label=f"{line.per_ampere}")
            axes.legend(frameon=False, fontsize=8, loc="upper left" if line.per_ampere.value > 0 else "upper right")
        axes.set(xlabel=side.text, ylabel=high.text)

    return png(curves, title=title) if loops is None else png(curves, shifts, title=title)


def harmonic_plot(
    angles: ArrayLike, second: ArrayLike, fitted: HarmonicAngle | None, current: float, title: str
) -> bytes:
    """Plot the second harmonic against the angle of the field, with the fit.

    Parameters
    ----------
    angles, second
        Angle of the field [rad] and second harmonic [V rms] of each reading, shape (N,).
    fitted
        What was found, if anything.
    current
        Amplitude of the current [A rms].
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    at, volts = (np.asarray(each, float) for each in (angles, second))
    up = AxisLabel.of("second harmonic, rms", "V", volts)

    def draw(axes: Axes) -> None:
        axes.plot(np.degrees(at), volts * up.factor, ".", color=BLUE, ms=4, label="readings")
        if fitted is not None:
            every = np.linspace(at.min(), at.max(), 400)
            axes.plot(np.degrees(every), fitted.curve(every, current) * up.factor, color=RED, lw=1.1, label="fit")
        axes.set(xlabel="angle of the field (°)", ylabel=up.text)
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)


def umr_plot(found: UnidirectionalMagnetoresistance, law: PowerLaw | None, title: str) -> bytes:
    """Plot the ratio of the unidirectional magnetoresistance against the current, with the fitted power.

    Parameters
    ----------
    found
        The readings, taken apart.
    law
        Power of the current, if one was found.
    title
        Above the picture.

    Returns
    -------
    bytes
        A PNG.
    """
    ratios = np.array([each.value for each in found.ratios])
    bars = NORMAL_95 * np.array([each.uncertainty for each in found.ratios])
    across = AxisLabel.of("current", "A", found.currents)

    def draw(axes: Axes) -> None:
        axes.errorbar(found.currents * across.factor, 100 * ratios, 100 * bars, fmt="o", color=BLUE, ms=4, label="95 %")
        if law is not None:
            every = np.geomspace(found.currents.min(), found.currents.max(), 100)
            label = f"|I|^{law.exponent}"
            axes.plot(every * across.factor, 100 * law.curve(every), color=RED, lw=1, label=label)
        part = np.array([2 * n.value / r.value for n, r in zip(found.nernst, found.resistances, strict=True)])
        if np.isfinite(part).all():
            label = "Nernst effect" if found.separated else "bound of the Nernst effect"
            axes.plot(found.currents * across.factor, 100 * part, "x", color=GREY, label=label)
        axes.axhline(0, color=GREY, lw=0.8)
        axes.set(xlabel=across.text, ylabel="(R(+I) - R(-I))/R at my = +1 (%)", xscale="log")
        axes.legend(frameon=False, fontsize=8)

    return png(draw, title=title)
