"""The bench's speed: pairs of a write and a query, and bits into a recording through the sockets, in one run.

    python benchmarks/bench.py [--bits N] [--seconds S] [--json PATH]

Pairs per second: the same setting is written and read back through a bare socket, through PyVISA with pyvisa-py, and
through a property of PyMeasure's driver; each with TCP_NODELAY, as the bench opens its instruments, and the same client
with the option off.  The two take turns.

Acquisition: the random bitstream runs on the tabulated device through the sockets into a recording, as `mtjlab run`
does it.  The share of the time that each stage takes is measured in the same run by clocks around the stages of the
acquiring thread; what the recording's commits take is part of "record".
"""

import argparse
import contextlib
import json
import socket
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from pymeasure.instruments.keithley import Keithley2400

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.bench import Bench
from mtjlab.instruments.bench_file import RoleSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.run import run

ROUNDS = 5
COMMAND, QUERY = ":SOUR:DEL 0.001", ":SOUR:DEL?"


def socket_pairs(resource: str, nodelay: bool) -> tuple[Callable[[], None], Callable[[], None]]:
    """Make a pair on a bare socket: the client in its simplest form."""
    port = int(resource.split("::")[2])
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(nodelay))
    answers = connection.makefile("rb")

    def pair() -> None:
        connection.sendall(COMMAND.encode() + b"\n")
        connection.sendall(QUERY.encode() + b"\n")
        answers.readline()

    def close() -> None:
        answers.close()
        connection.close()

    return pair, close


def _connect(resource: str, nodelay: bool):  # type: ignore[no-untyped-def]
    connection = open_visa(RoleSettings(driver="x", resource=resource))
    interface = connection.connection.visalib.sessions[connection.connection.session].interface
    interface.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(nodelay))
    return connection


def visa_pairs(resource: str, nodelay: bool) -> tuple[Callable[[], None], Callable[[], None]]:
    """Make a pair through PyVISA with pyvisa-py."""
    connection = _connect(resource, nodelay)
    instrument = connection.connection

    def pair() -> None:
        instrument.write(COMMAND)
        instrument.query(QUERY)

    return pair, connection.close


def property_pairs(resource: str, nodelay: bool) -> tuple[Callable[[], None], Callable[[], None]]:
    """Make a pair through a property of PyMeasure's driver, over the bench's own connection."""
    connection = _connect(resource, nodelay)
    driver = Keithley2400(connection)

    def pair() -> None:
        driver.source_delay = 1e-3
        assert driver.source_delay == 1e-3

    return pair, connection.close


CLIENTS = {"socket": socket_pairs, "pyvisa-py": visa_pairs, "PyMeasure property": property_pairs}


def rate(pair: Callable[[], None], seconds: float) -> float:
    """Pairs per second."""
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        pair()
        count += 1
    return count / (time.perf_counter() - began)


def pairs(seconds: float) -> dict[str, dict[str, list[float]]]:
    """Pairs per second of each client with the option and without, round by round."""
    instruments = serve_bench("simulated", seed=1)
    resource = instruments.resources["source_meter"]
    found: dict[str, dict[str, list[float]]] = {}
    try:
        for name, client in CLIENTS.items():
            rates: dict[str, list[float]] = {"on": [], "off": []}
            for _ in range(ROUNDS):
                for option in ("on", "off"):
                    pair, close = client(resource, option == "on")
                    for _ in range(20 if option == "on" else 1):
                        pair()
                    rates[option].append(rate(pair, seconds))
                    close()
            found[name] = rates
    finally:
        instruments.close()
    return found


class Stages:
    """Clocks around the stages of the acquiring thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inside: list[tuple[str, float]] = []

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; a stage inside another takes its time away from it."""
        began = time.perf_counter()
        self._inside.append((name, 0.0))
        try:
            yield
        finally:
            took = time.perf_counter() - began
            _, within = self._inside.pop()
            self.seconds[name] += took - within
            if self._inside:
                outer, inside = self._inside[-1]
                self._inside[-1] = (outer, inside + took)

    def wrap(self, owner: object, method: str, name: str) -> None:
        """Time a method of an object."""
        call = getattr(owner, method)

        def timed(*arguments, **named):  # type: ignore[no-untyped-def]
            with self.stage(name):
                return call(*arguments, **named)

        setattr(owner, method, timed)


class TimedBitstream(RandomBitstream):
    """The random bitstream with clocks around its stages."""

    def execute(self) -> None:
        """Acquire as usual, timed."""
        stages = self.stages = Stages()
        stages.wrap(self._acquisition, "start", "start the next block")
        stages.wrap(self.bench.source_meter, "fetch_block", "wait for the block and fetch it")
        stages.wrap(self._acquisition, "fetch", "ask the generator for errors")
        stages.wrap(self, "emit", "record")
        stages.wrap(self._stream, "take", "tell the states")
        stages.wrap(self._stream, "give_out", "health tests")
        with stages.stage("the rest of the loop"):
            super().execute()


def acquire(bench: Bench, bits: int, path: Path) -> tuple[float, dict[str, float]]:
    """Run the bitstream into a recording; bits per second and share of time of each stage."""
    procedure = TimedBitstream()
    procedure.bits = bits
    run(procedure, bench, path)
    seconds = sum(procedure.stages.seconds.values())
    with Recording(path) as recording:
        assert recording.committed == bits
    return bits / seconds, {name: took / seconds for name, took in procedure.stages.seconds.items()}


def main() -> None:
    """Print all rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bits", type=int, default=10_000_000, help="bits to acquire (default: ten million)")
    parser.add_argument("--seconds", type=float, default=0.5, help="time of each round of pairs (default: 0.5)")
    parser.add_argument("--json", type=Path, help="write the figures as JSON")
    arguments = parser.parse_args()
    figures: dict[str, object] = {}
    print(f"{'write + query pairs/s':22} {'TCP_NODELAY':>24} {'without':>16} {'ratio':>8}")
    for name, rates in pairs(arguments.seconds).items():
        on, off = (statistics.median(rates[option]) for option in ("on", "off"))
        print(f"{name:22} {on:8,.0f} ({min(rates['on']):,.0f} to {max(rates['on']):,.0f}) {off:16.1f} {on / off:8.0f}")
        figures[name] = {"on": on, "off": off, "ratio": on / off, "rounds": rates}
    with tempfile.TemporaryDirectory() as folder, open_bench("simulated", seed=1) as bench:
        acquire(bench, 100_000, Path(folder) / "warm.h5")
        bits_per_second, shares = acquire(bench, arguments.bits, Path(folder) / "bits.h5")
    print(f"\n{arguments.bits:,} bits into a recording: {bits_per_second:,.0f} bits/s")
    for name, share in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"  {share:6.1%}  {name}")
    figures |= {"bits": arguments.bits, "bits_per_second": bits_per_second, "shares": shares}
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
