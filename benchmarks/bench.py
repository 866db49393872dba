"""The bench's speed: pairs of a write and a query, and bits into a recording through the sockets, in one run.

    python benchmarks/bench.py [--bits N] [--seconds S] [--json PATH]

Pairs per second: the same setting is written and read back through a bare socket, through PyVISA with pyvisa-py, and
through a property of PyMeasure's driver; each with TCP_NODELAY, as the bench opens its instruments, and the same client
with the option off.  The figure that counts has the instruments in the client's process, as `open_bench("simulated")`
and every `mtjlab run` on it have them.  Beside it stand instruments served by a process of their own, as `mtjlab bench
serve` does.  And what the machine allows: a bare socket to a process that answers each question with the same bytes
and understands nothing.  All take turns, round by round.  Client and instrument never work at once, so all this is done
with both on one core, where the system lets us, and then wherever the scheduler puts them: on a virtual machine
it wakes an idle core for each message, which may take longer than everything else.

Acquisition: the random bitstream runs on the tabulated device through the sockets into a recording, as `mtjlab run`
does it; with the instruments in the client's process, as `mtjlab run` has them, and in one of their own.  The spread is
that of the tenths of a run.  The share of the time that each stage takes is measured in the same run by clocks around
the stages of the acquiring thread; what the recording's commits take is part of "record".

Each figure is a median, with the least and the largest of its rounds.
"""

import argparse
import contextlib
import itertools
import json
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pairs import Pair, socket_pair, visa_pair
from pymeasure.instruments.keithley import Keithley2400
from serving import answering_without_understanding, serving
from stages import Stages

from mtjlab.data import Recording
from mtjlab.instruments import Bench, BenchFile, Connection, RoleSettings, open_bench, open_visa, serve_bench
from mtjlab.procedures import BlockEvent, Event, RandomBitstream
from mtjlab.procedures.running import run

ROUNDS = 9
TENTHS = 10
OWN, SAME, OFF = "own process", "same process", "same process, without TCP_NODELAY"


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this thread, and the threads and processes that it starts, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextlib.contextmanager
def through_socket(resource: str, nodelay: bool) -> Iterator[Pair]:
    """Make a pair on a bare socket: the client in its simplest form."""
    with socket.create_connection(("127.0.0.1", int(resource.split("::")[2]))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(nodelay))
        yield socket_pair(connection)


@contextlib.contextmanager
def connected(resource: str, nodelay: bool) -> Iterator[Connection]:
    """Connect as every adapter does, with the option or without."""
    connection = open_visa(RoleSettings(driver="keithley2400", resource=resource))
    interface = connection.connection.visalib.sessions[connection.connection.session].interface
    interface.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(nodelay))
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def through_visa(resource: str, nodelay: bool) -> Iterator[Pair]:
    """Make a pair through PyVISA with pyvisa-py."""
    with connected(resource, nodelay) as connection:
        yield visa_pair(connection.connection)


@contextlib.contextmanager
def through_property(resource: str, nodelay: bool) -> Iterator[Pair]:
    """Make a pair through a property of PyMeasure's driver, over the bench's own connection."""
    with connected(resource, nodelay) as connection:
        driver = Keithley2400(connection)

        def pair() -> None:
            driver.source_delay = 1e-3
            assert driver.source_delay == 1e-3

        yield pair


CLIENTS = {"socket": through_socket, "pyvisa-py": through_visa, "PyMeasure property": through_property}
BARE = ("nothing behind it", OWN)


def rate(pair: Pair, seconds: float) -> float:
    """Pairs per second."""
    began, count = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < seconds:
        pair()
        count += 1
    return count / took


def pairs(own: str, seconds: float) -> dict[tuple[str, str], list[float]]:
    """Pairs per second of each client at each place, round by round."""
    instruments = serve_bench("simulated", seed=1)
    with contextlib.ExitStack() as opened:
        opened.callback(instruments.close)
        same = instruments.resources["source_meter"]
        places = {OWN: (own, True), SAME: (same, True), OFF: (same, False)}
        nothing = opened.enter_context(answering_without_understanding())
        acts = {BARE: opened.enter_context(through_socket(nothing, nodelay=True))}
        for (name, client), (place, options) in itertools.product(CLIENTS.items(), places.items()):
            acts[name, place] = opened.enter_context(client(*options))
        for (_, place), act in acts.items():
            rate(act, 0.05 if place == OFF else 0.2)
        rates: dict[tuple[str, str], list[float]] = {key: [] for key in acts}
        for _ in range(ROUNDS):
            for key, act in acts.items():
                rates[key].append(rate(act, seconds))
    return rates


