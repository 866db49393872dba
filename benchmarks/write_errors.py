"""Write error rates down to 1e-6: what `write-error-rate` decides, beside what the device does.

    python benchmarks/write_errors.py [--pulses N] [--shots N] [--required R] [--seed N]

The reference device as a macrospin, all effects on, on a simulated bench with the Picosecond 10,070A (65 ps edges; its
step of .75 V stands as 1.5 V across the device, and the read bias adds .05 V), at widths around the half turn.  The
procedure runs through drivers and sockets with `--required` as the required rate, until that is decided or `--pulses`
are spent.  Then the truth is counted in `--shots` shots of their own, half from either state, of the very pulse that
acted on the very device, warm as the train has made it: toggling visits both states alike.

Printed for each width: errors and exact 95 % interval of the truth, those of the procedure, what it decided, and
whether the two counts are of one rate (Fisher's exact test).
"""

import argparse
import tempfile
import time
from pathlib import Path
from unittest import mock

import numpy as np
from scipy.stats import fisher_exact

from mtjlab.analysis.junction import WriteErrors
from mtjlab.instruments import open_bench
from mtjlab.instruments.simulated import Macrospin, Pulse
from mtjlab.procedures import WriteErrorRate
from mtjlab.procedures.running import run

AMPLITUDE, BIAS = 0.75, 0.05  # V
WIDTHS = (0.65e-9, 0.7e-9, 0.75e-9, 0.8e-9)
BATCH = 1_000_000


def truth(macrospin: Macrospin, pulse: Pulse, shots: int, seed: int) -> WriteErrors:
    """Count the pulses that do not switch, half of them from either state."""
    macrospin = Macrospin(macrospin.device, effects=macrospin.effects, threads=2)
    errors = 0
    for batch in range(0, shots, BATCH):
        states = (np.arange(min(BATCH, shots - batch)) % 2).astype(np.uint8)
        errors += int((macrospin.switch(pulse, states, seed=seed + batch) == states).sum())
    return WriteErrors(errors, shots)


def measured(
    width: float, arguments: argparse.Namespace, folder: Path
) -> tuple[WriteErrorRate, tuple[Macrospin, Pulse]]:
    """Run the procedure; give it, with what it counted and decided, and the pulse that acted."""
    procedure = WriteErrorRate(
        required=arguments.required, pulses=arguments.pulses, amplitude=AMPLITUDE, width=width, bias=BIAS
    )
    switch = Macrospin.switch
    with (
        open_bench("simulated-fast", seed=arguments.seed) as bench,
        mock.patch.object(Macrospin, "switch", autospec=True, side_effect=switch) as switched,
    ):
        run(procedure, bench, folder / f"{width * 1e12:.0f} ps.h5")
        return procedure, switched.call_args.args[:2]


def line(counted: WriteErrors) -> str:
    """Write a count and its interval."""
    low, high = counted.interval()
    return f"{counted.errors} in {counted.writes:,} ({low:.2g} to {high:.2g})"


def main() -> None:
    """Count, run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pulses", type=int, default=20_000_000)
    parser.add_argument("--shots", type=int, default=20_000_000)
    parser.add_argument("--required", type=float, default=1e-6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| width [ns] | truth | procedure | decided | p of one rate | minutes |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for width in WIDTHS:
            began = time.monotonic()
            procedure, acted = measured(width, arguments, folder)
            true = truth(*acted, arguments.shots, 1000 + arguments.seed)
            found = procedure.counted
            table = [[each.errors, each.writes - each.errors] for each in (true, found)]
            words = f"{procedure.decision.value} {arguments.required:g}"
            minutes = (time.monotonic() - began) / 60
            print(
                f"| {width * 1e9:.2f} | {line(true)} | {line(found)} | {words} | {fisher_exact(table)[1]:.2f} "
                f"| {minutes:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
