"""The simulated bar against the textbook, and the figures of docs/explanations/bar.md.

    python benchmarks/spin_orbit_torque.py [--output FOLDER] [--shots N]

Prints the current at which precession begins to grow over Jc0 = (2e/ħ)·Ms·t·α·(Bk + Beff/2)/ξ_DL, and the one that
reverses the magnet, for three dampings and three anisotropy fields, without heat and field-like torque; then the
current of P = 1/2 by the dynamics and by the rate model against pulse width. Draws `bar-voltages.png`, what field and
current do to the bar's resistance, and `bar-switching.png`, those currents.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mtjlab.instruments.simulated import BarMacrospin, BarParameters, Landscape, SimulatedBar, load_bar

BLUE, RED, GREY = "#1f5fa8", "#c0392b", "0.45"
ATTEMPT = 1e-9


def aligned(**changes: Any) -> BarParameters:
    """Give the shipped bar without tilt and without field-like torque."""
    return BarParameters.model_validate({"easy_axis_tilt": 0.0, "torque": {"field_like": 0.0}} | changes)


def onset_table() -> None:
    """Print onset and reversal over the formula."""
    print("damping  Bk [mT]  Jc0 [1e10 A/m²]  onset/Jc0  reversal/Jc0")
    for damping in (0.02, 0.05, 0.1):
        for anisotropy in (5e-3, 10e-3, 30e-3):
            bar = aligned(damping=damping, anisotropy_field=anisotropy)
            macrospin = BarMacrospin(bar)
            onset, reversal = (
                each / bar.onset_current for each in (macrospin.onset_current(), macrospin.reversal_current())
            )
            print(
                f"{damping:7g}  {1e3 * anisotropy:7g}  {bar.onset_density / 1e10:15.2f}  {onset:9.4f}  {reversal:12.3f}"
            )


def switched(bar: BarParameters, current: float, width: float, shots: int) -> float:
    """Give the share of macrospins in heat that a pulse reverses."""
    wells = Landscape(bar, (0.0, 0.0, 0.0), 0.0).wells
    pushed = min(range(2), key=lambda each: bar.push_per_current * current * math.sin(wells[each].angle))
    macrospin = BarMacrospin(bar, seed=1)
    m = macrospin.advance(macrospin.start(shots, pushed), width, current=current, dt=2e-12)
    m = macrospin.advance(m, 10e-9, dt=2e-12)
    return float(np.mean(np.cos(np.arctan2(m[:, 1], m[:, 0]) - wells[pushed].angle) < 0))


def half_current(bar: BarParameters, width: float, shots: int) -> float:
    """Find the current of P = 1/2 by the dynamics, over the onset's."""
    low, high = 0.6, 3.0
    while high - low > 0.01:
        middle = (low + high) / 2
        enough = switched(bar, middle * bar.onset_current, width, shots) >= 0.5
        low, high = (low, middle) if enough else (middle, high)
    return (low + high) / 2


def switching_figure(path: Path, shots: int) -> None:
    """Draw the current of P = 1/2 against width by both models, and print it."""
    bar = aligned()
    stability = bar.thermal_stability
    short, long = np.geomspace(1e-9, 100e-9, 9), np.geomspace(100e-9, 1.0, 15)
    dynamic = [half_current(bar, width, shots) for width in short]
    textbook = [1 - math.log(width / (ATTEMPT * math.log(2))) / stability for width in (*short, *long)]
    print("\nwidth [ns]  Ic(P = 1/2)/Ic0: dynamics  rate model")
    for width, one, other in zip(short, dynamic, textbook, strict=False):
        print(f"{1e9 * width:10.1f}  {one:25.3f}  {other:10.3f}")
    figure = Figure(figsize=(6.4, 3.8), dpi=120, layout="constrained")
    axes = figure.subplots()
    axes.axhline(1.0, color=GREY, lw=0.6)
    axes.semilogx(short, textbook[: short.size], color=BLUE, lw=1, ls=":")
    axes.semilogx(long, textbook[short.size :], color=BLUE, lw=1.4, label="rate model, above 100 ns")
    axes.semilogx(short, dynamic, "o-", color=RED, ms=4, lw=1.2, label="macrospin in heat, up to 100 ns")
    axes.axvline(100e-9, color=GREY, lw=0.6, ls="--")
    axes.set(xlabel="pulse width [s]", ylabel="current of P = 1/2 over that of Jc0", ylim=(0, None))
    axes.set_title(f"w-cofeb without tilt and field-like torque, Δ = {stability:.0f}", fontsize=9)
    axes.legend(fontsize=8)
    figure.savefig(path)


