"""The tabulated junction: bits a second with the state recursion, and its table held to the macrospin.

    python benchmarks/tabulated.py [--bits N] [--rounds N]
    python benchmarks/tabulated.py --map [--points N] [--shots N] [--seed N] [--region V V S S] [--effects E] [--edge S]

Without `--map` it times, on one core: the chain of states alone, and trains of the junction with everything on (drift,
rests, wear, the log), as the simulated bench calls them.  Figures are medians of the rounds with their range, in CPU
time of the one thread that works.

With `--map` it holds table against macrospin at points off the lattice, drawn over the pulse map: |ΔP| against .01 plus
4 standard errors, for P(switch) from both states; the table counts what it has not got, so that a map takes a while.
At every tenth point also the lag-1 correlation of a chain of both (.02, as it is the sum of two probabilities, plus
4 standard errors) and the resistances at the look (Kolmogorov-Smirnov, at a family-wise level of 1 %).  Exit code 1 if
anything is outside.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.stats import ks_2samp

from mtjlab.instruments.simulated import (
    Effects,
    HoldInterval,
    Macrospin,
    MacrospinJunction,
    Pulse,
    Readout,
    StateChain,
    SwitchingTable,
    TabulatedJunction,
    load_device,
)

PULSE = Pulse(1.25, 10e-9, 1e-9, 1e-9)
VOLTAGE = 0.05
LEVEL = 0.01


def speed(bits: int, rounds: int) -> None:
    """Time the chain and the junction."""
    chain, buffer = StateChain(1), np.empty(bits, np.uint8)
    junction = TabulatedJunction(load_device("reference"), seed=1)
    calm = TabulatedJunction(load_device("reference"), seed=1, effects=Effects.full().without("drift"))
    hold = HoldInterval(200e-6, VOLTAGE)
    ways: dict[str, Callable[[], object]] = {
        "chain alone, P .490/.505": lambda: chain.walk_into(buffer, 0, 0.49, 0.505),
        "chain alone, P .45/.34": lambda: chain.walk_into(buffer, 0, 0.45, 0.34),
        "junction, all effects but drift": lambda: calm.pulse_train(PULSE, bits, hold),
        "junction, all effects": lambda: junction.pulse_train(PULSE, bits, hold),
    }
    for name, way in ways.items():
        way()
        found = []
        for _ in range(rounds):
            began = time.thread_time()
            way()
            found.append(bits / (time.thread_time() - began) / 1e6)
        print(f"{name:34} {statistics.median(found):6.0f} M bits/s ({min(found):.0f} to {max(found):.0f})")


def hold_to_macrospin(options: argparse.Namespace) -> bool:
    """Compare at random points; say whether all is within."""
    device, effects = load_device("reference"), Effects.parse(options.effects)
    table, rng = SwitchingTable(device, effects), np.random.default_rng(options.seed)
    macrospin = Macrospin(device, effects=effects)
    low, high, short, long = options.region
    before = np.arange(2 * options.shots, dtype=np.uint8) % 2
    ratios, differences, correlations, p_values = [], [], [], []
    for number in range(options.points):
        # Widths evenly in their logarithm: the short ones have the finest structure.
        width = float(np.exp(rng.uniform(np.log(short), np.log(long))))
        pulse = table.as_made(Pulse(float(rng.uniform(low, high)), width, options.edge, options.edge))
        told = table.switching(pulse)
        m = macrospin.pulsed(pulse, before, seed=number)
        after = (m[:, 2] < 0).astype(np.uint8)
        for state in (0, 1):
            counted = float((after[before == state] != state).mean())
            error = np.hypot(np.sqrt(counted * (1 - counted) / options.shots), told.error[state])
            differences.append(told.probability[state] - counted)
            ratios.append(abs(differences[-1]) / (0.01 + 4 * error))
            if ratios[-1] > 1:
                print(f"outside: {pulse}, from {state}: table {told.probability[state]:.4f}, counted {counted:.4f}")
        if number % 10 == 0:
            correlations.append(_correlation(device, effects, table, pulse, options.shots))
            p_values += _resistances(device, table, pulse, before, m)
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {options.points}", end="", file=sys.stderr)
    off = np.array(differences)
    print(
        f"\n{options.points} points off the lattice, {low} to {high} V, {short:g} to {long:g} s, "
        f"edges {options.edge:g} s, effects {effects.dynamic}; {options.shots} shots a state, seed {options.seed}"
    )
    outside = np.mean(np.array(ratios) > 1)
    print(f"|dP| / (.01 + 4 standard errors): largest {max(ratios):.2f}, {outside:.1%} outside")
    print(f"dP: mean {off.mean():+.4f}, root mean square {off.std():.4f}, largest {np.abs(off).max():.4f}")
    print(f"lag-1 correlation, |d| / (.02 + 4 standard errors): largest {max(correlations):.2f} of {len(correlations)}")
    allowed = LEVEL / len(p_values)
    print(f"resistances: {len(p_values)} two-sample tests, smallest p {min(p_values):.2g}, allowed {allowed:.2g}")
    return max(ratios + correlations) <= 1 and min(p_values) > allowed


def _correlation(device, effects, table, pulse, shots):  # type: ignore[no-untyped-def]
    """Compare 1 - P_ud - P_du of a chain of each junction; each P may be off by .01, and by its own statistics."""
    found, variance = [], 0.0
    for junction in (TabulatedJunction(device, table, 1, effects), MacrospinJunction(device, 2, effects)):
        states = junction.pulse_train(pulse, shots)
        before, after = states[:-1], states[1:]
        left = [(after[before == state] != state) for state in (0, 1)]
        # One success and one failure more, so that a chain that never does something has an error as well.
        shares = [(each.sum() + 1) / (each.size + 2) for each in left]
        found.append(1 - sum(shares))
        variance += sum(p * (1 - p) / (each.size + 2) for p, each in zip(shares, left, strict=True))
    variance += sum(error**2 for error in table.switching(pulse).error)
    return abs(found[0] - found[1]) / (0.02 + 4 * np.sqrt(variance))


def _resistances(device, table, pulse, before, m):  # type: ignore[no-untyped-def]
    resistance = Readout(device).resistance(np.arccos(np.clip(m[:, 2].astype(float), -1, 1)), VOLTAGE)
    p_values = []
    for first in (0, 1):
        for second in (0, 1):
            found = resistance[(before == first) & ((m[:, 2] < 0) == second)]
            if found.size >= 200:
                asked = np.full(found.size, second)
                drawn = table.resistances(pulse, first, asked, VOLTAGE, np.random.default_rng(found.size))
                p_values.append(ks_2samp(found, drawn).pvalue)
    return p_values


def main() -> int:
    """Time, or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bits", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--map", action="store_true", help="hold the table to the macrospin")
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--shots", type=int, default=8192)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--region", type=float, nargs=4, default=(1.0, 1.8, 1.5e-9, 15e-9), metavar=("V", "V", "S", "S")
    )
    parser.add_argument("--effects", default="full")
    parser.add_argument("--edge", type=float, default=1e-9)
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    if options.map:
        return 0 if hold_to_macrospin(options) else 1
    speed(options.bits, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
