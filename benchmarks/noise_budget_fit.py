"""Fits, tables and plots of the points of `noise_budget.py`."""

import math
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from noise_budget_points import CONVERTERS, Point  # beside this file
from scipy.optimize import least_squares

from mtjlab.analysis.noise_budget import DAMAGE, Damage

ROUGH = 0.3
"""Relative scatter of an FD."""
LARGEST = 3.5
"""Brightness up to which points are fitted: beyond, images are ruined and the harm ends."""


def of_bias(points: list[Point]) -> list[Point]:
    """Return the points with bias alone, in the range of the fit."""
    return [
        each
        for each in points
        if each.excess and not each.correlation and not each.drift and abs(each.flaws().brightness) <= LARGEST
    ]


def exponents(points: list[Point]) -> None:
    """Print the exponents of bias, bits a normal, steps and pixels in the mean pixel, beside those of theory."""
    print("\nexponents of the shift of the mean pixel        bias   bits/normal      steps     pixels   points")
    for eta in (0.0, 1.0):
        chosen = [
            each for each in of_bias(points) if each.eta == eta and each.start == each.renewal and "sum" in each.start
        ]
        chosen += [each for each in of_bias(points) if each.eta == eta and each.start != each.renewal]
        for name in ("measured", "theory"):
            rows = [_logarithms(each) for each in chosen]
            what = [abs(each.mean_pixel if name == "measured" else each.flaws().brightness) for each in chosen]
            found, *_ = np.linalg.lstsq(np.array(rows), np.log(what), rcond=None)
            print(f"eta {eta:g}, {name:42}" + "".join(f"{each:11.3f}" for each in found[1:]) + f"{len(rows):9d}")


def _logarithms(point: Point) -> list[float]:
    converter = CONVERTERS[point.renewal if point.eta == 1.0 else point.start]
    # A table's shift is that of so many bits added up.
    bits = converter.shift**2
    return [1.0, math.log(abs(point.excess)), math.log(bits), math.log(point.steps), math.log(point.side**2)]


def fitted(points: list[Point]) -> Damage:
    """Fit the constants of `Damage` to the points that are not held out.

    FD is fitted to the network's points alone. A network that is asked for its classes in turn keeps them where the
    noise is shifted, while the exact denoiser, which knows none, makes more of the light or dark ones; and the network
    takes correlation, noise of a level that it was not trained on, worse.
    """
    seen = [each for each in points if not each.held_out]
    biased = [each for each in of_bias(seen) if abs(each.mean_pixel) > 4 * each.mean_pixel_error]
    slope, height = np.polyfit(
        np.log([abs(each.flaws().brightness) for each in biased]), np.log([abs(each.mean_pixel) for each in biased]), 1
    )
    chosen = of_bias(seen) + [each for each in seen if each.drift or each.correlation]
    chosen = [each for each in chosen if each.denoiser == "network"]
    names = [
        "shift_scale", "shift_exponent", "inside_scale", "between_scale", "correlation_exponent", "wander_scale",
    ]  # fmt: skip
    damage = replace(DAMAGE, pixel_scale=math.exp(height), pixel_exponent=float(slope))

    def of(values: np.ndarray) -> Damage:
        return replace(damage, **dict(zip(names, np.exp(values).tolist(), strict=True)))

    flaws = [each.flaws() for each in chosen]
    measured = np.array([each.distance for each in chosen])
    errors = np.array([each.distance_error() for each in chosen])

    def residuals(values: np.ndarray) -> np.ndarray:
        predicted = np.array([of(values).distance(each) for each in flaws])
        return (measured - predicted) / np.hypot(errors, ROUGH * predicted)

    start = np.log([getattr(DAMAGE, name) for name in names])
    damage = of(least_squares(residuals, start, loss="soft_l1").x)
    pixel, distance = scatter(damage, seen)
    return replace(damage, pixel_error=pixel, distance_error=distance)


def ratios(damage: Damage, points: list[Point]) -> tuple[np.ndarray, np.ndarray]:
    """Return measured over predicted: mean pixels of biased points, and FD where it is four of its errors."""
    pixel = [
        abs(each.mean_pixel) / abs(damage.mean_pixel(each.flaws().brightness))
        for each in of_bias(points)
        if abs(each.mean_pixel) > 4 * each.mean_pixel_error
    ]
    used = [each for each in points if each.denoiser == "network" and abs(each.flaws().brightness) <= LARGEST]
    distance = [
        max(each.distance, 0.1 * damage.distance(each.flaws())) / damage.distance(each.flaws())
        for each in used
        if damage.distance(each.flaws()) >= 4 * each.distance_error()
    ]
    return np.array(pixel), np.array(distance)


