"""How unfair bits harm images: the study behind `mtjlab budget`.

    python benchmarks/noise_budget.py --output points.json [--images N] [--plots DIR] [--held-out FILE]
                                      [--only exact|network] [--dataset DIR]

Each point makes N images of bits with a bias, a correlation or a drift, and N of fair bits, both of the same uniform
numbers, so that small harm is seen; it keeps the shift of the mean pixel and the Fréchet distance (FD) of the two sets
by our features.  Denoisers are the shipped network and, at 7 to 28 pixels, the exact one of 1,000 real images,

    x_0 = Σ_j p_j y_j,   p_j ∝ exp(-|x - α y_j|² / 2σ²)

The file is written after each point, and a run continues where the last one ended.  About 12 minutes of one core.
"""

import argparse
import gzip
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from noise_budget_fit import plot, report  # beside this file
from noise_budget_points import Point, Setting, stored
from PIL import Image

from mtjlab.analysis.diffusion import CosineSchedule, Denoiser, Features, FeatureStatistics, MultistepSampler
from mtjlab.core import new_file

REAL = 1000
COMMAND = "python benchmarks/noise_budget.py --output points.json"


class ExactDenoiser:
    """The posterior mean over a set of images."""

    def __init__(self, images: np.ndarray) -> None:
        self.image_shape = images.shape[1:]
        self._known = (images.reshape(len(images), -1) / 127.5 - 1.0).astype(np.float32)
        self._squares = np.sum(self._known**2, axis=1)
        self._schedule = CosineSchedule()

    def predict_v(self, x: np.ndarray, t: float) -> np.ndarray:
        """Predict v of noisy images."""
        alpha, sigma = float(self._schedule.alpha(t)), float(self._schedule.sigma(t))
        flat = x.reshape(len(x), -1)
        logits = (alpha * (flat @ self._known.T) - 0.5 * alpha**2 * self._squares) / sigma**2
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        image = weights @ self._known / weights.sum(axis=1, keepdims=True)
        return ((alpha * flat - image) / sigma).astype(np.float32).reshape(x.shape)


def real_images(folder: Path, side: int) -> np.ndarray:
    """Read real images, scaled."""
    raw = gzip.decompress((folder / "train-images-idx3-ubyte.gz").read_bytes())
    return resized(np.frombuffer(raw, np.uint8, REAL * 784, 16).reshape(-1, 28, 28), side)


def resized(images: np.ndarray, side: int) -> np.ndarray:
    """Scale images."""
    if images.shape[1] == side:
        return images
    return np.stack([np.asarray(Image.fromarray(each).resize((side, side), Image.Resampling.BOX)) for each in images])


def bits_of(setting: Setting, image: int, count: int) -> np.ndarray:
    """Make the bits of one image: each copies the one before with the probability of the correlation."""
    random = np.random.default_rng([20, image])
    wander = np.random.default_rng([21, image]).standard_normal()
    probability = 0.5 * (1.0 + setting.excess + setting.drift * wander)
    bits = random.integers(0, 2**32, count, dtype=np.uint32) < probability * 2**32
    if setting.correlation:
        copies = random.random(count, dtype=np.float32) < abs(setting.correlation)
        bits = bits[np.maximum.accumulate(np.where(copies, 0, np.arange(count)))]
    return bits.astype(np.uint8)


def made(setting: Setting, denoiser, count: int, batch: int = 32) -> np.ndarray:
    """Make images of such bits."""
    recipe = setting.sampler_setting()
    sampler, side = recipe.sampler, setting.side
    images = []
    for first in range(0, count, batch):
        size = min(batch, count - first)
        x = np.empty((size, side, side), np.float32)
        steps = np.empty((size, sampler.renewals, side, side), np.float32)
        for index in range(size):
            bits = bits_of(setting, first + index, recipe.bits_per_image)
            head = recipe.pixels * recipe.start.bits_per_normal
            x[index] = recipe.start.convert(bits[:head]).reshape(side, side)
            if sampler.renewals:
                steps[index] = recipe.renewal.convert(bits[head:]).reshape(-1, side, side)
        run = sampler.start() if isinstance(sampler, MultistepSampler) else sampler
        classes = getattr(denoiser, "classes", ())
        asked = denoiser.conditioned(np.arange(first, first + size) % len(classes)) if classes else denoiser
        for index, (now, then) in enumerate(zip(sampler.times[:-1], sampler.times[1:], strict=True)):
            z = steps[:, index] if index < sampler.renewals else None
            x = run.step(asked, x, float(now), float(then), z)
        images.append(np.clip(np.rint((x + 1.0) * 127.5), 0, 255).astype(np.uint8))
    return np.concatenate(images)


