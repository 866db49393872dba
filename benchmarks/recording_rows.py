"""Rows of a three-column procedure into a file: mtjlab's recording beside PyMeasure's Worker with its CSV Results.

    python benchmarks/recording_rows.py [--rows N] [--block N] [--rounds N] [--json PATH]

One procedure emits the same rows (voltage, current, resistance) in blocks, as a dictionary of arrays, and one by one,
as a dictionary of numbers.  Each way runs into PyMeasure's CSV file and into a recording, in turns, from the start of
the worker to the closed file.  Printed are rows a second and the ratio of each round, as median and range; and the CPU
time that mtjlab takes for a row, which depends less on what else the computer does.

PyMeasure's file may lack rows on a busy computer: its rate counts those that are there, and how many are missing is
printed.  A row that mtjlab's lacks ends the benchmark.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import ClassVar

import numpy as np
from pymeasure.experiment import IntegerParameter, Procedure, Results
from pymeasure.experiment.workers import Worker

from mtjlab.data import Recording
from mtjlab.instruments import Bench, open_bench
from mtjlab.procedures.running import worker_for

VOLTAGE, CURRENT, RESISTANCE = "Voltage (V)", "Current (A)", "Resistance (ohm)"


class InBlocks(Procedure):
    """Emit rows in blocks."""

    rows = IntegerParameter("Rows", default=1000)
    block = IntegerParameter("Rows a block", default=1000)
    seed = IntegerParameter("Seed", default=1)
    DATA_COLUMNS: ClassVar[list[str]] = [VOLTAGE, CURRENT, RESISTANCE]

    def execute(self) -> None:
        """Emit a current with noise at a voltage that is swept, and what follows of the two."""
        random = np.random.default_rng(self.seed)
        for first in range(0, self.rows, self.block):
            voltage = np.linspace(0.01, 0.1, min(self.block, self.rows - first))
            current = voltage / 50e3 * (1.0 + 1e-3 * random.standard_normal(len(voltage)))
            self._emit({VOLTAGE: voltage, CURRENT: current, RESISTANCE: voltage / current})
            if self.should_stop():
                return

    def _emit(self, rows: dict[str, np.ndarray]) -> None:
        self.emit("batch results", rows)


class OneByOne(InBlocks):
    """Emit the same rows one by one."""

    def _emit(self, rows: dict[str, np.ndarray]) -> None:
        for values in zip(*(column.tolist() for column in rows.values()), strict=True):
            self.emit("results", dict(zip(rows, values, strict=True)))


def into_csv(procedure: Procedure, folder: Path) -> tuple[float, int]:
    """Run it by PyMeasure; return rows a second, and how many are missing."""
    path = folder / f"{time.monotonic_ns()}.csv"
    worker = Worker(Results(procedure, str(path)), port=None)
    begun = time.perf_counter()
    worker.start()
    worker.join(None)
    seconds = time.perf_counter() - begun
    rows = sum(not line.startswith("#") for line in path.open()) - 1
    path.unlink()
    return rows / seconds, procedure.rows - rows


def into_recording(procedure: Procedure, bench: Bench, folder: Path) -> tuple[float, float]:
    """Run it into a recording; return rows a second, and the CPU time of a row [s]."""
    path = folder / f"{time.monotonic_ns()}.h5"
    worker = worker_for(procedure, bench, path)
    begun, cpu = time.perf_counter(), time.process_time()
    worker.start()
    worker.wait()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    if worker.error is not None:
        raise worker.error
    rows = Recording(path).rows
    assert rows == procedure.rows, f"mtjlab kept {rows} of {procedure.rows} rows"
    path.unlink()
    return rows / seconds, cpu / rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--block", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    told = {}
    with open_bench("simulated") as bench, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, words in ((InBlocks, f"in blocks of {arguments.block:,}"), (OneByOne, "one by one")):
            peer, own, missing, cpu = [], [], [], []
            for seed in range(arguments.rounds):
                procedure = kind(rows=arguments.rows, block=arguments.block, seed=seed)
                rate, lost = into_csv(procedure, folder)
                peer.append(rate)
                missing.append(lost)
                procedure = kind(rows=arguments.rows, block=arguments.block, seed=seed)
                rate, of_a_row = into_recording(procedure, bench, folder)
                own.append(rate)
                cpu.append(1e6 * of_a_row)
            ratios = [ours / theirs for ours, theirs in zip(own, peer, strict=True)]
            print(f"{arguments.rows:,} rows of three columns, {words}, {arguments.rounds} rounds")
            for who, rates in (("PyMeasure, CSV", peer), ("mtjlab", own)):
                print(f"  {who:<16} {statistics.median(rates):>12,.0f} rows/s ({min(rates):,.0f} to {max(rates):,.0f})")
            print(f"  {'ratio':<16} {statistics.median(ratios):>12.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
            print(f"  mtjlab, CPU time {statistics.median(cpu):>11.3f} µs a row ({min(cpu):.3f} to {max(cpu):.3f})")
            if any(missing):
                print(f"  PyMeasure's files lack {' '.join(map(str, missing))} rows")
            told[words] = {"pymeasure": peer, "mtjlab": own, "ratio": ratios, "missing": missing, "cpu_us": cpu}
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
