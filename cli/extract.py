"""`mtjlab extract`: raw bits through an extractor, into a recording or a file of conditioned bits."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.cli.bit_source import add_file_arguments
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.extract_methods import Method, add_method_arguments, chosen_method
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.core import Bits, Progress

HELP = "write conditioned bits: raw bits after an extractor, as a recording or as a file of bits for any program"

RECORDING = "recording"
FORMATS = (RECORDING, "packed", "ascii", "dieharder", "dieharder-raw", "practrand")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_file_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument("--first", type=integer(0, 2**62), default=0, help="place of the first raw bit (default: 0)")
    parser.add_argument("--count", type=integer(1, 2**62), help="raw bits from there on (default: all)")
    parser.add_argument("--output", metavar="FILE", type=Path, required=True, help="file to write")
    parser.add_argument(
        "--output-format",
        choices=FORMATS,
        help="recording, with where the bits come from (default of a file .h5 or .hdf5); or as `mtjlab export "
        "--format` has them (default of others: packed, 8 bits a byte, first bit most significant)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Extract, and write what is left."""
    from mtjlab.analysis.randomness import SequenceFile, bias_bound
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    source = SequenceFile.open(arguments.file, arguments.format, arguments.bits_per_symbol)
    output.say(f"{arguments.file}, format {source.format}: {source.bits:,} bits.")
    taken = _taken(arguments, source)
    method = chosen_method(arguments, source)
    for words in method.words:
        output.say(words)
    format_ = arguments.output_format or (RECORDING if arguments.output.suffix in (".h5", ".hdf5") else "packed")
    with output.progress() as stage:
        written = _Written(method, source, arguments.first, taken, stage("extract"))
        left_out = written.to_recording(arguments) if format_ == RECORDING else written.to_file(arguments, format_)
    count = written.bits
    said, bound = method.lineage(count), bias_bound(written.ones, count)
    rows = {"yield": f"{(count + left_out) / taken:.4f}", "|2P - 1| by their ones": f"{bound:.2g} at most (95 %)"}
    if "epsilon" in said:
        rows["distance from uniform"] = f"{said['epsilon']:.2g}, summed over the blocks"
    if said.get("min_entropy_in"):
        rows["entropy"] = f"{said['min_entropy_in']:g} a raw bit in, {said['min_entropy_out']:.12g} a bit out"
    output.say(f"{method.name} keeps {count + left_out:,} of them: {said['claim']}.")
    output.table("Conditioned bits", rows)
    output.say(
        f"{arguments.output}: {count:,} bits, format {format_}"
        + (f"; the last {left_out} bits fill no word and are left out." if left_out else ".")
    )
    output.json(
        {
            "file": str(arguments.file),
            "format": str(source.format),
            "extractor": method.word,
            "output": str(arguments.output),
            "output_format": format_,
            "bits": count,
            "left_out": left_out,
            "first_bit": arguments.first,
            "raw_bits": taken,
            "yield": (count + left_out) / taken,
            "bias_bound": bound,
            **{name: value for name, value in said.items() if name != "method"},
        }
    )
    return 0


def _taken(arguments: argparse.Namespace, source: "SequenceFile") -> int:
    """Return how many raw bits are taken."""
    there = source.bits - arguments.first
    count = there if arguments.count is None else arguments.count
    if not 1 <= count <= there:
        raise InputError(
            f"{source.path}: {count:,} bits from bit {arguments.first:,} on, and there are {source.bits:,} in all: ask "
            "for fewer, with --first and --count"
        )
    return int(count)


class _Written:
    """Conditioned bits on their way to a file."""

    def __init__(self, method: Method, source: "SequenceFile", first: int, count: int, progress: "Progress") -> None:
        self._method, self._source, self._progress = method, source, progress
        self._first, self._count = first, count
        self.bits = self.ones = 0

    def to_recording(self, arguments: argparse.Namespace) -> int:
        """Write a recording with its lineage; no bit is left out."""
        from mtjlab.analysis.extraction import Lineage, file_sha256, write_conditioned
        from mtjlab.data import Recording

        method, source = self._method, self._source
        sources = [source, *method.others]
        # How many blocks there will be is known before the first is written: the recording says so from its first byte.
        expected = 0
        if method.epsilon is not None and method.extractor is not None:
            expected = self._count // method.extractor.block * method.output_block
        lineage = Lineage(
            source=", ".join(each.path.name for each in sources),
            source_sha256=", ".join(file_sha256(each.path) for each in sources),
            source_format=str(source.format),
            first_bit=self._first,
            raw_bits=min([self._count, *(each.bits - self._first for each in method.others)]),
            **method.lineage(expected),
        )
        recorded = Recording(source.path) if source.format == RECORDING else None
        self.bits, self.ones = write_conditioned(
            arguments.output, self._some(), lineage, recorded=recorded, overwrite=arguments.overwrite
        )
        return 0

    def to_file(self, arguments: argparse.Namespace, name: str) -> int:
        """Write a file of bits; return how many fill no word and are left out."""
        from mtjlab.analysis.extraction import pieces
        from mtjlab.core import new_file
        from mtjlab.data import PIECE, WORD_BITS, ExportFormat, bit_header, encode_bits

        format_ = ExportFormat.named(name)
        word, origin = WORD_BITS[format_], f"mtjlab {arguments.file.name} {self._method.word}"
        left = 0
        with new_file(arguments.output, overwrite=arguments.overwrite) as temporary, temporary.open("wb") as stream:
            if bit_header(format_, 0, origin):  # it says how many bits follow: they are extracted twice
                kept = sum(len(part) for part in self._conditioned())
                stream.write(bit_header(format_, kept // word * word, origin))
            for piece in pieces(self._some(), PIECE):
                left = len(piece) % word
                whole = piece[: len(piece) - left]
                stream.write(encode_bits(format_, whole.packed_bytes, len(whole)))
                self.bits += len(whole)
                self.ones += whole.ones()
            if not self.bits:
                raise InputError(
                    f"{arguments.file}: {left} bits are left after the extractor, and {format_} needs {word} or more: "
                    "give more raw bits, or bits less biased"
                )
        return left

    def _some(self) -> "Iterator[Bits]":
        """Give the conditioned bits, and refuse none at all."""
        count = 0
        for part in self._conditioned():
            count += len(part)
            yield part
        if not count:
            raise InputError(
                f"{self._source.path}: 0 bits are left after the extractor: give more raw bits, or bits less biased"
            )

    def _conditioned(self) -> "Iterator[Bits]":
        taken = 0

        def parts() -> "Iterator[Bits]":
            nonlocal taken
            for part in self._source.parts():
                yield part
                taken += len(part)
                self._progress(min(taken, self._first + self._count), self._first + self._count)

        return self._method.conditioned(parts(), self._first, self._count)
