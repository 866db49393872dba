"""What a demo leaves, and the report of it: that of `mtjlab report`, with the images and the times."""

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness import Assessment
from mtjlab.analysis.reports import HtmlReport, JudgedStream, Picture, ReportOptions, ReportSubject, Table, sections_of
from mtjlab.data import Recording
from mtjlab.procedures.running import procedure_knowledge

__all__ = ["DemoResult", "write_demo_report"]

PLOTS = ("windows", "transitions", "runs", "spectrum")
"""Plots of the stream; `mtjlab report` draws all ten, which takes some seconds more."""


@dataclasses.dataclass(frozen=True)
class DemoResult:
    """What the demo leaves."""

    recording: Path
    report: Path
    images: Path
    raw: Assessment
    """Assessment of the bits as read."""
    conditioned: Assessment
    """Assessment of the bits that the images were made of."""
    bits_per_image: int
    seconds: dict[str, float]
    """Wall time of each stage [s]."""
    pictures: NDArray[np.uint8]
    """The images, shape (N, 28, 28)."""


def write_demo_report(result: DemoResult) -> None:
    """Write the HTML report of a demo into its folder."""
    streams = (
        JudgedStream.of_assessment("bits as recorded", result.raw),
        JudgedStream.of_assessment("bits of the images, after von Neumann's extractor", result.conditioned),
    )
    report = HtmlReport("From a magnetic tunnel junction to images", _facts(result, streams))
    report.add(
        "Images",
        "Made by a diffusion model trained on Fashion-MNIST. All the randomness in them is the initial noise, "
        "and every bit of that was read from the junction, conditioned, and used once.",
        Picture(
            result.images.read_bytes(),
            f"{len(result.pictures)} images, DDIM with 50 steps and eta = 0",
            f"A grid of {len(result.pictures)} grey images of clothes",
            plot=False,
        ),
    )
    with Recording(result.recording) as recording:
        options = ReportOptions(knowledge=procedure_knowledge(), plots=PLOTS)
        for section in sections_of(ReportSubject(recording, options, streams)):
            report.add_section(section)
    report.add(
        "Time",
        "Wall time of each stage, compilation of the numerical kernels included.",
        Table("Time", [[stage, f"{seconds:.2f} s"] for stage, seconds in result.seconds.items()], ("stage", "time")),
    )
    report.write(result.report)


def _facts(result: DemoResult, streams: tuple[JudgedStream, JudgedStream]) -> dict[str, str]:
    raw, conditioned = streams
    return {
        "Bench": "simulated (software stands in for the instruments)",
        "Raw bits": f"{raw.bits:,}",
        "P(1) of the raw bits": raw.share,
        "P(1) of the conditioned bits": conditioned.share,
        "Images": f"{len(result.pictures)}, {result.bits_per_image:,} bits each",
    }
