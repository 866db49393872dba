"""`mtjlab energy`: energy and area of a bit, a normal and an image, beside other generators."""

import argparse
from pathlib import Path

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.bit_source import add_bit_arguments, load_bits
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.energy_inputs import add_input_arguments, find_inputs
from mtjlab.cli.numbers import integer, real
from mtjlab.core import InputError

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
    source = load_bits(arguments, output, condition_recordings=True)
    if not len(source.bits):
        raise InputError(f"{arguments.file}: the extractor {source.extractor} keeps none of {source.raw:,} bits")
    with output.progress() as stage:
        report = EnergyReport.of(
            inputs,
            raw_per_bit=source.raw / len(source.bits),
            settings=found.settings,
            generators=generators,
            converters=NOISE_CONVERTERS.all() | {name: NOISE_CONVERTERS.load(name) for name in named},
            samplers=SAMPLERS.all(),
            steps=arguments.steps,
            eta=arguments.eta,
            step_converter=arguments.step_converter,
            progress=stage("processor"),
        )
    print_report(report, output, extractor=source.extractor)
    if wanted is not None:
        from mtjlab.analysis.plots import energy_plot, picture_format

        with picture_format(wanted):
            Path(arguments.plot).write_bytes(energy_plot(report, arguments.file.name))
        output.say(f"picture: {arguments.plot}")
    output.json(
        {
            "file": str(arguments.file),
            "format": str(source.format),
            "extractor": source.extractor,
            "raw_bits": source.raw,
            "bits": len(source.bits),
            **report.as_dict(),
            "picture": arguments.plot,
        }
    )
    return 0


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
