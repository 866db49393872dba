"""How often the 95 % intervals of the procedures hold the true values of the devices they measured.

    python benchmarks/procedure_coverage.py --procedure NAME [--devices 400] [--seed 1] [--first 0] [--rows FILE.csv]

Devices are drawn with the reference device's spread. Each is measured once by the real procedure on the simulated
device with all its effects, behind the interlock; drivers and sockets are left out (`open_direct_bench`; the readings
are the same numbers). Retention has a bench of its own, without noise in the readings and without interlock. What is
true is worked out from the device's parameters, its rates and its electrical model, never from data: each study says
how.

Printed for each quantity: covered of how many, the share with its 95 % Wilson interval, the median half width of the
intervals, mean and standard deviation of (found - true)/sigma; and what procedures refused.
"""

import argparse
import csv
import inspect
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from two_state_bench import TwoStateBench

from mtjlab.analysis.junction import Estimate
from mtjlab.core import TomlDocument
from mtjlab.instruments import Bench, BenchFile
from mtjlab.instruments.simulated import Device, Effects, FreeLayer, Rates, draw_devices, load_device, open_direct_bench
from mtjlab.procedures import (
    Event,
    FitTask,
    ResistanceAgainstField,
    ResistanceAgainstVoltage,
    ResultEvent,
    Retention,
    RowEvent,
    RowsEvent,
    SwitchingProbability,
    TableProcedure,
)
from mtjlab.procedures.running import show_progress

Judged = dict[str, tuple[Estimate, float]]
"""Estimate and true value of each quantity."""
Study = Callable[[Device, int], Judged]
"""Measures a device with a seed."""


def complete(procedure: TableProcedure, bench: Bench | TwoStateBench) -> dict[str, Estimate]:
    """Run a procedure in this thread, without a recording, and give what it fitted."""
    fitted: dict[str, tuple[float, float, str]] = {}
    rows: list[NDArray[np.float64]] = []

    def take(event: Event) -> None:
        if isinstance(event, ResultEvent):
            fitted.update(event.results)
        elif isinstance(event, (RowEvent, RowsEvent)):
            record = event.row if isinstance(event, RowEvent) else event.columns
            rows.append(
                np.stack([np.atleast_1d(np.asarray(record[n], float)) for n in procedure.DATA_COLUMNS], axis=-1)
            )

    procedure.bench, procedure.report, procedure.should_stop = bench, take, lambda: False  # type: ignore
    try:
        procedure.startup()
        procedure.execute()
    finally:
        procedure.shutdown()
    file = bench.file if isinstance(bench, Bench) else BenchFile.load("simulated-loops")
    procedure.fit_rows(FitTask(np.concatenate(rows), file, report=take))
    return {name: Estimate(*values) for name, values in fitted.items()}


def retention(device: Device, seed: int) -> Judged:
    """Δ = Keff·Vol/kT and Bk = 2Keff/Ms of the drawn device, at no bias and no field.

    The coil cancels the in-plane field of the mean device; what a device differs from it stays, and so does the read
    bias. On `TwoStateBench`: dwells are drawn from the device's own rates, and readings have no noise.
    """
    found = complete(Retention(in_plane_field=-25.5e-3), TwoStateBench(device, seed))
    return {
        "thermal stability": (found["thermal stability"], device.thermal_stability),
        "anisotropy field": (found["anisotropy field"], device.anisotropy_field(0.0)),
        "offset field": (found["offset field"], device.stray_field),
    }


def resistance_against_voltage(device: Device, seed: int) -> Judged:
    """TMR and Vh of the device; its leads, Δ, Hx/Bk and the bias that cancels the anisotropy are taken as known.

    The procedure takes the tilt of the layer, of which these are the parameters, and the leads out of what it reads.
    """
    anisotropy, less = device.anisotropy_field(0.0), device.anisotropy_field(0.1)
    sweep = ResistanceAgainstVoltage(
        largest=0.1,
        leads=device.line.lead_resistance if device.contacts.wires == 2 else 0.0,
        stability=device.thermal_stability,
        tilting=device.in_plane_field / anisotropy,
        cancelling=0.1 * anisotropy / (anisotropy - less),
        stability_error=0.0,
        tilting_error=0.0,
        cancelling_error=0.0,
        leads_error=0.0,
    )
    with open_direct_bench("simulated", device, seed=seed) as bench:
        found = complete(sweep, bench)
    return {"TMR": (found["TMR"], device.tmr), "Vh": (found["Vh"], device.tmr_bias)}


