"""`mtjlab demo`: the whole chain on the simulated bench."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer

if TYPE_CHECKING:
    from mtjlab.analysis.randomness import Assessment
    from mtjlab.cli.demo_report import DemoResult
    from mtjlab.cli.output import Output

HELP = "run the whole chain on the simulated bench, from pulses to images"
FOLDER = "mtjlab-demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--output", metavar="DIR", type=Path, help=f"folder for the results (default: {FOLDER}, or {FOLDER}-2, …)"
    )
    parser.add_argument(
        "--seed", type=integer(0, 2**32 - 1), help="seed of the simulated device (default: a new one each time)"
    )
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the demo and print its summary."""
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    output.say("Loading; the first run compiles the numerical kernels, which takes some seconds more.")
    began = time.perf_counter()
    from mtjlab.cli.demo_chain import Demo

    loading = time.perf_counter() - began
    with output.progress() as stage:
        demo = Demo(arguments.output or _new_folder(), seed=arguments.seed, stage=stage)
        demo.seconds["load"] = loading
        result = demo.run()
    _summarise(output, result)
    output.json(
        {
            "recording": str(result.recording),
            "report": str(result.report),
            "images": str(result.images),
            "bits": result.raw.bits,
            "p_one": result.raw["P(1)"].statistics["proportion"],
            "p_one_interval": list(result.raw["P(1)"].interval or ()),
            "tests": result.conditioned.tests,
            "bits_per_image": result.bits_per_image,
            "seconds": result.seconds,
        }
    )
    return 0


def _new_folder() -> Path:
    """Find a folder that no earlier demo has filled."""
    folder, number = Path(FOLDER), 1
    while folder.exists():
        number += 1
        folder = Path(f"{FOLDER}-{number}")
    return folder


def _proportion(assessment: "Assessment") -> str:
    share = assessment["P(1)"]
    low, high = share.interval or (0.0, 1.0)
    return f"{share.statistics['proportion']:.5f}  (95 %: {low:.5f} to {high:.5f})"


def _summarise(output: "Output", result: "DemoResult") -> None:
    raw, conditioned = result.raw, result.conditioned
    output.table(
        "mtjlab demo (simulated bench)",
        {
            "bits acquired": f"{raw.bits:,}",
            "P(1), raw": _proportion(raw),
            "P(1), conditioned": _proportion(conditioned),
            "tests passed, conditioned": f"{sum(map(bool, conditioned.tests.values()))} of {len(conditioned.tests)} "
            f"({', '.join(conditioned.tests)})",
            "images": f"{len(result.pictures)}",
            "bits used per image": f"{result.bits_per_image:,}",
            "recording": str(result.recording),
            "report": str(result.report),
            "image grid": str(result.images),
        }
        | {f"time: {stage}": f"{seconds:.2f} s" for stage, seconds in result.seconds.items()},
    )
    output.say(
        f"""Next:
  open {result.report} in a browser
  mtjlab info {result.recording}
  mtjlab randomness {result.recording} --extract von-neumann
  mtjlab sample {result.recording} --images 32 --steps 50 --output more-images
  mtjlab gui
  mtjlab bench check --bench your-bench.toml      (real instruments: see docs/how-to/real-instruments.md)"""
    )
