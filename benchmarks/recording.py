"""How fast recordings are written and read, side by side with bare h5py, in one run.

    python benchmarks/recording.py [--parts bits blocks open export compression] [--rounds N] [--large BITS]
                                   [--json PATH]

bits    blocks of a million bits, recorded, against bare h5py: the same file settings, chunks and packed bytes, appended
        to one dataset with the same two flushes and one counter.  The recorder is given bits (0 and 1), so it checks,
        packs and counts them, makes their checksum and writes their row of the table of blocks; bare h5py is given the
        bytes.  A second bare run packs the bits too.  The three take turns.
blocks  blocks of 2,500 bits with four columns of rows, gathered and committed every 50 ms as a run does it: the time
        that recording takes for each second of an acquisition at a million bits a second.  And each block in a commit
        of its own.
open    opening a recording of --large bits (a billion) and reading a million of them from its middle, in this
        process; `mtjlab info` on it, as a new process beside one that only starts Python and imports h5py; and the
        largest memory that both take, on this file and on one a thousandth as long.
export  bits and rows a second into each format.
compression
        what gzip (level 4, with HDF5's byte shuffle) would leave of each dataset of a run on the simulated bench.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mtjlab.cli.main import main as info
from mtjlab.data import (
    WORD_BITS,
    Blocks,
    ExportFormat,
    Recording,
    RecordingHead,
    RecordingParameter,
    RecordingWriter,
    export_bits,
    export_table,
)
from mtjlab.instruments import open_bench
from mtjlab.procedures import Block, RandomBitstream
from mtjlab.procedures.running import PendingRecords, run

COLUMNS = ("Time (s)", "P(1)", "Parallel current (A)", "Antiparallel current (A)")


def begin(path: Path, bits: int, columns: bool = False) -> RecordingWriter:
    """Begin a recording as the random bitstream does."""
    units = {"Time": "s", "P(1)": "", "Parallel current": "A", "Antiparallel current": "A"}
    return RecordingWriter.create(
        path,
        RecordingHead(
            procedure="RandomBitstream",
            parameters={"bits": RecordingParameter(bits)},
            columns=units if columns else {},
            bench="",
            simulated=True,
        ),
    )


def spread(values: list[float]) -> str:
    """Say a median with its quartiles."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.4g} ({low:.4g} to {high:.4g})"


def recorded(path: Path, bits: np.ndarray, blocks: int) -> float:
    """Record `blocks` times the same million bits; return seconds."""
    with begin(path, blocks * len(bits)) as writer:
        writer.append(bits)
        start = time.perf_counter()
        for _ in range(blocks):
            writer.append(Blocks(bits, amplitude=1.25, width=1e-8))
        return time.perf_counter() - start


def bare(path: Path, bits: np.ndarray, blocks: int, pack: bool) -> float:
    """Append the same bytes with h5py alone and two flushes a block; return seconds."""
    packed = np.packbits(bits)
    with h5py.File(path, "x", libver=("earliest", "latest"), meta_block_size=2**20, rdcc_nbytes=0) as file:
        dataset = file.create_dataset("packed", (0,), "u1", maxshape=(None,), chunks=(2**20,))
        dataset.attrs["committed"] = np.uint64(0)

        def append(data: np.ndarray) -> None:
            begin = len(dataset)
            dataset.resize((begin + len(data),))
            dataset[begin:] = data
            file.flush()
            dataset.attrs.modify("committed", np.uint64(8 * (begin + len(data))))
            file.flush()

        append(packed)
        start = time.perf_counter()
        for _ in range(blocks):
            append(np.packbits(bits) if pack else packed)
        return time.perf_counter() - start