def loop(bar: BarParameters, current: float, fields: np.ndarray) -> np.ndarray:
    """Give the resistance against Hy at a current, up and down again."""
    device, found = SimulatedBar(bar, seed=1), []
    for field in fields:
        device.set_field((0.0, float(field), 0.0))
        device.advance(0.1)
        found.append(device.voltages(current, 0.02).longitudinal / current)
    return np.array(found)


def voltages_figure(path: Path) -> None:
    """Draw loops of both types at both signs of a current, the UMR's ratio, and write loops."""
    figure = Figure(figsize=(8.4, 6.4), dpi=120, layout="constrained")
    (type_y, type_x), (ratio, written) = figure.subplots(2, 2)
    for axes, name, current, most in ((type_y, "w-cofeb", 0.6e-3, 12e-3), (type_x, "w-cofeb-x", 1e-3, 30e-3)):
        bar = load_bar(name)
        fields = np.concatenate([np.linspace(-most, most, 241), np.linspace(most, -most, 241)])
        for sign, color in ((1, RED), (-1, BLUE)):
            axes.plot(
                1e3 * fields,
                loop(bar, sign * current, fields),
                color=color,
                lw=0.9,
                label=f"{sign * 1e3 * current:+g} mA",
            )
        axes.set(xlabel="Hy [mT]", ylabel="resistance [Ω]")
        axes.set_title(f"{name}: loops in Hy", fontsize=9)
        axes.legend(fontsize=8)
    density = np.geomspace(3e8, 3e11, 200)
    for name, color in (("w-cofeb", RED), ("pt-cofeb", BLUE)):
        ratio.loglog(density, load_bar(name).umr_ratio(density), color=color, lw=1.2, label=name)
    for low, power, at in ((4e8, 1, 1.3e-6), (6e9, 3, 6e-5)):
        guide = np.array([low, 4 * low])
        ratio.loglog(guide, at * (guide / low) ** power, color=GREY, lw=0.8, ls="--")
    ratio.set(xlabel="current density in the metal [A/m²]", ylabel="(R(+J) - R(-J))/R at my = 1")
    ratio.set_title("unidirectional magnetoresistance; dashes: J and J³", fontsize=9)
    ratio.legend(fontsize=8)
    device = SimulatedBar(load_bar("w-cofeb"), seed=1)
    device.pulse(-3e-3, 10e-6)
    steps = np.concatenate([np.linspace(0, 3, 31), np.linspace(3, -3, 61), np.linspace(-3, 0, 31)]) * 1e-3
    read = []
    for current in steps:
        device.pulse(float(current), 10e-6)
        both = device.voltages_many([0.5e-3, -0.5e-3], 0.02).longitudinal / np.array([0.5e-3, -0.5e-3])
        read.append(both[0] - both[1])
    written.plot(1e3 * steps, read, "o-", color="black", ms=2.5, lw=0.8)
    written.set(xlabel="write current, 10 µs [mA]", ylabel="R(+0.5 mA) - R(-0.5 mA) [Ω]")
    written.set_title("w-cofeb: written by current, read by UMR", fontsize=9)
    figure.savefig(path)


def main() -> None:
    """Print the tables and draw the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("docs/images"), help="folder of the figures")
    parser.add_argument("--shots", type=int, default=200, help="macrospins for each current and width")
    options = parser.parse_args()
    onset_table()
    switching_figure(options.output / "bar-switching.png", options.shots)
    voltages_figure(options.output / "bar-voltages.png")


if __name__ == "__main__":
    main()
