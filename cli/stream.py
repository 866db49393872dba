"""`mtjlab stream`: what a physicist asks of a bitstream."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.cli.bit_source import add_file_arguments
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer, real
from mtjlab.cli.stream_tables import print_stream
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.bitstream import StreamPhysics
    from mtjlab.cli.output import Output

HELP = "say what the physics of a bitstream is: bias, P_ud and P_du, memory, drift, spectral lines"

PAGES = ".pdf"
"""Extension of a name that all plots are pages of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_file_arguments(parser)
    time = parser.add_mutually_exclusive_group()
    time.add_argument(
        "--rate", metavar="HZ", type=real(1e-6, 1e15), help="bits a second, for a file that holds no times"
    )
    time.add_argument("--period", metavar="S", type=real(1e-15, 1e6), help="time from bit to bit instead [s]")
    parser.add_argument(
        "--lags", type=integer(1, 1_000_000), default=256, help="largest lag of the autocorrelation (default: 256)"
    )
    parser.add_argument(
        "--level", type=real(1e-12, 0.5), default=1e-3, help="chance of a false alarm of each question (default: 0.001)"
    )
    parser.add_argument("--plot", metavar="FOLDER|FILE.pdf", help="draw each question: PNGs in a folder, or a PDF")
    parser.add_argument("--dark", action="store_true", help="plots for dark surroundings")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask the bits everything and print the answers."""
    from mtjlab.analysis.bitstream import stream_as_dict
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    period: float | None = 1 / arguments.rate if arguments.rate is not None else arguments.period
    _refuse_plot(arguments)
    physics, form = _asked(arguments, period, output)
    print_stream(physics, output)
    if arguments.plot:
        _draw(physics, Path(arguments.plot), output, dark=arguments.dark)
    output.json({"file": str(arguments.file), "format": form, **stream_as_dict(physics)})
    return 0


def _refuse_plot(arguments: argparse.Namespace) -> None:
    """Refuse what cannot be written before the work is done."""
    if arguments.plot is None:
        if arguments.dark:
            raise InputError("--dark is about plots: name where they go with --plot")
        return
    target = Path(arguments.plot)
    if target.suffix.lower() == PAGES:
        if target.is_dir() or not target.resolve().parent.is_dir():
            raise InputError(f"--plot {target} cannot be written: give a file in a folder that exists")
    elif target.suffix.lower() in (".png", ".svg"):
        raise InputError(f"--plot {target}: there are several plots; give a folder, or a name that ends with {PAGES}")
    elif target.exists() and not target.is_dir():
        raise InputError(f"--plot {target} is a file: give a folder, or a name that ends with {PAGES}")


def _asked(arguments: argparse.Namespace, period: float | None, output: "Output") -> "tuple[StreamPhysics, str]":
    from mtjlab.analysis.bitstream import stream_physics
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.data import Recording

    path = arguments.file
    file = SequenceFile.open(path, arguments.format, arguments.bits_per_symbol)
    output.say(f"{path}, format {file.format}: {file.bits:,} bits.")
    with output.progress() as stage:
        show = stage("bits")
        if file.format == "recording":
            if period is not None:
                raise InputError(f"{path}: a recording has the times of its blocks; leave out --rate and --period")
            found = stream_physics(Recording(path), lags=arguments.lags, level=arguments.level, progress=show)
        else:
            found = stream_physics(
                file.parts(),
                period=period,
                lags=arguments.lags,
                level=arguments.level,
                progress=lambda done, _: show(done, file.bits),
            )
    return found, str(file.format)


def _draw(physics: "StreamPhysics", target: Path, output: "Output", *, dark: bool) -> None:
    from mtjlab.analysis.plots import stream_pages, stream_pictures
    from mtjlab.core import new_file

    if target.suffix.lower() == PAGES:
        with new_file(target, overwrite=True) as path:
            path.write_bytes(stream_pages(physics, dark=dark))
        output.say(f"Plots: {target}")
        return
    target.mkdir(parents=True, exist_ok=True)
    for name, picture in stream_pictures(physics, dark=dark).items():
        with new_file(target / f"{name}.png", overwrite=True) as path:
            path.write_bytes(picture)
    output.say(f"Plots: {target}{'' if str(target).endswith('/') else '/'}*.png")
