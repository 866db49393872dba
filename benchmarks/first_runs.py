"""Every procedure with its defaults on every shipped bench: what it says that it takes, what it takes, how it ends.

    python benchmarks/first_runs.py [--bench NAME] [--procedure NAME] [--seed 1]

Each is run as a newcomer runs it: in a process of its own, through drivers and sockets into a recording, its fit
included. Printed are the estimate before the run, the duration by the clock and in time of the processors, the
estimate over the latter, and the outcome: results found, or the refusal. On a busy machine the clock tells the work of
others, too; the processors do not.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mtjlab.core import MtjlabError
from mtjlab.data import Recording
from mtjlab.instruments import open_bench, shipped_benches
from mtjlab.procedures import find_procedure, procedure_names, procedure_on
from mtjlab.procedures.running import run


def first_run(name: str, bench_name: str, seed: int, folder: Path, began: float) -> str:
    """Run a procedure with its defaults on a bench; give a line of the table."""
    kind, path = find_procedure(name), folder / f"{name}.h5"
    estimate, outcome = float("nan"), ""
    try:
        with open_bench(bench_name, seed=seed) as bench:
            procedure = procedure_on(kind, bench.file)
            procedure.bench = bench
            estimate = procedure.estimated_duration
            run(procedure, bench, path)
    except MtjlabError as error:
        outcome = f"{type(error).__name__}: {error}"
    lasted, spent = time.time() - began, time.process_time()
    if not outcome:
        recording = Recording(path)
        warnings = recording.log()["level"].eq("warning").sum()
        found = f"{len(recording.results)} results" if recording.results else f"{recording.committed:,} bits"
        outcome = f"{recording.status}, {found}, {warnings} warnings"
    path.unlink(missing_ok=True)
    return f"{bench_name:16} {name:27} {estimate:8.3g} {lasted:8.3g} {spent:8.3g} {estimate / spent:6.2f}  {outcome}"


def main() -> None:
    """Run them all, or those that are named, each in a process of its own as the command does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", choices=sorted(shipped_benches()))
    parser.add_argument("--procedure", choices=procedure_names())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--began", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.began is not None:
        logging.getLogger("mtjlab").setLevel(logging.ERROR)
        with tempfile.TemporaryDirectory() as folder:
            print(first_run(arguments.procedure, arguments.bench, arguments.seed, Path(folder), arguments.began))
        return
    print(f"{'bench':16} {'procedure':27} {'estimate':>8} {'clock':>8} {'CPU':>8} {'ratio':>6}  outcome  (times in s)")
    for bench in [arguments.bench] if arguments.bench else sorted(shipped_benches()):
        for name in [arguments.procedure] if arguments.procedure else procedure_names():
            command = [sys.executable, __file__, "--bench", bench, "--procedure", name, "--seed", str(arguments.seed)]
            subprocess.run([*command, "--began", str(time.time())], check=True)


if __name__ == "__main__":
    main()
