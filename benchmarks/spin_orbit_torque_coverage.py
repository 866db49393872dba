"""How often the 95 % intervals of the analysis of a bar hold what the bar has.

    python benchmarks/spin_orbit_torque_coverage.py --devices 100

A bar of its own is drawn for each seed, as the device file's ``[spread]`` has them; loops, a turn's readings and
switching loops are simulated on it (the device itself, without instruments), and analysed. What a laboratory would
measure elsewhere (Ms, thickness, damping, Bk, Beff, section, heating, field per ampere) is known with errors: each is
drawn off its true value by its uncertainty, `KNOWN_TO`.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.spin_orbit_torque import (
    BarLayers,
    CurrentInducedField,
    FieldLoops,
    SwitchingLoop,
    UnidirectionalMagnetoresistance,
    WriteConditions,
    torque_hall,
)
from mtjlab.core import FitError, Quantity
from mtjlab.instruments.simulated import BarParameters, SimulatedBar, draw_bars

WINDOW = 0.02
"""Integration time of a reading [s]: one power line cycle."""
PROBE = 3e-4
"""Current that reads the state [A]."""

KNOWN_TO = {"layers": 0.02, "heating": 0.1, "field": 0.05}
"""Relative standard uncertainties: the defaults of `current-switching-loop`."""


@dataclasses.dataclass(frozen=True)
class Found:
    """What was found of one quantity of one bar."""

    name: str
    truth: float
    result: Quantity

    @property
    def held(self) -> bool:
        """Whether the 95 % interval holds the truth."""
        low, high = self.result.interval
        return low <= self.truth <= high


def main() -> int:
    """Study the bars and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=100, help="bars, each with a seed of its own")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--heating", type=float, default=1.0, help="factor on the thermal resistance")
    arguments = parser.parse_args()
    begun = time.perf_counter()
    found: dict[str, list[Found]] = {}
    failed: list[str] = []
    for seed in range(arguments.first, arguments.first + arguments.devices):
        for each in study(seed, arguments.heating, failed):
            found.setdefault(each.name, []).append(each)
    print(f"{arguments.devices} bars from seed {arguments.first}, {time.perf_counter() - begun:.0f} s")
    print(f"{'quantity':28}{'held of':>14}{'bias/σ':>9}{'σ/truth':>10}")
    for name, results in found.items():
        held = sum(each.held for each in results)
        off = np.array([(each.result.value - each.truth) / half_width(each.result) for each in results]) * 1.96
        wide = np.median([half_width(each.result) / 1.96 / abs(each.truth) for each in results])
        print(f"{name:28}{held:>7} of {len(results):<4}{np.median(off):>8.2f}{wide:>10.2g}")
    for line in failed:
        print(line)
    return 0


def half_width(result: Quantity) -> float:
    """Give half the width of the 95 % interval."""
    low, high = result.interval
    return (high - low) / 2


def study(seed: int, heating: float, failed: list[str]) -> list[Found]:
    """Analyse one bar."""
    (bar,) = draw_bars(BarParameters(), 1, seed=seed)
    heat = bar.heating.model_copy(update={"thermal_resistance": bar.heating.thermal_resistance * heating})
    bar = bar.model_copy(update={"heating": heat})
    device = SimulatedBar(bar, seed=seed)
    found: list[Found] = []
    for part in (induced_field, unidirectional, switching):
        try:
            found += part(bar, device)
        except FitError as error:
            failed.append(f"seed {seed}, {part.__name__}: {error}")
    return found


def induced_field(bar: BarParameters, device: SimulatedBar) -> list[Found]:
    """Sweep loops in Hy at three currents of each sign, in a small Hx, and find h."""
    sizes, field, along = np.array([0.5e-3, 1e-3, 1.5e-3]), 0.03, 2e-3
    currents = np.stack([sizes, -sizes], axis=1).ravel()
    way = np.linspace(-field, field, 41)
    fields = np.broadcast_to(np.stack([way, way[::-1]]), (currents.size, 1, 2, 41)).copy()
    ohms = np.empty_like(fields)
    for at in np.ndindex(fields.shape):
        device.set_field((along, float(fields[at]), 0.0))
        current = float(currents[at[0]])
        ohms[at] = device.voltages(current, WINDOW).longitudinal / current
    loops = FieldLoops.fit(currents, fields, ohms, along)
    line = CurrentInducedField.fit(loops)
    return [
        Found("h per ampere", bar.field_per_current, line.per_ampere),
        Found("Bk from loops", bar.anisotropy_field, loops.anisotropy_field),
    ]


