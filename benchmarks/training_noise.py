"""Whether a denoiser learns as well from noise of junction bits as from software's: small models, some seeds each.

    nice -n 10 python benchmarks/training_noise.py --output DIR [--seeds 3] [--epochs 2] [--images 2000]

Every model has the same settings and learns Fashion-MNIST; models of one seed have the same first weights, order of
images and times, so that they differ by nothing but the noise that is put on the images:

- software: torch's generator, as `mtjlab train` has it without ``--noise``;
- device: raw bits of the simulated reference device, 16 a normal through the inverse normal distribution;
- biased: software bits with P(1) = 0.45, which must be found to be worse.

Bits are used once. Judged are images that each model makes of the *same* software noise in 20 steps of DPM-Solver++,
the classes in turn, by FD to the 10,000 test images. Printed is FD of each model, the last epoch's loss, and for each
arm the mean difference to software over pairs of equal seeds with its 90 % interval, which says for which margin the
arm is equivalent (two one-sided tests at level 0.05), and the p-value of "no difference" (paired t test).

A model that is finished stands in DIR and is not made again; one that was stopped continues. Needs the extra
'train'.  docs/explanations/evidence.md has what came out.
"""

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from mtjlab.analysis.diffusion import Denoiser, DpmSolver, Features, FeatureStatistics, sample
from mtjlab.analysis.evidence import BiasedBits
from mtjlab.analysis.noise import INVERSE_CDF16, BitNoise, BitSupply, PseudoRandomNoise
from mtjlab.analysis.training import Training, TrainingImages, TrainingSettings, export_checkpoint, load_images
from mtjlab.instruments.simulated import DeviceBits, load_device

DATASET = Path("/usr/share/datasets/fashion-mnist")
STEPS = 20


def device_bits(seed: int) -> BitSupply:
    """Open the simulated reference device."""
    return DeviceBits(load_device("reference"), seed=seed)


def biased_bits(seed: int) -> BitSupply:
    """Open the control's bits; they have no end."""
    return BiasedBits(0.45).supply(seed, 0, 0)


ARMS: dict[str, Callable[[int], BitSupply] | None] = {
    "software": None,
    "device": device_bits,
    "biased": biased_bits,
}


def trained(data: TrainingImages, folder: Path, arm: str, seed: int, epochs: int) -> tuple[Path, float]:
    """Train a model, or take the one that is there; return its network and the loss of its last epoch."""
    settings = TrainingSettings(epochs=epochs, width=16, deep_width=32, conditional=True, seed=seed, ema_decay=0.995)
    make = ARMS[arm]
    noise = None if make is None else BitNoise(make(1000 + seed), INVERSE_CDF16)
    training = Training(data, settings, folder / f"{arm}-{seed}.pt", noise=noise)
    training.run()
    network = folder / f"{arm}-{seed}.onnx"
    export_checkpoint(training.checkpoint, network)
    return network, training.losses[-1]


def judged(network: Path, count: int) -> tuple[float, float]:
    """Return FD and mean pixel of images of the same software noise for every model."""
    denoiser = Denoiser(network, threads=1)
    images = sample(DpmSolver(STEPS), denoiser, count, PseudoRandomNoise(1))
    found = FeatureStatistics.of(images, Features.shipped(threads=1))
    return float(FeatureStatistics.shipped().distance(found)), found.mean_pixel


def measured(folder: Path, arm: str, seed: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what was measured of a model, from the folder where it is finished."""
    path = folder / f"{arm}-{seed}.json"
    asked = {"epochs": arguments.epochs, "images": arguments.images}
    if path.exists() and (kept := json.loads(path.read_text()))["asked"] == asked:
        return dict(kept)
    network, loss = trained(load_images(arguments.dataset), folder, arm, seed, arguments.epochs)
    distance, mean_pixel = judged(network, arguments.images)
    result = {"asked": asked, "FD": distance, "mean_pixel": mean_pixel, "loss": loss}
    path.write_text(json.dumps(result))
    return result


def main() -> None:
    """Train, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--dataset", type=Path, default=DATASET)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--images", type=int, default=2000)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[dict[str, Any]]] = {arm: [] for arm in ARMS}
    for seed in range(1, arguments.seeds + 1):
        for arm, results in found.items():
            results.append(measured(arguments.output, arm, seed, arguments))
            told = results[-1]
            print(f"seed {seed}, {arm}: FD {told['FD']:.2f}, loss {told['loss']:.5f}", flush=True)
    tell(found)


def tell(found: dict[str, list[dict[str, Any]]]) -> None:
    """Print the arms beside software."""
    for measure in ("FD", "loss", "mean_pixel"):
        software = np.array([result[measure] for result in found["software"]])
        for arm, results in found.items():
            values = np.array([result[measure] for result in results])
            line = f"{measure}, {arm}: {values.mean():.4f} ± {values.std(ddof=1):.4f}"
            if arm != "software":
                line += f"; less software {words(values - software)}"
            print(line)


def words(differences: np.ndarray) -> str:
    """Say the mean difference, its 90 % interval and the p-value of none."""
    count = len(differences)
    error = differences.std(ddof=1) / math.sqrt(count)
    half = float(stats.t.ppf(0.95, count - 1)) * error
    p = 2 * float(stats.t.sf(abs(differences.mean()) / error, count - 1))
    return f"{differences.mean():+.4f} ± {half:.4f} (90 %), p = {p:.3g}"


if __name__ == "__main__":
    main()
