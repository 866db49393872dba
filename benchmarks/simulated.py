"""The simulated instruments' speed: pairs of a write and a query, beside pyvisa-sim, and blocks of readings.

    pip install pyvisa-sim
    python benchmarks/simulated.py [--seconds S] [--json PATH]

Pairs per second: the same setting (the source delay of the Keithley 2400) is written and read back. Ours answers from
another process, as `mtjlab bench serve` runs it, through a bare socket with TCP_NODELAY, and through PyVISA with
pyvisa-py; beside it stands what the machine allows: a process that answers each question with the same bytes and
understands nothing. pyvisa-sim (a peer for this benchmark only; without it, its line is left out) answers through
PyVISA within the client's process, with no socket between. All take turns.

Blocks: 2500 readings are fetched as one definite-length block of 32-bit floats through the bare socket, and through the
connection that the bench's adapter uses.
"""

import argparse
import contextlib
import json
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyvisa
from pairs import QUERY, Pair, socket_pair, visa_pair
from serving import answering_without_understanding, serving

from mtjlab.instruments import RoleSettings, open_visa

ROUNDS = 7
READINGS = 2500
DEVICE = """
spec: "1.1"
devices:
  meter:
    eom:
      TCPIP SOCKET:
        q: "\\n"
        r: "\\n"
    properties:
      delay:
        default: 0.001
        getter: {q: ":SOUR:DEL?", r: "{:.9E}"}
        setter: {q: ":SOUR:DEL {}"}
        specs: {min: 0, max: 999.9999, type: float}
resources:
  TCPIP0::localhost::5025::SOCKET: {device: meter}
"""
"""The one setting as pyvisa-sim describes it."""


@contextlib.contextmanager
def bare_socket(resource: str) -> Iterator[socket.socket]:
    """Connect to an instrument without VISA."""
    _, host, port, _ = resource.split("::")
    with socket.create_connection((host, int(port))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


@contextlib.contextmanager
def simulated_by_pyvisa_sim() -> Iterator[dict[str, Pair]]:
    """Make pairs with pyvisa-sim, where it is installed: through PyVISA, and with nothing but its device."""
    try:
        import pyvisa_sim
    except ImportError:
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "meter.yaml"
        path.write_text(DEVICE, encoding="utf-8")
        manager = pyvisa.ResourceManager(f"{path}@sim")
        instrument = manager.open_resource(
            "TCPIP0::localhost::5025::SOCKET", read_termination="\n", write_termination="\n"
        )
        assert float(instrument.query(QUERY)) == 1e-3, "pyvisa-sim does not know the setting"
        yield {f"pyvisa-sim {pyvisa_sim.__version__}, in process, PyVISA": visa_pair(instrument)}
        manager.close()


def rate(act: Pair, seconds: float) -> float:
    """Count how often something is done in a second."""
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        for _ in range(20):
            act()
        count += 20
    return count / took


def take_turns(acts: dict[str, Pair], seconds: float) -> dict[str, list[float]]:
    """Measure the rate of each, round by round."""
    rates: dict[str, list[float]] = {name: [] for name in acts}
    for act in acts.values():
        for _ in range(100):
            act()
    for _ in range(ROUNDS):
        for name, act in acts.items():
            rates[name].append(rate(act, seconds))
    return rates


def prepare_block(connection: socket.socket) -> None:
    """Let the source-meter store a block of readings."""
    for line in (
        "*RST;:SENS:CURR:NPLC 0.01;:SENS:CURR:PROT 1e-3;:SOUR:VOLT 0.05;:OUTP ON",
        ":FORM:ELEM CURR;:FORM:DATA REAL,32;:FORM:BORD SWAP",
        f":TRIG:COUN {READINGS};:TRAC:POIN {READINGS};:TRAC:CLE;:TRAC:FEED:CONT NEXT;:INIT",
    ):
        connection.sendall(line.encode() + b"\n")
    connection.sendall(b"*OPC?\n")
    assert connection.recv(16) == b"1\n"


def block_fetches(connection: socket.socket, resource: str) -> tuple[dict[str, Pair], Callable[[], None]]:
    """Fetch the block through the bare socket, and through the adapter's connection."""
    size = len("#0") + 4 * READINGS + 1
    buffer = bytearray(size)
    visa = open_visa(RoleSettings(driver="keithley2400", resource=resource))

    def fetch_bare() -> None:
        connection.sendall(b":TRAC:DATA?\n")
        view, left = memoryview(buffer), size
        while left:
            left -= connection.recv_into(view[size - left :], left)
        assert buffer[:2] == b"#0"

    def fetch_connection() -> None:
        assert len(visa.query_block(":TRAC:DATA?", READINGS)) == READINGS

    return {"bare socket": fetch_bare, "adapter's connection": fetch_connection}, visa.close


def show(title: str, rates: dict[str, list[float]], unit: Callable[[float], str]) -> dict[str, float]:
    """Print medians, with the slowest and the fastest round."""
    print(title)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    for name, values in rates.items():
        slowest, fastest = unit(min(values)), unit(max(values))
        print(f"  {name:48} {unit(medians[name]):>10}  ({slowest} to {fastest})")
    return medians


def main() -> None:
    """Print all rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0.5, help="time of each round (default: 0.5)")
    parser.add_argument("--json", type=Path, help="write the figures as JSON")
    arguments = parser.parse_args()
    with (
        serving() as resources,
        bare_socket(resources["source_meter"]) as connection,
        answering_without_understanding() as nothing,
        bare_socket(nothing) as bare,
        simulated_by_pyvisa_sim() as peers,
    ):
        resource = resources["source_meter"]
        visa = open_visa(RoleSettings(driver="keithley2400", resource=resource))
        acts = {
            "mtjlab, bare socket": socket_pair(connection),
            "nothing behind it, bare socket": socket_pair(bare),
            "mtjlab, PyVISA": visa_pair(visa.connection),
            **peers,
        }
        pairs = take_turns(acts, arguments.seconds)
        visa.close()
        prepare_block(connection)
        fetches, close = block_fetches(connection, resource)
        blocks = take_turns(fetches, arguments.seconds)
        close()
    medians = show("write + query pairs/s", pairs, lambda value: f"{value:,.0f}")
    if not peers:
        print("  pyvisa-sim is not installed: pip install pyvisa-sim")
    show(f"fetching {READINGS} readings as a block", blocks, lambda value: f"{1e3 / value:.3f} ms")
    if arguments.json:
        arguments.json.write_text(json.dumps({"pairs": pairs, "blocks": blocks, "medians": medians}, indent=1))


if __name__ == "__main__":
    main()
