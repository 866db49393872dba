"""What holds P(switch) at one half: ten million bits under drift and temperature steps, steered and not.

    python benchmarks/steering.py [--bits N] [--drift D] [--seed N] [--modes none,output,sacrificial]

The device is the reference with a barrier of 5 kΩ·µm², so that the torque leaves P the same from both states, all
effects on. Its P drifts by `--drift` every million bits, and its temperature steps by 5 K up or down every million
pulses. The pulse (1.158 V, 5.35 ns, and the read bias adds 0.05 V) is where P follows the width and the temperature
little. The table of the device is counted beforehand with 65,536 pulses a point, so that no step between its points
is one of statistics. Bits come through drivers and sockets as in any run; the true P of every pulse is what the
simulated device used.

Printed for each mode: the largest mean of |2P - 1| over a million pulses, the largest |P - 1/2| of any pulse (from
either state), the bound that the recording reports, and what was measured beside. Then the two steered streams are
taken together: the mean of (2P - 1)(2Q - 1) is the true bias of their exclusive-or.
"""

import argparse
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.cli.main import main as mtjlab
from mtjlab.core import Quantity
from mtjlab.instruments import Bench, open_bench
from mtjlab.instruments.simulated import Drift, SlowDrift
from mtjlab.procedures import RandomBitstream
from mtjlab.procedures.running import run

MILLION = 1_000_000
STEP = 5.0  # K
POINT = {"amplitude": 1.158, "width": 5.35e-9, "actuator": "width", "span": 1.2e-9, "slope": -7e7}
DEVICE = 'resistance_area = 5e-9\n[torque]\ntowards = "P"\n'
SHARE = 0.5
"""Part of the pulses that are sacrificed in that mode."""


class SteppedDrift(SlowDrift):
    """A steady drift of P, and a temperature that goes 5 K up and down by turns."""

    def advance(self, count: int) -> None:
        """Let pulses pass."""
        super().advance(count)
        self.temperature = STEP * (self.pulses // MILLION % 2)


class Outcome(NamedTuple):
    """What one run gave."""

    probabilities: NDArray[np.float64]
    """True P(switch) of each pulse from P and from AP, shape (pulses, 2)."""
    ones: int
    """Ones among the bits."""
    results: Mapping[str, Quantity]
    """Results in the recording."""

    @property
    def deviations(self) -> NDArray[np.float64]:
        """True 2P - 1 of each pulse, mean of both states."""
        return self.probabilities.sum(axis=1) - 1


def open_drifting(folder: Path, drift: float, seed: int) -> Bench:
    """Open a bench whose device drifts by so much a pulse."""
    with open_bench("simulated") as bench:
        text = bench.file.text
    (folder / "device.toml").write_text(DEVICE)
    # Cells of the table that nobody has used before are counted while the source-meter is waited for.
    text = text.replace('driver = "keithley2400"', 'driver = "keithley2400"\ntimeout = 600')
    (folder / "bench.toml").write_text(text.replace('device = "reference"', 'device = "device.toml"'))
    bench = open_bench(folder / "bench.toml", seed=seed)
    bench.stand_in.wiring.junction.drift = SteppedDrift(
        Drift(probability_rate=drift, resistance_wander=0.0, interval=4096), np.random.default_rng(seed)
    )
    return bench


def count_table(folder: Path) -> None:
    """Count the table around the point at both temperatures, unless the cache has it."""
    (folder / "device.toml").write_text(DEVICE)
    command = ["simulate", "table", "--device", str(folder / "device.toml")]
    region = ["--amplitudes", "1.205", "1.215", "--widths", "4.5e-9", "5.7e-9", "--shots", "65536", "--seed", "5"]
    for temperature in (300.0, 300.0 + STEP):
        mtjlab([*command, *region, "--temperature", str(temperature)])


def acquire(mode: str, bits: int, drift: float, seed: int) -> Outcome:
    """Acquire so many bits, P drifting by so much in a million of them."""
    per_bit = 1 / (1 - SHARE) if mode == "sacrificial" else 1.0
    constant = 200_000 if mode == "sacrificial" else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_drifting(folder, drift / MILLION / per_bit, seed) as bench:
            procedure = RandomBitstream(
                bits=bits,
                feedback=mode,
                constant=constant,
                share=SHARE,
                drift=abs(drift) / MILLION,
                step=0.012,
                **POINT,
            )
            recording = run(procedure, bench, folder / "a.h5")
            log = bench.stand_in.wiring.junction.log
            pulses = int(bits * per_bit)
            probabilities = log.at(np.arange(log.pulses - pulses, log.pulses))
            return Outcome(probabilities, int(recording.blocks()["ones"].sum()), recording.results)


def show(mode: str, bits: int, outcome: Outcome, taken: float) -> None:
    """Print what a run gave."""
    deviations, results = outcome.deviations, outcome.results
    whole = deviations[: deviations.size // MILLION * MILLION].reshape(-1, MILLION).mean(axis=1)
    measured = f"{2 * outcome.ones / bits - 1:+.5f} ± {bits**-0.5:.5f}"
    print(f"{mode}: {bits:,} bits in {taken:.0f} s, measured 2P - 1 = {measured}")
    print(f"  mean true 2P - 1: {deviations.mean():+.2e}; largest of a million pulses: {np.abs(whole).max():.2e}")
    largest = np.abs(outcome.probabilities - 0.5).max(axis=1)
    print(
        f"  largest |P - 1/2| of a pulse: {np.abs(deviations).max() / 2:.4f}, "
        f"from either state {largest.max():.4f}; above .01 in {(largest > 0.01).mean():.2%} of the pulses"
    )
    for key in ("bound of the deviation", "least min-entropy", "spread of the ones over a loop constant"):
        if key in results:
            print(f"  {key}: {results[key].value:.4g}")


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=10 * MILLION, help="bits of each stream (default: ten million)")
    parser.add_argument("--drift", type=float, default=-0.003, help="drift of P a million bits (default: -0.003)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modes", default="none,output,sacrificial")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        count_table(Path(name))
    steered = []
    for index, mode in enumerate(arguments.modes.split(",")):
        began = time.monotonic()
        outcome = acquire(mode, arguments.bits, arguments.drift, arguments.seed + index)
        show(mode, arguments.bits, outcome, time.monotonic() - began)
        if mode != "none":
            steered.append(outcome.deviations[-arguments.bits :])
    if len(steered) == 2:
        print(f"exclusive-or of the steered streams: mean true 2P - 1 = {(steered[0] * steered[1]).mean():+.2e}")


if __name__ == "__main__":
    main()
