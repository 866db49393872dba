"""`mtjlab compare`: whether images from these bits are equivalent to images from software noise."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer, real
from mtjlab.cli.sampler_arguments import BothConverters
from mtjlab.core import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.analysis.evidence import Cells, Comparison, Evidence, Pilot
    from mtjlab.cli.output import Output

HELP = "compare images from bits with images from software noise; exit code 1 unless all are equivalent"
ARMS = (
    "software, biased:0.495 (the control), FILE[:FORMAT][:EXTRACTOR], device:DEVICE[,hold][:EXTRACTOR], "
    "bench:BENCH[:EXTRACTOR], each perhaps with NAME= before it; the first is what the others are compared with; or "
    "one TOML file with all of it"
)
CONTROL, PILOT_SEED = "biased:0.495", 1001
DATASET = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts its files."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments; those that a TOML file may give have no default here."""
    parser.add_argument("arms", nargs="+", metavar="ARM", help=ARMS)
    parser.add_argument(
        "--output", metavar="DIR", type=Path, required=True, help="folder for report.html and the cells"
    )
    parser.add_argument("--images", type=integer(8, 1_000_000), help="images of each seed (default: 5000)")
    parser.add_argument("--seeds", type=integer(2, 10_000), help="seeds of each arm (default: 5)")
    parser.add_argument("--first-seed", type=integer(0, 2**31), help="number of the first seed (1; of a pilot 1001)")
    parser.add_argument("--trial", action="store_true", help="allow fewer images or seeds; the report says so")
    margin = parser.add_argument_group("margin, fixed beforehand")
    margin.add_argument("--pilot", metavar="FILE", type=Path, help="pilot whose scatter and margin count")
    margin.add_argument("--margin", type=real(0.0, 1e6), help="margin in FD, instead of the pilot's")
    margin.add_argument("--write-pilot", metavar="FILE", type=Path, help="make a pilot and write its margin; no test")
    margin.add_argument("--planned-seeds", type=integer(2, 10_000), default=5, help="seeds the pilot is for (5)")
    images = parser.add_argument_group("images")
    images.add_argument("--sampler", choices=SAMPLERS.names(), help="rule of the steps (default: ddim)")
    images.add_argument("--steps", type=integer(1, 1000), help="denoising steps (default: 50)")
    images.add_argument("--eta", type=real(0.0, 1.0), help="share of the noise that ddim renews (default: 1)")
    images.add_argument(
        "--noise",
        metavar="CONVERTER[+STEP_CONVERTER]",
        action=BothConverters,
        help="how bits become the initial noise, and after + that of the steps (default: inverse-cdf16+bit-sum-1)",
    )
    images.add_argument("--converter", choices=NOISE_CONVERTERS.names(), help="the first half of --noise")
    images.add_argument("--step-converter", choices=NOISE_CONVERTERS.names(), help="the second half of --noise")
    images.add_argument(
        "--seed-noise",
        choices=("software",),
        help="initial noise by software, the same in every arm: only the noise of the steps differs, seeds are pairs",
    )
    images.add_argument("--model", metavar="FILE.onnx", type=Path, help="denoiser (default: mtjlab's)")
    images.add_argument("--guidance", type=real(0.0, 100.0), help="weight of the class, where there are classes (1)")
    fid = parser.add_argument_group("standard FID")
    fid.add_argument(
        "--inception-weights",
        metavar="FILE.onnx",
        type=Path,
        help="Inception network, (N, 3, 299, 299) to (N, 2048); the FID stands in the report beside our own distances",
    )
    fid.add_argument(
        "--dataset",
        type=Path,
        metavar="DIR",
        default=DATASET,
        help="Fashion-MNIST's idx files: real images for the FID",
    )
    parser.add_argument("--dry-run", action="store_true", help="say how long it would take, and make nothing")
    parser.add_argument("--allow-alarms", action="store_true", help="take bits with health alarms")
    parser.add_argument("--workers", type=integer(1, 1024), help="processes (default: one for each core)")
    parser.add_argument("--keep-images", action="store_true", help="write all images to images/ARM-SEED.npz")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare, or make a pilot."""
    from mtjlab.analysis.evidence import Evidence, Pilot, inception_distances, refuse_margin, write_evidence_report
    from mtjlab.cli.compare_estimate import say_estimate
    from mtjlab.cli.compare_study import read_study
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    comparison = read_study(arguments, control=CONTROL, pilot_seed=PILOT_SEED)
    settings = comparison.settings
    if settings.trial and not arguments.trial and arguments.write_pilot is None:
        raise InputError(
            f"{settings.images:,} images and {settings.seeds} seeds an arm: a claim needs at least 5,000 and 5; give "
            "them, or --trial for a report that says that it is one"
        )
    power = None
    if arguments.write_pilot is None:
        margin = arguments.margin
        if arguments.pilot is not None:
            pilot = Pilot.load(arguments.pilot)
            pilot.check(settings)
            margin = pilot.margin if margin is None else margin
            power = refuse_margin(margin, pilot, settings)
        if margin is None or not margin > 0:
            raise InputError(
                "a comparison needs a margin that was fixed beforehand: make a pilot with --write-pilot FILE and give "
                "it with --pilot FILE, or give --margin, in FD and above zero"
            )
    comparison.check()
    if arguments.dry_run:
        say_estimate(comparison, arguments, output)
        return 0
    real = _real_images(arguments)
    cells = _make(comparison, arguments, output)
    if arguments.write_pilot is not None:
        made = Pilot.of(comparison, cells, arguments.planned_seeds)
        made.save(arguments.write_pilot)
        _say_pilot(made, arguments.write_pilot, output)
        return 0
    evidence = Evidence.of(comparison, cells, margin, power)
    fid = None
    if real is not None:
        with output.progress() as stage:
            fid = inception_distances(comparison, arguments.output, arguments.inception_weights, real, stage)
    write_evidence_report(evidence, arguments.output / "report.html", fid)
    _say(evidence, arguments.output / "report.html", output)
    output.json(evidence.as_dict() | {"fid": fid, "report": str(arguments.output / "report.html")})
    return 0 if evidence.positive else 1


def _make(comparison: "Comparison", arguments: argparse.Namespace, output: "Output") -> "Cells":
    """Make the cells, on processes where there are several."""
    import os

    from mtjlab.cli.worker_processes import worker_processes

    keep = arguments.keep_images or arguments.inception_weights is not None
    workers = min(arguments.workers or os.cpu_count() or 1, len(comparison.jobs()))
    with output.progress() as stage, worker_processes(workers) as executor:
        return comparison.run(arguments.output, executor, stage("images"), keep_images=keep)


def _real_images(arguments: argparse.Namespace) -> "NDArray[np.uint8] | None":
    """Read what the standard FID needs, before hours of sampling; None where it was not asked for."""
    if arguments.inception_weights is None:
        return None
    from mtjlab.analysis.evidence import InceptionFeatures
    from mtjlab.analysis.training import load_images

    InceptionFeatures(arguments.inception_weights)
    return load_images(arguments.dataset, "test").images


def _say_pilot(pilot: "Pilot", path: Path, output: "Output") -> None:
    from dataclasses import asdict

    below = "below" if pilot.margin < pilot.control_shift else "NOT below: more images, more seeds or more bias"
    output.table(
        "Pilot",
        {
            "FD of a seed, standard deviation": f"{pilot.deviation:.3g} ({pilot.degrees} degrees of freedom)",
            "shift of the control": f"{pilot.control_shift:.3g} FD",
            "margin": f"{pilot.margin:.3g} FD for {pilot.planned_seeds} seeds an arm, "
            f"{pilot.margin / pilot.deviation:.2f} standard deviations; {below} the control's shift",
            "file": str(path),
        },
    )
    output.json(asdict(pilot) | {"file": str(path)})


def _say(evidence: "Evidence", report: Path, output: "Output") -> None:
    first = evidence.comparison.arms[0].name
    known = f", power {evidence.power:.2f}" if evidence.power is not None else ""
    trial = "; TRIAL, too small for a claim" if evidence.comparison.settings.trial else ""
    rows = []
    for arm in evidence.comparison.arms:
        fd, kid, precision, recall, pixel = (f"{mean:.4g} ± {sd:.2g}" for mean, sd in evidence.means(arm.name).values())
        answer = next((each.answer for each in evidence.verdicts if each.arm == arm.name), "")
        rows.append([arm.name, fd, kid, precision, recall, pixel, answer])
    output.grid(
        f"Compared with {first}, margin {evidence.margin:.3g} FD{known}{trial}",
        ["arm", "FD", "KID", "precision", "recall", "mean pixel", "answer"],
        rows,
    )
    for verdict in evidence.verdicts:
        better = f"; its FD is lower (p = {verdict.better_p:.2g})" if verdict.better_p < 0.05 else ""
        output.say(f"{verdict.arm}: {verdict.sentence}{better}")
    if evidence.caveat:
        output.say(evidence.caveat)
    output.say(f"report: {report}")