def settings() -> list[Setting]:
    """List the points."""
    found = []

    def add(denoiser, side, eta, steps, start, renewal, *, z=(), correlation=(), wander=(), held_out=False):
        plain = Setting(denoiser, side, eta, steps, start, renewal, held_out=held_out)
        unit = plain.sampler_setting().z(1.0)
        flaws = [{"excess": each / unit} for each in z] + [{"correlation": each} for each in correlation]
        flaws += [{"drift": each / unit} for each in wander]
        found.extend(Setting(**{**asdict(plain), **flaw}) for flaw in flaws)

    strengths, rhos, drifts = (0.1, 0.3, 1.0, 3.0, -1.0), (0.02, 0.1, 0.3), (0.5, 1.5)
    for side in (7, 14, 28):
        add("exact", side, 0.0, 50, "table", "sum1", z=strengths, correlation=rhos, wander=drifts)
        add("exact", side, 1.0, 50, "table", "sum1", z=strengths, correlation=rhos, wander=drifts)
    for steps in (10, 20, 200):
        add("exact", 14, 1.0, steps, "sum1", "sum1", z=strengths)
        add("exact", 14, 0.0, steps, "sum1", "sum1", z=(0.3, 1.0))
    for kind in ("sum1", "sum4", "sum16", "table"):
        add("exact", 14, 0.0, 20, kind, kind, z=(0.1, 0.3, 1.0, 3.0), correlation=(0.1, 0.3))
        add("exact", 14, 1.0, 20, kind, kind, z=(0.3, 1.0, 3.0), correlation=(0.1, 0.3))
    add("network", 28, 0.0, 20, "table", "sum1", z=(0.1, 0.3, 1.0, 3.0, 6.0, -1.0), correlation=rhos, wander=drifts)
    add("network", 28, 1.0, 20, "table", "sum1", z=(0.1, 0.3, 1.0, 3.0, 6.0, -1.0), correlation=rhos, wander=drifts)
    add("network", 28, 0.0, 50, "sum16", "sum16", z=(0.3, 1.0))
    add("network", 28, 1.0, 50, "table", "table", z=(0.3, 1.0))
    add("network", 28, 0.0, 20, "sum1", "sum1", correlation=(0.1, 0.3))
    add("network", 28, 0.0, 20, "sum16", "sum16", correlation=(0.05, 0.2))
    add("network", 28, 1.0, 20, "table", "table", correlation=(0.05, 0.2))
    # Not seen by the fit: other sizes, steps, eta, converters, and flaws together.
    add("exact", 20, 0.5, 30, "sum2", "sum8", z=(0.2, 0.6, 2.0), correlation=(0.2,), wander=(1.0,), held_out=True)
    add("exact", 10, 1.0, 100, "table", "sum2", z=(0.2, 0.6, 2.0), correlation=(0.2,), held_out=True)
    add("network", 28, 0.5, 30, "sum8", "sum4", z=(0.5, 1.5), correlation=(0.15,), wander=(1.0,), held_out=True)
    add("network", 28, 0.0, 10, "sum32", "sum1", z=(0.2, 2.0), correlation=(0.2,), held_out=True)
    mixed = Setting("network", 28, 1.0, 15, "table", "sum1", 0.004, 0.05, held_out=True)
    found.append(mixed)
    for sampler, eta, excess in (("dpm-solver++", 0.0, 0.01), ("sde-dpm-solver++", 1.0, 0.006)):
        plain = Setting("network", 28, eta, 20, "table", "sum1", held_out=True, sampler=sampler)
        found += [replace(plain, excess=excess), replace(plain, correlation=0.15)]
    return list(dict.fromkeys(found))


def unbiased_distance(fair: np.ndarray, bad: np.ndarray, features: Features) -> float:
    """Return the FD that infinitely many images would have: what falls with 1/n is taken out (arXiv:1911.07023)."""

    def distance(part: slice) -> float:
        return FeatureStatistics.of(fair[part], features).distance(FeatureStatistics.of(bad[part], features))

    half = len(fair) // 2
    return 2.0 * distance(slice(None)) - 0.5 * (distance(slice(half)) + distance(slice(half, None)))


