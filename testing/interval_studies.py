"""Studies of intervals: a procedure measures a drawn device, and what is true comes from the device's own parameters.

Each study runs the real procedure on the simulated device with all its effects, behind the interlock; drivers and
sockets are left out (`open_direct_bench`; the readings are the same numbers). Retention has a bench of its own, without
noise in the readings and without interlock. What is true is worked out from the device's parameters, its rates and its
electrical model, never from data: each study says how. `benchmarks/procedure_coverage.py` runs them for many devices.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import FitError, Quantity
from mtjlab.instruments import Bench, BenchFile
from mtjlab.instruments.simulated import Device, Effects, FreeLayer, Rates, open_direct_bench
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
from mtjlab.testing.bench_texts import bench_from_text
from mtjlab.testing.two_state_bench import TwoStateBench

__all__ = ["STUDIES", "complete"]

Judged = dict[str, tuple[Quantity, float]]
"""Estimate and true value of each quantity."""
Study = Callable[[Device, int], Judged]
"""Measures a device with a seed."""


def complete(procedure: TableProcedure, bench: Bench | TwoStateBench) -> dict[str, Quantity]:
    """Run a procedure in this thread, without a recording, and give what it fitted.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench, or the one in a few lines.

    Returns
    -------
    dict
        Quantity of each quantity by name.

    Raises
    ------
    FitError
        If what was read cannot be fitted.
    """
    fitted: dict[str, Any] = {}
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
    return {name: Quantity(*values) for name, values in fitted.items()}


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
    with open_direct_bench(bench_from_text(text, "macrospin"), device, seed=seed) as bench:
        found = complete(mapping, bench)
    if "VCMA coefficient" not in found:
        raise FitError("the precession was not fitted")
    torque = float(FreeLayer(device, Effects.full()).torque_per_volt(300.0))
    return {
        "xi": (found["VCMA coefficient"], device.vcma_coefficient),
        "field in the plane": (found["field in the plane"], device.in_plane_field),
        "torque": (found["field of the current's torque"], torque),
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
"""The studies by name: device and seed give the estimate and the true value of each quantity."""
