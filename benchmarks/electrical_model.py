"""The pictures of docs/explanations/electrical-model.md, and the figures in it.

    python benchmarks/electrical_model.py [--output docs/images/electrical-model.png] [--loops N] [--seed N]

Resistances and loops are read through drivers on the bench `simulated-loops`; spectra are those of the junction itself,
which is sampled faster than a source-meter can. The printed table has each figure beside its theory.
"""

import argparse

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.constants import Boltzmann, elementary_charge
from scipy.signal import welch

from mtjlab.instruments import Bench, open_bench
from mtjlab.instruments.simulated import Device, Effects, RatesJunction, Readout, Telegraph

DEVICE = Device()
BLUE, RED, GREY = "#1f5fa8", "#c0392b", "#555555"
SAMPLES, SEGMENT = 1 << 18, 1 << 14
HOLD = 0.15
"""Field that holds a state at any bias [T]."""


def resistances(bench: Bench, axes: Axes) -> None:
    """Read both states against the bias, held by a field."""
    biases = np.linspace(-0.5, 0.5, 21)
    fine = np.linspace(-0.5, 0.5, 201)
    for state, field, colour, name in ((0, HOLD, BLUE, "P"), (1, -HOLD, RED, "AP")):
        bench.perpendicular_coil.set_field(field)
        found = []
        for bias in biases:
            bench.source_meter.set_bias(float(bias) or 1e-3, compliance=1e-4)
            reading = bench.source_meter.read()
            found.append(reading.voltage / reading.current)
        theory = Readout(DEVICE, Effects()).resistance(np.pi * state, fine)
        axes.plot(fine, theory / 1e3, color=colour, lw=1)
        axes.plot(biases, np.array(found) / 1e3, "o", ms=3.5, color=colour, label=name)
        lead = Readout(DEVICE, Effects()).resistance(np.pi * state, biases) + DEVICE.line.lead_resistance
        print(f"R({name}), largest departure from R(θ, V) + leads   {np.abs(found / lead - 1).max():.2%}")
    axes.set(xlabel="bias (V)", ylabel="resistance (kΩ)", title="read through the source-meter", ylim=(40, 110))
    axes.legend(frameon=False, loc="upper right")


def white(voltage: float) -> float:
    """Johnson and shot noise of the parallel state, relative to its current [1/Hz]."""
    current = abs(voltage) / DEVICE.resistance_parallel
    thermal = elementary_charge * abs(voltage) / (2 * Boltzmann * DEVICE.temperature)
    return float(2 * elementary_charge * current / np.tanh(thermal) / current**2)


def spectrum(voltage: float, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sample the junction at four rates and join the spectra of its relative current noise."""
    frequencies, densities = [], []
    for window in (2e-3, 2e-5, 2e-7, 1e-8):
        junction = RatesJunction(DEVICE, seed, Effects.full().without("drift", "thermal", "angle"))
        shares = junction.observe(SAMPLES, 0.0, window, voltage)
        current = junction.read(shares, voltage, 1 / (2 * window))
        f, density = welch(current / current.mean() - 1, 1 / window, nperseg=SEGMENT)
        # Averaging over the window takes sinc² away; the lowest bins are bent by the taper.
        inside = slice(6, SEGMENT // 8)
        frequencies.append(f[inside])
        densities.append(density[inside] / np.sinc(f[inside] * window) ** 2)
    return np.concatenate(frequencies), np.concatenate(densities)


def noise(axes: Axes, seed: int) -> None:
    """Draw the spectra below and above the critical bias of telegraph noise, with their theory."""
    hooge = DEVICE.noise.hooge_parameter / DEVICE.area
    for voltage, colour in ((0.1, BLUE), (-0.35, RED)):
        f, density = spectrum(voltage, seed)
        order = np.argsort(f)
        f, density = f[order], density[order]
        dwell = Telegraph(DEVICE.noise, np.random.default_rng(0)).dwell(voltage)
        theory = hooge / f + white(voltage)
        if np.isfinite(dwell):
            rate = 2 / dwell
            theory += DEVICE.noise.telegraph_amplitude**2 * rate / (rate**2 + (2 * np.pi * f) ** 2)
        edges = np.logspace(np.log10(f[0]), np.log10(f[-1]), 70)
        at = np.digitize(f, edges)
        bins = [at == number for number in range(1, edges.size) if (at == number).any()]
        axes.loglog(f, theory, color=colour, lw=1)
        axes.loglog(
            [f[b].mean() for b in bins], [density[b].mean() for b in bins], "o", ms=3, color=colour,
            label=f"{voltage:g} V".replace("-", "−"),
        )  # fmt: skip
        ratio = np.array([(density[b] / theory[b]).mean() for b in bins])
        print(f"spectrum at {voltage:5.2f} V over theory: median {np.median(ratio):.3f}, of 70 bins the worst "
              f"{ratio.min():.2f} and {ratio.max():.2f}")  # fmt: skip
    corner = hooge / white(0.1)
    print(f"1/f corner at 0.1 V                            {corner / 1e3:.0f} kHz")
    axes.axvline(corner, color=GREY, lw=0.8, ls=":")
    axes.annotate("1/f corner\nat 0.1 V", (corner, 3e-8), xytext=(-4, 0), textcoords="offset points", ha="right",
                  fontsize=8, color=GREY)  # fmt: skip
    axes.set(xlabel="frequency (Hz)", ylabel="relative current noise (1/Hz)", title="noise of state P")
    axes.legend(frameon=False, loc="lower left")


def loops(bench: Bench, axes: Axes, count: int) -> None:
    """Sweep the perpendicular field both ways at two temperatures."""
    up = np.linspace(-0.08, 0.08, 81)
    for kelvin, colour in ((300.0, BLUE), (350.0, RED)):
        bench.temperature_controller.set_temperature(kelvin)
        bench.temperature_controller.switch_on()
        bench.wait(60.0)
        bench.source_meter.set_bias(0.02, compliance=1e-5)
        jumps = np.empty((count, 2))
        for number in range(count):
            for way, fields in enumerate((up, up[::-1])):
                found = []
                for field in fields:
                    bench.perpendicular_coil.set_field(float(field))
                    found.append(0.02 / bench.source_meter.read().current)
                jumps[number, way] = fields[np.flatnonzero(np.diff(np.array(found) > 75e3))[0] + 1]
                if number == 0:
                    label = {"label": f"{kelvin:g} K"} if way == 0 else {}
                    axes.plot(fields * 1e3, np.array(found) / 1e3, "-", lw=1.2, color=colour, **label)
        up_field, down_field = jumps.mean(axis=0) * 1e3
        scatter = jumps.std(axis=0, ddof=1).mean() * 1e3
        print(f"loop at {kelvin:g} K: switches at {up_field:+.1f} and {down_field:+.1f} mT, scatter {scatter:.1f} mT")
    axes.set(xlabel="perpendicular field (mT)", ylabel="resistance (kΩ)", title="loops by plain reads", ylim=(40, 110))
    axes.legend(frameon=False, loc="lower left")


def main() -> None:
    """Make the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default="docs/images/electrical-model.png")
    parser.add_argument("--loops", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    with open_bench("simulated-loops", seed=arguments.seed) as bench:
        bench.source_meter.set_bias(0.02, compliance=1e-5)
        bench.source_meter.set_integration(1.0)
        bench.source_meter.switch_on()
        bench.perpendicular_coil.switch_on()
        resistances(bench, left)
        loops(bench, right, arguments.loops)
    noise(middle, arguments.seed)
    figure.savefig(arguments.output, dpi=130)


if __name__ == "__main__":
    main()
