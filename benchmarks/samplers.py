"""How good the images of each sampler are, by evaluations of the denoiser: the Fréchet distance to real images.

    python benchmarks/samplers.py [--images 1000] [--seeds 3] [--only SAMPLER] [--model FILE.onnx] [--json PATH]
                                  [--plot PATH.png]

Every sampler makes the images from the same seeds of software noise, on one thread.  FD is `FeatureStatistics.distance`
to the statistics of Fashion-MNIST's 10,000 test images that come with mtjlab; it depends on the number of images, so
compare only equal numbers.  Printed are FD of each seed, their mean and standard deviation, and the CPU time of one
image.  What was measured with the same denoiser stands in the JSON file, where one is named, and is not measured again.

The page docs/explanations/samplers.md has the plot of

    nice -n 10 python benchmarks/samplers.py --json samplers.json --plot docs/images/samplers.png
"""

import argparse
import hashlib
import json
import statistics
import time
from importlib import resources
from pathlib import Path
from typing import Any

from mtjlab.analysis.diffusion import (
    SAMPLERS,
    CosineSchedule,
    Denoiser,
    Features,
    FeatureStatistics,
    sample,
)
from mtjlab.analysis.noise import PseudoRandomNoise

STUDY = [
    ("ddim", "time", (10, 20, 50)),
    ("ddim", "log-snr", (20,)),
    ("ddpm", "time", (20, 50)),
    ("dpm-solver++", "log-snr", (10, 20)),
    ("dpm-solver++", "time", (20,)),
    ("sde-dpm-solver++", "log-snr", (20,)),
    ("heun", "log-snr", (6, 11)),
]
"""Sampler, spacing of its steps, and numbers of steps."""
USUAL = {key[:2] for key in STUDY} - {("ddim", "log-snr"), ("dpm-solver++", "time")}
"""Each sampler with the spacing that it has by default."""


def evaluations(sampler: str, steps: int) -> int:
    """Say how often the denoiser is evaluated for an image."""
    return 2 * steps - 2 if sampler == "heun" else steps


def measured(denoiser: Denoiser, features: Features, entry: dict[str, Any], count: int, seed: int) -> dict[str, float]:
    """Make images from the noise of a seed; return FD, mean pixel and the CPU time of an image [s]."""
    sampler = SAMPLERS.load(entry["sampler"])(entry["steps"], None, CosineSchedule(entry["spacing"]))  # type: ignore[call-arg]
    began = time.process_time()
    images = sample(sampler, denoiser, count, PseudoRandomNoise(seed))
    seconds = time.process_time() - began
    found = FeatureStatistics.of(images, features)
    distance = float(FeatureStatistics.shipped().distance(found))
    return {"FD": distance, "mean_pixel": float(found.mean_pixel), "seconds": seconds / count}


def summary(entry: dict[str, Any]) -> str:
    """Put an entry of the study in a line."""
    distances = [run["FD"] for run in entry["runs"].values()]
    spread = f" ± {statistics.stdev(distances):.2f}" if len(distances) > 1 else ""
    each = ", ".join(f"{distance:.2f}" for distance in distances)
    seconds = statistics.median(run["seconds"] for run in entry["runs"].values())
    return (
        f"{entry['sampler']:17} {entry['spacing']:8} {entry['steps']:3} steps {entry['evaluations']:3} evaluations"
        f"  FD {statistics.mean(distances):.2f}{spread} ({each})  {1000 * seconds:.1f} ms an image"
    )


def plot(entries: list[dict[str, Any]], path: Path, count: int) -> None:
    """Draw FD over the number of evaluations."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    keys = list(dict.fromkeys((entry["sampler"], entry["spacing"]) for entry in entries))
    for place, key in enumerate(keys):
        line = [entry for entry in entries if (entry["sampler"], entry["spacing"]) == key]
        runs = [[run["FD"] for run in entry["runs"].values()] for entry in line]
        mean = [statistics.mean(distances) for distances in runs]
        ends = [
            [m - min(d) for m, d in zip(mean, runs, strict=True)],
            [max(d) - m for m, d in zip(mean, runs, strict=True)],
        ]
        aside = 1.015 ** (place - len(keys) / 2)  # so that points of equally many evaluations stand side by side
        axes.errorbar(
            [aside * entry["evaluations"] for entry in line],
            mean,
            ends,
            label=f"{key[0]}, equal steps of {key[1]}",
            marker="o",
            markerfacecolor=None if key in USUAL else "white",
            capsize=3,
        )
    axes.set(xlabel="denoiser evaluations per image", ylabel=f"FD at n = {count:,}", xscale="log", ylim=(0, None))
    axes.set_xticks([10, 20, 50], ["10", "20", "50"])
    axes.minorticks_off()
    axes.legend(frameon=False, fontsize=8, loc="lower left", ncols=2)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Measure what is missing, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=sorted({key[0] for key in STUDY}), help="measure this sampler alone")
    parser.add_argument("--model", type=Path, help="another denoiser of Fashion-MNIST")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    count = arguments.images
    path = arguments.model or Path(str(resources.files("mtjlab.data") / "denoiser" / "denoiser.onnx"))
    model = hashlib.sha256(path.read_bytes()).hexdigest()
    denoiser = Denoiser(path, threads=1)
    features = Features.shipped(threads=1)
    entries = [
        {"sampler": sampler, "spacing": spacing, "steps": steps, "evaluations": evaluations(sampler, steps), "runs": {}}
        for sampler, spacing, numbers in STUDY
        for steps in numbers
        if arguments.only in (None, sampler)
    ]
    known = json.loads(arguments.json.read_text()) if arguments.json and arguments.json.exists() else None
    if known and (known["images"], known["model"]) == (count, model):
        same = [
            (old, new) for old in known["samplers"] for new in entries if {**old, "runs": {}} == {**new, "runs": {}}
        ]
        for old, new in same:
            new["runs"] = old["runs"]
    for seed in map(str, range(1, arguments.seeds + 1)):  # seed after seed: a study cut short has all samplers
        for entry in entries:
            if seed in entry["runs"]:
                continue
            entry["runs"][seed] = measured(denoiser, features, entry, count, int(seed))
            print(summary(entry), flush=True)
            if arguments.json:
                told = {"images": count, "model": model, "samplers": entries}
                arguments.json.write_text(json.dumps(told, indent=1) + "\n")
    print(f"\nn = {count:,}, seeds 1 to {arguments.seeds}")
    for entry in entries:
        print(summary(entry))
    if arguments.plot:
        plot(entries, arguments.plot, count)


if __name__ == "__main__":
    main()
