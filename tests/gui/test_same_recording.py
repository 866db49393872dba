"""The same run from the window, the command, the queue and a script gives files that differ in times and host alone."""

import signal

import h5py
import numpy as np
import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.cli.main import main
from mtjlab.gui.runner_window import RunnerWindow
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.procedures import RandomBitstream, run
from mtjlab.procedures.running.queue_runner import QueueRunner
from mtjlab.procedures.running.run_queue import RunQueue
from mtjlab.procedures.running.run_request import RunRequest

BITS = 30_000
ALLOWED = {
    "/@created",
    "/@finished",
    "/blocks.start",
    "/data/Time",
    "/data/row_time",
    "/log/time",
    "/results/time",
    "/segments/start",
    "/segments/end",
    "/segments/host",
    "/segments/process",
}
"""Time stamps, and which process on which host."""


def by_script(bench, path):
    with open_bench(bench) as opened:
        run(RandomBitstream(bits=BITS, amplitude=1.2), opened, path)


def by_command(bench, path):
    words = ["run", "random-bitstream", "--set", f"bits={BITS}", "--set", "amplitude=1.2", "--bench", bench]
    taken = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in taken}
    assert main([*map(str, words), "--output", str(path)]) == 0
    for number, handler in handlers.items():
        signal.signal(number, handler)


def by_queue(bench, path):
    queue = RunQueue()
    settings = {"bits": str(BITS), "amplitude": "1.2"}
    request = RunRequest.of("random-bitstream", settings=settings, output=path, bench=str(bench))
    queue.add(request, BenchFile.load(bench))
    QueueRunner(queue).run()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "bench.toml"
    path.write_text(BenchFile.load("simulated").text + "seed = 5\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def of_the_script(bench):
    path = bench.parent / "script.h5"
    by_script(bench, path)
    return path


def contents(path):
    """Give everything in a file: `/group/dataset.field` and `/object@attribute` → type, shape and value."""
    told = {}

    def keep(name, value):
        array = np.asarray(value)
        told[name] = (str(array.dtype), array.shape, array.tobytes() if array.dtype != object else repr(value))

    def visit(name, item):
        name = name if name.startswith("/") else f"/{name}"
        for attribute, value in item.attrs.items():
            if attribute not in ("DIMENSION_LIST", "REFERENCE_LIST"):  # addresses in the file
                keep(f"{name}@{attribute}", value)
        if isinstance(item, h5py.Dataset):
            told[f"{name}!"] = (str(item.dtype), item.shape, item.maxshape, item.chunks, item.compression)
            for field in item.dtype.names or ():
                keep(f"{name}.{field}", item[field])
            if not item.dtype.names:
                keep(name, item[()])

    with h5py.File(path) as file:
        visit("/", file)
        file.visititems(visit)
    return told


def differences(one, other):
    first, second = contents(one), contents(other)
    return {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}


@pytest.mark.parametrize("way", [by_command, by_queue, by_script])
def test_the_content_is_that_of_the_script(bench, of_the_script, tmp_path, way):
    path = tmp_path / "other.h5"
    way(bench, path)
    assert differences(of_the_script, path) <= ALLOWED


def test_the_content_of_a_run_in_the_window_is_that_of_the_script(
    application, bench, of_the_script, tmp_path, wait_for_end
):
    window = RunnerWindow(str(bench), tmp_path)
    window.inputs.set("bits", BITS)
    window.inputs.set("amplitude", 1.2)
    window.output = tmp_path / "other.h5"
    window.start()
    wait_for_end(window)
    window.close()
    assert window.run.error is None
    assert differences(of_the_script, tmp_path / "other.h5") <= ALLOWED


def test_what_is_compared_is_all_there_is(bench, of_the_script, tmp_path):
    """One bit, one parameter or one message that differed would be seen."""
    told = contents(of_the_script)
    assert len(np.frombuffer(told["/bits/packed"][2], np.uint8)) == BITS // 8
    for name in ("/parameters/amplitude", "/blocks.ones", "/log/message", "/@procedure", *ALLOWED):
        assert name in told
    other = tmp_path / "other.h5"
    other.write_bytes(of_the_script.read_bytes())
    with h5py.File(other, "r+") as file:
        file["bits/packed"][100] ^= 1
        file["parameters/amplitude"][()] = 1.3
    assert differences(of_the_script, other) == {"/bits/packed", "/parameters/amplitude"}
