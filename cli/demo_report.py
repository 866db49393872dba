"""What a demo leaves, and the report of it."""

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots import autocorrelation_plot, level_plot, p_one_plot, recorded_resistances
from mtjlab.analysis.randomness import Assessment
from mtjlab.analysis.reports import HtmlReport, Picture, Table
from mtjlab.data import Recording, RecordingParameter

__all__ = ["DemoResult", "write_demo_report"]


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
    recording = Recording(result.recording)
    report = HtmlReport("From a magnetic tunnel junction to images", _facts(result, recording))
    _add_images(report, result)
    _add_bench(report, recording)
    _add_bits(report, result, recording)
    report.add(
        "Time",
        "Wall time of each stage, compilation of the numerical kernels included.",
        Table("", [[stage, f"{seconds:.2f} s"] for stage, seconds in result.seconds.items()]),
    )
    report.write(result.report)


def _facts(result: DemoResult, recording: Recording) -> dict[str, str]:
    attributes = recording.attributes
    return {
        "Recorded": str(attributes["created"]),
        "Bench": "simulated (software stands in for the instruments)",
        "Procedure": recording.procedure,
        "Raw bits": f"{recording.committed:,}",
        "P(1) of the raw bits": _proportion(result.raw),
        "P(1) of the conditioned bits": _proportion(result.conditioned),
        "Images": f"{len(result.pictures)}, {result.bits_per_image:,} bits each",
        "Software": str(attributes["software"]),
    }


def _add_images(report: HtmlReport, result: DemoResult) -> None:
    report.add(
        "Images",
        "Made by a diffusion model trained on Fashion-MNIST. All the randomness in them is the initial noise, "
        "and every bit of that was read from the junction, conditioned, and used once.",
        Picture(result.images.read_bytes(), f"{len(result.pictures)} images, DDIM with 50 steps and eta = 0"),
    )


def _with_unit(parameter: RecordingParameter) -> str:
    value = parameter.value if isinstance(parameter.value, str) else f"{parameter.value:,}"
    return f"{value} {parameter.unit}".strip()


def _add_bench(report: HtmlReport, recording: Recording) -> None:
    rows = [[role, instrument.driver, instrument.idn] for role, instrument in recording.instruments.items()]
    parameters = [[parameter.description, _with_unit(parameter)] for parameter in recording.parameters.values()]
    times, resistances = recorded_resistances(recording, float(recording.parameters["bias"].value))
    report.add(
        "Bench",
        "The instruments took each block by themselves: the source-meter's trigger fired the pulse generator, "
        "waited, read, and stored.",
        Table("Instruments", rows, ["role", "driver", "*IDN?"]),
        Table("Parameters", parameters),
        Picture(level_plot(times, resistances), "Resistance of the two states, mean of each block"),
    )


def _add_bits(report: HtmlReport, result: DemoResult, recording: Recording) -> None:
    blocks = recording.blocks()
    first, count, ones = (blocks[name].to_numpy().astype(np.int64) for name in ("first_bit", "count", "ones"))
    streams = [("raw", result.raw), ("conditioned", result.conditioned)]
    rows = [
        [name, f"{stream.bits:,}", _proportion(stream), f"{stream['min-entropy'].statistics['min_entropy']:.4f}"]
        for name, stream in streams
    ]
    tests = [[test, *(_verdict(stream, test) for _, stream in streams)] for test in result.conditioned.tests]
    report.add(
        "Bits",
        "A raw bit says whether the pulse switched the junction. Its small bias is the distance of P(switch) from "
        "one half; von Neumann's extractor, which pairs bits that began in the same state, removes it and keeps one "
        "bit in four. The verdict is family-wise: Holm "
        "over all p-values at level 0.01.",
        Picture(p_one_plot(first, count, ones), "Share of ones along the recording"),
        Table(
            "P(1) with its 95 % Wilson interval; min-entropy of the most common value (SP 800-90B, 6.3.1)",
            rows,
            ["bits", "number", "P(1)", "min-entropy a bit"],
        ),
        Table("Tests", tests, ["test", "raw", "conditioned"]),
        Picture(
            autocorrelation_plot(
                [
                    (name, np.array(stream["autocorrelation"].series["coefficients"]), stream.bits)
                    for name, stream in streams
                ]
            ),
            "Autocorrelation to lag 64",
        ),
    )


def _proportion(stream: Assessment) -> str:
    share = stream["P(1)"]
    low, high = share.interval or (0.0, 1.0)
    return f"{share.statistics['proportion']:.5f} ({low:.5f} to {high:.5f})"


def _verdict(stream: Assessment, test: str) -> str:
    passed = stream.tests.get(test)
    return "not applicable" if passed is None else "passed" if passed else "failed"
