"""`mtjlab extract`: raw bits through an extractor, into a file of conditioned bits."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.extraction import EXTRACTORS, conditioned, pieces
from mtjlab.cli.bit_source import NONE, USUAL, add_file_arguments
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.extraction import Extractor
    from mtjlab.analysis.randomness import SequenceFile

HELP = "write conditioned bits: raw bits after an extractor, as a file of bits for any program"

FORMATS = ("packed", "ascii", "dieharder", "dieharder-raw", "practrand")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "--extractor",
        dest="extract",
        choices=[name for name in EXTRACTORS.names() if name != NONE],
        default=USUAL,
        help=f"extractor (default: {USUAL})",
    )
    parser.add_argument("--output", metavar="BITS", type=Path, required=True, help="file to write")
    parser.add_argument(
        "--output-format",
        choices=FORMATS,
        default="packed",
        help="as `mtjlab export --format` has them (default: packed, 8 bits a byte, first bit most significant)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Extract, and write what is left."""
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    source = SequenceFile.open(arguments.file, arguments.format, arguments.bits_per_symbol)
    output.say(f"{arguments.file}, format {source.format}: {source.bits:,} bits.")
    extractor = EXTRACTORS.load(arguments.extract)
    count, left_out = _write(arguments, source, extractor)
    output.say(f"{extractor.name} keeps {count + left_out:,} of them.")
    output.say(
        f"{arguments.output}: {count:,} bits, format {arguments.output_format}"
        + (f"; the last {left_out} bits fill no word and are left out." if left_out else ".")
    )
    output.json(
        {
            "file": str(arguments.file),
            "format": str(source.format),
            "extractor": arguments.extract,
            "claim": extractor.claim,
            "output": str(arguments.output),
            "output_format": arguments.output_format,
            "bits": count,
            "left_out": left_out,
        }
    )
    return 0


def _write(arguments: argparse.Namespace, source: "SequenceFile", extractor: "Extractor") -> tuple[int, int]:
    """Write what is left; give how many bits were written, and how many fill no word."""
    from mtjlab.core import new_file
    from mtjlab.data import PIECE, WORD_BITS, ExportFormat, bit_header, encode_bits

    format_ = ExportFormat.named(arguments.output_format)
    word, origin = WORD_BITS[format_], f"mtjlab {arguments.file.name} {arguments.extract}"
    written = left = 0
    with new_file(arguments.output, overwrite=arguments.overwrite) as temporary, temporary.open("wb") as stream:
        if bit_header(format_, 0, origin):  # it says how many bits follow: they are extracted twice
            kept = sum(len(part) for part in conditioned(source.parts(), extractor))
            stream.write(bit_header(format_, kept // word * word, origin))
        for piece in pieces(conditioned(source.parts(), extractor), PIECE):
            left = len(piece) % word
            whole = piece[: len(piece) - left]
            stream.write(encode_bits(format_, whole.packed_bytes, len(whole)))
            written += len(whole)
        if not written:
            raise InputError(
                f"{arguments.file}: {left} bits are left after the extractor, and {format_} needs {word} or more: "
                "give more raw bits, or bits less biased"
            )
    return written, left