def bits_part(folder: Path, rounds: int, _: int) -> dict[str, Any]:
    """Blocks of a million bits."""
    bits = np.random.default_rng(1).integers(0, 2, 1_000_000, dtype=np.uint8)
    blocks = 100
    ways: dict[str, Callable[[Path], float]] = {
        "recorded": lambda path: recorded(path, bits, blocks),
        "bare h5py, given bytes": lambda path: bare(path, bits, blocks, pack=False),
        "bare h5py, packing too": lambda path: bare(path, bits, blocks, pack=True),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            path = folder / f"{number}.h5"
            rates[name].append(blocks * len(bits) / way(path))
            path.unlink()
    print(f"Blocks of a million bits, {blocks} a round, {rounds} rounds in turns: median (quartiles)")
    for name, values in rates.items():
        print(f"  {name:<24} {spread([v / 1e6 for v in values])} Mbit/s")
    result: dict[str, Any] = {"rates": rates}
    for name in list(ways)[1:]:
        shares = [a / b for a, b in zip(rates["recorded"], rates[name], strict=True)]
        result[f"share of {name}"] = shares
        print(f"  recorded / {name:<24} {spread(shares)}")
    return result


def blocks_part(folder: Path, rounds: int, _: int) -> dict[str, Any]:
    """Blocks of 2,500 bits at a million bits a second."""
    rng = np.random.default_rng(2)
    each = [rng.integers(0, 2, 2500, dtype=np.uint8) for _ in range(20)]
    row = dict.fromkeys(COLUMNS, 0.5)
    result = {}
    for name, together in (("committed every 50 ms", 20), ("each in its own commit", 1)):
        shares = []
        for number in range(rounds):
            with begin(folder / f"blocks-{together}-{number}.h5", 10**6, columns=True) as writer:
                pending = PendingRecords(COLUMNS)
                start = time.perf_counter()
                for block in range(800):  # two seconds of the acquisition
                    pending.add_block(Block(each[block % 20], each[0].astype(float), start, 1.25, 1e-8, alarms=0))
                    pending.add_row(row)
                    if (block + 1) % together == 0:
                        pending.write(writer)
                shares.append((time.perf_counter() - start) / 2.0)
        result[name] = shares
        print(f"Blocks of 2,500 bits at 1 Mbit/s, {name}: {spread([100 * s for s in shares])} % of the time")
    return result


def long_recording(path: Path, bits: int) -> None:
    """Record so many bits in blocks of a million."""
    block = np.random.default_rng(3).integers(0, 2, 10_000_000, dtype=np.uint8)
    with begin(path, bits) as writer:
        while writer.committed < bits:
            piece = block[: min(len(block), bits - writer.committed)]
            whole, rest = divmod(len(piece), 2500)
            writer.append(Blocks(piece, counts=[2500] * whole + [rest] * bool(rest), amplitude=1.25, width=1e-8))


# The peak since this program began; getrusage would count what its parent had.
MEMORY = "print(int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) / 1024)"
READ = "import sys; from mtjlab.data.recording import Recording; r = Recording(sys.argv[1]); n = r.committed // 2"
PROCESSES = {
    "python and h5py": "import h5py",
    "read a million bits": f"{READ}; r.bits[n : n + 10**6]",
    "mtjlab info": "import sys; from mtjlab.cli.main import main; main(['info', sys.argv[1]])",
}


def in_processes(path: Path, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Do each of `PROCESSES` in new processes, in turns; return seconds and mebibytes."""
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    figures: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in PROCESSES}
    for number in range(-1, rounds):
        for name, code in PROCESSES.items():
            command = [sys.executable, "-c", f"{code}\n{MEMORY}", str(path)]
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=compiled)
            if number >= 0:  # the first compiles modules, as installing does
                figures[name][0].append(time.perf_counter() - start)
                figures[name][1].append(float(done.stdout.split()[-1]))
    return figures


def open_part(folder: Path, rounds: int, large: int) -> dict[str, Any]:
    """Open, read, describe."""
    result: dict[str, Any] = {}
    for bits in (large // 1000, large):
        path = folder / f"{bits}.h5"
        long_recording(path, bits)
        print(f"A recording of {bits:,} bits in {bits // 2500:,} blocks, {path.stat().st_size:,} bytes:")
        times, asked = [], min(10**6, bits // 4)
        for number in range(rounds):
            first = bits // 2 + 7 * number
            start = time.perf_counter()
            piece = Recording(path).bits[first : first + asked]
            times.append(time.perf_counter() - start)
            assert len(piece) == asked
        described = []
        for _ in range(rounds):
            start = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()):
                info(["info", str(path)])
            described.append(time.perf_counter() - start)
        print(f"  mtjlab info, in this process  {spread([1e3 * t for t in described])} ms")
        result[f"{bits}: info in this process"] = described
        print(f"  opened and {asked:,} bits read  {spread([1e3 * t for t in times])} ms")
        result[f"{bits}: read"] = times
        for name, (times, sizes) in in_processes(path, rounds).items():
            print(f"  {name:<24} {spread(times)} s, {statistics.median(sizes):.1f} MiB at most")
            result[f"{bits}: {name}"] = {"seconds": times, "mebibytes": sizes}
        path.unlink()
    return result


def export_part(folder: Path, rounds: int, large: int) -> dict[str, Any]:
    """Write bits and rows for other programs."""
    path, output = folder / "export.h5", folder / "out"
    bits = min(large, 100_000_000)
    long_recording(path, bits)
    result = {}
    for format_ in ExportFormat:
        if format_ is ExportFormat.RECORDING:
            continue
        rates = []
        for _ in range(rounds):
            start = time.perf_counter()
            if format_ in WORD_BITS:
                done = export_bits(Recording(path), output, format_, overwrite=True)
            else:
                done = export_table(Recording(path), output, format_, table="blocks", overwrite=True)
            rates.append(done.count / (time.perf_counter() - start))
        result[str(format_)] = rates
        print(f"Export, {format_:<14} {spread([r / 1e6 for r in rates])} million bits or rows a second")
    return result


def compression_part(folder: Path, rounds: int, _: int) -> dict[str, Any]:
    """Say what compression would save."""
    path = folder / "compression.h5"
    with open_bench("simulated", seed=3) as bench:
        run(RandomBitstream(bits=1_000_000, resistance="every"), bench, path)
    result: dict[str, Any] = {}
    print("Compression: bytes for a million bits, share that gzip leaves, megabytes a second")
    with h5py.File(path) as file:
        names = ["bits/packed", "bits/resistance", "blocks", "log", *(f"data/{name}" for name in file["data"])]
        for name in names:
            rows = np.ascontiguousarray(file[name][:])
            shuffled = rows.view(np.uint8).reshape(len(rows), -1).T.tobytes()
            start = time.perf_counter()
            left = len(zlib.compress(shuffled, 4)) / len(shuffled)
            speed = len(shuffled) / (time.perf_counter() - start) / 1e6
            result[name] = {"bytes": len(shuffled), "left": left}
            print(f"  {name:<26} {len(shuffled):>9,}  {left:.3f}  {speed:.0f}")
    return result


PARTS = {
    "bits": bits_part,
    "blocks": blocks_part,
    "open": open_part,
    "export": export_part,
    "compression": compression_part,
}


def main() -> None:
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--large", type=int, default=10**9)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.parts:
            results[name] = PARTS[name](Path(folder), arguments.rounds, arguments.large)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
