"""How few pulses a map of P(switch) = 1/2 takes: adaptive sampling beside a uniform grid and a refined Delaunay mesh.

    python benchmarks/switching_map.py [--devices N] [--pulses N] [--seed N]

Devices are drawn with the reference device's spread. The truth of each is counted on the macrospin (full effects,
50 ps edges), 4,096 pulses at each of 49 x 65 settings from 1.0 to 1.6 V and 0.3 to 3 ns, and interpolated. All three
methods draw their outcomes from it. What is compared is the mean of |P_true - 1/2| along the contour that each reports,
its length counted in parts of the map, without plateaus (where P_true stays within .02 of one half over a tenth of the
map). The grid and the mesh get all the pulses; adaptive sampling a third of them against the grid, two thirds against
the mesh. The mesh is refined as BBN's Auspex does: where the values at a triangle's corners differ most for its area.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator, RectBivariateSpline, RegularGridInterpolator
from scipy.spatial import Delaunay

from mtjlab.analysis.switching_map import MapSampler, half_contour
from mtjlab.core import cache_folder
from mtjlab.instruments.simulated import Device, Effects, Macrospin, Pulse, draw_devices, load_device

AMPLITUDES, WIDTHS = (1.0, 1.6), (0.3e-9, 3e-9)
TRUTH_GRID, TRUTH_SHOTS = (49, 65), 4096
EDGE, SETTLE = 50e-12, 3e-9
EFFECTS = Effects.full().without("resolution")
"""All that acts but the generator's steps, which would make stairs of a map that is finer than they are."""
FINE = 120
"""Points of the grid on which contours are traced."""


