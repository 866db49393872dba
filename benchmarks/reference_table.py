"""P(switch) of the reference device against width, beside the table by which the device was chosen, and beside cmtj.

    python benchmarks/reference_table.py [--shots N] [--peer-shots N]

1.5 V, 25.5 mT, edges of 50 ps, thermal field alone. The table came from an independent simulation and has two digits.
Columns: the table; this macrospin at the width as named; cmtj (Heun, if installed) at the same width; this macrospin
with pulses longer by 4 ps. Below: chi-square a width of the last three, against the table and against each other.
"""

import argparse
import importlib.util

import numpy as np
from cmtj_peer import cmtj_states

from mtjlab.instruments.simulated import Device, Macrospin, Pulse

TABLE = {
    0.2: 0.12, 0.3: 0.50, 0.35: 0.50, 0.45: 0.74, 0.5: 0.96, 0.6: 1.0, 0.7: 1.0, 0.8: 1.0, 0.9: 0.83, 1.0: 0.51,
    1.2: 0.04, 1.3: 0.0, 1.4: 0.0, 1.7: 0.51, 2.0: 1.0, 2.8: 0.0,
}  # fmt: skip
TABLE_SHOTS = 2_500  # not stated; what two digits are worth
EXTRA = 4e-12
SETTLE = 5e-9


def chi_square(first: np.ndarray, second: np.ndarray, shots: tuple[int, int]) -> float:
    """Give the mean squared difference over its variance; a probability is known to half a digit at best."""
    middle = (first + second) / 2
    variance = np.maximum(middle * (1 - middle), 1e-3) * (1 / shots[0] + 1 / shots[1]) + 0.005**2 / 3
    return float(np.mean((first - second) ** 2 / variance))


def main() -> None:
    """Count and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=int, default=50_000, help="pulses a width (50000)")
    parser.add_argument("--peer-shots", type=int, default=2_500, help="pulses a width for cmtj (2500)")
    given = parser.parse_args()
    macrospin, peer = Macrospin(Device()), importlib.util.find_spec("cmtj") is not None
    before, start = np.zeros(given.shots, np.uint8), macrospin.draw(np.zeros(given.peer_shots, np.uint8), seed=1)
    print("width [ns]   table   macrospin   cmtj     4 ps longer")
    rows = []
    for number, (width, known) in enumerate(TABLE.items()):
        pulse = Pulse(1.5, width * 1e-9, 50e-12, 50e-12)
        ours = macrospin.switch(pulse, before, settle=SETTLE, seed=number).mean()
        theirs = np.nan
        if peer:
            theirs = cmtj_states(Device(), pulse, start, seed=number, dt=2e-12, settle=SETTLE).mean()
        longer = Pulse(1.5, width * 1e-9 + EXTRA, 50e-12, 50e-12)
        moved = macrospin.switch(longer, before, settle=SETTLE, seed=number).mean()
        rows.append((known, ours, theirs, moved))
        print(f"{width:10.2f} {known:7.2f} {ours:11.3f} {theirs:8.3f} {moved:12.3f}", flush=True)
    table, ours, theirs, moved = np.array(rows).T
    print(f"chi-square a width: macrospin against table {chi_square(ours, table, (given.shots, TABLE_SHOTS)):.1f}")
    print(f"  4 ps longer against table {chi_square(moved, table, (given.shots, TABLE_SHOTS)):.1f}")
    if peer:
        print(f"  macrospin against cmtj {chi_square(ours, theirs, (given.shots, given.peer_shots)):.1f}")
        print(f"  cmtj against table {chi_square(theirs, table, (given.peer_shots, TABLE_SHOTS)):.1f}")


if __name__ == "__main__":
    main()
