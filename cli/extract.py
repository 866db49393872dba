"""`mtjlab extract`: raw bits through an extractor, into a file of conditioned bits."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.cli.bit_source import NONE, USUAL, add_file_arguments, load_bits
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.core import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    source = load_bits(arguments, output, condition_recordings=False)
    count = _write(arguments, source.bits)
    left_out = len(source.bits) - count
    output.say(
        f"{arguments.output}: {count:,} bits, format {arguments.output_format}"
        + (f"; the last {left_out} bits fill no word and are left out." if left_out else ".")
    )
    output.json(
        {
            "file": str(arguments.file),
            "format": str(source.format),
            "extractor": source.extractor,
            "claim": EXTRACTORS.load(source.extractor).claim,
            "output": str(arguments.output),
            "output_format": arguments.output_format,
            "bits": count,
            "left_out": left_out,
        }
    )
    return 0


def _write(arguments: argparse.Namespace, bits: "NDArray[np.uint8]") -> int:
    import numpy as np

    from mtjlab.core import new_file
    from mtjlab.data import PIECE, WORD_BITS, ExportFormat, bit_header, encode_bits

    format_ = ExportFormat.named(arguments.output_format)
    word = WORD_BITS[format_]
    count = len(bits) // word * word
    if not count:
        raise InputError(
            f"{arguments.file}: {len(bits)} bits are left after the extractor, and {format_} needs {word} or more: "
            "give more raw bits, or bits less biased"
        )
    with new_file(arguments.output, overwrite=arguments.overwrite) as temporary, temporary.open("wb") as stream:
        stream.write(bit_header(format_, count, f"mtjlab {arguments.file.name} {arguments.extract}"))
        for begin in range(0, count, PIECE):
            piece = bits[begin : min(begin + PIECE, count)]
            stream.write(encode_bits(format_, np.packbits(piece), len(piece)))
    return count