class Truth:
    """P(switch) of one device, mean of both states.

    Counted on the macrospin, all widths of an amplitude in one batch; a spline through asin √P takes the counting error
    out as far as it is known, since what is rough in it is nothing that a method could find.
    """

    def __init__(self, device: Device, seed: int, folder: Path) -> None:
        v, w = np.linspace(*AMPLITUDES, TRUTH_GRID[0]), np.linspace(*WIDTHS, TRUTH_GRID[1])
        words = (
            f"{device.switching_fingerprint(EFFECTS)} {AMPLITUDES} {WIDTHS} {TRUTH_GRID} {TRUTH_SHOTS} {SETTLE} {seed}"
        )
        kept = folder / f"{hashlib.sha256(words.encode()).hexdigest()[:16]}.npy"
        if kept.exists():
            shares = np.load(kept)
        else:
            shares = _counted(device, v, w, seed)
            folder.mkdir(parents=True, exist_ok=True)
            np.save(kept, shares)
        angles = np.arcsin(np.sqrt((shares * TRUTH_SHOTS + 3 / 8) / (TRUTH_SHOTS + 3 / 4)))
        self._at = RectBivariateSpline(v, w, angles, s=angles.size / (4 * TRUTH_SHOTS + 2))

    def __call__(self, settings: NDArray[np.float64]) -> NDArray[np.float64]:
        """P(switch) at settings, shape (N, 2)."""
        return np.asarray(np.sin(np.clip(self._at.ev(settings[:, 0], settings[:, 1]), 0, np.pi / 2)) ** 2)

    def plateau(self, settings: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether P stays within .02 of one half over a tenth of the amplitudes about each setting."""
        reach = np.linspace(-0.05, 0.05, 7) * (AMPLITUDES[1] - AMPLITUDES[0])
        around = np.stack([np.clip(settings[:, 0] + step, *AMPLITUDES) for step in reach])
        values = np.stack([self(np.column_stack([row, settings[:, 1]])) for row in around])
        return np.asarray((np.abs(values - 0.5) < 0.02).all(axis=0))


def _counted(device: Device, v: NDArray[np.float64], w: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    macrospin = Macrospin(device, effects=EFFECTS)
    both = np.tile(np.array([0, 1], np.uint8), TRUTH_SHOTS // 2)
    return np.stack(
        [
            (
                macrospin.switch_by_width(Pulse(float(a), float(w[0]), EDGE, EDGE), w, both, settle=SETTLE, seed=s)
                != both
            ).mean(axis=1)
            for a, s in zip(v, np.random.SeedSequence(seed).spawn(v.size), strict=True)
        ]
    )


def error(truth: Truth, probabilities: NDArray[np.float64]) -> float:
    """Mean |P_true - 1/2| along the contour of a map on the fine grid."""
    v, w = np.linspace(*AMPLITUDES, FINE), np.linspace(*WIDTHS, FINE)
    scale = np.array([AMPLITUDES[1] - AMPLITUDES[0], WIDTHS[1] - WIDTHS[0]])
    total = length = 0.0
    for line in half_contour(v, w, probabilities):
        middles, steps = (line[1:] + line[:-1]) / 2, np.linalg.norm(np.diff(line, axis=0) / scale, axis=1)
        counted = ~truth.plateau(middles)
        total += float((np.abs(truth(middles) - 0.5) * steps)[counted].sum())
        length += float(steps[counted].sum())
    return total / length if length else np.nan


def fine() -> NDArray[np.float64]:
    """All settings of the fine grid, shape (FINE², 2)."""
    v, w = np.linspace(*AMPLITUDES, FINE), np.linspace(*WIDTHS, FINE)
    return np.stack(np.meshgrid(v, w, indexing="ij"), axis=-1).reshape(-1, 2)


def adaptive(truth: Truth, pulses: int, shots: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Map by the straddle rule."""
    sampler = MapSampler(AMPLITUDES, WIDTHS, shots=shots)
    while sampler.pulses + shots <= pulses:
        setting = sampler.ask()
        sampler.tell(*setting, shots, int(rng.binomial(shots, truth(np.array([setting]))[0])))
    return sampler.map().probability(fine()).reshape(FINE, FINE)


def uniform(truth: Truth, pulses: int, shots: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Map on a regular grid, linear in between."""
    side = int(np.sqrt(pulses / shots))
    v, w = np.linspace(*AMPLITUDES, side), np.linspace(*WIDTHS, side)
    every = np.stack(np.meshgrid(v, w, indexing="ij"), axis=-1).reshape(-1, 2)
    shares = rng.binomial(shots, truth(every)) / shots
    return np.asarray(RegularGridInterpolator((v, w), shares.reshape(side, side))(fine())).reshape(FINE, FINE)


def mesh(truth: Truth, pulses: int, shots: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Map by refining a Delaunay mesh, linear in its triangles."""
    low = np.array([AMPLITUDES[0], WIDTHS[0]])
    scale = np.array([AMPLITUDES[1], WIDTHS[1]]) - low
    side = np.linspace(0, 1, 9)
    points = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    shares = rng.binomial(shots, truth(low + points * scale)) / shots
    while len(points) < pulses // shots:
        triangles = Delaunay(points)
        corners = points[triangles.simplices]
        edge, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        area = np.abs(edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0]) / 2
        worst = np.argsort(np.ptp(shares[triangles.simplices], axis=1) * np.sqrt(area))[::-1]
        count = min(max(1, len(points) // 10), pulses // shots - len(points))
        new = corners[worst[:count]].mean(axis=1)
        points = np.vstack([points, new])
        shares = np.append(shares, rng.binomial(shots, truth(low + new * scale)) / shots)
    return np.asarray(LinearNDInterpolator(points, shares)((fine() - low) / scale)).reshape(FINE, FINE)


def main() -> None:
    """Run the study and print a row a device and the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=20)
    parser.add_argument("--pulses", type=int, default=60_000)
    parser.add_argument("--shots", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--truth", type=Path, default=cache_folder() / "true-maps", help="folder that keeps true maps")
    options = parser.parse_args()
    rows = []
    print(f"{'device':>6} {'grid':>7} {'mesh':>7} {'1/3':>7} {'2/3':>7}   mean |P_true - 1/2| along the contour")
    for number, device in enumerate(draw_devices(load_device("reference"), options.devices, options.seed)):
        truth, rng = Truth(device, options.seed + number, options.truth), np.random.default_rng(options.seed + number)
        n, shots = options.pulses, options.shots
        row = [error(truth, each) for each in (
            uniform(truth, n, shots, rng), mesh(truth, n, shots, rng),
            adaptive(truth, n // 3, shots, rng), adaptive(truth, 2 * n // 3, shots, rng),
        )]  # fmt: skip
        rows.append(row)
        print(f"{number:6d} " + " ".join(f"{value:7.4f}" for value in row), flush=True)
    median = np.nanmedian(rows, axis=0)
    print("median " + " ".join(f"{value:7.4f}" for value in median))
    print(f"a third of the pulses against the grid: error x {median[2] / median[0]:.2f}")
    print(f"two thirds against the mesh: error x {median[3] / median[1]:.2f}")


if __name__ == "__main__":
    main()
