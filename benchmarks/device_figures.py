"""The figures of docs/explanations/device.md, made again.

    python benchmarks/device_figures.py [--output FOLDER] [--only NAME] [--shots N]

`device-width.png`: P(switch) against pulse width at weak and at strong damping. `device-point.png`: the demo's
operating point. `device-relaxation.png`: relaxation and dwell times. Every picture says which effects were on. The map
beside them is made by `mtjlab simulate map`, with the words that the page gives.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mtjlab.instruments.simulated import (
    Device,
    DwellTime,
    Effects,
    EnergyLandscape,
    Macrospin,
    Pulse,
    slowest_relaxation,
)

RATIO = 1.76e11
BLUE, RED, GREY = "#1f5fa8", "#c0392b", "0.45"


def probabilities(macrospin: Macrospin, pulse: Pulse, widths: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Give P(switch) from P and from AP, shape (2, widths)."""
    before = np.arange(2 * shots, dtype=np.uint8) % 2
    flipped = macrospin.switch_by_width(pulse, widths, before, seed=seed) != before
    return np.stack([flipped[:, ::2].mean(axis=1), flipped[:, 1::2].mean(axis=1)])


def draw_widths(axes: Any, damping: float, shots: int) -> None:
    """Draw P against width for one damping, thermal field alone and all effects."""
    device, widths = Device(damping=damping), np.arange(0.1e-9, 10.005e-9, 0.05e-9)
    pulse = Pulse(1.5, 1e-9, 50e-12, 50e-12)
    ideal = probabilities(Macrospin(device, threads=2), pulse, widths, shots, 1).mean(axis=0)
    full = probabilities(Macrospin(device, effects=Effects.full(), threads=2), pulse, widths, shots, 2)
    axes.axhline(0.5, color=GREY, lw=0.6)
    axes.plot(widths * 1e9, ideal, color="black", lw=1.4, label="thermal field alone (ideal)")
    axes.plot(widths * 1e9, full[0], color=BLUE, lw=0.9, label="all effects (full), from P")
    axes.plot(widths * 1e9, full[1], color=RED, lw=0.9, label="all effects (full), from AP")
    axes.set(ylim=(-0.03, 1.03), xlim=(0, 10), ylabel="P(switch)")
    axes.set_title(f"reference device, damping {damping:g}; 1.5 V, edges 50 ps", fontsize=9)


def width_figure(path: Path, shots: int) -> None:
    """Draw both damping regimes."""
    figure = Figure(figsize=(8, 5.4), dpi=120, layout="constrained")
    weak, strong = figure.subplots(2, 1, sharex=True)
    draw_widths(weak, 0.02, shots)
    draw_widths(strong, 0.1, shots)
    strong.set_xlabel("pulse width at half maximum [ns]")
    figure.legend(*weak.get_legend_handles_labels(), fontsize=8, loc="outside upper center", ncols=3)
    figure.savefig(path)