def measured(setting: Setting, fair: np.ndarray, bad: np.ndarray, features: Features, seconds: float) -> Point:
    """Compare the images of a point with those of fair bits."""
    before, after = (resized(images, 28) for images in (fair, bad))
    means = [images.mean(axis=(1, 2)) for images in (before, after)]
    shift = means[1] - means[0]
    return Point(
        **asdict(setting),
        mean_pixel=float(shift.mean()),
        mean_pixel_error=float(shift.std(ddof=1) / np.sqrt(len(shift))),
        spread=float(means[1].std(ddof=1) / means[0].std(ddof=1)),
        distance=unbiased_distance(before, after, features),
        relabelled=float(np.mean(features.labels(before) != features.labels(after))),
        images=len(fair),
        seconds=round(seconds, 2),
    )


def draw_images(folder: Path, count: int = 12) -> None:
    """Draw the same images with growing bias, and with growing correlation."""
    import matplotlib.pyplot as plt

    denoiser = Denoiser.shipped(threads=1)
    plain = Setting("network", 28, 0.0, 20, "table", "sum1")
    unit = plain.sampler_setting().z(1.0)
    flaws = [(f"z = {z:g}", replace(plain, excess=z / unit)) for z in (0.0, 0.2, 1.0, 3.0, 6.0, -1.0, -3.0)]
    flaws += [(f"ρ = {rho:g}", replace(plain, correlation=rho)) for rho in (0.05, 0.2)]
    flaws.append(("drift, w = 1.5", replace(plain, drift=1.5 / unit)))
    figure, axes = plt.subplots(len(flaws), 1, figsize=(7, 0.62 * len(flaws)), layout="constrained")
    for axis, (label, setting) in zip(axes, flaws, strict=True):
        axis.imshow(np.hstack(list(made(setting, denoiser, count))), cmap="gray", vmin=0, vmax=255)
        axis.set(xticks=[], yticks=[])
        axis.set_ylabel(label, rotation=0, ha="right", va="center")
    figure.savefig(folder / "noise-budget-images.png", dpi=110)


def main() -> None:
    """Make the points that are missing, fit, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="file of the points, continued if it is there")
    parser.add_argument("--images", type=int, default=512, help="of the network; twice as many of the exact denoisers")
    parser.add_argument("--dataset", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--only", choices=("exact", "network"))
    parser.add_argument("--held-out", type=Path, help="file for the points that the fit has not seen")
    parser.add_argument("--plots", type=Path, help="folder for the plots")
    options = parser.parse_args()
    done = json.loads(options.output.read_text())["points"] if options.output.is_file() else []
    points = [Point.read(each) for each in done]
    features, denoisers, fair = Features.shipped(threads=1), {}, {}
    known = {_rounded(each.setting()) for each in points}
    for setting in settings():
        if _rounded(setting) in known or options.only not in (None, setting.denoiser):
            continue
        key = (setting.denoiser, setting.side)
        if key not in denoisers:
            network = setting.denoiser == "network"
            denoisers[key] = (
                Denoiser.shipped(threads=1) if network else ExactDenoiser(real_images(options.dataset, setting.side))
            )
        count = options.images * (1 if setting.denoiser == "network" else 2)
        started = time.process_time()
        flawless = replace(setting, excess=0.0, correlation=0.0, drift=0.0, held_out=False)
        if flawless not in fair:
            fair = {flawless: made(flawless, denoisers[key], count)}
        bad = made(setting, denoisers[key], count)
        point = measured(setting, fair[flawless], bad, features, time.process_time() - started)
        points.append(point)
        with new_file(options.output, overwrite=True) as path:
            content = {"command": COMMAND, "images": options.images}
            path.write_text(json.dumps({**content, "points": stored(points)}, indent=0))
        print(f"{len(points)} of {len(settings())}: {point}", flush=True)
    points = [each for each in points if _rounded(each.setting()) in {_rounded(each) for each in settings()}]
    damage = report(points)
    if options.plots:
        plot(points, damage, options.plots)
        draw_images(options.plots)
    if options.held_out:
        held = stored([each for each in points if each.held_out])
        options.held_out.write_text(json.dumps({"command": COMMAND, "points": held}, indent=0) + "\n")


def _rounded(setting: Setting) -> tuple:
    """Return a key of a setting that storing does not change."""
    return tuple(f"{each:.5g}" if isinstance(each, float) else each for each in asdict(setting).values())


if __name__ == "__main__":
    main()
