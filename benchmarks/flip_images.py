"""How good images of flipped bits are beside those of added normals, all cut to as many grey levels.

    python benchmarks/flip_images.py [--images N] [--steps K,K] [--seed N] [--dataset DIR] [--model FILE]

FD by the shipped classifier's features to the test images, cut to the grey levels of the bit planes. Classes come in
turn. Software's draws and normals, by the seed.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from mtjlab.analysis.diffusion import (
    BitFlipSampler,
    Denoiser,
    DpmSolver,
    Features,
    FeatureStatistics,
    FlipDenoiser,
    SoftwareBernoulli,
    bit_planes,
    images_of_planes,
    sample,
    sample_planes,
)
from mtjlab.analysis.noise import PseudoRandomNoise
from mtjlab.analysis.training import load_images


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--steps", default="25,50,100", help="of the flips (default: 25,50,100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dataset", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--model", type=Path, help="denoiser of flipped bits (default: the shipped one)")
    given = parser.parse_args()
    flips = FlipDenoiser.shipped() if given.model is None else FlipDenoiser(given.model)
    planes, features = flips.planes_shape[0], Features.shipped()

    def cut(images: np.ndarray) -> np.ndarray:
        return images_of_planes(bit_planes(images, planes))

    test = cut(load_images(given.dataset, "test").images)
    reference = FeatureStatistics.of(test, features)
    print(f"{given.images:,} images, seed {given.seed}, {2**planes} grey levels\n\n| images | FD | images a second |")
    print("|---|---|---|", flush=True)

    def row(name: str, images: np.ndarray, seconds: float) -> None:
        distance = reference.distance(FeatureStatistics.of(images, features))
        speed = f"{len(images) / seconds:.0f}" if seconds else ""
        print(f"| {name} | {distance:.2f} | {speed} |", flush=True)

    chosen = np.random.default_rng(given.seed).choice(len(test), given.images)
    row("test images, drawn with replacement", test[chosen], 0.0)
    began = time.perf_counter()
    normal = sample(DpmSolver(20), Denoiser.shipped(), given.images, PseudoRandomNoise(given.seed))
    row("added normals, 20 steps of DPM-Solver++, cut", cut(normal), time.perf_counter() - began)
    for steps in map(int, given.steps.split(",")):
        for is_drawn in (False, True):
            began = time.perf_counter()
            made = sample_planes(
                BitFlipSampler(steps, draw_last=is_drawn), flips, given.images, SoftwareBernoulli(given.seed)
            )
            last = "drawn" if is_drawn else "the likelier bit"
            row(f"flips, {steps} steps, last {last}", images_of_planes(made), time.perf_counter() - began)


if __name__ == "__main__":
    main()