def unidirectional(bar: BarParameters, device: SimulatedBar) -> list[Found]:
    """Read both signs of a current in both directions; the torque's Hall voltage and the Nernst effect told apart."""
    size, field, repeats = 3e-3, 0.05, 10
    rows, across = [], []
    for repeat in range(repeats):
        for side in (1, -1) if repeat % 2 == 0 else (-1, 1):
            device.set_field((0.0, side * field, 0.0))
            rows += [(i, side, device.voltages(i, WINDOW).longitudinal / i) for i in (size, -size)]
        for side in (1, -1):
            device.set_field((side * field, 0.0, 0.0))
            across += [(i, side, device.voltages(i, WINDOW).transverse) for i in (size, -size)]
    # Known of other measurements: the Hall resistances to 1 %, torques to 5 %.
    ratio = bar.resistance * (bar.films.amr + bar.films.smr) * bar.width / bar.length
    known = (
        (bar.films.anomalous_hall, 0.01),
        (bar.push_per_current / (bar.demagnetising_field + field), 0.05),
        (ratio, 0.01),
        (bar.field_per_current / (field - bar.anisotropy_field), 0.05),
    )
    rng = np.random.default_rng(round(1e9 * bar.resistance))
    hall = torque_hall(*(Quantity(v * (1 + rng.normal(0, error)), abs(v) * error) for v, error in known))
    found = UnidirectionalMagnetoresistance.analyse(
        *np.array(rows).T, tuple(np.array(across).T), bar.length / bar.width, hall
    )
    return [Found("UMR ratio at 3 mA", float(bar.umr_ratio(bar.current_density(size))), found.ratios[-1])]


def switching(bar: BarParameters, device: SimulatedBar) -> list[Found]:
    """Run switching loops of write pulses at three widths and find threshold, stability and efficiency."""
    device.set_field((0.0, 0.0, 0.0))
    points, loops = 21, 4
    top = 0.9 * bar.onset_current
    up = np.linspace(0.0, top, points)
    cycle = np.concatenate([up, up[-2::-1], -up[1:], -up[-2::-1]])
    parts: list[NDArray[np.float64]] = []
    for width in (1e-5, 1e-4, 1e-3):
        read = np.empty((loops, cycle.size))
        currents = np.tile(cycle, (loops, 1))
        for at, current in np.ndenumerate(currents):
            if current:
                device.pulse(float(current), width)
            device.advance(1e-3)
            plus, minus = (device.voltages(probe, WINDOW).longitudinal / probe for probe in (PROBE, -PROBE))
            read[at] = plus - minus
        tried = SwitchingLoop.analyse(currents, read).attempts(currents, read)
        parts.append(np.stack([tried.currents, np.full(tried.currents.size, width), tried.switched]))
    currents, widths, switched = np.concatenate(parts, axis=1)
    rng = np.random.default_rng(round(1e9 * bar.resistance) + 1)

    def known(value: float, error: float) -> Quantity:
        told = value * (1 + rng.normal(0, error))
        return Quantity(told, abs(told) * error)

    anisotropy = known(bar.anisotropy_field, KNOWN_TO["layers"])
    conditions = WriteConditions(
        known(bar.heating.thermal_resistance * bar.resistance, KNOWN_TO["heating"]),
        known(bar.field_per_current, KNOWN_TO["field"]),
        anisotropy,
    )
    fitted = conditions.fit(currents, widths, switched, bar.temperature)
    section = bar.width * bar.metal_thickness / bar.metal_share
    layers = BarLayers(
        known(bar.saturation_magnetisation, KNOWN_TO["layers"]),
        known(bar.thickness, KNOWN_TO["layers"]),
        known(bar.damping, KNOWN_TO["layers"]),
        anisotropy,
        known(bar.demagnetising_field, KNOWN_TO["layers"]),
        known(section, KNOWN_TO["layers"]),
    )
    return [
        Found("Jc0", bar.onset_density, layers.current_density(fitted.critical_current)),
        Found("thermal stability", bar.thermal_stability, fitted.stability),
        Found("damping-like efficiency", abs(bar.torque.damping_like), layers.efficiency(fitted.critical_current)),
    ]


if __name__ == "__main__":
    sys.exit(main())