def scatter(damage: Damage, points: list[Point]) -> tuple[float, float]:
    """Return the root mean square of the logarithms of the ratios."""
    return tuple(float(np.sqrt(np.mean(np.log(each) ** 2))) for each in ratios(damage, points))


def report(points: list[Point]) -> Damage:
    """Print exponents, constants and the test on held-out points."""
    exponents([each for each in points if not each.held_out])
    damage = fitted(points)
    print("\nDAMAGE = Damage(")
    for each in fields(damage)[:10]:
        print(f"    {each.name}={getattr(damage, each.name):.3g},")
    print(")\n\nheld out: predicted and measured          mean pixel            FD")
    for each in (each for each in points if each.held_out):
        pixel, distance = damage.mean_pixel(each.flaws().brightness), damage.distance(each.flaws())
        print(
            f"{each.denoiser:8}{each.side:3d} px {each.sampler} {each.eta:g} {each.steps:4d} steps"
            f" {each.start:>6}/{each.renewal:6}"
            f"{pixel:7.1f} {each.mean_pixel:7.1f}    {distance:7.2f} {each.distance:7.2f}"
        )
    exact = [each for each in of_bias(points) if each.denoiser == "exact" and each.distance > 4 * each.distance_error()]
    over = np.log([each.distance / damage.distance(each.flaws()) for each in exact])
    print(f"FD of the exact denoiser by bias: {math.exp(over.mean()):.1f} times the network's ({len(exact)} points)")
    pixel, distance = scatter(damage, [each for each in points if each.held_out])
    print(
        f"scatter (rms of the logarithm): mean pixel {damage.pixel_error:.2f} fitted, {pixel:.2f} held out; "
        f"FD {damage.distance_error:.2f} fitted, {distance:.2f} held out"
    )
    print(f"CPU: {sum(each.seconds for each in points):.0f} s")
    return damage


def plot(points: list[Point], damage: Damage, folder: Path) -> None:
    """Draw mean pixel and FD against the brightness that theory predicts, and FD against correlation."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
    looks = {("exact", 0.0): ("C0", "o"), ("exact", 1.0): ("C1", "s"), ("network", 0.0): ("C2", "^"),
             ("network", 1.0): ("C3", "v")}  # fmt: skip
    biased = of_bias(points)
    for (denoiser, eta), (colour, mark) in looks.items():
        some = [each for each in biased if (each.denoiser, each.eta) == (denoiser, eta) and not each.held_out]
        label = f"{denoiser}, eta = {eta:g}"
        for axis, z in ((axes[0], True), (axes[1], False)):
            x = [abs(each.z() if z else each.flaws().brightness) for each in some]
            axis.plot(x, [abs(each.mean_pixel) for each in some], mark, color=colour, ms=4, label=label, alpha=0.7)
    held = [each for each in biased if each.held_out]
    axes[1].plot(
        [abs(each.flaws().brightness) for each in held], [abs(each.mean_pixel) for each in held], "k*", label="held out"
    )
    x = np.geomspace(0.05, 3.5, 50)
    axes[1].plot(x, [damage.mean_pixel(each) for each in x], "k-", lw=1)
    axes[0].set(xlabel="z = |shift of a normal|·√(normals per image)", ylabel="shift of the mean pixel [of 255]")
    axes[1].set(xlabel="predicted shift of the brightness, |μ| [standard deviations]")
    known = [each for each in points if each.denoiser == "network"]
    for kind, mark in (("excess", "o"), ("correlation", "s"), ("drift", "^")):
        for out in (False, True):
            some = [each for each in known if getattr(each, kind) and each.held_out is out]
            predicted = [damage.distance(each.flaws()) for each in some]
            measured = [max(each.distance, 0.02) for each in some]
            colour = "k" if out else {"excess": "C0", "correlation": "C1", "drift": "C2"}[kind]
            label = {"excess": "bias", "correlation": "correlation", "drift": "drift"}[kind]
            axes[2].plot(predicted, measured, mark, color=colour, ms=4, label=f"{label}{', held out' if out else ''}")
    axes[2].plot([0.02, 60], [0.02, 60], "k-", lw=1)
    axes[2].set(
        xlabel="predicted FD of the network", ylabel="FD to those of fair bits", xlim=(0.01, 80), ylim=(0.015, 80)
    )
    for axis in axes:
        axis.set(xscale="log", yscale="log")
        axis.legend(fontsize=7)
        axis.grid(alpha=0.3)
    figure.savefig(folder / "noise-budget.png", dpi=110)
