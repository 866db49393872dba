"""How often the 95 % intervals of the procedures hold the true values of the devices they measured.

    python benchmarks/procedure_coverage.py --procedure NAME [--devices 400] [--seed 1] [--first 0] [--rows FILE.csv]

Devices are drawn with the reference device's spread. Each is measured once by a study of `mtjlab.testing`.

Printed for each quantity: covered of how many, the share with its 95 % Wilson interval, the median half width of the
intervals, mean and standard deviation of (found - true)/sigma; and what procedures refused.
"""

import argparse
import csv
import inspect
import math
import time
from pathlib import Path

import numpy as np

from mtjlab.core import Quantity, show_progress
from mtjlab.instruments.simulated import draw_devices, load_device
from mtjlab.testing import STUDIES

Judged = dict[str, tuple[Quantity, float]]
"""Estimate and true value of each quantity."""


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share."""
    z, share = 1.959963984540054, hits / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return middle - half, middle + half


def summary(judged: list[Judged]) -> list[str]:
    """Give a line for each quantity."""
    lines = [
        f"{'quantity':<24} {'covered':>10} {'share':>6}  {'95 % Wilson':>14}  {'half width':>18}  bias, spread (sigma)"
    ]
    for name in judged[0] if judged else ():
        estimates, truths = zip(*(each[name] for each in judged), strict=True)
        pulls = np.array([(e.value - true) / e.uncertainty for e, true in zip(estimates, truths, strict=True)])
        held = [e.interval[0] <= true <= e.interval[1] for e, true in zip(estimates, truths, strict=True)]
        low, high = wilson(sum(held), len(held))
        widths = [(e.interval[1] - e.interval[0]) / 2 for e in estimates]
        width = f"{np.median(widths):.3g} {estimates[0].unit} ({np.median(widths) / abs(np.median(truths)):.1%})"
        lines.append(
            f"{name:<24} {sum(held):4d} of {len(held):3d} {np.mean(held):6.1%}  {low:.1%} to {high:.1%}  {width:>18}  "
            f"{pulls.mean():+.2f} ± {pulls.std() / math.sqrt(pulls.size):.2f}, {pulls.std():.2f}"
        )
    return lines


def main() -> None:
    """Run a study and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--procedure", choices=sorted(STUDIES), required=True)
    parser.add_argument("--devices", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first device")
    parser.add_argument("--rows", type=Path, help="file for one row a device and quantity")
    options = parser.parse_args()
    study, began = STUDIES[options.procedure], time.perf_counter()
    print(f"{options.procedure}: {inspect.getdoc(study)}", flush=True)
    devices = draw_devices(load_device("reference"), options.first + options.devices, options.seed)[options.first :]
    judged: list[Judged] = []
    rows: list[tuple[object, ...]] = [("device", "quantity", "found", "sigma", "true")]
    refused: list[str] = []
    with show_progress() as stage:
        tell = stage(options.procedure)
        for number, device in enumerate(devices, options.first):
            try:
                judged.append(study(device, 100_000 * options.seed + number))
            except (ValueError, RuntimeError) as error:
                refused.append(f"{device.name}: {error}")
            else:
                rows += [(device.name, name, e.value, e.uncertainty, true) for name, (e, true) in judged[-1].items()]
            tell(number + 1 - options.first, len(devices))
            if options.rows:  # as they come: a study that is cut off has its rows
                with options.rows.open("a" if number > options.first else "w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows(rows)
                rows.clear()
    print("\n".join(summary(judged)))
    print(f"{len(devices)} devices, {len(refused)} refused, {time.perf_counter() - began:.0f} s, seed {options.seed}")
    print("\n".join(refused[:10]))


if __name__ == "__main__":
    main()
