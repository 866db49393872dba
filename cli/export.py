"""`mtjlab export`: a recording in the formats of other programs."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mtjlab.data import Exported, ExportFormat

HELP = "write a recording for other programs: tables as CSV or Parquet, bits for STS, dieharder or PractRand"

FORMATS = ("csv", "parquet", "packed", "ascii", "dieharder", "dieharder-raw", "practrand", "recording")
TABLES = ("data", "blocks", "segments", "log", "results", "fits", "bits")
MOST = 2**63 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording (HDF5); also one that is being written")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="csv, parquet: a table; packed: bits, 8 a byte, first bit most significant (STS binary); ascii: the "
        "characters 0 and 1 (STS); dieharder: -g 202; dieharder-raw: -g 201; practrand: RNG_test stdin; recording: "
        "everything, in the present format version. By default told by the name of --output: .csv or .parquet",
    )
    parser.add_argument(
        "--output", metavar="PATH", help="file, or - for standard output; by default beside FILE, under its name"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    parser.add_argument("--table", choices=TABLES, help="which table goes into csv or parquet (default: data)")
    parser.add_argument("--first", type=integer(0, MOST), default=0, metavar="N", help="first bit or row (default: 0)")
    parser.add_argument("--count", type=integer(0, MOST), metavar="N", help="how many (default: all that follow)")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Export."""
    from mtjlab.cli.output import Output
    from mtjlab.data import ExportFormat

    to_pipe = arguments.output == "-"
    if to_pipe and arguments.json == "-":
        raise InputError("--output - and --json - both want standard output: give one of them a file")
    output = Output(arguments.json, to_stderr=to_pipe)
    format_ = ExportFormat.named(arguments.format or _format_of(arguments.output))
    with output.progress() as stage:
        done = _export(arguments, format_, stage("exporting"))
    what = f"rows of {arguments.table or 'data'}" if format_.is_table else "bits"
    said = f"{done.count:,} {what}, {done.size:,} bytes, format {format_}"
    left_out = f"; the last {done.left_out} bits fill no word and are left out" if done.left_out else ""
    output.say(f"{done.path or 'standard output'}: {said}{left_out}.")
    output.json(
        {
            "output": None if done.path is None else str(done.path),
            "format": str(format_),
            "table": (arguments.table or "data") if format_.is_table else None,
            "first": arguments.first,
            "count": done.count,
            "bytes": done.size,
            "left_out": done.left_out,
        }
    )
    return 0


def _export(
    arguments: argparse.Namespace, format_: "ExportFormat", progress: "Callable[[float, float], None]"
) -> "Exported":
    if arguments.table and not format_.is_table:
        raise InputError(f"--table {arguments.table}: format {format_} holds no table; choose csv or parquet")
    target = _target(arguments, format_)
    if format_ == "recording":
        from mtjlab.data import migrate

        if not isinstance(target, Path):
            raise InputError("--output -: a recording needs a file that can be written anywhere; name one")
        if arguments.first or arguments.count is not None:
            raise InputError("--first and --count: a recording is written whole; leave them out")
        return migrate(arguments.file, target, overwrite=arguments.overwrite)
    from mtjlab.data import Recording

    recording = Recording(arguments.file)
    asked = {"first": arguments.first, "count": arguments.count, "overwrite": arguments.overwrite}
    if format_.is_table:
        from mtjlab.data import export_table

        return export_table(recording, target, format_, table=arguments.table or "data", progress=progress, **asked)
    from mtjlab.data import export_bits

    return export_bits(recording, target, format_, progress=progress, **asked)


def _format_of(output: str | None) -> str:
    suffix = Path(output or "").suffix
    if suffix in (".csv", ".parquet"):
        return suffix[1:]
    raise InputError(f"--format is needed where the name of the output does not say it; one of {', '.join(FORMATS)}")


def _target(arguments: argparse.Namespace, format_: "ExportFormat") -> "Path | BinaryIO":
    if arguments.output == "-":
        if sys.stdout.isatty() and format_ not in ("csv", "ascii", "dieharder"):
            raise InputError(f"--output -: {format_} is no text for a terminal; pipe it into a program or a file")
        return sys.stdout.buffer
    if arguments.output:
        return Path(arguments.output)
    file: Path = arguments.file
    if format_ == "recording":
        raise InputError("--output is needed: name the new recording")
    table = f".{arguments.table}" if arguments.table and arguments.table != "data" else ""
    return file.with_name(f"{file.stem}{table}{format_.suffix}")