def point_figure(path: Path, shots: int) -> None:
    """Draw P against amplitude at 10 ns with edges of a nanosecond, and beside it the precessional point."""
    figure = Figure(figsize=(8, 4.1), dpi=120, layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    amplitudes = np.arange(1.15, 1.3501, 0.0125)
    cases = (
        (left, amplitudes, 10e-9, 1e-9, "ideal", Device(), "thermal field alone (ideal)", "black"),
        (left, amplitudes, 10e-9, 1e-9, "ideal", Device(stray_field=0.5e-3), "the same, stray field 0.5 mT", GREY),
        (left, amplitudes, 10e-9, 1e-9, "full", Device(), "all effects (full)", BLUE),
        (right, np.arange(1.45, 1.5501, 0.01), 1.69e-9, 1.25e-9, "ideal", Device(), "", "black"),
        (right, np.arange(1.45, 1.5501, 0.01), 1.69e-9, 1.25e-9, "full", Device(), "", BLUE),
    )
    for axes, volts, width, edge, effects, device, label, color in cases:
        macrospin, found = Macrospin(device, effects=Effects.parse(effects), threads=2), []
        for amplitude in volts:
            pulse = Pulse(float(amplitude), width, edge, edge)
            found.append(probabilities(macrospin, pulse, np.array([width]), shots, 3)[:, 0])
        for state, style in ((0, "-"), (1, "--")):
            axes.plot(volts, np.array(found)[:, state], style, color=color, lw=1.1, label=label if state == 0 else None)
    left.plot([], [], "-", color=GREY, lw=0.8, label="from P")
    left.plot([], [], "--", color=GREY, lw=0.8, label="from AP")
    left.axvspan(1.20, 1.30, color="0.92", zorder=0)
    left.set(ylim=(0.0, 1.0), xlabel="pulse amplitude [V]", ylabel="P(switch)")
    left.set_title("partial cancellation: 10 ns, edges 1 ns", fontsize=9)
    right.set(xlabel="pulse amplitude [V]")
    right.set_title("precession: 1.69 ns, edges 1.25 ns", fontsize=9)
    figure.legend(*left.get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncols=3)
    figure.savefig(path)


def weak_device(stability: float) -> Device:
    """Give a device of a low thermal stability, without a field, at damping 0.1."""
    energy = Device().anisotropy_energy * stability / Device().thermal_stability
    return Device(anisotropy_energy=energy, in_plane_field=0.0, damping=0.1)


def relaxation_figure(path: Path, shots: int) -> None:
    """Draw relaxation rates against stability, and dwell times against the field in the plane."""
    figure = Figure(figsize=(8, 3.6), dpi=120, layout="constrained")
    left, right = figure.subplots(1, 2)
    fine = np.linspace(2.5, 8.5, 61)
    left.semilogy(fine, [eigenvalue(s) for s in fine], color="black", lw=1.2, label="slowest Fokker-Planck eigenvalue")
    asymptote = 2 * np.sqrt(fine / np.pi) * np.exp(-fine)
    left.semilogy(fine, asymptote, ":", color=GREY, label="Brown's asymptote of high barriers")
    for stability in (3.0, 4.0, 5.0, 6.0, 7.0, 8.0):
        device = weak_device(stability)
        found = DwellTime.count(Macrospin(device, threads=2), shots, seed=int(stability), dt=8e-12)
        unit = attempt(device)
        left.errorbar(stability, found.rate / unit, 3 * found.rate_error / unit, fmt="o", ms=4, color=RED, capsize=2)
    left.plot([], [], "o", ms=4, color=RED, label="macrospin, ±3 standard errors")
    left.set(xlabel="thermal stability factor Δ", ylabel="λ(1 + α²)/(αγBk)")
    left.set_title("relaxation without field; thermal field alone", fontsize=9)
    left.legend(fontsize=7.5, loc="lower left")
    fields = np.arange(0.0, 4.01e-3, 0.5e-3)
    for stability, color in ((5.0, BLUE), (6.0, RED)):
        dwells = []
        for field in fields:
            device = weak_device(stability).in_surroundings(in_plane_field=float(field))
            dwells.append(DwellTime.count(Macrospin(device, threads=2), shots // 2, seed=9, dt=8e-12))
        times = np.array([2 / each.rate for each in dwells])
        errors = np.array([6 * each.rate_error / each.rate**2 for each in dwells])
        right.errorbar(fields * 1e3, times * 1e9, errors * 1e9, fmt="o-", ms=3, lw=0.8, color=color, capsize=2,
                       label=f"Δ = {stability:g}")  # fmt: skip
    right.set_yscale("log")
    right.set(xlabel="field in the plane [mT]", ylabel="mean dwell time [ns]")
    right.set_title("dwell times; damping 0.1, thermal field alone", fontsize=9)
    right.legend(fontsize=8)
    figure.savefig(path)


def attempt(device: Device) -> float:
    """Give αγBk/(1 + α²) [1/s]."""
    return device.damping * RATIO * device.anisotropy_field(0.0) / (1 + device.damping**2)


def eigenvalue(stability: float) -> float:
    """Give λ1 in units of `attempt`."""
    device = weak_device(stability)
    return slowest_relaxation(EnergyLandscape.of(device))[0] / attempt(device)


def main() -> None:
    """Make the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("docs/images"), help="folder (docs/images)")
    parser.add_argument("--only", choices=("width", "point", "relaxation"), help="one of them")
    parser.add_argument("--shots", type=int, default=4_000, help="pulses from each state at each point (4000)")
    given = parser.parse_args()
    makers = {"width": (width_figure, 1), "point": (point_figure, 1), "relaxation": (relaxation_figure, 4)}
    for name, (make, more) in makers.items():
        if given.only in (None, name):
            make(given.output / f"device-{name}.png", more * given.shots)


if __name__ == "__main__":
    main()