class TimedBitstream(RandomBitstream):
    """The random bitstream with clocks around its stages."""

    def execute(self) -> None:
        """Acquire as usual, timed."""
        stages = self.stages = Stages()
        self.ends, record = [time.perf_counter()], self.report

        def report(event: Event) -> None:
            record(event)
            if isinstance(event, BlockEvent):
                self.ends.append(time.perf_counter())

        self.report = report  # type: ignore[method-assign]
        turns = self._turns  # made and connected by startup
        assert turns is not None
        stages.wrap(turns.connected, "start", "start the next block")
        stages.wrap(self.bench.source_meter, "fetch_block", "wait for the block and fetch it")
        stages.wrap(turns.connected, "fetch", "ask the generator for errors")
        stages.wrap(self, "report", "record")
        (junction,) = turns.junctions
        stages.wrap(junction, "take", "tell the states")
        stages.wrap(junction, "give_out", "health tests")
        with stages.stage("the rest of the loop"):
            super().execute()


def acquire(bench: Bench, bits: int, path: Path) -> tuple[list[float], dict[str, float]]:
    """Run the bitstream into a recording; bits per second, of all and of each tenth, and share of each stage."""
    procedure = TimedBitstream()
    procedure.bits = bits
    run(procedure, bench, path)
    seconds = sum(procedure.stages.seconds.values())
    with Recording(path) as recording:
        assert recording.committed == bits
    marks = procedure.ends[:: max(1, (len(procedure.ends) - 1) // TENTHS)]
    tenths = [
        procedure.block * (len(procedure.ends) - 1) / (len(marks) - 1) / (b - a) for a, b in itertools.pairwise(marks)
    ]
    return [bits / seconds, *tenths], {name: took / seconds for name, took in procedure.stages.seconds.items()}


def away(resources: dict[str, str]) -> BenchFile:
    """Describe the simulated bench as a lab would whose instruments another process serves."""
    file = BenchFile.load("simulated")
    roles = {role: settings.model_copy(update={"resource": resources[role]}) for role, settings in file.roles}
    return file.model_copy(update={"name": "served", "simulation": None, "roles": file.roles.model_copy(update=roles)})


def acquisitions(resources: dict[str, str], bits: int) -> dict[str, dict[str, Any]]:
    """Acquire with the instruments in the same process and in their own."""
    found = {}
    for place in (SAME, OWN):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["MTJLAB_STATE"] = os.environ["MTJLAB_LOCKS"] = folder
            bench = open_bench("simulated", seed=1) if place == SAME else open_bench(away(resources))
            with bench:
                acquire(bench, 100_000, Path(folder) / "warm.h5")
                (total, *tenths), shares = acquire(bench, bits, Path(folder) / "bits.h5")
        found[place] = {"bits_per_second": total, "tenths": tenths, "shares": shares}
    return found


def spread(values: list[float]) -> str:
    """Write a median with the least and the largest value."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def show_pairs(title: str, rates: dict[tuple[str, str], list[float]]) -> None:
    """Print the pairs as a table."""
    print(f"write + query pairs/s, {title}")
    print(f"{'':22} {SAME + ' (claimed)':>26} {OWN:>26} {'no TCP_NODELAY':>20} {'ratio':>16}")
    print(f"{BARE[0]:22} {'':26} {spread(rates[BARE]):>26}")
    for name in CLIENTS:
        same, off = rates[name, SAME], rates[name, OFF]
        ratios = [a / b for a, b in zip(same, off, strict=True)]
        slow = f"{statistics.median(off):.1f} ({min(off):.1f} to {max(off):.1f})"
        print(f"{name:22} {spread(same):>26} {spread(rates[name, OWN]):>26} {slow:>20} {spread(ratios):>16}")


def main() -> None:
    """Print all rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=10_000_000, help="bits to acquire (default: ten million)")
    parser.add_argument("--seconds", type=float, default=0.3, help="time of each round of pairs (default: 0.3)")
    parser.add_argument("--json", type=Path, help="write the figures as JSON")
    arguments = parser.parse_args()
    placings = {"wherever the scheduler puts them": contextlib.nullcontext}
    if hasattr(os, "sched_setaffinity"):
        placings = {"client and instruments on one core": on_one_core, **placings}
    rates = {}
    for title, placing in placings.items():
        with placing(), serving() as resources:
            rates[title] = pairs(resources["source_meter"], arguments.seconds)
        show_pairs(title, rates[title])
    with serving() as resources:
        acquired = acquisitions(resources, arguments.bits)
    for place, figures in acquired.items():
        print(f"\n{arguments.bits:,} bits into a recording, instruments in {place}: ", end="")
        print(f"{figures['bits_per_second']:,.0f} bits/s; tenths {spread(figures['tenths'])}")
        for name, share in sorted(figures["shares"].items(), key=lambda item: -item[1]):
            print(f"  {share:6.1%}  {name}")
    if arguments.json:
        found = {
            "pairs": {title: {" / ".join(key): each for key, each in of.items()} for title, of in rates.items()},
            "acquisition": acquired,
        }
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
