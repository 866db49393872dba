"""The simulated junction: speed beside cmtj, cost of its shortcuts in accuracy, threads, table, cold start.

    python benchmarks/device.py [--rounds N] [--starts N] [--json PATH]

A device-pulse is 1000 steps of 1 ps: a pulse of 0.7 ns and the time after it. Candidates take turns in every round, so
that what else the machine does meets all of them; the best round counts, the ratios' spread is that over the rounds.
On one thread the time is the processor's, with several threads and at the start the clock's.
cmtj (`pip install cmtj`) is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from cmtj_peer import cmtj_states
from scipy.integrate import quad, solve_ivp

from mtjlab.instruments.simulated import Device, Effects, Macrospin, Pulse, StateChain

# The plain macrospin is an oracle of the tests.
sys.path.append(str(Path(__file__).parents[1] / "tests/instruments/simulated/macrospin"))
from plain_macrospin import plain_switching_count

DEVICE = Device()
PULSE, SETTLE, DT = Pulse(1.5, 0.7e-9, 50e-12, 50e-12), 0.25e-9, 1e-12
SLOPES = (0.45e-9, 0.9e-9, 1.7e-9)
FIRST_PULSE = """
import time; began = time.perf_counter()
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
loaded = time.perf_counter()
Macrospin(Device(), effects=Effects.{effects}()).switch(Pulse(1.5, 0.7e-9, 50e-12, 50e-12), [0], seed=1)
print(loaded - began, time.perf_counter() - loaded)
"""
OTHER_PROCESS = """
import sys; sys.path.insert(0, {folder!r})
from device import lanes
work = lanes("full", 1, {shots})
for _ in sys.stdin:
    print(work(), flush=True)
"""


def lanes(effects: str, threads: int = 1, shots: int = 12_800) -> Callable[[], int]:
    """Make a round of the macrospin's device-pulses."""
    macrospin, before = Macrospin(DEVICE, effects=Effects.parse(effects), threads=threads), np.zeros(shots, np.uint8)

    def work() -> int:
        macrospin.switch(PULSE, before, settle=SETTLE, seed=1, dt=DT)
        return shots

    return work


def plain(shots: int = 1_000) -> Callable[[], int]:
    """Make a round of the same in float64, one device after the other, with the library's normals."""

    def work() -> int:
        plain_switching_count(DEVICE, PULSE, shots, seed=1, dt=DT, settle=SETTLE, rest=0.0)
        return shots

    return work


def peer(shots: int = 400) -> Callable[[], int]:
    """Make a round of cmtj's."""
    start = Macrospin(DEVICE).draw(np.zeros(shots, np.uint8), seed=1)

    def work() -> int:
        cmtj_states(DEVICE, PULSE, start, seed=1, dt=DT, settle=SETTLE)
        return shots

    return work


def rates(
    candidates: dict[str, Callable[[], int]], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, np.ndarray]:
    """Let candidates take turns; give what each did a second, round by round."""
    for work in candidates.values():
        work()  # compiles
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, work in candidates.items():
            began = clock()
            done = work()
            found[name].append(done / (clock() - began))
    return {name: np.array(each) for name, each in found.items()}


def speed(rounds: int) -> dict[str, float]:
    """Compare the speeds on one thread."""
    candidates = {"lanes, ideal": lanes("ideal"), "lanes, full": lanes("full"), "plain float64": plain()}
    if importlib.util.find_spec("cmtj") is None:
        print("cmtj is not installed (pip install cmtj): no peer in this run")
    else:
        candidates["cmtj, Heun"] = peer()
    found = rates(candidates, rounds)
    print("\nDevice-pulses a second, 1000 steps of 1 ps, one thread, best of rounds:")
    for name, each in found.items():
        print(f"  {name:16s} {each.max():12,.0f}   (median {np.median(each):,.0f})")
    told = {name: float(each.max()) for name, each in found.items()}
    for name in ("cmtj, Heun", "plain float64"):
        if name in found:
            for mine in ("lanes, ideal", "lanes, full"):
                low, high = np.quantile(found[mine] / found[name], [0.1, 0.9])
                told[f"{mine} over {name}"] = ratio = told[mine] / told[name]
                print(f"  {mine} over {name}: {ratio:.0f} times (rounds: {low:.0f} to {high:.0f})")
    share = found["lanes, full"].max() / found["lanes, ideal"].max()
    print(f"  all effects keep {share:.0%} of the ideal speed (at least 50 % asked for)")
    return told | {"full over ideal": float(share)}