def untold_tilt(device: Device, seed: int) -> Judged:
    """TMR, Vh and Rp of the device by `resistance-against-voltage` with its defaults: tilt and leads are not known."""
    with open_direct_bench("simulated", device, seed=seed) as bench:
        found = complete(ResistanceAgainstVoltage(largest=0.1), bench)
    return {
        "TMR": (found["TMR"], device.tmr),
        "Vh": (found["Vh"], device.tmr_bias),
        "Rp": (found["Rp"], device.resistance_parallel),
    }


def loop_resistances(device: Device, seed: int) -> Judged:
    """TMR at the read bias, Rp and RA of the device by loops with the defaults: tilt and leads are not known."""
    sweep = ResistanceAgainstField(diameter=device.diameter)
    with open_direct_bench("simulated-loops", device, seed=seed) as bench:
        found = complete(sweep, bench)
    ratio = 1 + (sweep.bias / device.tmr_bias) ** 2
    return {
        "TMR": (found["TMR"], device.tmr / ratio),
        "Rp": (found["Rp"], device.resistance_parallel),
        "RA": (found["RA"], device.resistance_area),
    }


def switching_probability(device: Device, seed: int) -> Judged:
    """ξ and Hx of the device; its Keff, Ms, tf, tox and leads are taken as known, the fit begins at the mean device.

    Pulses of 1.5 to 2.5 ns with edges of 1 ns; the device is a macrospin with all effects.
    """
    mapping = SwitchingProbability(
        pulses=15_000, lowest=1.0, highest=1.55, shortest=1.5e-9, longest=2.5e-9,
        magnetisation=device.saturation_magnetisation, thickness=device.thickness, barrier=device.barrier_thickness,
        anisotropy_energy=device.anisotropy_energy,
    )  # fmt: skip
    shipped = BenchFile.load("simulated")
    leads = device.line.lead_resistance if device.contacts.wires == 2 else 0.0
    text = shipped.text.replace('model = "tabulated"', 'model = "macrospin"')
    text = text.replace("[wiring]", f"[wiring]\nlead_resistance = {leads}")
    with open_direct_bench(BenchFile.parse(TomlDocument("macrospin", text)), device, seed=seed) as bench:
        found = complete(mapping, bench)
    if "VCMA coefficient" not in found:
        raise ValueError("the precession was not fitted")
    return {
        "xi": (found["VCMA coefficient"], device.vcma_coefficient),
        "field in the plane": (found["field in the plane"], device.in_plane_field),
        "torque": (found["field of the current's torque"], FreeLayer(device, Effects.full()).torque_per_volt(300.0)),
        "field along the normal": (found["field along the normal"], device.stray_field),
    }


def in_plane_field(device: Device, seed: int) -> Judged:
    """Hx of the drawn device, from its tilting in fields of -60 to 15 mT of the coil in the plane."""
    tilting = ResistanceAgainstField(
        direction="in-plane", lowest=-60e-3, highest=15e-3, points=21, loops=10, readings=4, integration=1.0
    )
    with open_direct_bench("simulated-loops", device, seed=seed) as bench:
        found = complete(tilting, bench)
    return {"in-plane field": (found["in-plane field"], device.in_plane_field)}


def coercivity(device: Device, seed: int) -> Judged:
    """Mean of the coil's field when the state is left, by the device's rates along the sweep, half up minus down.

    Fields, waits and the bias are those of the procedure: a step of 2 mT, of which the coil takes 2 ms at the old
    field, the reading 3 ms at the new one.
    """
    sweep = ResistanceAgainstField()
    with open_direct_bench("simulated-loops", device, seed=seed) as bench:
        found = complete(sweep, bench)
    fields = np.linspace(sweep.lowest, sweep.highest, sweep.points)
    leaving = np.array(
        [Rates(device.in_surroundings(perpendicular_field=float(field))).leaving(sweep.bias) for field in fields]
    )
    up, down = _mean_switching(fields, leaving[:, 1]), _mean_switching(fields[::-1], leaving[::-1, 0])
    return {
        "coercive field": (found["coercive field"], (up - down) / 2),
        "offset field": (found["offset field"], (up + down) / 2),
    }


def _mean_switching(fields: NDArray[np.float64], rates: NDArray[np.float64]) -> float:
    """Give the mean of the field at which a state is left in a sweep: 5 ms at each field [T], at its rate [1/s]."""
    survives = np.concatenate(([1.0], np.exp(-np.cumsum(rates) * 5e-3)))
    return float(fields @ -np.diff(survives) / (1 - survives[-1]))


STUDIES: dict[str, Study] = {
    "coercivity": coercivity,
    "in-plane-field": in_plane_field,
    "loop-resistances": loop_resistances,
    "resistance-against-voltage": resistance_against_voltage,
    "retention": retention,
    "switching-probability": switching_probability,
    "untold-tilt": untold_tilt,
}


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
