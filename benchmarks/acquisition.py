"""Block acquisition by trigger link against the per-bit loop, over the same drivers and sockets, in one run.

    python benchmarks/acquisition.py [--bits N] [--rounds N]

Both ways use the simulated bench with the tabulated device.  The per-bit way is what a script without triggers
does for every bit: tell the generator to send a pulse, ask the source-meter for a reading, compare it with the
threshold.  The block way is one run of the source-meter's trigger model for 2,500 bits.  They take turns, and
the figures are the medians of the rounds with their range.
"""

import argparse
import statistics
import time

import numpy as np

from mtjlab.analysis.readout import StateLevels
from mtjlab.instruments import Bench, open_bench

BLOCK = 2500


def prepare(bench: Bench) -> None:
    """Set the operating point and switch the outputs on."""
    bench.pulse_generator.set_pulse(1.25, 10e-9)
    bench.source_meter.set_bias(0.05, 1e-5)
    bench.source_meter.set_integration(0.01)
    bench.source_meter.switch_on()
    bench.pulse_generator.switch_on()


def per_bit(bench: Bench, bits: int) -> np.ndarray:
    """Acquire bit by bit: pulse, read."""
    bench.pulse_generator.arm_manual()
    currents = np.empty(bits)
    for index in range(bits):
        bench.pulse_generator.trigger()
        currents[index] = bench.source_meter.read().current
    return currents


def in_blocks(bench: Bench, bits: int) -> np.ndarray:
    """Acquire in blocks that the instruments take by themselves."""
    bench.pulse_generator.arm_external()
    bench.source_meter.prepare_block(BLOCK, settle=1e-6)
    parts = []
    for _ in range(bits // BLOCK):
        bench.source_meter.start_block()
        parts.append(bench.source_meter.fetch_block())
    return np.concatenate(parts)


def rate(acquire, bench: Bench, bits: int) -> float:  # type: ignore[no-untyped-def]
    """Time one way and make sure that it really brought random bits."""
    began = time.perf_counter()
    currents = acquire(bench, bits)
    seconds = time.perf_counter() - began
    ones = StateLevels.fit(currents).states(currents).mean()
    assert 0.4 < ones < 0.6, f"P(AP) = {ones}: not at the operating point"
    return bits / seconds


def main() -> None:
    """Print both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=2000, help="bits a round of the per-bit loop (default: 2000)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds (default: 7)")
    arguments = parser.parse_args()
    with open_bench("simulated", seed=1) as bench:
        prepare(bench)
        in_blocks(bench, BLOCK)
        per_bit(bench, 100)
        slow, fast = [], []
        for _ in range(arguments.rounds):
            slow.append(rate(per_bit, bench, arguments.bits))
            fast.append(rate(in_blocks, bench, 100 * BLOCK))
    ratios = [block / bit for block, bit in zip(fast, slow, strict=True)]
    for name, values, unit in (("per bit", slow, "bits/s"), ("blocks", fast, "bits/s"), ("ratio", ratios, "")):
        print(f"{name:8} {statistics.median(values):12,.0f} {unit}  ({min(values):,.0f} to {max(values):,.0f})")


if __name__ == "__main__":
    main()