def boltzmann(stability: float) -> float:
    """Give 1 - ⟨mz⟩ in equilibrium without a field."""
    whole, tilted = (
        quad(lambda z, f=f: f(z) * math.exp(stability * (z * z - 1)), 0, 1)[0] for f in (lambda z: 1.0, lambda z: 1 - z)
    )
    return tilted / whole


def accuracy() -> dict[str, float]:
    """Say what float32, cheap normals and the step of 2 ps cost."""
    print("\nAccuracy of float32 and sums of two 16-bit numbers for normals, against float64 and Mersenne normals:")
    told, shots, plain_shots = {}, 1_000_000, 30_000
    before = np.zeros(shots, np.uint8)
    for width in SLOPES:
        pulse = Pulse(1.5, width, 50e-12, 50e-12)
        ours = float(Macrospin(DEVICE).switch(pulse, before, settle=2.5e-9, seed=2).mean())
        theirs = plain_switching_count(DEVICE, pulse, plain_shots, seed=3, settle=2.5e-9) / plain_shots
        error = math.sqrt(theirs * (1 - theirs) * (1 / shots + 1 / plain_shots))
        told[f"difference of P at {width:g} s"] = ours - theirs
        print(
            f"  P at {width * 1e9:.2f} ns: {ours:.4f} against {theirs:.4f}, difference "
            f"{ours - theirs:+.4f} ± {error:.4f}"
        )
    symmetric = DEVICE.model_copy(update={"in_plane_field": 0.0})
    for dt in (1e-12, 2e-12):
        tilt = 1 - Macrospin(symmetric).equilibrium(100_000, seed=4, dt=dt)[:, 2].astype(float)
        theory, error = boltzmann(symmetric.thermal_stability), tilt.std() / math.sqrt(tilt.size)
        told[f"1 - mz at dt {dt:g} s"] = float(tilt.mean())
        print(f"  1 - <mz> at steps of {dt * 1e12:.0f} ps: {tilt.mean():.5f} ± {error:.5f}; Boltzmann {theory:.5f}")
    for dt in (1e-12, 2e-12):
        told[f"deterministic error at dt {dt:g} s"] = error = trajectory_error(dt)
        print(f"  3 ns without temperature, steps of {dt * 1e12:.0f} ps: {error:.1e} rad from the exact solution")
    return told


