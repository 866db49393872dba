"""SP 800-22 against what PyPI installs, test by test and in all, in one run.

    pip install sp80022suite
    python benchmarks/randomness.py [--rounds N] [--json PATH]

A million bits of a seeded generator, one thread, warm. sp80022suite wraps NIST's C code; it takes a byte a bit, which
is prepared for it outside the timing. Its non-overlapping templates want template files that the package lacks: so
its sum is over fourteen tests (one direction of the cumulative sums), mtjlab's over fifteen. The two take turns;
the figures are the medians of the rounds with their range. Two workers are compared with one, in three times as many
rounds, and in the same rounds two processes of pure computing with one: the cores of a machine may give less than
twice.
"""

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mtjlab.analysis.randomness import PackedSequence, compile_kernels, run, run_many, suite_tests

THEIRS: dict[str, tuple[str, tuple[int, ...]]] = {
    "frequency": ("frequency", ()),
    "block_frequency": ("block_frequency", (128,)),
    "cumulative_sums": ("cumulative_sums", ()),
    "runs": ("runs", ()),
    "longest_run": ("longest_run_of_ones", ()),
    "rank": ("rank", ()),
    "dft": ("discrete_fourier_transform", ()),
    "non_overlapping_template": ("non_overlapping_template_matchings", (9,)),
    "overlapping_template": ("overlapping_template_matchings", (9,)),
    "universal": ("universal", ()),
    "approximate_entropy": ("approximate_entropy", (10,)),
    "random_excursions": ("random_excursions", ()),
    "random_excursions_variant": ("random_excursions_variant", ()),
    "serial": ("serial", (16,)),
    "linear_complexity": ("linear_complexity", (500,)),
}


def milliseconds(
    action: Callable[[], object], repeats: int = 1, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Time an action."""
    began = clock()
    for _ in range(repeats):
        action()
    return 1e3 * (clock() - began) / repeats


COUNTING = """
import sys, time
sys.stdin.readline()
began = time.perf_counter()
for _ in range(20_000_000):
    pass
print(time.perf_counter() - began)
"""
"""Computes without memory, system calls or anything to share, when told to begin; prints how long it took."""


def of_the_machine() -> float:
    """Return how much more two processes compute than one: what the machine's cores give, whatever the program."""

    def slowest(count: int) -> float:
        with contextlib.ExitStack() as stack:
            all_of_them = [
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-c", COUNTING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                    )
                )
                for _ in range(count)
            ]
            for each in all_of_them:
                assert each.stdin is not None
                each.stdin.write("begin\n")
                each.stdin.flush()
            return max(float(each.communicate()[0]) for each in all_of_them)

    return 2 * slowest(1) / slowest(2)


def text(values: list[float]) -> str:
    """Say median and range."""
    return f"{statistics.median(values):9.3f} ({min(values):.3f} to {max(values):.3f})"


def main() -> int:
    """Print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--json", type=Path, help="write the figures as JSON")
    given = parser.parse_args()
    try:
        import sp80022suite
    except ImportError:
        print("sp80022suite is not installed: pip install sp80022suite", file=sys.stderr)
        return 2
    data = np.random.Generator(np.random.PCG64(800)).bytes(125_000)
    loose = np.unpackbits(np.frombuffer(data, np.uint8)).tobytes()
    compile_kernels()
    assert run(data, tests=["random_excursions"]).outcomes[0].applicable
    ours: dict[str, list[float]] = {name: [] for name in (*(test.name for test in suite_tests()), "all")}
    theirs: dict[str, list[float]] = {name: [] for name in (*THEIRS, "all")}
    worked: list[float] = []
    reasons: dict[str, str] = {}
    for _ in range(given.rounds):
        for name, (function, parameters) in THEIRS.items():
            ours[name].append(milliseconds(lambda name=name: run(data, tests=[name]), 5))  # type: ignore[misc]
            call = getattr(sp80022suite, function)
            try:
                theirs[name].append(milliseconds(lambda c=call, p=parameters: c(*p, loose)))  # type: ignore[misc]
            except ValueError as error:
                reasons[name] = str(error)
        ours["all"].append(milliseconds(lambda: run(data), 10))
        worked.extend(milliseconds(lambda: run(data), clock=time.thread_time) for _ in range(10))
        theirs["all"].append(sum(times[-1] for name, times in theirs.items() if name != "all" and times))
    print(f"{'ms per 1e6 bits':28}{'mtjlab':>30}{'sp80022suite':>36}{'ratio':>9}")
    for name in ours:
        other = theirs[name]
        ratio = statistics.median(other) / statistics.median(ours[name]) if other else float("nan")
        print(f"{name:28}{text(ours[name]):>30}{text(other) if other else 'absent':>36}{ratio:9.1f}")
    each = [b / a for a, b in zip(ours["all"], theirs["all"], strict=True)]
    print(
        f"\nall: {statistics.median(each):.1f} times sp80022suite ({min(each):.1f} to {max(each):.1f}), in each round"
    )
    print(f"all, time of the processor: {text(worked).strip()} ms")
    parts = [PackedSequence.of(np.random.Generator(np.random.PCG64(i)).bytes(125_000)) for i in range(100)]
    packed = [part.packed.tobytes() for part in parts]
    gains, ceilings = [], []
    for _ in range(3 * given.rounds):  # half a second each, in which the speed of a virtual machine wanders
        one = milliseconds(lambda: run_many(packed))
        two = milliseconds(lambda: run_many(packed, workers=2))
        gains.append(one / two)
        ceilings.append(of_the_machine())
    print(f"two workers on 100 sequences: {statistics.median(gains):.2f} times one, best {max(gains):.2f}")
    print(
        "two independent processes that only compute, in the same rounds: "
        f"{statistics.median(ceilings):.2f} times one, best {max(ceilings):.2f}"
    )
    for name, reason in reasons.items():
        print(f"sp80022suite leaves out {name}: {reason}")
    if given.json:
        given.json.write_text(
            json.dumps(
                {
                    "mtjlab": ours,
                    "sp80022suite": theirs,
                    "processor": worked,
                    "ratio": each,
                    "workers": gains,
                    "processes": ceilings,
                }
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
