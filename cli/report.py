"""`mtjlab report`: one self-contained page for a reviewer."""

import argparse
import shlex
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mtjlab.analysis.reports import REPORT_SECTIONS
from mtjlab.cli.bit_source import NONE, extractor_choices
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.core import FileError, InputError

if TYPE_CHECKING:
    from mtjlab.analysis.reports import ReportOptions
    from mtjlab.core import Stage

HELP = "write a report of recordings: one HTML page or PDF that holds everything; of a folder, an index"

ALL = "all"
SUITES = ("mtjlab", "sp800-22", "sp800-90b", "ais-31")
USUAL = ("mtjlab", "sp800-22", "sp800-90b")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "files",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="recordings (HDF5), also parts; several side by side; or a folder",
    )
    parser.add_argument(
        "--output", metavar="PATH", type=Path, help="page to write (default: FILE.html, or report.html)"
    )
    parser.add_argument("--format", choices=("html", "pdf"), help="default: by the name of the output, else html")
    parser.add_argument(
        "--suite",
        choices=(*SUITES, ALL),
        action="append",
        help=f"tests of the bits; may be repeated (default: {', '.join(USUAL)})",
    )
    parser.add_argument(
        "--extract", choices=extractor_choices(), default=NONE, help="an extractor whose bits are judged, too"
    )
    parser.add_argument(
        "--leave-out",
        metavar="SECTION",
        choices=REPORT_SECTIONS.names(),
        action="append",
        default=[],
        help=f"a section that is not wanted; may be repeated: {', '.join(REPORT_SECTIONS.names())}",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace any file of that name; an earlier report is replaced anyway"
    )
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the report."""
    from mtjlab.analysis.reports import write_folder_report, write_report
    from mtjlab.cli.output import Output
    from mtjlab.cli.printed_page import print_page, refuse_without_printer

    output = Output(arguments.json)
    files: list[Path] = arguments.files
    folder = files[0] if len(files) == 1 and files[0].is_dir() else None
    kind = arguments.format or ("pdf" if str(arguments.output).lower().endswith(".pdf") else "html")
    if folder is not None and (kind == "pdf" or arguments.output is not None):
        raise InputError("a folder gets index.html and a page beside each recording: leave --output and --format out")
    written: Path = arguments.output or _usual_output(files, kind)
    if kind == "pdf":
        refuse_without_printer()
        if written.exists() and not arguments.overwrite:  # a report as HTML is known by its head, a PDF is not
            raise FileError(written, "exists already", "choose another name, or give --overwrite")
    if {kind, written.suffix.lower()} in ({"pdf", ".html"}, {"html", ".pdf"}):
        raise InputError(f"--output {written} --format {kind}: the name tells another format; give one of the two")
    with output.progress() as stage:
        options = _options(arguments, stage)
        if folder is not None:
            written = write_folder_report(folder, options)
        elif kind == "html":
            write_report(files, written, options, overwrite=arguments.overwrite)
        else:
            with TemporaryDirectory(prefix="mtjlab-") as place:
                page = Path(place) / "report.html"
                write_report(files, page, options)
                print_page(page, written, overwrite=arguments.overwrite)
    output.say(f"Report: {written}")
    output.json({"report": str(written), "format": kind, "recordings": [str(path) for path in files]})
    return 0


def _usual_output(files: list[Path], kind: str) -> Path:
    return files[0].with_suffix(f".{kind}") if len(files) == 1 else files[0].with_name(f"report.{kind}")


def _options(arguments: argparse.Namespace, stage: "Stage") -> "ReportOptions":
    from mtjlab.analysis.reports import ReportOptions
    from mtjlab.procedures.running import procedure_knowledge

    chosen = arguments.suite or list(USUAL)
    suites = SUITES if ALL in chosen else tuple(suite for suite in SUITES if suite in chosen)
    command = shlex.join(["mtjlab", *sys.argv[1:]])
    return ReportOptions(
        suites=suites,
        extractor=arguments.extract,
        knowledge=procedure_knowledge(),
        leave_out=arguments.leave_out,
        command=command,
        stage=stage,
    )