def trajectory_error(dt: float) -> float:
    """Give the angle to the exact solution after 3 ns at 1.25 V without temperature."""
    anisotropy, damping, ratio = DEVICE.anisotropy_field(1.25), DEVICE.damping, 1.76e11

    def slope(_: float, m: np.ndarray) -> np.ndarray:
        turning = -ratio / (1 + damping**2) * np.cross(m, [DEVICE.in_plane_field, 0.0, anisotropy * m[2]])
        return turning + damping * np.cross(m, turning)

    start = np.array([0.15, 0.05, math.sqrt(1 - 0.025)])
    exact = solve_ivp(slope, (0, 3e-9), start, method="DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
    found = Macrospin(DEVICE, effects=Effects()).wait(start.astype(np.float32)[None], 3e-9, voltage=1.25, dt=dt)[0]
    return float(np.linalg.norm(found - exact))


class Processes:
    """As many processes as there are cores, each with one thread: what the machine itself gives."""

    def __init__(self, count: int, shots: int) -> None:
        words = [sys.executable, "-c", OTHER_PROCESS.format(folder=str(Path(__file__).parent), shots=shots)]
        self._shots = shots
        self._running = [
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            for _ in range(count)
        ]

    def __call__(self) -> int:
        """Let all of them do their round at once."""
        for process in self._running:
            print(file=process.stdin)
        for process in self._running:
            assert process.stdout is not None
            process.stdout.readline()
        return self._shots * len(self._running)

    def close(self) -> None:
        """End them."""
        for process in self._running:
            process.communicate()


def threads(rounds: int, shots: int = 51_200) -> dict[str, float]:
    """Share the shots among threads, and among processes that have nothing to wait for."""
    cores = os.cpu_count() or 1
    counts = sorted({1, 2, *(2**k for k in range(10) if 2**k <= cores), cores})
    processes = Processes(cores, shots)
    candidates = {f"{n} threads": lanes("full", n, shots * n) for n in counts if n <= cores}
    candidates[f"{cores} processes"] = processes
    found = rates(candidates, rounds, time.perf_counter)
    processes.close()
    print(f"\nThreads, all effects, {cores} cores, best of rounds (median):")
    one = found["1 threads"]
    for name, each in found.items():
        print(
            f"  {name:12s} {each.max():12,.0f} device-pulses/s, {each.max() / one.max():.2f} times one thread "
            f"({np.median(each / one):.2f})"
        )
    return {name: float(each.max()) for name, each in found.items()}


def tabulated(rounds: int) -> dict[str, float]:
    """Walk the chain of states, one core."""
    chain, count = StateChain(seed=1), 20_000_000

    def work() -> int:
        chain.walk(0, count, 0.497, 0.5)
        return count

    found = rates({"chain": work}, rounds)["chain"]
    print(
        f"\nTabulated, with the recursion of the state: {found.max() / 1e6:,.0f} M bits/s on one core (100 asked for)"
    )
    return {"tabulated bits/s": float(found.max())}


def first_pulse(effects: str, folder: str) -> tuple[float, float, float]:
    """Start a process; give its imports and its first pulse, and the time from outside, Python's own start included."""
    began = time.perf_counter()
    words = subprocess.run(
        [sys.executable, "-c", FIRST_PULSE.format(effects=effects)],
        env=os.environ | {"NUMBA_CACHE_DIR": folder}, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    load, pulse = map(float, words)
    return load, pulse, time.perf_counter() - began


def cold_start(starts: int) -> dict[str, float]:
    """Time the first pulse of a process, without and with compiled code in the cache."""
    print(f"\nFirst pulse of a process (imports + pulse), code to be compiled, then {starts} starts with code cached:")
    told = {}
    for effects in ("ideal", "full"):
        with tempfile.TemporaryDirectory() as folder:
            load, pulse, told[f"first pulse, {effects}, compiled"] = first_pulse(effects, folder)
            print(
                f"  {effects:6s} compiled: {load + pulse:5.2f} s (imports {load:.2f} s, pulse {pulse:.2f} s; "
                "10 s allowed)"
            )
            found = np.array([first_pulse(effects, folder) for _ in range(starts)])
        load, pulse, whole = np.median(found, axis=0)
        told |= {f"first pulse, {effects}, cached, {name}": float(value) for name, value in (
            ("median", whole), ("least", found[:, 2].min()), ("most", found[:, 2].max()))}  # fmt: skip
        print(
            f"  {effects:6s} cached:   {whole:5.2f} s, median ({found[:, 2].min():.2f} to {found[:, 2].max():.2f}; "
            f"imports {load:.2f} s, pulse {pulse:.2f} s; 1 s allowed)"
        )
    return told


def main() -> None:
    """Measure everything, print it, and keep it as JSON where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="rounds of the candidates (15)")
    parser.add_argument("--starts", type=int, default=15, help="starts of a process with cached code (15)")
    parser.add_argument("--json", type=Path, help="where to keep the figures")
    arguments = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}, Python {platform.python_version()}")
    told = speed(arguments.rounds) | accuracy() | threads(arguments.rounds) | tabulated(arguments.rounds)
    told |= cold_start(arguments.starts)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
