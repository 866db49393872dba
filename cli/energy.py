"""`mtjlab energy`: energy and area of a bit, a normal and an image, beside other generators."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.extraction import EXTRACTORS, conditioned
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.bit_source import NONE, add_bit_arguments, usual_extractor
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.energy_inputs import add_input_arguments, find_inputs
from mtjlab.cli.numbers import integer, real
from mtjlab.core import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.cli.output import Output
    from mtjlab.core import Bits, Progress

HELP = "energy and area of a bit, a normal and an image, beside other generators"
RENEWAL = "bit-sum-1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_bit_arguments(parser, extract="von-neumann for the raw bits of a recording, none for a file of bits")
    parser.add_argument("--steps", type=integer(1, 1000), default=50, help="denoising steps of an image (default: 50)")
    parser.add_argument(
        "--eta", type=real(0.0, 1.0), default=1.0, help="share of the noise that each step renews (default: 1)"
    )
    parser.add_argument(
        "--converter",
        metavar="NAME",
        choices=NOISE_CONVERTERS.names(),
        action="append",
        default=[],
        help="a converter to count beside the installed ones, one of a family such as bit-sum-8; may be repeated",
    )
    parser.add_argument(
        "--step-converter",
        metavar="NAME",
        choices=NOISE_CONVERTERS.names(),
        default=RENEWAL,
        help=f"how bits become the noise of the steps (default: {RENEWAL})",
    )
    parser.add_argument(
        "--generators", metavar="FILE.toml", type=Path, help="list of generators to compare with (default: mtjlab's)"
    )
    parser.add_argument("--plot", metavar="PICTURE", help="picture to write: .png, .pdf or .svg")
    add_input_arguments(parser)
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Calculate, compare, and print."""
    from mtjlab.analysis.energy import EnergyReport, chosen_inputs, published_generators
    from mtjlab.cli.energy_tables import print_report
    from mtjlab.cli.output import Output
    from mtjlab.cli.picture_output import wanted_format

    output = Output(arguments.json)
    wanted = wanted_format(arguments.plot, option="--plot") if arguments.plot else None
    generators = published_generators(arguments.generators)
    found = find_inputs(arguments, recorded=_is_recording(arguments))
    inputs = chosen_inputs(found.inputs)
    named = [*arguments.converter, arguments.step_converter]
    with output.progress() as stage:
        kept = _kept_bits(arguments, output, stage("extract"))
        report = EnergyReport.of(
            inputs,
            raw_per_bit=kept.raw / kept.bits,
            settings=found.settings,
            generators=generators,
            converters=NOISE_CONVERTERS.all() | {name: NOISE_CONVERTERS.load(name) for name in named},
            samplers=SAMPLERS.all(),
            steps=arguments.steps,
            eta=arguments.eta,
            step_converter=arguments.step_converter,
            progress=stage("processor"),
        )
    print_report(report, output, extractor=kept.extractor)
    if wanted is not None:
        from mtjlab.analysis.plots import energy_plot, picture_format

        with picture_format(wanted):
            Path(arguments.plot).write_bytes(energy_plot(report, arguments.file.name))
        output.say(f"picture: {arguments.plot}")
    output.json(
        {
            "file": str(arguments.file),
            "format": kept.format,
            "extractor": kept.extractor,
            "raw_bits": kept.raw,
            "bits": kept.bits,
            **report.as_dict(),
            "picture": arguments.plot,
        }
    )
    return 0


class _KeptBits(NamedTuple):
    """How many bits an extractor leaves."""

    raw: int
    bits: int
    format: str
    extractor: str


def _kept_bits(arguments: argparse.Namespace, output: "Output", progress: "Progress") -> _KeptBits:
    """Count the bits before and after the extractor, part by part: the file may be larger than memory."""
    from mtjlab.analysis.randomness import SequenceFile

    source = SequenceFile.open(arguments.file, arguments.format, arguments.bits_per_symbol)
    output.say(f"{arguments.file}, format {source.format}: {source.bits:,} bits.")
    chosen = arguments.extract or usual_extractor(arguments.file, source.format)
    if chosen == NONE:
        return _KeptBits(_raw_bits(source), source.bits, str(source.format), chosen)
    extractor, taken, bits = EXTRACTORS.load(chosen), 0, 0

    def parts() -> "Iterator[Bits]":
        nonlocal taken
        for part in source.parts():
            yield part
            taken += len(part)
            progress(taken, source.bits)

    for part in conditioned(parts(), extractor):
        bits += len(part)
    if not bits:
        raise InputError(f"{arguments.file}: {extractor.name} keeps none of {source.bits:,} bits")
    output.say(f"{extractor.name} keeps {bits:,} of them.")
    return _KeptBits(source.bits, bits, str(source.format), chosen)


def _raw_bits(source: "SequenceFile") -> int:
    """Return how many raw bits were made for the bits of a file."""
    from mtjlab.analysis.extraction import is_conditioned, raw_bits_of
    from mtjlab.data import Recording

    recording = Recording(source.path) if source.format == "recording" else None
    return source.bits if recording is None or not is_conditioned(recording) else raw_bits_of(recording)


def _is_recording(arguments: argparse.Namespace) -> bool:
    """Tell whether the file is read as a recording, before all of its bits are read."""
    if arguments.format is not None:
        return bool(arguments.format == "recording")
    from mtjlab.data import HDF5_SIGNATURE

    try:
        with arguments.file.open("rb") as file:
            return bool(file.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE)
    except OSError:  # reading the bits says in a line what is wrong
        return True
